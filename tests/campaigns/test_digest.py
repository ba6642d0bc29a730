"""The monthly digest: of the month's issues, for who wants one letter a month, and nobody else."""

import datetime as dt
from dataclasses import replace
from functools import partial

import pytest

from pipeline.audience.models import Subscriber, Subscription
from pipeline.campaigns.acts import approve_issues, move
from pipeline.campaigns.digest import months, take_month
from pipeline.campaigns.models import Campaign, Issue, LogEntry, Variant
from pipeline.campaigns.series import Taken
from pipeline.campaigns.waivers import waive, withdraw
from pipeline.errors import CheckError
from pipeline.outbox.counts import counts
from pipeline.outbox.models import Delivery
from pipeline.run import gather
from pipeline.stages.days import EVERY_DAY, Days
from pipeline.values import Calendar, Newsletter, Season
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


def digests(
    now: str, newsletter: Newsletter = LETTER, *, days: Days = EVERY_DAY, surroundings: str = ""
) -> list[Taken]:
    """What a pass makes of the months that are over."""
    configuration = replace(CLINIC, newsletters=(newsletter,))
    made = (
        take_month(
            newsletter,
            month,
            days=days,
            gather=partial(gather, configuration=configuration, templates=templates()),
            surroundings=surroundings,
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


# --- The days the clinic does not send ------------------------------------------------------------


def shut(*days: str, act: str = "skip") -> Days:
    """A calendar with closing days."""
    closed = tuple(map(dt.date.fromisoformat, days))
    return Days(Calendar(closed=closed, on_holiday=act))  # type: ignore[arg-type]


def of_march() -> Issue:
    """The digest of March."""
    return Issue.objects.get(campaign__article=SLUG)


def log() -> list[tuple[str, str]]:
    """What the log says of the digest's day."""
    lines = LogEntry.objects.filter(issue_id=of_march().pk, kind__in=["skipped", "moved", "held"])
    return list(lines.order_by("pk").values_list("kind", "told"))


NAME = f"{LETTER.name}: the letters of March 2026"


def test_a_slot_on_a_closing_day_is_passed_over_and_the_log_says_which() -> None:
    clinic()
    march()
    digests("2026-04-01T00:01", days=shut("2026-04-07"))
    assert of_march().slot == APRIL[1]
    told = f"{NAME} takes a later slot: Tue 7 Apr 2026 10:00 is a closing day"
    assert log() == [("skipped", told)]
    digests("2026-04-02T00:01", days=shut("2026-04-07"))
    assert len(log()) == 1


def test_where_slots_are_moved_it_goes_on_the_next_open_day_and_the_log_says_which() -> None:
    clinic()
    march()
    digests("2026-04-01T00:01", days=shut("2026-04-07", "2026-04-08", act="move"))
    assert (of_march().slot, of_march().folder[:10]) == ("2026-04-09T10:00", "2026-04-09")
    times = "from Tue 7 Apr 2026 10:00 to Thu 9 Apr 2026 10:00"
    assert log() == [("moved", f"{NAME}: {times}: a closing day")]


def test_a_calendar_or_a_weekday_that_changes_moves_what_waits_and_not_what_has_come() -> None:
    clinic()
    march()
    digests("2026-04-01T00:01")
    assert log() == []
    # clinic.toml has changed, and so have the surroundings of a rendering.
    digests("2026-04-02T00:01", days=shut("2026-04-07"), surroundings="closed")
    assert of_march().slot == APRIL[1]
    thursdays = replace(LETTER, weekday="thursday")
    digests("2026-04-03T00:01", thursdays, surroundings="thursdays")
    assert of_march().slot == "2026-04-09T10:00"
    times = "from Tue 14 Apr 2026 10:00 to Thu 9 Apr 2026 10:00"
    assert log()[1:] == [("moved", f"{NAME}: {times}: it is no slot of the newsletter any more")]
    digests("2026-04-09T10:01", surroundings="its hour has come", days=shut("2026-04-09"))
    assert of_march().slot == "2026-04-09T10:00"


def test_a_day_that_a_person_chose_stays() -> None:
    clinic("digest = true")
    march()
    digests("2026-04-01T00:01")
    chosen = dt.datetime.fromisoformat("2026-04-12T09:00")
    move(article=SLUG, part=1, slot=chosen, actor="Ana", now=at("2026-04-02T00:01"))
    digests("2026-04-03T00:01", surroundings="closed", days=shut("2026-04-12"))
    assert of_march().slot == "2026-04-12T09:00"


def test_a_calendar_without_a_day_holds_it_until_there_is_one() -> None:
    clinic()
    march()
    never = Days(
        Calendar(seasons=(Season(name="all year", first="01-01", last="12-31", act="skip"),))
    )
    digests("2026-04-01T00:01", days=never)
    why = "the calendar leaves the newsletter weekly no day to go out"
    assert (of_march().slot, of_march().held) == ("", why)
    assert log() == [("held", f"{NAME} is held: {why}")]
    one_pass(at("2026-04-20T10:00"))
    digests("2026-04-20T00:01", surroundings="mended")
    assert (of_march().slot, of_march().held) == (APRIL[0], "")


# --- Waivers --------------------------------------------------------------------------------------


def test_what_is_waived_in_a_translation_may_stand_in_its_digest_and_is_found_when_it_is_not() -> (
    None
):
    clinic('languages = ["es"]')
    claim = "La acupuntura cura la migraña."
    for part in march():
        made = variant(part, "es")
        Variant.objects.filter(pk=made.pk).update(preheader=claim, article="calor")
    spanish = replace(LETTER, languages=("es",))
    with pytest.raises(CheckError, match="cura"):
        digests("2026-04-01T00:01", spanish)
    words = {"article": "calor", "code": "claim-cure", "words": claim}
    waive(**words, waiver="Tom Field", reason="a quotation", now=at("2026-04-01T00:02"))
    (made_of,) = digests("2026-04-01T00:03", spanish)
    assert made_of.changed
    (kept,) = [each for each in of_march().variants.get().findings if each["words"]]
    assert str(kept["waived"]).startswith("waived by Tom Field")
    # Withdrawn, it is found again; what was made stays as it was approved.
    withdraw(**words, withdrawer="Tom Field", now=at("2026-04-01T00:04"))
    with pytest.raises(CheckError, match="cura"):
        digests("2026-04-01T00:05", spanish)


def test_a_digest_leads_to_the_pages_of_its_language() -> None:
    clinic('languages = ["ko"]')
    for part in march():
        variant(part, "ko")
    digests("2026-04-01T00:01", replace(LETTER, languages=("ko",)))
    own, other = of_march(), of_march().variants.get()
    page = b"@@archive_url@@/weekly/why-warmth-helps/1/"
    assert page + b"ko/" in bytes(other.html.content)
    assert page + b"ko/" not in bytes(own.html.content)


def test_a_digest_that_changes_says_what_voided_its_yes_s31() -> None:
    clinic('languages = ["ko"]')
    parts = march()
    for part in parts:
        variant(part, "ko")
    both = replace(LETTER, languages=("ko",))
    digests("2026-04-01T00:01", both)
    approve_issues(article=SLUG, approver="Mara Ellison", now=at("2026-04-01T00:02"))
    digests("2026-04-01T00:03", replace(both, name="Another name"), surroundings="another")
    told = LogEntry.objects.filter(kind="voided").order_by("pk").values_list("told", flat=True)
    assert [line.partition(" waits")[0] for line in told] == ["part 1", "part 1 in ko"]
