"""Servers of the tests' own, and channels to them."""

import datetime as dt
from collections.abc import Iterator

import pytest

from pipeline.channels.mailgun import MailgunChannel
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer
from tests.channels.smtp_sink import SmtpSink


@pytest.fixture
def mailgun() -> Iterator[MailgunServer]:
    """The server."""
    server = MailgunServer()
    yield server
    server.close()


@pytest.fixture
def channel(mailgun: MailgunServer) -> Iterator[MailgunChannel]:
    """A channel that waits for two seconds: enough on a busy machine, and soon over."""
    made = MailgunChannel(
        api_key=KEY, domain=DOMAIN, api_url=mailgun.url, timeout=dt.timedelta(seconds=2)
    )
    yield made
    made.close()


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server."""
    server = SmtpSink()
    yield server
    server.close()
