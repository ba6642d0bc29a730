"""Address books (vCard 3 and 4): of each card the one address its owner prefers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.audience.lists.encoding import encoding_of, name_of
from pipeline.audience.lists.table import LONGEST_ROW, Cells, Table
from pipeline.errors import SourceError

# Nothing else of a card is read: no birthday, no note, no photo.
HEADER = ["EMAIL", "FN", "LANG", "TZ"]
_PROPERTY = re.compile(r"(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>(?:;[^:\"]*|\"[^\"]*\")*):")
_ESCAPED = re.compile(r"\\([\\,;nN])")
_EXPORT = "Export the address book as vCard 3.0 or 4.0."


def read_cards(path: Path) -> Table:
    """The cards of a .vcf file, as rows of ``HEADER``.

    Raises:
        SourceError: While it is walked through: a line is too long, or a card is of another kind.
    """
    codec = encoding_of(path)
    rows = _rows(path, codec)
    return Table(told=f"vCard in {name_of(codec)}", header=HEADER, line=1, rows=rows)


@dataclass
class _Card:
    line: int
    found: dict[str, str] = field(default_factory=dict)
    preferred: int = 101

    def take(self, name: str, parameters: str, value: str) -> None:
        """Keep what is read of a card; the first of each, and the address preferred most."""
        value = _ESCAPED.sub(lambda found: {"n": " ", "N": " "}.get(found[1], found[1]), value)
        if name != "EMAIL":
            self.found.setdefault(name, value)
            return
        preference = _preference(parameters)
        if preference < self.preferred:
            self.found[name], self.preferred = value.removeprefix("mailto:"), preference

    def cells(self) -> Cells:
        return [self.found.get(name, "") for name in HEADER]


def _preference(parameters: str) -> int:
    """1 to 100, the smaller the more: ``PREF=1`` of vCard 4, ``TYPE=pref`` of vCard 3."""
    upper = parameters.upper()
    given = re.search(r"PREF=\"?(\d{1,3})", upper)
    if given:
        return min(int(given[1]), 100)
    return 1 if re.search(r"\bPREF\b", upper) else 100


def _rows(path: Path, codec: str) -> Iterator[tuple[int, Cells]]:
    card: _Card | None = None
    for line, text in _unfolded(path, codec):
        match = _PROPERTY.match(text)
        if match is None:
            continue
        name, value = match["name"].upper(), text[match.end() :].strip()
        if (name, value.upper()) == ("BEGIN", "VCARD"):
            card = _Card(line)
        elif card is None:
            continue
        elif name == "VERSION" and value not in {"3.0", "4.0"}:
            told = f"this card is vCard {value[:20]}"
            raise SourceError(told, mend=_EXPORT, path=path, line=line)
        elif name == "END":
            yield card.line, card.cells()
            card = None
        elif name in HEADER:
            card.take(name, match["parameters"], value)
    if card is not None:
        raise SourceError("the last card has no end", mend=_EXPORT, path=path, line=card.line)


def _unfolded(path: Path, codec: str) -> Iterator[tuple[int, str]]:
    """Each line with those that go on with a blank; a photo may be long, and is left out."""
    begun, parts = 0, [""]
    with path.open(encoding=codec, errors="replace") as stream:
        number = 0
        while text := stream.readline(LONGEST_ROW):
            number += 1
            if not text.endswith("\n") and len(text) == LONGEST_ROW:
                told = f"a line is longer than {LONGEST_ROW:,} letters"
                raise SourceError(told, mend=_EXPORT, path=path, line=number)
            if text[0] in " \t" and parts[0]:
                if len(parts) < 100:
                    parts.append(text[1:].rstrip("\n"))
                continue
            yield begun, "".join(parts)
            begun, parts = number, [text.rstrip("\n")]
    yield begun, "".join(parts)
