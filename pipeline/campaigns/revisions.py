"""What people wrote, taken into the database: every reading of a changed file is a revision."""

import datetime as dt
import hashlib
from functools import lru_cache
from pathlib import Path, PurePath

from pipeline.campaigns.files import read_file
from pipeline.campaigns.models import ArticleRevision, ConfigurationRevision
from pipeline.errors import SettingError
from pipeline.stages.read.configuration import read_configuration
from pipeline.values import Configuration


def sha256(content: bytes) -> str:
    """The hash of bytes, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def take_configuration(path: Path, *, now: dt.datetime) -> Configuration:
    """Read clinic.toml, and keep it as a revision if it is another than before.

    Raises:
        SettingError: It is missing or wrong; the revision before stays in force.
    """
    content = _clinic_file(path)
    configuration = read_configuration(path, content)
    newest = ConfigurationRevision.objects.order_by("pk").last()
    if newest is None or newest.sha256 != sha256(content):
        ConfigurationRevision.objects.create(
            sha256=sha256(content), content=content, created_at=now
        )
    return configuration


def file_configuration(path: Path) -> Configuration:
    """What clinic.toml says now, without keeping it.

    Raises:
        SettingError: It is missing or wrong.
    """
    return read_configuration(path, _clinic_file(path))


def _clinic_file(path: Path) -> bytes:
    if not path.exists():
        raise SettingError(
            "there is no clinic.toml", mend="Copy the example home's and change it.", path=path
        )
    return read_file(path)


def is_configured() -> bool:
    """True if a clinic.toml was ever read."""
    return ConfigurationRevision.objects.exists()


def configuration_in_force() -> Configuration | None:
    """The configuration in force; None if no clinic.toml was ever read."""
    newest = ConfigurationRevision.objects.order_by("pk").last()
    return configuration_of(newest) if newest else None


def current_configuration() -> Configuration:
    """The configuration in force.

    Raises:
        SettingError: None was ever read.
    """
    return configuration_of(newest_configuration())


def newest_configuration() -> ConfigurationRevision:
    """The reading of clinic.toml that is in force.

    Raises:
        SettingError: None was ever read.
    """
    newest = ConfigurationRevision.objects.order_by("pk").last()
    if newest is None:
        raise SettingError("no clinic.toml was read yet", mend="Run `meridian run` first.")
    return newest


def configuration_of(revision: ConfigurationRevision) -> Configuration:
    """What a reading of clinic.toml says."""
    return _read(bytes(revision.content))


@lru_cache(maxsize=8)
def _read(content: bytes) -> Configuration:
    """Read once what every pass asks for."""
    return read_configuration(PurePath("clinic.toml"), content)


def newest_revision(name: str) -> ArticleRevision | None:
    """The newest revision that came from a file of this name."""
    return ArticleRevision.objects.filter(name=name).order_by("pk").last()
