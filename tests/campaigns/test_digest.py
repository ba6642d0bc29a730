"""The monthly digest: of the month's issues, for who wants one letter a month, and nobody else."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest

from pipeline.audience.models import Subscriber, Subscription
from pipeline.campaigns.acts import approve_issues
from pipeline.campaigns.digest import months, take_month
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.series import Taken
from pipeline.outbox.counts import counts
from pipeline.outbox.models import Delivery
from pipeline.run import gather
from pipeline.values import Newsletter
from tests.campaigns.desk import CLINIC, take
from tests.factories import ENVELOPE
from tests.outbox.test_languages import reader, variant
from tests.outbox.weeks import at, clinic, got, one_pass, person, series
from tests.samples import templates

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SLOTS = tuple(f"2026-03-{day:02}T10:00" for day in (3, 10, 31))
APRIL = ("2026-04-07T10:00", "2026-04-14T10:00")
MARCH = dt.date(2026, 3, 1)
LETTER = replace(CLINIC.newsletters[0], key="weekly", digest=True)
SLUG = "digest-weekly-2026-03"


def digests(now: str, newsletter: Newsletter = LETTER) -> list[Taken]:
    """What a pass makes of the months that are over."""
    configuration = replace(CLINIC, newsletters=(newsletter,))
    made = (
        take_month(
            newsletter,
            month,
            gather=partial(gather, configuration=configuration, templates=templates()),
            surroundings="",
            actor="ana",
            now=at(now),
        )
        for month in months(newsletter, now=at(now))
    )
    return [each for each in made if each]


def monthly(made: Subscriber) -> Subscriber:
    """Let a person have the digest."""
    made.subscriptions.update(frequency=Subscription.Frequency.MONTHLY)
    return made


def march() -> list[Issue]:
    """A series that goes out in March, one part of it on the month's last day."""
    parts = series(*SLOTS)
    for part in parts:
        part.preheader = f"What part {part.part} says of itself, @@first_name.796f75@@."
        part.save()
    for slot in SLOTS:
        one_pass(at(slot))
    return parts


def test_a_month_becomes_one_issue_of_the_letters_own_words_in_the_next_months_first_slot() -> None:
    clinic()
    parts = march()
    assert digests("2026-03-31T23:59") == []
    (made,) = digests("2026-04-01T00:01")
    assert made.changed
    assert not digests("2026-04-02T00:01")[0].changed

    campaign = Campaign.objects.get(kind=Campaign.Kind.DIGEST)
    issue = campaign.issues.get()
    assert (issue.slot, issue.of, issue.folder) == (APRIL[0], 1, f"2026-04-07-{SLUG}")
    assert issue.subject == f"{LETTER.name}: the letters of March 2026"
    assert issue.envelope.keys() == ENVELOPE.keys()
    for content in (issue.html.content, issue.text.content):
        told = bytes(content).decode()
        for part in parts:
            assert part.subject in told
            assert part.preheader in told
            assert f"@@archive_url@@/weekly/why-warmth-helps/{part.part}/" in told


def test_it_waits_for_approval_and_goes_to_who_wants_one_letter_a_month_alone() -> None:
    clinic()
    each_month, each_week = monthly(person("mia")), person("wes")
    moved = monthly(person("moe"))
    march()
    digests("2026-04-01T00:01")
    (weekly,) = series(APRIL[0], article="another")
    one_pass(at(APRIL[0]))
    assert got(each_month) == []

    approve_issues(article=SLUG, approver="Mara Ellison", now=at(APRIL[0]))
    digest = Issue.objects.get(campaign__kind=Campaign.Kind.DIGEST)
    moved.subscriptions.update(frequency=Subscription.Frequency.EVERY)
    one_pass(at("2026-04-07T10:05"))
    assert [subject for _, subject in got(each_month)] == [digest.subject]
    assert digest.subject not in [subject for _, subject in got(each_week)]
    assert got(each_week)[-1] == (APRIL[0], weekly.subject)
    sums = counts()[digest.pk]
    assert (sums.planned, sums.sent, sums.excluded, sums.adds_up()) == (1, 1, 0, True)


def test_who_turns_to_the_weekly_letters_is_not_sent_the_digest_that_waits_for_them() -> None:
    clinic()
    monthly(person("mia"))
    turned = monthly(person("moe"))
    turned.subscriptions.update(paused_until=at("2026-04-10T09:00"))
    march()
    digests("2026-04-01T00:01", replace(LETTER, approval="none"))
    one_pass(at(APRIL[0]))
    turned.subscriptions.update(frequency=Subscription.Frequency.EVERY)
    one_pass(at(APRIL[1]))
    sums = counts()[Issue.objects.get(campaign__kind=Campaign.Kind.DIGEST).pk]
    assert (sums.planned, sums.sent, sums.excluded, sums.adds_up()) == (2, 1, 1, True)
    assert Delivery.objects.filter(subscriber=turned, state="suppressed", reason="weekly").exists()


def test_it_comes_in_the_languages_that_none_of_the_months_letters_lacks() -> None:
    clinic('languages = ["ko", "es"]')
    parts = march()
    for part in parts:
        variant(part, "ko")
    variant(parts[0], "es")
    korean = monthly(reader("kim", "ko"))
    newsletter = replace(LETTER, approval="none", languages=("ko", "es"))
    digests("2026-04-01T00:01", newsletter)
    one_pass(at(APRIL[0]))
    (delivery,) = korean.deliveries.all()
    assert (delivery.state, delivery.language) == ("accepted", "ko")
    made = delivery.issue.variants.get()
    assert made.subject == f"{LETTER.name}: 2026년 3월의 편지"


def test_what_is_no_month_of_letters_makes_no_digest_and_no_series_loses_a_slot_to_one() -> None:
    clinic()
    assert months(replace(LETTER, digest=False), now=at("2026-04-01T00:01")) == []
    assert digests("2026-04-01T00:01") == []
    march()
    digests("2026-04-01T00:01")
    # April had no letters, and what March became is looked at for the last time in its own digest.
    assert [made.name for made in digests("2026-05-01T00:01")] == [SLUG]
    take(now=at("2026-04-01T09:00"))
    first = Issue.objects.filter(campaign__article="warmth").order_by("part").first()
    assert first is not None
    assert first.slot == APRIL[0]
