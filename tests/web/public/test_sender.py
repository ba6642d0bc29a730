"""Who writes, as far as the newest reading of clinic.toml tells (D10)."""

import pytest

from pipeline.campaigns.models import ConfigurationRevision
from pipeline.web.public.sender import Sender, sender_of
from tests.web.readers import NOW, configure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def test_nothing_is_known_without_a_configuration() -> None:
    assert sender_of("weekly") == Sender(None, None)


def test_clinic_and_newsletter_are_found_by_key() -> None:
    configure()
    sender = sender_of("weekly")
    assert sender.clinic is not None
    assert sender.newsletter is not None
    assert sender.clinic.name == "Harbour Street Acupuncture"
    assert sender.newsletter.name == "The Harbour Letter"
    assert sender.newsletter.language == "en"


@pytest.mark.parametrize("key", ["monthly", "", "Weekly"])
def test_an_unknown_newsletter_leaves_the_clinic(key: str) -> None:
    configure()
    sender = sender_of(key)
    assert sender.clinic is not None
    assert sender.newsletter is None


def test_the_newest_reading_counts() -> None:
    configure()
    configure(("The Harbour Letter", "Notes from the Pier"))
    newsletter = sender_of("weekly").newsletter
    assert newsletter is not None
    assert newsletter.name == "Notes from the Pier"


@pytest.mark.parametrize("content", [b"", b"\xff\xff", b"[clinic", b"[clinic]\nname = 1"])
def test_a_reading_of_no_use_is_none(content: bytes) -> None:
    configure()
    ConfigurationRevision.objects.create(sha256="0" * 64, content=content, created_at=NOW)
    assert sender_of("weekly") == Sender(None, None)
