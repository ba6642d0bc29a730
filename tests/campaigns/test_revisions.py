"""What people wrote becomes revisions; what cannot be read changes nothing (promise 9)."""

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from pipeline.campaigns.models import ArticleRevision, ConfigurationRevision
from pipeline.campaigns.revisions import (
    current_configuration,
    file_configuration,
    is_configured,
    newest_revision,
    sha256,
    take_configuration,
)
from pipeline.errors import SettingError
from tests.factories import NOW
from tests.home import CHECKOUT

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

EXAMPLE = (CHECKOUT / "content/clinic.toml").read_bytes()
RENAMED = EXAMPLE.replace(b"The Harbour Letter", b"Notes from the Pier")
LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A clinic.toml like the example's."""
    file = tmp_path / "clinic.toml"
    file.write_bytes(EXAMPLE)
    return file


# --- Files ----------------------------------------------------------------------------------------


def test_a_fingerprint_is_sha256() -> None:
    assert sha256(EXAMPLE) == hashlib.sha256(EXAMPLE).hexdigest()


# --- The configuration ----------------------------------------------------------------------------


def test_a_changed_configuration_is_a_revision_and_the_same_is_none(path: Path) -> None:
    first = take_configuration(path, now=NOW)
    assert take_configuration(path, now=LATER) == first
    path.write_bytes(RENAMED)
    second = take_configuration(path, now=LATER)
    assert second.newsletters[0].name == "Notes from the Pier"
    kept = ConfigurationRevision.objects.order_by("pk")
    assert [(row.sha256, bytes(row.content), row.created_at) for row in kept] == [
        (sha256(EXAMPLE), EXAMPLE, NOW),
        (sha256(RENAMED), RENAMED, LATER),
    ]
    assert str(kept[0]) == f"configuration {kept[0].pk}"


def test_going_back_to_an_earlier_configuration_is_a_revision(path: Path) -> None:
    for content in (EXAMPLE, RENAMED, EXAMPLE):
        path.write_bytes(content)
        assert take_configuration(path, now=NOW) == current_configuration()
    assert ConfigurationRevision.objects.count() == 3
    assert current_configuration().newsletters[0].name == "The Harbour Letter"


@pytest.mark.parametrize("content", [b"", b"\xff", b"[clinic]\nname = 3", EXAMPLE[:-9]])
def test_a_broken_configuration_leaves_the_one_before_in_force(path: Path, content: bytes) -> None:
    before = take_configuration(path, now=NOW)
    path.write_bytes(content)
    with pytest.raises(SettingError) as caught:
        take_configuration(path, now=LATER)
    assert caught.value.path == path
    with pytest.raises(SettingError):
        file_configuration(path)
    assert current_configuration() == before
    assert ConfigurationRevision.objects.count() == 1


def test_a_missing_configuration_is_told(path: Path) -> None:
    path.unlink()
    for take in (file_configuration, lambda path: take_configuration(path, now=NOW)):
        with pytest.raises(SettingError) as caught:
            take(path)
        assert str(caught.value) == (
            f"{path}: there is no clinic.toml. Copy the example home's and change it."
        )
    assert not ConfigurationRevision.objects.exists()


def test_a_look_at_the_file_keeps_nothing(path: Path) -> None:
    assert file_configuration(path).clinic.name == "Harbour Street Acupuncture"
    assert not is_configured()
    with pytest.raises(SettingError) as caught:
        current_configuration()
    assert str(caught.value) == "no clinic.toml was read yet. Run `meridian run` first."
    take_configuration(path, now=NOW)
    assert is_configured()


# --- Articles -------------------------------------------------------------------------------------


def test_the_newest_revision_of_a_file_is_the_last_one_taken() -> None:
    assert newest_revision("warm.md") is None
    for name, slug, now in (("warm.md", "a", LATER), ("warm.md", "b", NOW), ("cold.md", "c", NOW)):
        ArticleRevision.objects.create(
            slug=slug, sha256="0" * 64, name=name, content=b"x", source="file", created_at=now
        )
    newest = newest_revision("warm.md")
    assert newest is not None
    assert str(newest) == f"b, revision {newest.pk}"
