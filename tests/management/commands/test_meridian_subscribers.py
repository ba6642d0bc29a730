"""`meridian subscribers`: one person, and segments."""

import json

import pytest

from pipeline.audience.models import Segment, Subscriber, Subscription, Suppression
from pipeline.audience.suppression import readmit, suppress
from tests.factories import NOW, subscriber
from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database

FIELD = '\n[[newsletters.fields]]\nkey = "town"\nlabel = "Your town"\n\n'
BEFORE_ACCOUNTS = "# Posts and picture cards"


@pytest.fixture
def asking(home: Home) -> Home:
    """A home whose newsletter asks for a town."""
    home.change("clinic.toml", BEFORE_ACCOUNTS, FIELD + BEFORE_ACCOUNTS)
    return home


def test_everything_that_is_known_of_a_person(home: Home, meridian: Meridian) -> None:
    ana = subscriber("ana@example.com", name="Ana")
    ana.language, ana.fields = "ko", {"town": "Fairhaven"}
    ana.save()
    Subscription.objects.update(
        until=NOW, paused_until=NOW, frequency=Subscription.Frequency.MONTHLY
    )
    suppress(address_hash=ana.address_hash, newsletter="", reason="unsubscribed", now=NOW)
    readmit(subscriber=ana, newsletter="weekly", how="confirmed", now=NOW)

    said = meridian("subscribers", "show", "ANA@example.com")

    assert said.status == 0
    assert said.out.splitlines() == [
        "ana@example.com · Ana · ko",
        "  town: Fairhaven",
        "  weekly: active, until 2026-03-03, paused until 2026-03-03, a digest a month",
        "  2026-03-03  unsubscribed: everything",
        "  2026-03-03  came back (confirmed): weekly",
        "  0 letters; --json shows each",
    ]
    told = json.loads(meridian("subscribers", "show", "ana@example.com", "--json").out)
    assert told["subscriber"]["fields"] == {"town": "Fairhaven"}


def test_the_consents_are_shown(home: Home, meridian: Meridian) -> None:
    meridian("run")
    said = meridian("subscribers", "show", Subscriber.objects.order_by("pk")[0].address)
    assert "agreed (demo, demo-audience.csv): weekly" in said.out
    assert said.out.endswith("  1 letters; --json shows each\n")


@pytest.mark.parametrize("act", ["show", "forget"])
def test_nobody_of_this_address(home: Home, meridian: Meridian, act: str) -> None:
    said = meridian("subscribers", act, "nobody@example.com")
    assert (said.status, said.out) == (2, "")
    assert said.err == "meridian: nobody is known under this address. Look at its spelling.\n"


def test_what_is_no_address(home: Home, meridian: Meridian) -> None:
    said = meridian("subscribers", "stop", "a@example.com,b@example.com")
    assert said.status == 2
    assert "is not one email address" in said.err


def test_forgetting_a_person_l9(home: Home, meridian: Meridian) -> None:
    ana = subscriber("ana@example.com")
    said = meridian("subscribers", "forget", "ana@example.com", "--by", "Kim")
    assert said.status == 0
    assert said.out.startswith(f"forgotten: subscriber {ana.pk}. ")
    assert Subscriber.objects.get().address == ""
    assert Suppression.objects.get().source == "Kim"


@pytest.mark.parametrize("known", [True, False])
def test_stopping_an_address_known_or_not(home: Home, meridian: Meridian, known: bool) -> None:
    if known:
        subscriber("ana@example.com")
    said = meridian("subscribers", "stop", "ana@example.com", "--newsletter", "weekly")
    assert said.out == "is never written to again, by weekly\n"
    assert meridian("subscribers", "stop", "ana@example.com", "--newsletter", "weekly").out == (
        "was stopped already, by weekly\n"
    )
    assert meridian("subscribers", "stop", "ana@example.com").out == (
        "is never written to again, by any newsletter\n"
    )
    assert list(Suppression.objects.order_by("pk").values_list("newsletter", "reason")) == [
        ("weekly", "staff"),
        ("", "staff"),
    ]
    assert set(Subscription.objects.values_list("state", flat=True)) == (
        {"ended"} if known else set()
    )


def test_stopping_one_newsletter_keeps_the_others(home: Home, meridian: Meridian) -> None:
    ana = subscriber("ana@example.com")
    Subscription.objects.create(
        subscriber=ana, newsletter="monthly", state="active", changed_at=NOW
    )
    meridian("subscribers", "stop", "ana@example.com", "--newsletter", "weekly")
    assert dict(Subscription.objects.values_list("newsletter", "state")) == {
        "weekly": "ended",
        "monthly": "active",
    }


def test_a_log_is_replayed_l10(home: Home, meridian: Meridian) -> None:
    meridian("subscribers", "stop", "ana@example.com")
    said = meridian("subscribers", "replay")
    log = home.path / ".meridian" / "suppression.jsonl"
    assert (said.status, said.out) == (0, f"0 put back from {log}\n")
    log.write_text(log.read_text().replace('"number":1', '"number":2'))
    assert meridian("subscribers", "replay", str(log)).out == f"1 put back from {log}\n"


def test_a_log_that_is_not_there(home: Home, meridian: Meridian) -> None:
    said = meridian("subscribers", "replay", "nothing.jsonl")
    assert said.status == 2
    assert "nothing.jsonl: the log cannot be read: No such file" in said.err


def test_a_newsletter_nobody_has(home: Home, meridian: Meridian) -> None:
    said = meridian("subscribers", "stop", "ana@example.com", "--newsletter", "wekly")
    assert said.status == 2
    assert said.err.endswith("there is no newsletter 'wekly'. Known are: weekly.\n")
    assert not Suppression.objects.exists()


def test_a_segment_is_counted_and_kept(asking: Home, meridian: Meridian) -> None:
    ana, ben = subscriber("ana@example.com"), subscriber("ben@example.com")
    Subscriber.objects.filter(pk=ana.pk).update(fields={"town": "Fairhaven"}, language="es")
    Subscription.objects.filter(subscriber=ben).update(state="left")

    chosen = ("subscribers", "segment", "weekly", "--language", "es", "--field", "town=Fairhaven")
    said = meridian(*chosen, "--save", "Harbour")

    assert said.out == (
        "Harbour: Subscribers of The Harbour Letter who read Spanish, and whose answer to "
        "“Your town” is Fairhaven.\n"
        "  2 on the list = 1 would be written to + 1 others\n"
    )
    assert Segment.objects.get().definition == {
        "languages": ["es"],
        "fields": {"town": ["Fairhaven"]},
    }
    assert meridian("subscribers", "segment", "weekly").out.splitlines()[:2] == [
        "Subscribers of The Harbour Letter.",
        "  2 on the list = 1 would be written to + 1 excluded: left, or was taken off",
    ]
    both = json.loads(meridian("subscribers", "segment", "weekly", "--json").out)
    assert [(row["name"], row["reached"], row["outside"]) for row in both] == [
        ("", 1, 0),
        ("Harbour", 1, 1),
    ]
    assert json.loads(meridian(*chosen, "--json").out)[0]["excluded"] == {}


def test_a_segment_of_a_day(home: Home, meridian: Meridian) -> None:
    subscriber("ana@example.com")
    said = meridian("subscribers", "segment", "weekly", "--joined-since", "2026-03-01")
    assert "who joined on 2026-03-01 or later." in said.out
    assert "= 0 would be written to + 1 others" in said.out


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (("--field", "town"), "--field town names no answer. Write topic=Sleep."),
        (("--field", "shoe=42"), "weekly has no field 'shoe'."),
        (("--joined-since", "soon"), "joined_since: 'soon' is no day."),
    ],
)
def test_a_segment_that_cannot_be(
    asking: Home, meridian: Meridian, option: tuple[str, str], told: str
) -> None:
    said = meridian("subscribers", "segment", "weekly", *option)
    assert said.status == 2
    assert told in said.err
