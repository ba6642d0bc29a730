"""JSON with gaps: written once for a letter, filled for each of its readers.

A mail API that takes a body for each reader would otherwise have the same 34 kB escaped a hundred
times in one call.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import escape

from pipeline.outbox.letter import Recipient
from pipeline.stages.merge import Slot, pieces

Fill = Callable[[Recipient], bytes]

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Merged:
    """A text with merge marks, each of which becomes the reader's value."""

    text: str
    html: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A value that each reader has an own of: what ``of`` gives, as JSON."""

    of: Callable[[Recipient], object]


class JsonForm:
    """A JSON document with gaps, split once.

    Args:
        document: As for ``json.dumps``, with :class:`Merged` and :class:`Own` in the places of
            values. The order of its keys is that of the bytes.
    """

    __slots__ = ("_gaps", "_pieces")

    def __init__(self, document: object) -> None:
        self._pieces: list[bytes] = []
        self._gaps: list[tuple[int, Fill]] = []
        for fixed, parts in groupby(_parts(document), key=lambda part: isinstance(part, bytes)):
            if fixed:
                self._pieces.append(b"".join(part for part in parts if isinstance(part, bytes)))
                continue
            for part in parts:
                assert callable(part)  # noqa: S101 (what is not bytes is a gap)
                self._gaps.append((len(self._pieces), part))
                self._pieces.append(b"")

    def fill(
        self, recipients: Iterable[Recipient], *, before: bytes = b"", after: bytes = b""
    ) -> bytes:
        """The documents of these readers, as a JSON list in UTF-8.

        Args:
            recipients: The readers.
            before: What stands before the list.
            after: What stands after it.

        Raises:
            KeyError: A field has no value.
        """
        filled: list[bytes] = []
        for recipient in recipients:
            filled.append(b",")
            start = len(filled)
            filled += self._pieces
            for place, fill in self._gaps:
                filled[start + place] = fill(recipient)
        # Copied once, and not once for each reader: it may be many megabytes.
        return b"".join([before, b"[", *filled[1:], b"]", after])


def dumps(value: object) -> bytes:
    """A value as compact JSON in UTF-8."""
    return _ENCODER.encode(value).encode()


def _parts(node: object) -> Iterator[bytes | Fill]:
    match node:
        case Merged(text, html):
            yield b'"'
            for piece in pieces(text):
                yield _slot(piece, html=html) if isinstance(piece, Slot) else _inside(piece)
            yield b'"'
        case Own(of):
            yield lambda recipient: dumps(of(recipient))
        case dict():
            yield b"{"
            for number, (name, value) in enumerate(node.items()):
                yield b"," * (number > 0) + dumps(name) + b":"
                yield from _parts(value)
            yield b"}"
        case list():
            yield b"["
            for number, value in enumerate(node):
                yield b"," * (number > 0)
                yield from _parts(value)
            yield b"]"
        case _:
            yield dumps(node)


def _inside(text: str) -> bytes:
    """A text as it stands between the quotes of a JSON string."""
    return dumps(text)[1:-1]


def _slot(slot: Slot, *, html: bool) -> Fill:
    if html:
        return lambda recipient: _inside(str(escape(slot.value(recipient.values))))
    return lambda recipient: _inside(slot.value(recipient.values))
