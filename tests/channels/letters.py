"""Letters for the tests of channels: made up, small, with marks in both parts."""

import datetime as dt
from dataclasses import replace
from typing import Any

from pipeline.outbox.letter import Letter, Recipient

HOME = "https://letters.harbour-street.example.com"


def reader(number: int = 1, /, **changes: Any) -> Recipient:
    """One reader; ``delivery`` and the rest follow from the number."""
    made = Recipient(
        delivery=number,
        address=f"reader-{number}@example.com",
        name=f"Reader {number}",
        message_id=f"{number:032x}@harbour-street.example.com",
        values={"unsubscribe_url": f"{HOME}/u/{number}.weekly.{'s' * 43}"},
    )
    return replace(made, **changes)


def letter(readers: int = 1, /, **changes: Any) -> Letter:
    """One letter for so many readers."""
    made = Letter(
        key="0123456789abcdef0123456789abcdef",
        folder="2026-03-03-why-warmth-helps-part-1",
        date=dt.datetime(2026, 3, 3, 15, 0, tzinfo=dt.UTC),
        from_name="Harbour Street Acupuncture",
        from_address="letter@harbour-street.example.com",
        reply_to="hello@harbour-street.example.com",
        list_id="weekly.harbour-street.example.com",
        list_name="The Harbour Letter",
        subject="Why Warmth Helps: 1. Vessels",
        html='<p>Warmth helps – 70% of us.</p>\n<a href="@@unsubscribe_url@@">Unsubscribe</a>\n',
        text="Warmth helps – 70% of us.\n\nUnsubscribe: @@unsubscribe_url@@\n",
        recipients=tuple(reader(number) for number in range(1, readers + 1)),
    )
    return replace(made, **changes)


# What ends a header early, or is no character at all (S14).
BREAKS = {
    "carriage return": "\r",
    "line feed": "\n",
    "both": "\r\nBcc: eve@example.com",
    "nul": "\x00",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "next line": "\x85",
    "lone surrogate": "\ud800",
}
# Addresses that only some mail servers take (D23).
EAI = [
    "ána@example.com",
    "배지원@example.com",
    "ana.müller+news@example.com",
    "अनु.शर्मा@example.com",
    f"{'é' * 32}@example.com",
]
# What is not one address (S15).
NO_ADDRESS = [
    "",
    "a",
    "@example.com",
    "a@",
    "a@x.com,b@y.com",
    "a@x.com, b@y.com",
    '"a@x.com" <b@y.com>',
    "Ana <ana@example.com>",
    "a@x.com%0ab@y.com",
    '"quoted local"@example.com',
    "a(comment)@example.com",
    "a..b@example.com",
    ".a@example.com",
    "a@-example.com",
    "a@example..com",
    f"{'a' * 65}@example.com",
    f"a@{'.'.join(['a' * 60] * 5)}.com",
]


def notice(**changes: Any) -> Letter:
    """A letter to one person about one thing."""
    link = {"confirm_url": f"{HOME}/confirm/{'t' * 43}"}
    made = letter(
        kind="notice",
        folder="notices",
        from_address="notices@harbour-street.example.com",
        list_id="",
        list_name="",
        subject="Please confirm: The Harbour Letter",
        html='<p>Shall we?</p>\n<a href="@@confirm_url@@">Yes</a>\n',
        text="Shall we?\n\nYes: @@confirm_url@@\n",
        recipients=(reader(1, name="", values=link),),
    )
    return replace(made, **changes)
