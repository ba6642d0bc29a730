"""`meridian send`: a sender."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from pipeline.campaigns.models import Issue
from pipeline.campaigns.revisions import take_configuration
from tests import factories
from tests.home import Home
from tests.management.steps import Meridian
from tests.outbox.steps import states

pytestmark = pytest.mark.database


@pytest.fixture
def queue(small: Home) -> Home:
    """A home with 150 deliveries due: two batches of the folder channel."""
    take_configuration(small.path / "content" / "clinic.toml", now=factories.NOW)
    factories.queued_issue(150)
    return small


def test_one_batch_at_a_time(queue: Home, meridian: Meridian) -> None:
    first = meridian("send")

    assert (first.status, first.out, first.err) == (0, "Handled 1 batch.\n", "")
    assert states() == {"accepted": 100, "pending": 50}
    assert meridian("send").out == "Handled 1 batch.\n"
    assert states() == {"accepted": 150}
    assert Issue.objects.get().state == Issue.State.SENT
    assert meridian("send").out == "Nothing to send.\n"


def test_until_empty_sends_all(queue: Home, meridian: Meridian) -> None:
    said = meridian("send", "--until-empty")

    assert (said.status, said.out) == (0, "Handled 2 batches.\n")
    assert len(list(queue.outbox.rglob("*.eml"))) == 150


def test_json(queue: Home, meridian: Meridian) -> None:
    assert json.loads(meridian("send", "--json").out) == {"batches": 1, "errors": []}


def test_a_batch_that_cannot_be_handed_over_is_told(queue: Home, meridian: Meridian) -> None:
    folder = queue.outbox / Issue.objects.get().folder
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file where a folder must be", "utf-8")

    said = meridian("send")

    told = said.refusal()
    assert told.startswith(str(folder / "messages"))
    assert told.endswith("It is tried again at a later run.")
    assert "@" not in told.replace(str(Path.home()), "")


def test_nothing_is_sent_before_a_clinic_toml_was_read(small: Home, meridian: Meridian) -> None:
    assert meridian("send").refusal() == ("no clinic.toml was read yet. Run `meridian run` first.")


@pytest.mark.parametrize("command", ["send", "run", "up"])
def test_a_demo_never_leaves_the_machine(
    queue: Home, meridian: Meridian, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_MAIL_API", "mailgun")

    told = meridian(command).refusal()

    assert told.startswith("clinic.toml says demo = true, so the way out 'mailgun' is refused.")
    assert states()["pending"] >= 150


@pytest.mark.parametrize("command", ["send", "run", "up"])
def test_an_unknown_way_out_is_told(
    queue: Home, meridian: Meridian, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_MAIL_API", "pigeon")

    assert meridian(command).refusal() == (
        "MERIDIAN_MAIL_API is 'pigeon', and there is no such way out. "
        "Choose one of: folder, mailgun, smtp."
    )
