"""Which issues everybody may read, in which order, and on which shelves they stand."""

import datetime as dt

import pytest

from pipeline.campaigns.archive import (
    archived,
    neighbours,
    publication_of,
    published,
    shelves,
)
from pipeline.campaigns.models import Issue
from pipeline.campaigns.publications import house
from tests import factories
from tests.factories import NOW
from tests.web.readers import configure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

KEY = 'key = "weekly" '


def weeks(number: int) -> dt.datetime:
    return NOW + dt.timedelta(weeks=number)


@pytest.mark.parametrize("state", Issue.State)
@pytest.mark.parametrize("approved", [True, False])
def test_what_has_begun_to_go_out_as_approved(state: Issue.State, *, approved: bool) -> None:
    factories.issue(state=state, approved=approved)
    begun = state in {Issue.State.RELEASING, Issue.State.SENDING, Issue.State.SENT}
    assert archived().exists() is (begun and approved)


def test_the_newest_comes_first_and_each_has_its_neighbours() -> None:
    one, three, two = (factories.issue(part=n, now=weeks(n)) for n in (1, 3, 2))
    factories.issue(newsletter="monthly", now=weeks(2))
    factories.issue(part=4, now=weeks(4), state=Issue.State.SCHEDULED)
    assert list(published("weekly")) == [three, two, one]
    assert neighbours(two) == (one, three)
    assert neighbours(one) == (None, two)
    assert neighbours(three) == (two, None)


def test_those_of_one_moment_have_an_order_too() -> None:
    issues = [factories.issue(part=n) for n in (1, 2, 3)]
    assert list(published("weekly")) == issues[::-1]
    assert neighbours(issues[1]) == (issues[0], issues[2])


def test_letters_themselves_are_not_read_for_a_list() -> None:
    factories.issue()
    (issue,) = published("weekly")
    assert "text_id" in issue.get_deferred_fields()
    assert issue.campaign.title == "Why Warmth Helps"


def test_a_shelf_for_each_newsletter_everybody_may_see() -> None:
    configure()
    factories.issue(part=1)
    latest = factories.issue(part=2, now=weeks(1))
    (shelf,) = shelves(house())
    assert (shelf.publication.key, shelf.issues, shelf.latest) == ("weekly", 2, latest)


def test_a_newsletter_has_a_shelf_before_its_first_issue() -> None:
    configure()
    (shelf,) = shelves(house())
    assert (shelf.issues, shelf.latest) == (0, None)


@pytest.mark.parametrize("archive", ["unlisted", "off"])
def test_others_have_none_even_when_clinic_toml_no_longer_names_them(archive: str) -> None:
    factories.issue()
    configure(('archive = "public"', f'archive = "{archive}"'))
    assert shelves(house()) == []
    configure((KEY, 'key = "monthly" '))
    assert [shelf.publication.key for shelf in shelves(house())] == ["monthly"]
    kept = publication_of("weekly", house())
    assert kept is not None
    assert kept.archive == archive


def test_a_former_newsletter_keeps_its_shelf() -> None:
    factories.issue()
    configure()
    configure((KEY, 'key = "monthly" '))
    found = [(shelf.publication.key, shelf.publication.joinable) for shelf in shelves(house())]
    assert found == [("monthly", True), ("weekly", False)]


def test_of_a_newsletter_nobody_knows_only_the_letters_are_left() -> None:
    assert publication_of("weekly", house()) is None
    factories.issue()
    found = publication_of("weekly", house())
    assert found is not None
    assert (found.name, found.archive, found.joinable) == ("The Harbour Letter", "unlisted", False)
    assert shelves(house()) == []
