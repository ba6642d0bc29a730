"""Channels to a mail server of the tests' own, and queues that go by them."""

import datetime as dt
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from pipeline.channels.smtp import SmtpChannel
from pipeline.channels.smtp_line import Server
from pipeline.outbox.claim import claim
from pipeline.outbox.letter import Letter, Step
from pipeline.outbox.models import Batch
from pipeline.outbox.stepwise import hand_over
from tests.channels.smtp_sink import Fault, SmtpSink
from tests.factories import NOW
from tests.outbox.steps import age_leases

READERS = 7
A_MINUTE = dt.timedelta(minutes=1)
LATER = Fault(at="rcpt", reply=b"450 4.2.0 Greylisted\r\n")
BOUNCES = "bounces@mail.example.com"


@contextmanager
def channel_to(
    sink: SmtpSink,
    *,
    timeout: float = 5.0,
    bounces: str = BOUNCES,
    connections: int = 1,
    per_connection: int = 100,
    **server: Any,
) -> Iterator[SmtpChannel]:
    """A channel, closed after the test."""
    where = Server(
        **{
            "host": "127.0.0.1",
            "port": sink.port,
            "security": "",
            "timeout": timeout,
            **server,
        }
    )
    made = SmtpChannel(
        where, bounces=bounces, connections=connections, per_connection=per_connection
    )
    try:
        yield made
    finally:
        made.close()


def one_each(*but: int) -> dict[str, int]:
    """Everybody one, but for these."""
    return {f"reader-{n}@example.com": 1 for n in range(READERS) if n not in but}


def watch(
    channel: SmtpChannel, look: Callable[[Step], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Look at the moment when a step is written down and the next one is asked for."""
    whole = channel.steps

    def watched(
        letter: Letter, only: Collection[int], *, stopped: Callable[[], bool]
    ) -> Generator[Step, None, None]:
        with closing(whole(letter, only, stopped=stopped)) as steps:
            for step in steps:
                yield step
                look(step)

    monkeypatch.setattr(channel, "steps", watched)


def die(channel: SmtpChannel, *, after: int) -> Batch:
    """Claim a batch and die once so many of its steps are written down, before a byte more."""
    left = [None] * after

    def look(_step: Step) -> None:
        left.pop()
        if not left:
            raise KeyboardInterrupt

    batch = claim(channel, owner="dead", now=NOW)
    assert batch is not None
    with pytest.MonkeyPatch.context() as patch:
        watch(channel, look, patch)
        with pytest.raises(KeyboardInterrupt):
            hand_over(batch, channel, now=NOW)
    age_leases()
    return batch
