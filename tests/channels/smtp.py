"""Channels to a mail server of the tests' own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pipeline.channels.smtp import SmtpChannel
from pipeline.channels.smtp_line import Server
from tests.channels.smtp_sink import SmtpSink

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
