"""`meridian subscribers import|undo-import|export`."""

import json
from pathlib import Path

import pytest

from pipeline.audience.models import Subscriber, Subscription
from tests.audience.imports.lists import states
from tests.factories import subscriber
from tests.home import Home
from tests.management.steps import Meridian, Said

pytestmark = pytest.mark.database

MAILCHIMP = """\
Email Address,First Name,UNSUB_TIME,LEID,EUID
ana@example.com,Ana,,1,a
ben@example.com,Ben,2024-01-01,2,b
abuse@example.com,,,3,c
\x1b[31m@example.com,,,4,d
"""


@pytest.fixture
def path(home: Home) -> Path:
    """An export of Mailchimp."""
    made = home.path / "members.csv"
    made.write_text(MAILCHIMP, "utf-8")
    return made


def bring_in(meridian: Meridian, path: Path, *more: str) -> Said:
    """Read a list in."""
    by = ("--newsletter", "weekly", "--basis", "express", "--by", "Kim")
    return meridian("subscribers", "import", path, *by, *more)


def test_a_dry_run_shows_what_would_change(meridian: Meridian, path: Path) -> None:
    said = bring_in(meridian, path, "--dry-run")
    assert (said.status, said.err) == (0, "")
    lines = [line.rstrip() for line in said.out.splitlines()]
    assert lines[0] == "members.csv: UTF-8, separated by commas, of Mailchimp, 4 rows"
    shown = [line.rsplit(maxsplit=2) for line in lines[4:9]]
    assert [" ".join(words[1:]) for words in shown] == [
        "Address address", "first name", "left at", "not read", "not read",
    ]  # fmt: skip
    assert lines[-9:] == [
        "         1  added",
        "            line 2: ana@example.com",
        "         1  opted out, as the list says",
        "            line 3: ben@example.com",
        "         2  refused",
        "            line 4: abuse@example.com  abuse@ is an office or a machine, not a person",
        "            line 5: ·[31m@example.com  '\\x1b[31m@example.com' is not one email address",
        f" every row  {path.with_name('members.dry-run.csv')}",
        "Nothing was changed: this was a dry run.",
    ]
    assert not Subscriber.objects.exists()


def test_an_import_and_the_way_back(meridian: Meridian, path: Path) -> None:
    said = bring_in(meridian, path)
    assert said.status == 0
    last = said.out.splitlines()[-1]
    assert last.startswith("Import 1 is done. To take it back: meridian subscribers undo-import 1")
    assert "line 2" not in said.out
    assert states() == {"ana@example.com": "active"}

    dry = meridian("subscribers", "undo-import", "1", "--dry-run")
    assert dry.out.splitlines() == [
        "Import 1, members.csv:",
        "         1  people removed, who had come by this list alone",
        "         1  opt-outs that came with it stay: they are for ever",
        "Nothing was changed: this was a dry run.",
    ]
    assert states() == {"ana@example.com": "active"}
    told = json.loads(meridian("subscribers", "undo-import", "1", "--json").out)
    assert (told["import"], told["removed"], told["opt_outs"]) == (1, 1, 1)
    assert not Subscriber.objects.exists()
    assert meridian("subscribers", "undo-import", "1").refusal().startswith("import 1 was taken")


def test_nothing_to_take_back(meridian: Meridian, path: Path) -> None:
    subscriber("ana@example.com")
    path.write_text("email\nana@example.com\n", "utf-8")
    bring_in(meridian, path)
    assert "nothing of it is left to take back" in meridian("subscribers", "undo-import", "1").out


def test_json(meridian: Meridian, path: Path) -> None:
    told = json.loads(bring_in(meridian, path, "--json", "--report", str(path) + ".report").out)
    assert told["counts"] == {
        "added": 1, "updated": 0, "known": 0, "suppressed": 0, "opted out": 1, "repeated": 0,
        "refused": 2,
    }  # fmt: skip
    assert (told["import"], told["dry_run"], told["resumed"]) == (1, False, False)
    assert (told["program"], told["rows"]) == ("Mailchimp", 4)
    assert told["report"] == f"{path}.report"
    assert told["columns"][2] == {"name": "UNSUB_TIME", "is": "left_at"}


def test_a_mapping_and_a_column_that_is_let_through(meridian: Meridian, path: Path) -> None:
    path.write_text("who=what,Visit type\nana@example.com,first\n", "utf-8")
    refused = bring_in(meridian, path, "--map", "who=what=address")
    assert "a patient's data: 'Visit type'" in refused.refusal()
    said = bring_in(
        meridian, path, "--map", "who=what=address", "--allow-column", "Visit type=of our website"
    )
    assert said.status == 0
    assert states() == {"ana@example.com": "active"}


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--map", "email"), "--map email is no pair. Write --map 'COLUMN=FIELD'."),
        (("--allow-column", "x="), "--allow-column x= is no pair. Write --allow-column"),
        (("--until", "2027-01-01"), "a consent that is express has no end"),
        (("--newsletter", "wekly"), "there is no newsletter 'wekly'"),
        (("--basis", "implied"), "an implied consent needs its last day"),
        (("--map", "phone=name"), "there is no column 'phone'"),
    ],
)
def test_what_cannot_be(meridian: Meridian, path: Path, more: tuple[str, ...], told: str) -> None:
    assert told in bring_in(meridian, path, *more).refusal()


@pytest.mark.parametrize("missing", ["--newsletter", "--basis", "--by"])
def test_what_must_be_said_l7(meridian: Meridian, path: Path, missing: str) -> None:
    given = {"--newsletter": "weekly", "--basis": "express", "--by": "Kim"}
    del given[missing]
    said = meridian(
        "subscribers", "import", path, *(word for pair in given.items() for word in pair)
    )
    assert said.status == 2
    assert f"the following arguments are required: {missing}" in said.err


def test_many_examples_are_cut_short(meridian: Meridian, path: Path) -> None:
    path.write_text("email\n" + "bad\n" * 30, "utf-8")
    assert "            … 20 more in the report" in bring_in(meridian, path).out


def test_an_export_of_one_newsletter_and_of_all(home: Home, meridian: Meridian) -> None:
    subscriber("ana@example.com")
    Subscription.objects.create(
        subscriber=subscriber("ben@example.com", newsletter="other"),
        newsletter="weekly",
        state="left",
        changed_at="2026-03-03T00:00:00+00:00",
    )
    path = home.path / "out.csv"
    said = meridian("subscribers", "export", "--to", path)
    assert (said.status, said.out) == (0, f" 2 rows  {path}\n")
    only = ("--newsletter", "weekly", "--state", "active", "--json")
    told = json.loads(meridian("subscribers", "export", "--to", path, *only).out)
    assert told == {"rows": 1, "file": str(path)}
    assert "ana@example.com" in path.read_text("utf-8-sig")
