"""Asking for approval: one mail, one link, bound to a person and to bytes (S31)."""

import datetime as dt

import pytest

from pipeline.audience.models import Notice, Subscriber, Subscription
from pipeline.campaigns.approval import approve
from pipeline.campaigns.models import ApprovalRequest, Campaign, Issue, LogEntry, Variant
from pipeline.campaigns.requests import (
    Standing,
    ask_for_what_is_due,
    asked_about,
    request_of,
    standing,
    token_of,
)
from pipeline.campaigns.revisions import current_configuration
from pipeline.errors import ApprovalError, SettingError
from tests.campaigns.asking import EMAIL, MARA, addresses, clinic, request, waiting
from tests.factories import NOW, configured
from tests.outbox.test_languages import variant

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

DAY = dt.timedelta(days=1)
ADDRESS = "mara@harbour-street.example.com"


def stands(asked: ApprovalRequest, *, now: dt.datetime = NOW) -> Standing:
    """How a link stands."""
    return standing(asked, configuration=current_configuration(), now=now)


def yes(issue: Issue) -> None:
    """Somebody approves it as it is."""
    hash_ = Issue.objects.get(pk=issue.pk).content_hash
    approve(issue=issue, content_hash=hash_, approver="Mara Ellison", now=NOW)


def change(issue: Issue) -> None:
    """A new reading gives other bytes."""
    Issue.objects.filter(pk=issue.pk).update(content_hash="f" * 64)


def test_a_practitioner_is_asked_once_by_a_mail_of_her_own_and_is_on_no_list() -> None:
    clinic(language="ko")
    first, second = waiting(1), waiting(2)

    asked = request()

    notice = Notice.objects.get()
    assert addresses(Notice.Kind.APPROVE) == [ADDRESS]
    assert (notice.language, notice.useful_until) == ("ko", NOW + 14 * DAY)
    assert notice.values == {"token": token_of(asked), "article": "Why Warmth Helps"}
    assert asked.content_hashes == {str(i.pk): i.content_hash for i in (first, second)}
    assert not Subscription.objects.exists()
    told = list(LogEntry.objects.values_list("kind", "actor", "told", "values__hash"))
    assert told[0] == (
        "requested",
        "ana",
        "Mara Ellison was asked to approve part 1",
        first.content_hash,
    )


def test_a_link_is_read_back_and_no_other_request_is_meant_by_it_s31() -> None:
    clinic()
    waiting()
    asked = request()
    token = token_of(asked)
    assert request_of(token) == asked
    # As in a restored copy, where the number was given to another.
    ApprovalRequest.objects.update(content_hashes={"1": "e" * 64})
    assert request_of(token) is None
    ApprovalRequest.objects.all().delete()
    assert request_of(token) is None


def test_a_link_ends_as_it_should_s31() -> None:
    clinic()
    first, _ = waiting(1), waiting(2)
    asked = request()
    assert stands(asked) == Standing.OPEN
    assert stands(asked, now=NOW + 14 * DAY) == Standing.ENDED

    yes(first)
    assert stands(asked) == Standing.OPEN
    newer = request()
    # It asks about part 2 alone, so the older still says what became of part 1.
    assert (stands(asked), stands(newer)) == (Standing.OPEN, Standing.OPEN)
    change(first)
    newest = request()
    assert [stands(each) for each in (asked, newer, newest)] == [
        Standing.REPLACED,
        Standing.REPLACED,
        Standing.OPEN,
    ]
    Campaign.objects.update(state=Campaign.State.CANCELLED)
    assert stands(newest) == Standing.SETTLED


@pytest.mark.parametrize(
    "now_named",
    [(MARA, 'name = "Tom Field"\n' + EMAIL), (MARA, MARA + '\nemail = "other@example.com"')],
)
def test_who_is_no_practitioner_any_more_or_has_another_address_sees_nothing(
    now_named: tuple[str, str],
) -> None:
    clinic()
    waiting()
    asked = request()
    configured(old=now_named[0], new=now_named[1])
    assert stands(asked) == Standing.WITHDRAWN


def test_what_cannot_be_asked_is_said_clearly() -> None:
    configured()
    made = waiting()
    with pytest.raises(SettingError, match="no address of Mara Ellison"):
        request()
    clinic()
    Issue.objects.update(four_eyes=True)
    Campaign.objects.update(planned_by="Mara Ellison")
    with pytest.raises(ApprovalError, match="planned this series, and this newsletter wants four"):
        request()
    Campaign.objects.update(planned_by="")
    yes(made)
    with pytest.raises(ApprovalError, match="part 1 does not wait for approval"):
        request(part=1)


def test_what_goes_out_within_a_week_is_asked_about_once_for_each_hash() -> None:
    clinic()
    near = waiting(1, slot=f"{NOW + 7 * DAY:%Y-%m-%dT%H:%M}")
    far = waiting(2, slot=f"{NOW + 8 * DAY:%Y-%m-%dT%H:%M}")

    assert [set(each.content_hashes) for each in ask_for_what_is_due(now=NOW)] == [{str(near.pk)}]
    assert ask_for_what_is_due(now=NOW) == []
    assert [set(each.content_hashes) for each in ask_for_what_is_due(now=NOW + DAY)] == [
        {str(far.pk)}
    ]
    change(near)
    assert len(ask_for_what_is_due(now=NOW + DAY)) == 1
    # Long after, with no link open any more: nobody is pressed twice.
    assert ask_for_what_is_due(now=NOW + 30 * DAY) == []
    assert addresses(Notice.Kind.APPROVE) == [ADDRESS] * 3


@pytest.mark.parametrize("fields", [{"held": "sent back by Mara Ellison: no"}, {"slot": ""}])
def test_what_was_sent_back_or_has_no_day_is_not_asked_about(fields: dict[str, str]) -> None:
    clinic()
    waiting(1, **fields)
    assert ask_for_what_is_due(now=NOW) == []


@pytest.mark.parametrize("kind", ["welcome", "evergreen"])
def test_what_goes_out_whenever_it_is_wanted_is_asked_about_at_once(kind: str) -> None:
    clinic()
    waiting(1, slot="")
    Campaign.objects.update(kind=kind)
    assert len(ask_for_what_is_due(now=NOW)) == 1


def test_the_reviewer_is_asked_else_everybody_who_may_say_yes() -> None:
    tom = '\n[[practitioners]]\nname = "Tom Field"\nemail = "tom@harbour-street.example.com"'
    clinic(more=tom)
    made = waiting()
    Issue.objects.update(about={"reviewers": [{"name": "Tom Field"}]})
    ask_for_what_is_due(now=NOW)
    assert addresses(Notice.Kind.APPROVE) == ["tom@harbour-street.example.com"]
    Issue.objects.update(about={"authors": [{"name": "Tom Field"}]}, four_eyes=True)
    change(made)
    ask_for_what_is_due(now=NOW)
    assert addresses(Notice.Kind.APPROVE)[1:] == [ADDRESS]


def test_an_erased_practitioner_can_be_asked_for_clinic_toml_names_the_address() -> None:
    clinic()
    waiting()
    request()
    Subscriber.objects.update(address="", erased_at=NOW)
    assert stands(ApprovalRequest.objects.get()) == Standing.WITHDRAWN
    assert stands(request()) == Standing.OPEN


def test_a_language_that_comes_or_changes_is_asked_about_though_its_part_is_out() -> None:
    clinic()
    made = waiting(1)
    assert len(ask_for_what_is_due(now=NOW)) == 1
    yes(made)
    assert ask_for_what_is_due(now=NOW) == []

    korean = variant(made, "ko", approved=False)
    (asked,) = ask_for_what_is_due(now=NOW)
    keys = {str(made.pk): made.content_hash, f"{made.pk}-ko": korean.content_hash}
    assert (asked.content_hashes, list(asked_about(asked))) == (keys, [made])
    assert ask_for_what_is_due(now=NOW) == []

    Issue.objects.update(state=Issue.State.SENDING)
    korean.subject += "!"
    korean.content_hash = "e" * 64
    korean.save()
    assert len(ask_for_what_is_due(now=NOW)) == 1
    Variant.objects.update(content_hash="d" * 64, held="sent back by Mara Ellison: no")
    assert ask_for_what_is_due(now=NOW) == []
    assert stands(asked) == Standing.REPLACED
