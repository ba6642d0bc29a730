"""The newsletters as the archive knows them: of now, and of once."""

import pytest

from pipeline.campaigns.publications import former, house
from tests.web.readers import NOW, configure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

KEY = 'key = "weekly" '


def test_before_anything_was_read_there_is_no_house() -> None:
    assert house().clinic is None
    assert house().publications == {}
    assert house().since is None
    assert former("weekly") is None


def test_the_newest_reading_says_who_publishes() -> None:
    configure(('archive = "public"', 'archive = "off"'))
    configure(("The Harbour Letter", "Harbour News"))
    found = house()
    assert found.clinic is not None
    assert found.clinic.name == "Harbour Street Acupuncture"
    assert [person.name for person in found.practitioners] == ["Mara Ellison"]
    weekly = found.publications["weekly"]
    assert (weekly.name, weekly.archive, weekly.language) == ("Harbour News", "public", "en")
    assert weekly.joinable
    assert found.since == NOW


def test_one_taken_out_is_as_it_last_was() -> None:
    configure(("The Harbour Letter", "First name"))
    configure(('archive = "public"', 'archive = "unlisted"'))
    configure((KEY, 'key = "monthly" '))
    gone = former("weekly")
    assert gone is not None
    assert (gone.name, gone.archive, gone.joinable) == ("The Harbour Letter", "unlisted", False)
    assert former("daily") is None
    assert former("week") is None


def test_a_reading_no_longer_understood_is_passed_over() -> None:
    configure()
    configure(("demo = true", "demon = true"))
    assert "weekly" in house().publications


@pytest.mark.parametrize(
    ("archive", "shown"), [("public", "unlisted"), ("unlisted", "unlisted"), ("off", "off")]
)
def test_a_private_one_is_in_no_list_and_nobody_is_asked_to_join_s17(
    archive: str, shown: str
) -> None:
    configure(
        ("# private = true", "private = true"), ('archive = "public"', f'archive = "{archive}"')
    )
    weekly = house().publications["weekly"]
    assert (weekly.archive, weekly.joinable) == (shown, False)
