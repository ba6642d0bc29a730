"""The form of a call to Mailgun: one body for all readers, and a few words of each.

Written by hand and not by Anymail, whose backend reads each address three times over and quotes
each field (100 µs a reader); a test shows that a server reads the same from both. The same letter
gives the same bytes. Source: documentation.mailgun.com, "Batch sending".
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import escape

from pipeline.channels.mail import Variable, filled, sort_out, spelt, variables_of
from pipeline.channels.message import CRLF, ONE_CLICK, kind_headers, one_address
from pipeline.errors import RefusedError
from pipeline.outbox.letter import Letter, Recipient
from pipeline.stages.merge import Slot, translate, unmarked

# How Mailgun's own merge fields begin. In an author's text they would be filled in, not printed.
_FIELD = re.compile(r"%(?:recipient[._%]|(?:tag_|mailing_list_)?unsubscribe_)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, ready to be made.

    Attributes:
        body: A form, ``multipart/form-data``.
        content_type: It names the boundary between the fields.
        taken: The deliveries of those it is for.
        refused: Why not, by delivery, for the others.
    """

    body: bytes
    content_type: str
    taken: tuple[int, ...]
    refused: Mapping[int, str]


def call_for(letter: Letter) -> Call:
    """The call that hands a letter over.

    Raises:
        RefusedError: It can go to nobody, or Mailgun would fill in what its author wrote.
    """
    _refuse_fields(letter)
    good, refused = sort_out(letter)
    # The key is random, so no field holds it.
    boundary = f"meridian-{letter.key}"
    return Call(
        body=_multipart(_fields(letter, good), boundary),
        content_type=f"multipart/form-data; boundary={boundary}",
        taken=tuple(recipient.delivery for recipient in good),
        refused=refused,
    )


def _refuse_fields(letter: Letter) -> None:
    for text in (letter.subject, letter.from_name, letter.list_name, letter.text, letter.html):
        # With the defaults of its merge fields: a mark hides these.
        if field := _FIELD.search(unmarked(text)):
            raise RefusedError(
                f"the text has {field[0]!r}, which Mailgun would fill in: write it another way",
                final=True,
            )


def _fields(letter: Letter, recipients: Sequence[Recipient]) -> Iterator[tuple[str, str]]:
    yield "from", spelt(letter.from_name, one_address(letter.from_address))
    yield "to", ", ".join(map(_mailbox, recipients))
    shared = _shared(recipients)
    yield "subject", translate(letter.subject, partial(_field, shared, html=False))
    yield "text", translate(letter.text, partial(_field, shared, html=False))
    yield "html", translate(letter.html, partial(_field, shared, html=True))
    for name, value in kind_headers(letter).items():
        yield f"h:{name}", value.replace(CRLF, "")
    if letter.reply_to:
        yield "h:Reply-To", one_address(letter.reply_to)
    if letter.kind == "issue":
        yield "h:List-Unsubscribe", "<%recipient.unsubscribe_url%>"
        for name, value in ONE_CLICK.items():
            yield f"h:{name}", value
    yield "v:batch", letter.key
    for option in ("o:tracking", "o:tracking-clicks", "o:tracking-opens"):
        yield option, "yes" if letter.tracked else "no"
    yield "recipient-variables", _variables(letter, recipients, shared)


def _mailbox(recipient: Recipient) -> str:
    # A reader's own name must not stop a letter for the others: it goes without the name.
    name = "" if _FIELD.search(recipient.name) else recipient.name
    return spelt(name, recipient.address)


def _shared(recipients: Sequence[Recipient]) -> dict[str, str]:
    """The links that are the same for all of them: they are written into the text at once."""
    first = recipients[0].values
    links = [name for name in ("view_url", "archive_url") if name in first]
    return {
        name: first[name]
        for name in links
        if all(recipient.values[name] == first[name] for recipient in recipients)
    }


def _field(shared: Mapping[str, str], slot: Slot, *, html: bool) -> str:
    if slot.field in shared:
        return escape(shared[slot.field]) if html else shared[slot.field]
    return f"%recipient.{Variable.of(slot, html=html).name}%"


def _variables(letter: Letter, recipients: Iterable[Recipient], shared: Collection[str]) -> str:
    """What each reader has of their own, as JSON: without it all would see each other (D36)."""
    variables = [each for each in variables_of(letter) if each.field not in shared]
    return json.dumps(
        {recipient.address: filled(variables, recipient.values) for recipient in recipients},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _multipart(fields: Iterable[tuple[str, str]], boundary: str) -> bytes:
    parts = [
        f'--{boundary}{CRLF}Content-Disposition: form-data; name="{name}"{CRLF}{CRLF}{value}{CRLF}'
        for name, value in fields
    ]
    return "".join([*parts, f"--{boundary}--{CRLF}"]).encode()
