"""One pass of each kind: what is due stands in the tables."""

import datetime as dt
from email import message_from_bytes
from pathlib import Path

import pytest

from pipeline.audience.models import Consent, Notice, Subscriber, Subscription
from pipeline.campaigns.models import ArticleRevision, ConfigurationRevision, Issue, Post
from pipeline.channels.folder import FolderChannel
from pipeline.engine.passes import Tick, new_owner, now, send_one, send_until_empty, tick
from pipeline.errors import RefusedError, SourceError, TemplateError
from pipeline.outbox.claim import claim
from pipeline.outbox.letter import Safety
from pipeline.outbox.models import Batch
from tests import factories
from tests.audience.forms import send, wish
from tests.factories import NOW
from tests.home import Home
from tests.management.steps import SHORT, write
from tests.outbox.channels import ListChannel, fails
from tests.outbox.steps import batch_states, states
from tests.web.readers import everything

pytestmark = pytest.mark.database

SOON = NOW + dt.timedelta(minutes=1)


def pass_at(moment: dt.datetime) -> Tick:
    """A pass whose person at the keyboard is Mara."""
    return tick(now=moment, actor="Mara Ellison")


def names(done: Tick) -> list[str]:
    """The files of which something was made."""
    return [taken.name for taken in done.taken if taken.changed]


def test_a_pass_purges_who_did_not_confirm_l6(small: Home) -> None:
    send(wish(), now=NOW)
    Notice.objects.update(state="accepted")
    pass_at(NOW + dt.timedelta(days=7))
    assert not Subscriber.objects.filter(address="ana@example.com").exists()


def test_a_pass_takes_in_configuration_readers_and_articles(small: Home) -> None:
    done = pass_at(NOW)

    assert (names(done), done.errors) == (["warm-hands.md"], ())
    assert [str(issue) for issue in done.released] == ["Warm hands (weekly), part 1 of 2"]
    assert done.changed
    assert ConfigurationRevision.objects.count() == 1
    assert ArticleRevision.objects.get().slug == "warm-hands"
    assert Subscription.objects.filter(state=Subscription.State.ACTIVE).count() == 24
    assert set(Consent.objects.values_list("basis", flat=True)) == {Consent.Basis.DEMO}


def test_a_second_pass_changes_no_row(small: Home) -> None:
    pass_at(NOW)
    kept = everything()

    done = pass_at(SOON)

    assert (done.changed, names(done), done.released) == (False, [], ())
    assert everything() == kept


def test_articles_are_taken_in_the_order_of_their_names(small: Home) -> None:
    for name in ("b", "a", "c"):
        write(small, f"articles/{name}.md", SHORT.replace("Warm hands", f"Title {name}"))

    assert names(pass_at(NOW)) == ["a.md", "b.md", "c.md", "warm-hands.md"]


def test_what_cannot_be_read_is_told_and_holds_up_nothing(small: Home) -> None:
    write(small, "articles/a-broken.md", "")

    done = pass_at(NOW)

    (error,) = done.errors
    assert isinstance(error, SourceError)
    assert names(done) == ["warm-hands.md"]
    assert len(done.released) == 1


def test_a_template_error_names_the_article_it_stops(small: Home) -> None:
    override = small.path / "templates" / "social" / "mastodon.txt"
    override.parent.mkdir(parents=True)
    override.write_text("{{ nothing }}", "utf-8")

    (error,) = pass_at(NOW).errors

    assert isinstance(error, TemplateError)
    assert (error.path, error.line) == (str(override), 1)
    assert error.message.endswith("'nothing' is undefined (found while making warm-hands.md)")
    assert error.mend.startswith("Only the values named at the top")


def test_an_override_of_a_template_makes_the_article_anew(small: Home) -> None:
    pass_at(NOW)
    override = small.path / "templates" / "social" / "mastodon.txt"
    override.parent.mkdir(parents=True)
    override.write_text("{{ heading }}", "utf-8")

    assert names(pass_at(SOON)) == ["warm-hands.md"]
    assert Post.objects.order_by("pk").values_list("text", flat=True)[1] == "What helps"
    assert names(pass_at(SOON)) == []


def test_a_changed_clinic_toml_makes_every_article_anew(small: Home) -> None:
    pass_at(NOW)
    small.change("clinic.toml", "555-0142", "555-0143")

    assert names(pass_at(SOON)) == ["warm-hands.md"]
    assert ConfigurationRevision.objects.count() == 2


def test_the_readers_of_the_demo_are_dismissed_with_it(small: Home) -> None:
    pass_at(NOW)
    small.change("clinic.toml", "demo = true", "demo = false")

    pass_at(SOON)

    assert Subscription.objects.filter(state=Subscription.State.ACTIVE).count() == 0
    assert Subscriber.objects.count() == 24


def test_without_a_demo_nobody_is_subscribed_and_nothing_is_scheduled(small: Home) -> None:
    small.change("clinic.toml", "demo = true", "demo = false")

    done = pass_at(NOW)

    (error,) = done.errors
    assert error.message == ("preflight: nobody would get it: The Harbour Letter has no readers")
    assert (done.released, Subscriber.objects.count(), Issue.objects.count()) == ((), 0, 0)


def test_an_owner_is_a_new_name_each_time_that_fits_its_column() -> None:
    owners = {new_owner() for _ in range(50)}

    assert len(owners) == 50
    assert max(map(len, owners)) <= Batch._meta.get_field("owner").max_length  # type: ignore[operator]


def test_now_is_in_utc() -> None:
    assert now().tzinfo is dt.UTC


@pytest.mark.usefixtures("database")
def test_what_was_left_behind_comes_before_what_is_new() -> None:
    factories.queued_issue(4)
    channel = ListChannel(batch_size=2)
    channel.before = fails(RefusedError("busy", wait=dt.timedelta()))
    send_one(channel, owner="first", now=NOW)
    assert batch_states() == {"retry": 1}

    assert send_one(channel, owner="second", now=SOON)

    assert batch_states() == {"accepted": 1}
    assert states() == {"accepted": 2, "pending": 2}


@pytest.mark.usefixtures("database")
def test_with_nothing_due_there_is_nothing_to_send() -> None:
    factories.queued_issue(1, now=SOON)

    assert not send_one(ListChannel(), owner="first", now=NOW)


@pytest.mark.usefixtures("database")
def test_sending_ends_when_nothing_is_left_and_the_issue_is_sent() -> None:
    factories.queued_issue(7)
    channel = ListChannel(batch_size=3)

    assert send_until_empty(channel, clock=lambda: NOW) == 3

    assert states() == {"accepted": 7}
    assert Issue.objects.get().state == Issue.State.SENT
    assert set(channel.copies().values()) == {1}
    assert send_until_empty(channel, clock=lambda: NOW) == 0


@pytest.mark.usefixtures("database")
def test_a_batch_of_a_dead_sender_is_waited_for_and_taken_over() -> None:
    """Its lease is so short that it ends while we wait."""
    factories.queued_issue(2)
    channel = ListChannel(Safety.KEYED)
    channel.timeout = dt.timedelta(seconds=-4.7)
    assert claim(channel, owner="dead", now=NOW) is not None

    handled = send_until_empty(channel, clock=lambda: NOW)

    assert handled == 1
    assert states() == {"accepted": 2}
    assert Batch.objects.get().epoch == 2


@pytest.mark.usefixtures("database")
def test_a_batch_of_a_living_sender_is_not_waited_for_for_ever() -> None:
    factories.queued_issue(2)
    channel = ListChannel()
    assert claim(channel, owner="alive", now=NOW) is not None

    handled = send_until_empty(channel, clock=lambda: NOW, patience=dt.timedelta(seconds=0.3))

    assert handled == 0
    assert [batch.owner for batch in Batch.objects.all()] == ["alive"]
    assert states() == {"claimed": 2}
    assert channel.taken == []


@pytest.mark.usefixtures("database")
def test_a_batch_that_waits_for_its_next_try_is_not_waited_for() -> None:
    factories.queued_issue(2)
    channel = ListChannel()
    channel.before = fails(RefusedError("busy", wait=dt.timedelta(hours=1)))

    assert send_until_empty(channel, clock=lambda: NOW) == 1

    assert batch_states() == {"retry": 1}


@pytest.mark.usefixtures("database")
def test_a_batch_of_another_channel_is_not_waited_for() -> None:
    factories.queued_issue(2)
    other = ListChannel()
    other.name = "other"
    assert claim(other, owner="alive", now=NOW) is not None

    assert send_until_empty(ListChannel(), clock=lambda: NOW) == 0


def test_an_issue_planned_in_winter_for_summer_goes_out_at_the_same_hour(small: Home) -> None:
    """Promise 6, from the file to the Date header."""
    small.change("clinic.toml", 'first_issue = "at once"', 'first_issue = "next slot"')
    saturday = dt.datetime(2027, 3, 13, 12, tzinfo=dt.UTC)  # clocks go forward on the 14th
    pass_at(saturday)
    assert Issue.objects.order_by("part").values_list("slot", flat=True)[0] == "2027-03-16T10:00"

    assert pass_at(dt.datetime(2027, 3, 16, 13, 59, tzinfo=dt.UTC)).released == ()
    ten = dt.datetime(2027, 3, 16, 14, 0, tzinfo=dt.UTC)
    assert len(pass_at(ten).released) == 1
    send_until_empty(FolderChannel(small.outbox), clock=lambda: ten)

    dates = {message_from_bytes(p.read_bytes())["Date"] for p in _emails(small.outbox)}
    assert dates == {"Tue, 16 Mar 2027 14:00:00 +0000"}


def _emails(outbox: Path) -> list[Path]:
    return sorted(outbox.rglob("*.eml"))
