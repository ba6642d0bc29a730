"""A message spliced from its skeleton is the very message that is built whole."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.channels.message import build_message
from pipeline.channels.skeleton import Skeleton
from pipeline.errors import RefusedError
from pipeline.outbox.letter import Letter, Recipient
from tests.channels.letters import BREAKS, NO_ADDRESS, letter, notice, reader

# Whatever an approved text may hold: long lines, dots, spaces before a break, letters of any kind.
PIECES = st.sampled_from(
    [
        *("@@first_name@@", "@@first_name.667269656e64@@", "@@unsubscribe_url@@", "@@nothing@@"),
        *("\n", "\r\n", "\r", "\n\n", " \n", "\t\n", ".", "..", "\n.", "\n.\n", "=", " ", "\t"),
        *("x" * 75, "x" * 76, "word " * 30, "–", "é" * 40, "혈" * 30, "\u2028", "\x0b", "\x0c"),
    ]
)
TEXTS = (
    st.lists(PIECES | st.text(max_size=8), max_size=25)
    .map("".join)
    .filter(
        lambda text: text.isprintable() or all(not 0xD800 <= ord(char) <= 0xDFFF for char in text)
    )
)
NAMES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=90)


def unstuffed(message: bytes) -> bytes:
    """The message as the server keeps it (RFC 5321, section 4.5.2)."""
    lines = message.split(b"\r\n")
    return b"\r\n".join(line.removeprefix(b".") for line in lines)


def spliced(some: Letter, recipient: Recipient) -> bytes:
    return Skeleton(some).fill(recipient, eai=True)


@given(html=TEXTS, text=TEXTS, name=NAMES, first_name=NAMES)
@example(html="a \n.@@first_name@@\n.", text=".", name="", first_name=".")
@example(html="x" * 74 + "@@first_name@@ \n", text="@@first_name@@", name="a", first_name=" ")
def test_spliced_is_what_would_be_built_whole(
    html: str, text: str, name: str, first_name: str
) -> None:
    made = letter(html=html, text=text)
    values = {**reader().values, "first_name": first_name}
    recipient = reader(1, name=name, values=values)
    message = spliced(made, recipient)
    assert unstuffed(message) == build_message(made, recipient)
    assert b"\r\n.\r\n" not in message
    assert max(map(len, message.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("subject", ["Plain", "Für @@first_name@@", "@@first_name.e284a2@@ – 1"])
@pytest.mark.parametrize(
    "address", ["ana@example.com", "ana@bücher.example.com", "ána@example.com"]
)
def test_headers_are_what_would_be_built_whole(subject: str, address: str) -> None:
    values = {**reader().values, "first_name": "Ján"}
    for made in (letter(subject=subject), letter(subject=subject, reply_to="")):
        recipient = reader(1, address=address, values=values)
        expected = build_message(made, recipient, eai=True)
        assert unstuffed(spliced(made, recipient)) == expected


def test_notice_is_what_would_be_built_whole() -> None:
    made = notice()
    message = spliced(made, made.recipients[0])
    assert unstuffed(message) == build_message(made, made.recipients[0])
    assert b"List-Unsubscribe" not in message


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("field", ["subject", "from_name", "list_name"])
def test_break_in_a_header_stops_the_letter_s14(field: str, broken: str) -> None:
    with pytest.raises(RefusedError, match="line break"):
        Skeleton(letter(**{field: f"a{broken}b"}))


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_break_in_a_readers_name_stops_that_message_s14(broken: str) -> None:
    with pytest.raises(RefusedError, match="line break"):
        spliced(letter(), reader(1, name=f"a{broken}b"))


@pytest.mark.parametrize("address", NO_ADDRESS)
def test_what_is_no_address_is_refused_s15(address: str) -> None:
    with pytest.raises(RefusedError, match=r"address|domain") as refused:
        spliced(letter(), reader(1, address=address))
    assert "example" not in str(refused.value)
