"""What a provider would fill in of its own, kept out of authors' words and readers' values."""

import re
from dataclasses import replace

from pipeline.errors import RefusedError
from pipeline.outbox.letter import Letter, Recipient
from pipeline.stages.merge import ADDRESSES, unmarked


def refuse(letter: Letter, syntax: re.Pattern[str], *, who: str) -> None:
    """Refuse a letter in whose words the provider would fill something in.

    Raises:
        RefusedError: There is such a place. Nothing has been on the wire.
    """
    for text in (letter.subject, letter.text, letter.html):
        # With the defaults of its merge fields: a mark hides these.
        if found := syntax.search(unmarked(text)):
            raise RefusedError(
                f"the text has {found[0]!r}, which {who} would fill in: write it another way",
                final=True,
            )


def harmless(recipient: Recipient, syntax: re.Pattern[str]) -> Recipient:
    """The reader without such values: what the letter says to a reader without one, stands."""
    if not any(map(syntax.search, recipient.values.values())):
        return recipient
    values = {
        field: "" if field not in ADDRESSES and syntax.search(value) else value
        for field, value in recipient.values.items()
    }
    return replace(recipient, values=values)
