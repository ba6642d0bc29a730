"""A restored or copied Meridian sends nothing until a person confirms it (X17, promise 7)."""

import datetime as dt
import shutil
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from pipeline.audience.models import Subscriber, Suppression
from pipeline.audience.suppression import suppress
from pipeline.campaigns.instance import Witness
from pipeline.campaigns.models import (
    ApprovalRequest,
    ConfigurationRevision,
    Instance,
    Issue,
    LogEntry,
)
from pipeline.engine import instance
from pipeline.engine.instance import InstanceFile, beat, confirm
from pipeline.engine.passes import new_owner, send_one, send_until_empty, tick
from pipeline.errors import SettingError
from pipeline.outbox.models import Batch, Delivery
from pipeline.outbox.release import release
from pipeline.reports.summary import troubles
from tests import factories
from tests.factories import NOW
from tests.home import Home
from tests.outbox.channels import ListChannel
from tests.outbox.steps import states

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

OLDER = "the database is older than what was sent: it was restored from a backup"
HOUR = dt.timedelta(hours=1)
sqlite_only = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="many machines may share a PostgreSQL database"
)


def file() -> Path:
    return Path(settings.MERIDIAN_HOME) / ".meridian" / "instance.toml"


def go_back_to(epoch: int) -> None:
    """The rows as they were before anything was sent, as a backup brings them."""
    Delivery.objects.update(state=Delivery.State.PENDING, batch=None, sent_at=None)
    Batch.objects.all().delete()
    Issue.objects.update(state=Issue.State.SENDING)
    Instance.objects.update(epoch=epoch)


def test_each_beat_raises_the_epoch_in_both_places() -> None:
    first, second = beat(now=NOW), beat(now=NOW + HOUR / 4)

    assert (first.stopped, second.stopped) == ("", "")
    row, written = Instance.objects.get(), InstanceFile(file()).read()
    assert written is not None
    assert (row.epoch, row.key) == (written.epoch, written.key)
    assert row.epoch == 3
    assert row.heartbeat_at == NOW + HOUR / 4


def test_a_sender_does_not_hide_the_silence_of_the_scheduler() -> None:
    beat(now=NOW)
    beat(now=NOW + HOUR, scheduler=False)

    assert beat(now=NOW + HOUR).silent_since == NOW
    assert beat(now=NOW + HOUR).silent_since is None


def test_a_database_from_before_a_send_sends_nothing_and_doubles_nothing_x17() -> None:
    factories.configured()
    issue = factories.queued_issue(3)
    channel = ListChannel()
    beat(now=NOW)
    before = Instance.objects.get().epoch
    send_until_empty(channel, clock=lambda: NOW)
    assert len(channel.taken) == 3
    go_back_to(before)

    assert beat(now=NOW).stopped == OLDER
    assert send_until_empty(channel, clock=lambda: NOW) == 0
    assert not send_one(channel, owner=new_owner(), now=NOW)
    assert release(now=NOW) == []
    assert troubles()[0].startswith(f"Nothing goes out: {OLDER}. `meridian instance show`")

    assert confirm(actor="Mara Ellison", now=NOW) == [issue]
    assert send_until_empty(channel, clock=lambda: NOW) == 0  # what may have gone out is held
    issue.refresh_from_db()
    assert issue.held == f"it may have gone out already: {OLDER}"
    assert states() == {"pending": 3}
    assert len(channel.taken) == 3
    assert beat(now=NOW).stopped == ""
    told = LogEntry.objects.exclude(kind="approved").order_by("pk").values_list("kind", "actor")
    assert list(told) == [
        ("stopped", "scheduler"),
        ("held", "scheduler"),
        ("confirmed", "Mara Ellison"),
    ]


def test_what_is_new_after_a_confirmation_goes_out() -> None:
    beat(now=NOW)
    beat(now=NOW)
    Instance.objects.update(epoch=1)
    assert beat(now=NOW).stopped == OLDER
    confirm(actor="Mara Ellison", now=NOW)
    factories.queued_issue(2)
    channel = ListChannel()

    assert send_until_empty(channel, clock=lambda: NOW) == 1
    assert len(channel.taken) == 2


def test_numbers_of_people_lost_with_a_restore_are_not_given_again() -> None:
    """An old link would leave for another person."""
    beat(now=NOW)
    lost = [factories.subscriber(f"reader-{number}@example.com").pk for number in range(3)]
    beat(now=NOW)
    Subscriber.objects.all().delete()
    back_to_number_one()
    Instance.objects.update(epoch=1)
    assert beat(now=NOW).stopped == OLDER
    confirm(actor="Mara Ellison", now=NOW)

    assert factories.subscriber("new@example.com").pk > max(lost)


def back_to_number_one() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'pipeline_subscriber'")
        else:
            cursor.execute("ALTER SEQUENCE pipeline_subscriber_id_seq RESTART")


@sqlite_only
def test_a_restored_file_is_recognised_x17(database: str, tmp_path: Path) -> None:
    factories.queued_issue(2)
    beat(now=NOW)
    name = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    shutil.copy(name, tmp_path / "yesterday.sqlite3")
    channel = ListChannel()
    send_until_empty(channel, clock=lambda: NOW)
    leaver = Subscriber.objects.order_by("pk")[0]
    suppress(
        address_hash=leaver.address_hash,
        newsletter="weekly",
        reason=Suppression.Reason.UNSUBSCRIBED,
        now=NOW,
    )
    connection.close()
    for part in name.parent.glob(f"{name.name}*"):
        part.unlink()
    shutil.copy(tmp_path / "yesterday.sqlite3", name)

    assert send_until_empty(channel, clock=lambda: NOW) == 0
    assert len(channel.taken) == 2
    assert not Suppression.objects.exists()
    confirm(actor="Mara Ellison", now=NOW)
    assert Suppression.objects.get().address_hash == leaver.address_hash  # L10


def other_key() -> None:
    file().write_text('key = "another"\nepoch = 2\npeople = 0\n')


def no_row() -> None:
    Instance.objects.all().delete()


def moved() -> None:
    Instance.objects.update(path="/srv/meridian")


def other_machine() -> None:
    Instance.objects.update(machine="another")


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        (other_key, "the database belongs to another home than instance.toml says"),
        (no_row, "the database is another than the one this home had"),
        pytest.param(
            lambda: file().unlink(),
            "the home's instance.toml is missing, as after a restore",
            marks=sqlite_only,
        ),
        pytest.param(
            moved,
            "this home was at /srv/meridian before, where a copy may still be sending",
            marks=sqlite_only,
        ),
        pytest.param(
            other_machine,
            "this home came from another machine, which may still be sending",
            marks=sqlite_only,
        ),
    ],
)
def test_what_makes_it_doubt(happened: object, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_INSTANCE", "one")
    beat(now=NOW)
    happened()  # type: ignore[operator]

    assert beat(now=NOW).stopped == told
    assert beat(now=NOW).stopped == told  # until a person says so
    assert LogEntry.objects.count() == 1
    confirm(actor="Mara Ellison", now=NOW)
    assert beat(now=NOW).stopped == ""


def test_a_first_start_that_was_cut_short_is_begun_anew() -> None:
    """Its file was written, its row never committed: nothing went out in the first epoch."""
    InstanceFile(file()).write(Witness(key="begun", epoch=1))

    assert beat(now=NOW).stopped == ""
    assert Instance.objects.get().key == "begun"


@pytest.mark.parametrize("number", range(3))
def test_processes_that_start_side_by_side_do_not_doubt_each_other(number: int) -> None:
    found: list[str] = []
    gate = threading.Barrier(4)

    def start() -> None:
        gate.wait()
        found.append(beat(now=NOW, scheduler=False).stopped)
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [""] * 4


@sqlite_only
def test_a_machine_without_a_name_is_known_by_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MERIDIAN_INSTANCE", raising=False)
    monkeypatch.setattr(instance, "_MACHINE", Path("/nowhere/machine-id"))
    beat(now=NOW)
    assert Instance.objects.get().machine == ""
    assert beat(now=NOW).stopped == ""


def test_a_spoilt_file_is_told_with_its_mend() -> None:
    beat(now=NOW)
    file().write_text("key = 3")

    with pytest.raises(SettingError, match="Remove it; Meridian then waits"):
        beat(now=NOW)


def test_what_was_on_its_way_in_a_long_silence_is_held() -> None:
    factories.configured(old='missed = "send"', new='missed = "hold"')
    begun = factories.queued_issue(1, now=NOW + HOUR / 2)
    later = factories.issue(part=2, article="other", newsletter="monthly")
    factories.delivery(later, factories.subscriber("b@example.com"), now=NOW + 3 * HOUR)
    beat(now=NOW)
    beat(now=NOW + 2 * HOUR)

    held = dict(Issue.objects.exclude(held="").values_list("pk", "held"))
    told = "nothing ran from 2026-03-03 15:00 to 2026-03-03 17:00 UTC, amid its sending"
    assert held == {begun.pk: told}
    assert LogEntry.objects.get(kind="held").issue_id == begun.pk


def test_a_newsletter_that_sends_late_is_not_held() -> None:
    factories.configured()
    factories.queued_issue(1)
    beat(now=NOW)
    beat(now=NOW + 2 * HOUR)

    assert not Issue.objects.exclude(held="").exists()


def test_a_pass_tells_that_nothing_goes_out_and_asks_nobody_to_approve(home: Home) -> None:
    tick(now=NOW, actor="Mara Ellison")
    Instance.objects.update(stopped="it was copied")
    name = 'name = "Mara Ellison"'
    home.change("clinic.toml", name, f'{name}\nemail = "mara@harbour-street.example.com"')
    home.change("clinic.toml", 'approval = "none"', 'approval = "practitioner"')

    done = tick(now=NOW, actor="Mara Ellison")

    assert not ApprovalRequest.objects.exists()

    (told,) = map(str, done.errors)
    assert told.startswith("nothing goes out: it was copied. `meridian instance show` tells")
    assert ConfigurationRevision.objects.count() == 2  # what people write is still taken in
