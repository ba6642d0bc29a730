"""`meridian up`: everything in one process, as a person starts and ends it."""

import os
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from email import message_from_bytes
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.db import connection

from pipeline.audience.models import Suppression
from pipeline.campaigns.models import Issue
from pipeline.campaigns.revisions import take_configuration
from tests import factories
from tests.home import Home
from tests.management.steps import Meridian, end, wait_until
from tests.outbox.steps import batch_states, states
from tests.web.readers import FORM, ONE_CLICK

pytestmark = pytest.mark.database


@pytest.fixture
def up(small: Home) -> Iterator[subprocess.Popen[str]]:
    """A started `meridian up` on a free port."""
    process = small.start("up", "--listen", "127.0.0.1:0")
    yield process
    process.kill()
    process.communicate()


def port_of(process: subprocess.Popen[str]) -> int:
    """The port it says it listens at."""
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(r"Meridian is up at http://127\.0\.0\.1:(\d+) \(Ctrl-C ends it\)\n", line)
    assert found, line
    return int(found[1])


def unsubscribe_path(home: Home) -> str:
    """The path of the link in one delivered email."""
    email = message_from_bytes(min(home.outbox.rglob("*.eml")).read_bytes())
    return urlsplit(str(email["List-Unsubscribe"]).strip("<>")).path


def test_it_delivers_serves_the_way_to_leave_and_ends_when_told(
    small: Home, up: subprocess.Popen[str]
) -> None:
    port = port_of(up)
    assert port > 0
    wait_until(lambda: states() == {"accepted": 24})
    wait_until((small.outbox / "index.html").exists)

    web = HTTPConnection("127.0.0.1", port, timeout=30)
    web.request("GET", unsubscribe_path(small))
    page = web.getresponse()
    assert (page.status, b"<form" in page.read()) == (200, True)
    assert not Suppression.objects.exists()
    web.request("POST", unsubscribe_path(small), ONE_CLICK, {"Content-Type": FORM})
    assert web.getresponse().status == 200
    web.close()
    assert Suppression.objects.count() == 1

    wait_until(lambda: Issue.objects.get(part=1).state == Issue.State.SENT)
    assert end(up) == ("", "")
    assert up.returncode == 0
    assert batch_states() == {"accepted": 1}


def test_told_to_end_amid_sending_it_leaves_nothing_claimed(small: Home) -> None:
    # Nothing else is for the same week of the same people.
    (small.path / "content" / "articles" / "warm-hands.md").unlink()
    take_configuration(small.path / "content" / "clinic.toml", now=factories.NOW)
    factories.queued_issue(400)
    process = small.start("up", "--listen", "127.0.0.1:0")
    port_of(process)
    wait_until(lambda: list(small.outbox.rglob("*.eml")))

    said = end(process)

    assert (said, process.returncode) == (("", ""), 0)
    assert set(batch_states()) == {"accepted"}
    assert set(states()) <= {"accepted", "pending"}
    assert small.run("send", "--until-empty").returncode == 0
    assert set(states()) == {"accepted"}
    assert len(list(small.outbox.rglob("*.eml"))) == sum(states().values())


@pytest.fixture
def handlers() -> Iterator[None]:
    """The signal handlers of before, put back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_ctrl_c_ends_it_well(small: Home, meridian: Meridian) -> None:
    def press() -> None:
        wait_until(lambda: states() == {"accepted": 24})
        connection.close()
        os.kill(os.getpid(), signal.SIGINT)

    person = threading.Thread(target=press)
    person.start()
    said = meridian("up", "--listen", "127.0.0.1:0")
    person.join()

    assert (said.status, said.err) == (0, "")
    assert batch_states() == {"accepted": 1}


def test_a_port_in_use_is_told(small: Home, meridian: Meridian) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert meridian("up", "--listen", f"127.0.0.1:{port}").refusal() == (
            f"nothing can listen at 127.0.0.1, port {port}: Address already in use. "
            "End what listens there, or choose another place with --listen."
        )


@pytest.mark.parametrize("place", ["here", "127.0.0.1", "127.0.0.1:http", ":80", "127.0.0.1:70000"])
def test_what_is_no_place_is_told(small: Home, meridian: Meridian, place: str) -> None:
    assert meridian("up", "--listen", place).refusal() == (
        f"{place!r} is no place to listen. Write it as 127.0.0.1:8000."
    )


def test_a_name_nobody_knows_is_told(small: Home, meridian: Meridian) -> None:
    told = meridian("up", "--listen", "no-such-host.invalid:8000").refusal()

    assert told.startswith("nothing can listen at no-such-host.invalid, port 8000: ")


def test_a_broken_clinic_toml_is_told_at_the_start(small: Home, meridian: Meridian) -> None:
    small.change("clinic.toml", "phone =", "fone =")

    assert "clinic.toml, line 11" in meridian("up", "--listen", "127.0.0.1:0").refusal()
