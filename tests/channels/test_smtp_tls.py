"""TLS and passwords: what goes in the clear, and what is believed."""

import ssl
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.channels.smtp import SmtpChannel
from pipeline.channels.smtp_line import Hurry, Server, connect
from pipeline.errors import RefusedError
from tests.channels.certificates import self_signed
from tests.channels.letters import letter
from tests.channels.smtp import BOUNCES, channel_to
from tests.channels.smtp_sink import OFFERS, Fault, SmtpSink


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A certificate that nobody has signed."""
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def tls(certificate: ssl.SSLContext) -> Iterator[SmtpSink]:
    """A mail server with a certificate that nobody believes, and a password."""
    server = SmtpSink(tls=certificate, password="user:secret")
    yield server
    server.close()


SIGNED_IN: dict[str, Any] = {"security": "starttls", "user": "user", "password": "secret"}


@pytest.mark.parametrize("way", ["PLAIN LOGIN", "LOGIN"])
def test_password_goes_by_tls(tls: SmtpSink, way: str) -> None:
    tls.offers = (*OFFERS, f"AUTH {way}") if way == "LOGIN" else OFFERS
    with channel_to(tls, **SIGNED_IN) as channel:
        assert channel.submit(letter(2)).accepted == {1: "", 2: ""}
    assert {(taken.secure, taken.user) for taken in tls.taken} == {(True, "user")}


def test_tls_may_begin_with_the_first_byte(certificate: ssl.SSLContext) -> None:
    server = SmtpSink(tls=certificate, at_once=True, password="user:secret")
    try:
        with channel_to(server, **{**SIGNED_IN, "security": "ssl"}) as channel:
            assert channel.submit(letter()).accepted == {1: ""}
        assert server.taken[0].secure
    finally:
        server.close()


def refusal(sink: SmtpSink, **server: Any) -> str:
    with channel_to(sink, **server) as channel, pytest.raises(RefusedError) as refused:
        channel.submit(letter())
    assert sink.taken == []
    assert not refused.value.final
    return str(refused.value)


def test_wrong_password_is_told_and_can_be_mended(tls: SmtpSink) -> None:
    told = refusal(tls, **{**SIGNED_IN, "password": "wrong"})
    assert told == "127.0.0.1 answered 535 5.7.8 Wrong."


def test_missing_password_is_told(tls: SmtpSink) -> None:
    assert "530 5.7.0 Sign in first" in refusal(tls, security="starttls")


def test_server_without_starttls_gets_nothing(sink: SmtpSink) -> None:
    assert "offers no STARTTLS" in refusal(sink, security="starttls")


def test_server_that_takes_no_password_we_can_give_gets_none(sink: SmtpSink) -> None:
    sink.offers = ("AUTH CRAM-MD5",)
    assert "AUTH PLAIN or LOGIN" in refusal(sink, user="user", password="secret")
    assert [line for line in sink.commands if line.startswith("AUTH")] == []


def test_what_was_said_before_tls_is_not_believed(tls: SmtpSink) -> None:
    """RFC 3207, section 6: words slipped in before the handshake."""
    tls.misbehave(Fault(at="starttls", reply=b"220 Ready\r\n250 AUTH PLAIN\r\n"))
    assert "was lost before anything" in refusal(tls, **SIGNED_IN)


class Elsewhere(Server):
    """A server whose certificate counts, though it is here."""

    @property
    def is_here(self) -> bool:
        """It is not."""
        return False


def test_certificate_that_is_not_believed_ends_it(tls: SmtpSink) -> None:
    server = Elsewhere(host="127.0.0.1", port=tls.port, security="starttls", timeout=5)
    with pytest.raises(RefusedError, match="certificate that is not believed"):
        connect(server, hurry=Hurry(lambda: False))


def test_server_that_is_gone_is_told(sink: SmtpSink) -> None:
    sink.close()
    assert refusal(sink) == "127.0.0.1 cannot be reached."


def test_ipv6_address_is_a_literal_of_its_own() -> None:
    assert SmtpChannel(Server(host="::1", port=25)).api_url == "smtp://[::1]"
    assert BOUNCES.count("@") == 1
