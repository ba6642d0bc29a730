"""What goes over the wire to a mail server, and what its answers mean."""

import re
import ssl
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

import pytest

from pipeline.audience.tokens import read_bounce_token
from pipeline.channels.message import build_message
from pipeline.channels.smtp import SmtpChannel
from pipeline.channels.smtp_line import Hurry, Server, connect
from pipeline.errors import RefusedError, SendError, UnsureError
from pipeline.outbox.letter import SteppedChannel
from tests.channels.certificates import self_signed
from tests.channels.letters import BREAKS, EAI, letter, notice, reader
from tests.channels.smtp import BOUNCES, channel_to
from tests.channels.smtp_sink import OFFERS, End, Fault, SmtpSink, Stage

WITHOUT_PIPELINING = tuple(offer for offer in OFFERS if offer != "PIPELINING")


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A mail server."""
    server = SmtpSink()
    yield server
    server.close()


@pytest.fixture
def channel(sink: SmtpSink) -> Iterator[SmtpChannel]:
    """A channel to it over one connection."""
    with channel_to(sink) as made:
        yield made


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("offers", [OFFERS, WITHOUT_PIPELINING, ()], ids=["flights", "one", "none"])
def test_each_reader_gets_a_message_of_their_own(
    sink: SmtpSink, connections: int, offers: tuple[str, ...]
) -> None:
    """D2, D36: one reader to a message, and a way to leave of their own in body and header."""
    sink.offers = offers
    made = letter(5)
    with channel_to(sink, connections=connections) as channel:
        assert isinstance(channel, SteppedChannel)
        receipt = channel.submit(made)
    assert receipt.accepted == dict.fromkeys(range(1, 6), "")
    assert sink.connections == connections
    assert sorted(taken.data for taken in sink.taken) == sorted(
        build_message(made, recipient) for recipient in made.recipients
    )
    for taken in sink.taken:
        message = taken.message
        own = next(r for r in made.recipients if r.address == taken.recipient)
        link = own.values["unsubscribe_url"]
        assert parseaddr(message["To"])[1] == taken.recipient
        assert message["List-Unsubscribe"] == f"<{link}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["Message-ID"] == f"<{own.message_id}>"
        for kind in ("plain", "html"):
            body = message.get_body((kind,))
            assert body is not None
            assert link in body.get_content()
            assert body.get_content().count(".weekly.") == 1


def test_return_path_says_whose_message_it_was(sink: SmtpSink, channel: SmtpChannel) -> None:
    """VERP: each message's own, and no other token is believed."""
    channel.submit(letter(2))
    channel.submit(notice())
    read = []
    for taken in sink.taken:
        token = re.fullmatch(r"bounces\+([a-z0-9-]+)@mail\.example\.com", taken.sender)
        assert token is not None
        assert len(taken.sender.partition("@")[0]) <= 64
        read.append(read_bounce_token(token[1].upper()))
        number = token[1].partition("-")[2]
        assert read_bounce_token(f"3-{number}") is None
    assert read == [("issue", 1), ("issue", 2), ("notice", 1)]


@pytest.mark.parametrize(
    "token", ["", "-", "1", "1-", "1-é", "01-a", "n-", f"1-{'0' * 32}", "x1-a"]
)
def test_other_tokens_of_a_return_path_are_nobodys(token: str) -> None:
    assert read_bounce_token(token) is None


def test_without_an_address_for_bounces_they_go_to_the_sender(sink: SmtpSink) -> None:
    with channel_to(sink, bounces="") as channel:
        channel.submit(letter())
    assert sink.taken[0].sender == "letter@harbour-street.example.com"


def test_notice_has_no_way_to_leave_a_list(sink: SmtpSink, channel: SmtpChannel) -> None:
    channel.submit(notice())
    assert "List-Unsubscribe" not in sink.taken[0].message
    assert sink.taken[0].message["Auto-Submitted"] == "auto-generated"


def test_lines_that_begin_with_a_dot_arrive_as_they_are(
    sink: SmtpSink, channel: SmtpChannel
) -> None:
    made = letter(text=".\n..\n.a\n@@unsubscribe_url@@\n.\n")
    channel.submit(made)
    assert sink.taken[0].data == build_message(made, made.recipients[0])


@pytest.mark.parametrize("address", EAI)
def test_letters_outside_ascii_go_where_they_are_taken_d23(
    sink: SmtpSink, channel: SmtpChannel, address: str
) -> None:
    receipt = channel.submit(letter(recipients=(reader(1, address=address), reader(2))))
    assert receipt.accepted == {1: "", 2: ""}
    assert sink.taken[0].recipient == address
    assert {"BODY=8BITMIME", "SMTPUTF8"} <= set(sink.taken[0].options)
    assert "SMTPUTF8" not in sink.taken[1].options


@pytest.mark.parametrize("missing", ["SMTPUTF8", "8BITMIME"])
def test_where_they_are_not_taken_that_reader_is_refused_d23(
    sink: SmtpSink, channel: SmtpChannel, missing: str
) -> None:
    sink.offers = tuple(offer for offer in OFFERS if offer != missing)
    receipt = channel.submit(letter(recipients=(reader(1, address=EAI[0]), reader(2))))
    assert receipt.accepted == {2: ""}
    assert "outside ASCII" in receipt.refused[1]


def test_message_larger_than_the_server_takes_is_not_offered(
    sink: SmtpSink, channel: SmtpChannel
) -> None:
    sink.offers = ("PIPELINING", "SIZE 2000")
    receipt = channel.submit(letter(text="a" * 3_000))
    assert "2000" in receipt.refused[1]
    assert not [line for line in sink.commands if line.startswith("MAIL")]


@pytest.mark.parametrize("said", ["SIZE", "SIZE 0", "SIZE many", "SIZE ²"])
def test_server_that_names_no_size_takes_any(
    sink: SmtpSink, channel: SmtpChannel, said: str
) -> None:
    sink.offers = (said,)
    assert channel.submit(letter()).accepted == {1: ""}


def test_size_is_told_where_it_is_asked_for(sink: SmtpSink, channel: SmtpChannel) -> None:
    channel.submit(letter())
    assert sink.taken[0].options == (f"SIZE={len(sink.taken[0].data)}",)


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_break_in_a_header_is_refused_before_anything_is_said_s14(
    sink: SmtpSink, channel: SmtpChannel, broken: str
) -> None:
    with pytest.raises(RefusedError, match="line break"):
        channel.submit(letter(subject=f"Warm{broken}th"))
    receipt = channel.submit(letter(recipients=(reader(1, name=f"A{broken}"), reader(2))))
    assert (list(receipt.accepted), list(receipt.refused)) == ([2], [1])
    assert len(sink.taken) == 1


def test_connection_is_made_anew_after_so_many_messages(sink: SmtpSink) -> None:
    with channel_to(sink, per_connection=2) as channel:
        channel.submit(letter(5))
        channel.submit(letter(1))
    assert [taken.connection for taken in sink.taken] == [1, 1, 2, 2, 3, 3]
    assert sink.commands.count("QUIT") == 3


def test_server_that_grants_one_connection_is_used_with_one(sink: SmtpSink) -> None:
    sink.misbehave(Fault(at="banner", reply=b"421 4.7.0 Too many\r\n", end="cut", skip=1))
    with channel_to(sink, connections=3) as channel:
        assert len(channel.submit(letter(4)).accepted) == 4
    assert {taken.connection for taken in sink.taken} == {1}


def test_connection_that_ended_meanwhile_is_made_anew(sink: SmtpSink, channel: SmtpChannel) -> None:
    sink.misbehave(Fault(at="mail", reply=b"", end="cut", skip=1))
    assert channel.submit(letter()).accepted == {1: ""}
    assert channel.submit(letter()).accepted == {1: ""}
    assert sink.connections == 2


@pytest.mark.parametrize("reply", [b"421 4.4.2 Bye\r\n", b"421\r\n"])
def test_server_that_says_goodbye_is_asked_anew_at_once(
    sink: SmtpSink, channel: SmtpChannel, reply: bytes
) -> None:
    sink.misbehave(Fault(at="mail", reply=reply, end="cut", skip=1))
    assert len(channel.submit(letter(3)).accepted) == 3
    assert sink.connections == 2


# --- What its answers mean ------------------------------------------------------------------------


def told(channel: SmtpChannel, readers: int = 2) -> tuple[list[int], dict[int, SendError], str]:
    """Who was accepted, what became of the others, and why it ended early, if it did."""
    accepted: list[int] = []
    troubled: dict[int, SendError] = {}
    ended = ""
    for step in channel.steps(letter(readers), range(1, readers + 1)):
        accepted += step.accepted
        troubled |= step.troubled
        ended = str(step.refused or "")
    return accepted, troubled, ended


@pytest.mark.parametrize(
    ("at", "reply", "final"),
    [
        ("rcpt", b"550 5.1.1 <reader-1@example.com> unknown\r\n", True),
        ("rcpt", b"550-5.1.1 No such\r\n550 5.1.1 user\r\n", True),
        ("rcpt", b"553 Bad name\r\n", True),
        ("rcpt", b"450 4.2.0 Greylisted\r\n", False),
        ("rcpt", b"452 4.2.2 Full\r\n", False),
        ("rcpt", b"554 5.7.1 <reader-1@example.com>: Relay access denied\r\n", False),
        ("rcpt", b"550 Unable to relay\r\n", False),
        ("mail", b"552 5.3.4 Too large\r\n", True),
        ("dot", b"451 4.7.1 Later\r\n", False),
        ("dot", b"452 4.3.1 No room\r\n", False),
        ("dot", b"552 5.3.4 Too large\r\n", True),
        ("dot", b"554 5.7.1 Spam\r\n", True),
    ],
)
@pytest.mark.parametrize("offers", [OFFERS, WITHOUT_PIPELINING], ids=["flights", "one by one"])
def test_refusal_of_one_reader_stops_no_other(
    offers: tuple[str, ...], at: Stage, reply: bytes, *, final: bool
) -> None:
    sink = SmtpSink()
    sink.offers = offers
    sink.misbehave(Fault(at=at, reply=reply))
    with channel_to(sink) as channel:
        accepted, troubled, ended = told(channel, 3)
    sink.close()
    assert (accepted, list(troubled), ended) == ([2, 3], [1], "")
    error = troubled[1]
    assert isinstance(error, RefusedError)
    assert error.final is final
    assert "@" not in str(error)  # P8
    assert sink.connections == 1


def test_server_that_goes_ahead_for_nobody_gets_an_empty_end(
    sink: SmtpSink, channel: SmtpChannel
) -> None:
    """RFC 2920, section 3.1: the reader was refused, and content is asked for all the same."""
    refused = Fault(at="rcpt", reply=b"550 5.1.1 No such user\r\n")
    sink.misbehave(refused, Fault(at="data", reply=b"354 Go ahead\r\n"))
    accepted, troubled, ended = told(channel, 3)
    assert (accepted, list(troubled), ended) == ([2, 3], [1], "")
    assert sink.connections == 1
    assert len(sink.taken) == 2


@pytest.mark.parametrize(
    ("at", "reply"),
    [
        ("banner", b"554 No service\r\n"),
        ("banner", b"220-\xff\x00 hello\r\n221 no\r\n"),
        ("banner", b"SSH-2.0-OpenSSH_9.6\r\n"),
        ("banner", b"\x00" * 70_000),
        ("banner", b"220-x\r\n" * 20_000),
        ("ehlo", b"502 5.5.1 What\r\n"),
        ("mail", b"451 4.3.0 Later\r\n"),
        ("mail", b"550 5.7.1 <letter@harbour-street.example.com> not yours\r\n"),
        ("rcpt", b"530 5.7.0 Sign in first\r\n"),
        ("rcpt", b"503 5.5.1 What\r\n"),
        ("data", b"451 4.3.0 Later\r\n"),
        ("data", b"250 Well\r\n"),
        ("rcpt", b"354 Well\r\n"),
        ("mail", b"421 4.3.2 Closing\r\n"),
        ("rcpt", b"421 4.3.2 Closing\r\n"),
    ],
)
def test_refusal_of_everybody_is_no_readers_fault(
    sink: SmtpSink, channel: SmtpChannel, at: Stage, reply: bytes
) -> None:
    sink.misbehave(Fault(at=at, reply=reply, end="cut" if at == "banner" else ""))
    accepted, troubled, ended = told(channel)
    assert (accepted, troubled, sink.taken) == ([], {}, [])
    assert "127.0.0.1" in ended
    assert "@" not in ended  # P8
    # And the next letter goes.
    assert told(channel)[0] == [1, 2]


@pytest.mark.parametrize("end", ["cut", "reset", "half"])
@pytest.mark.parametrize("at", ["banner", "ehlo", "mail", "rcpt", "data"])
def test_line_lost_before_the_dot_means_that_nothing_was_taken(
    sink: SmtpSink, at: Stage, end: End
) -> None:
    """X3."""
    fault = Fault(at=at, reply=b"", end=end)
    sink.misbehave(fault)
    with channel_to(sink, timeout=2) as channel:
        accepted, troubled, ended = told(channel)
        assert (accepted, troubled, sink.taken) == ([], {}, [])
        assert "cannot be reached" in ended or "was lost before anything was handed over" in ended
        sink.release()
        assert told(channel)[0] == [1, 2]


@pytest.mark.parametrize("end", ["cut", "reset"])
def test_line_lost_in_the_content_means_that_nothing_was_taken(sink: SmtpSink, end: End) -> None:
    """X3: more of it than any buffer on the way holds."""
    sink.misbehave(Fault(at="content", reply=b"", end=end))
    made = letter(text=("a" * 75 + "\n") * 100_000)
    with channel_to(sink) as channel:
        with pytest.raises(RefusedError, match="was lost before anything was handed over"):
            channel.submit(made)
        assert sink.taken == []
        assert channel.submit(made).accepted == {1: ""}


@pytest.mark.parametrize("accepts", [True, False], ids=["taken", "not-taken"])
@pytest.mark.parametrize(
    ("reply", "end"),
    [
        (b"", "cut"),
        (b"", "reset"),
        (b"250", "cut"),
        (b"", "stall"),
        (b"", "drip"),
        (b"", "half"),
        (b"<html>sign in</html>\r\n", "cut"),
        (b"354 go on\r\n", ""),
        (b"250-" + b"a" * 200_000, "cut"),
        (b"250-ok\r\n550 no\r\n", ""),
        (b"\x00\x00\x00\r\n", ""),
    ],
    ids=[
        "cut",
        "reset",
        "half-line",
        "silence",
        "drip",
        "half",
        "html",
        "354",
        "huge",
        "two",
        "nul",
    ],
)
def test_line_lost_after_the_dot_leaves_that_reader_unsure_alone(
    sink: SmtpSink, accepts: bool, reply: bytes, end: End
) -> None:
    """X3: nobody can tell, and nobody else is touched."""
    sink.misbehave(Fault(at="dot", reply=reply, end=end, accepts=accepts))
    with channel_to(sink, timeout=1) as channel:
        accepted, troubled, ended = told(channel, 3)
    assert (accepted, list(troubled), ended) == ([2, 3], [1], "")
    assert isinstance(troubled[1], UnsureError)
    sink.release()
    expected = {f"reader-{number}@example.com": 1 for number in ([1] if accepts else []) + [2, 3]}
    assert sink.received() == expected


def test_message_whose_end_was_not_asked_for_is_not_taken(
    sink: SmtpSink, channel: SmtpChannel
) -> None:
    """What the queue has not written down does not go: its end never leaves."""
    steps = channel.steps(letter(3), [1, 2, 3])
    assert next(steps).ready == [1]
    assert next(steps).ready == [2]
    steps.close()
    channel.close()
    assert sink.wait_for(1)
    assert sink.received() == {"reader-1@example.com": 1}


def test_one_refused_connection_of_several_takes_back_what_the_others_begun(
    sink: SmtpSink,
) -> None:
    """What was due has ended before; what was begun and not written down is not taken."""
    sink.misbehave(Fault(at="mail", reply=b"451 4.3.0 Later\r\n", skip=5))
    with channel_to(sink, connections=3) as channel:
        accepted, troubled, ended = told(channel, 9)
    assert (len(accepted), troubled) == (3, {})
    assert "451" in ended
    assert sink.received() == {f"reader-{number}@example.com": 1 for number in (1, 2, 3)}


def test_connection_that_is_lost_and_needed_no_more_is_left(sink: SmtpSink) -> None:
    sink.misbehave(Fault(at="dot", reply=b"", end="cut", skip=1))
    with channel_to(sink, connections=3) as channel:
        accepted, troubled, ended = told(channel, 4)
    assert (len(accepted), len(troubled), ended) == (3, 1, "")
    assert sink.connections == 3


def test_connection_that_was_reset_meanwhile_is_made_anew(
    sink: SmtpSink, channel: SmtpChannel
) -> None:
    assert channel.submit(letter()).accepted == {1: ""}
    sink.reset()
    assert channel.submit(letter(2)).accepted == {1: "", 2: ""}
    assert sink.connections == 2


def test_line_lost_between_the_content_and_the_dot_leaves_that_reader_unsure(
    sink: SmtpSink, channel: SmtpChannel
) -> None:
    steps = channel.steps(letter(2), [1, 2])
    assert next(steps).ready == [1]
    sink.reset()
    [(number, error)] = next(steps).troubled.items()
    assert (number, type(error)) == (1, UnsureError)
    assert list(next(steps).accepted) == [2]
    assert sink.received() == {"reader-2@example.com": 1}


def test_server_that_reads_no_more_is_not_waited_for_for_ever(sink: SmtpSink) -> None:
    """X3: nothing was taken, for the end has not left."""
    sink.misbehave(Fault(at="content", reply=b"", end="stall"))
    with channel_to(sink, timeout=1) as channel:
        with pytest.raises(RefusedError, match="was lost before anything was handed over"):
            channel.submit(letter(text=("a" * 75 + "\n") * 100_000))
        sink.release()


def test_what_is_not_meant_is_not_sent(sink: SmtpSink, channel: SmtpChannel) -> None:
    steps = list(channel.steps(letter(4), {2, 4}))
    assert [list(step.ready) for step in steps] == [[2], [4], []]
    assert sorted(sink.received()) == ["reader-2@example.com", "reader-4@example.com"]


def test_letter_stays_the_same_however_often_it_is_asked_for(channel: SmtpChannel) -> None:
    """X4: what is hashed changes with all that the messages are made of."""
    same = channel.serialize(letter(3))
    assert channel.serialize(letter(3)) == same
    others = [
        letter(2),
        letter(3, subject="Another"),
        letter(3, html="<p>Another</p>"),
        letter(3, list_name="Another"),
        replace(letter(3), recipients=(reader(1, name="B"), reader(2), reader(3))),
    ]
    assert len({same, *map(channel.serialize, others)}) == 6


def test_submit_says_what_became_of_a_single_reader(sink: SmtpSink, channel: SmtpChannel) -> None:
    sink.misbehave(Fault(at="dot", reply=b"", end="cut"), Fault(at="mail", reply=b"451 no\r\n"))
    with pytest.raises(UnsureError):
        channel.submit(letter())
    with pytest.raises(RefusedError, match="451"):
        channel.submit(letter())


# --- TLS and passwords ----------------------------------------------------------------------------


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
