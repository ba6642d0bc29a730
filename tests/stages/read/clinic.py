"""A clinic.toml for tests, and what is told of a wrong one."""

from pathlib import Path, PurePath

import pytest

from pipeline.errors import SettingError
from pipeline.stages.read.configuration import read_configuration
from pipeline.values import Account, Brand, Checks, Clinic, Configuration, Newsletter, Practitioner

PATH = PurePath("content/clinic.toml")
EXAMPLE = (Path(__file__).parents[3] / "content/clinic.toml").read_text("utf-8")
TABLES: dict[str, type] = {
    "clinic": Clinic,
    "brand": Brand,
    "practitioners": Practitioner,
    "newsletters": Newsletter,
    "accounts": Account,
    "checks": Checks,
}

SHORT = """\
[clinic]
name = "Harbour Street Acupuncture"
postal_address = ["12 Harbour Street", "Fairhaven 00000"]
website = "https://clinic.example.com"
time_zone = "America/New_York"

[[newsletters]]
key = "weekly"
name = "The Harbour Letter"
from_name = "Harbour Street"
from_address = "letter@clinic.example.com"
weekday = "tuesday"
time = 10:00:00

[[newsletters]]
key = "monthly"
name = "The Long Letter"
from_name = "Harbour Street"
from_address = "long@clinic.example.com"
weekday = "friday"
time = 17:30:00
time_zone = "Asia/Seoul"
language = "ko"
reply_to = "hello@clinic.example.com"
"""


def read(text: str | bytes) -> Configuration:
    """The configuration in a text."""
    return read_configuration(PATH, text.encode() if isinstance(text, str) else text)


def refusal(text: str | bytes) -> tuple[int, str]:
    """The line and the words of the refusal, which is one line and names the file."""
    with pytest.raises(SettingError) as caught:
        read(text)
    error = caught.value
    assert error.path == PATH
    assert error.mend
    assert str(error).startswith("content/clinic.toml")
    assert str(error).isprintable()
    return error.line, error.message


def changed(old: str, new: str, text: str = SHORT) -> str:
    """The text with its first ``old`` replaced, which must be there."""
    assert old in text
    return text.replace(old, new, 1)
