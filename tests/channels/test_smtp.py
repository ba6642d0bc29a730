"""What goes over the wire to a mail server, and what its answers mean."""

import re
from collections.abc import Iterator
from email.utils import parseaddr

import pytest

from pipeline.audience.tokens import read_bounce_token
from pipeline.channels.message import build_message
from pipeline.channels.smtp import SmtpChannel
from pipeline.errors import RefusedError
from pipeline.outbox.letter import SteppedChannel
from tests.channels.letters import BREAKS, EAI, letter, notice, reader
from tests.channels.smtp import channel_to
from tests.channels.smtp_sink import OFFERS, Fault, SmtpSink

WITHOUT_PIPELINING = tuple(offer for offer in OFFERS if offer != "PIPELINING")


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
