"""`meridian campaign`: approve, pause, resume, cancel; nothing goes out that nobody approved."""

import getpass
import json

import pytest

from pipeline.campaigns.models import Approval, Campaign, Issue
from pipeline.outbox.models import Delivery
from pipeline.outbox.release import release
from tests.factories import NOW
from tests.home import Home
from tests.management.steps import Meridian
from tests.outbox.steps import states

pytestmark = pytest.mark.database

ARTICLE = "warm-hands"
LATER = NOW.replace(year=2040)


def test_nothing_goes_out_until_somebody_approved_it(careful: Home, meridian: Meridian) -> None:
    first = meridian("run")

    assert first.status == 0
    assert first.out.count("waits for approval") == 2
    assert Delivery.objects.count() == 0

    approved = meridian("campaign", "approve", ARTICLE, "--part", "1", "--by", "Mara Ellison")

    told = "approved by Mara Ellison: Warm hands (weekly), part 1 of 2\n"
    assert (approved.status, approved.out, approved.err) == (0, told, "")
    assert meridian("run").out.count("waits for approval") == 1
    assert states() == {"accepted": 24}


def test_all_parts_are_approved_at_once_by_whoever_is_at_the_keyboard(
    careful: Home, meridian: Meridian
) -> None:
    meridian("tick")

    said = meridian("campaign", "approve", ARTICLE)

    assert said.out.count("\n") == 2
    assert set(Approval.objects.values_list("approver", flat=True)) == {getpass.getuser()}
    assert Approval.objects.count() == 2


def test_one_changed_word_asks_for_approval_again(careful: Home, meridian: Meridian) -> None:
    meridian("tick")
    meridian("campaign", "approve", ARTICLE)
    careful.change("articles/warm-hands.md", "a slow walk", "a brisk walk")

    meridian("run")

    assert states() == {"accepted": 24}
    (later,) = json.loads(meridian("campaign", "show", "--json").out)[0]["issues"][1:]
    assert (later["state"], later["approved"]) == ("scheduled", False)


def test_show_tells_each_campaign_and_its_issues(small: Home, meridian: Meridian) -> None:
    meridian("run")

    said = meridian("campaign", "show")

    assert (said.status, said.err) == (0, "")
    assert "warm-hands: active" in said.out
    assert "What helps (2 of 2)" in said.out


def test_show_of_nothing_is_an_empty_list(home: Home, meridian: Meridian) -> None:
    assert json.loads(meridian("campaign", "show", "--json").out) == []


def test_a_paused_campaign_sends_nothing_until_it_goes_on(small: Home, meridian: Meridian) -> None:
    meridian("tick")

    paused = meridian("campaign", "pause", ARTICLE)
    meridian("run")

    assert (paused.status, paused.out.splitlines()[0]) == (0, "Warm hands (weekly): paused")
    assert "Part 1 of Warm hands is on its way: at most the batches under way" in paused.out
    assert states() == {"pending": 24}
    assert release(now=LATER) == []

    resumed = meridian("campaign", "resume", ARTICLE)
    meridian("run")

    assert (resumed.status, resumed.out) == (0, "Warm hands (weekly): active again\n")
    assert states() == {"accepted": 24}


def test_cancelling_calls_off_what_waits_and_every_later_part(
    small: Home, meridian: Meridian
) -> None:
    meridian("tick")

    said = meridian("campaign", "cancel", ARTICLE)

    told = "Warm hands (weekly): cancelled, 24 waiting deliveries called off"
    assert (said.status, said.out.splitlines()[0]) == (0, told)
    assert "Part 2 of Warm hands is called off" in said.out
    assert states() == {"cancelled": 24}
    assert meridian("run").status == 0
    assert release(now=LATER) == []
    assert states() == {"cancelled": 24}
    assert Issue.objects.get(part=2).state == Issue.State.CANCELLED
    assert list(small.outbox.rglob("*.eml")) == []


def test_what_was_sent_before_a_cancel_stays_sent(small: Home, meridian: Meridian) -> None:
    meridian("run")

    said = meridian("campaign", "cancel", ARTICLE)

    assert "0 waiting deliveries called off" in said.out
    assert states() == {"accepted": 24}


@pytest.mark.parametrize("act", ["approve", "pause", "resume", "cancel"])
def test_an_article_nobody_planned_is_told(small: Home, meridian: Meridian, act: str) -> None:
    assert meridian("campaign", act, "nobody").refusal() == (
        "there is no campaign of 'nobody'. Run `meridian run` first."
    )
    meridian("tick")
    assert meridian("campaign", act, "nobody").refusal() == (
        "there is no campaign of 'nobody'. There are: warm-hands."
    )


def test_an_act_that_does_not_fit_is_told(small: Home, meridian: Meridian) -> None:
    meridian("tick")

    assert meridian("campaign", "resume", ARTICLE).refusal() == (
        "the campaign is active, not paused. `meridian campaign show` says how it stands."
    )
    meridian("campaign", "cancel", ARTICLE)
    assert "the campaign is cancelled" in meridian("campaign", "pause", ARTICLE).refusal()
    assert "no part of this article waits" in meridian("campaign", "approve", ARTICLE).refusal()
    assert Campaign.objects.get().state == Campaign.State.CANCELLED


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["approve", ARTICLE, "--part", "9"], "no part 9 waits"),
        (["approve", ARTICLE, "--by", " "], "nobody is named as approver"),
        (["approve", ARTICLE, "--part", "two"], "argument --part: invalid int value: 'two'"),
        (["approve"], "the following arguments are required: article"),
        (["delete", ARTICLE], "argument act: invalid choice: 'delete'"),
        ([], "the following arguments are required: act"),
    ],
)
def test_a_wrong_word_is_told_in_one_line(
    small: Home, meridian: Meridian, arguments: list[str], told: str
) -> None:
    meridian("tick")

    assert told in meridian("campaign", *arguments).refusal()
