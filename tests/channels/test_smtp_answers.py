"""What the answers of a mail server mean, and what it means that there is none."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.channels.smtp import SmtpChannel
from pipeline.errors import RefusedError, SendError, UnsureError
from tests.channels.letters import letter, notice, reader
from tests.channels.smtp import channel_to
from tests.channels.smtp_sink import OFFERS, End, Fault, SmtpSink, Stage

WITHOUT_PIPELINING = tuple(offer for offer in OFFERS if offer != "PIPELINING")


@pytest.fixture
def channel(sink: SmtpSink) -> Iterator[SmtpChannel]:
    """A channel to it over one connection."""
    with channel_to(sink) as made:
        yield made


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
    # Nor does what is sent afterwards end it.
    assert list(channel.submit(notice()).accepted) == [1]
    assert [taken.message["Subject"] for taken in sink.taken] == [
        "Why Warmth Helps: 1. Vessels",
        "Please confirm: The Harbour Letter",
    ]
    assert sink.received() == {"reader-1@example.com": 2}


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
        assert len(told(channel, 9)[0]) == 9
    assert len(sink.taken) == 12


def test_connection_that_is_lost_and_needed_no_more_is_left(sink: SmtpSink) -> None:
    sink.misbehave(Fault(at="dot", reply=b"", end="cut", skip=1))
    with channel_to(sink, connections=3) as channel:
        accepted, troubled, ended = told(channel, 3)
    assert (len(accepted), len(troubled), ended) == (2, 1, "")
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
