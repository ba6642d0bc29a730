r"""Rich text (.rtf), as Word, TextEdit and LibreOffice write it: looks, lists, tables; no styles.

It is bytes with control words: ``{\b bold}``. What is set in a group ``{…}`` ends with it. A group
that begins with ``\*``, or with a word known to hold nothing of the article, is left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from pipeline.errors import SourceError
from pipeline.stages.read.writer import BREAK, BULLET, Found, Picture, Writer
from pipeline.stages.text.runs import as_text, fold, tidy
from pipeline.values import Line, Run, Source, Text

_LARGEST = 32_000_000
_MOST_MARKS = 500_000
_DEEPEST = 500
_MOST_LEVELS = 6
_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,9})? ?|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])|(?P<group>[{}])|(?P<text>[^\\{}\r\n]+)"
)
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,6})(?:\.\d{1,3}){0,3}[.)]?|[①-⑳]")
_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_UNSEEN = frozenset(
    b"colortbl stylesheet info header headerl headerr headerf footer footerl footerr footerf"
    b" listtable listoverridetable annotation atnid atnauthor tc xe filetbl objdata objclass revtbl"
    b" rsidtbl themedata datastore bkmkstart bkmkend nonshppict shprslt ftnsep ftnsepc".split()
)
_SIGNS = {
    b"tab": "\t", b"line": BREAK, b"emdash": "—", b"endash": "–", b"emspace": " ", b"enspace": " ",
    b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"zwj": "\u200d", b"zwnj": "\u200c", b"nestcell": " ", b"nestrow": " ",
    b"\\": "\\", b"{": "{", b"}": "}", b"~": "\xa0", b"_": "\u2011",
}  # fmt: skip
_CODECS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = frozenset({437, 850, 866, 874, 932, 936, 949, 950, *range(1250, 1259)})


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group.

    Attributes:
        codec: Of the bytes of its letters; "" for that of the file.
        skip: How many letters behind a Unicode one say it again for old programs.
        place: Where its words go: "text", "marker", "address", "name", "value"; nowhere: "fonts",
            "" and, where nothing inside of it is seen either, "off".
        link: The address the words lead to.
    """

    bold: bool = False
    italic: bool = False
    hidden: bool = False
    size: float = 12
    codec: str = ""
    skip: int = 1
    place: str = "text"
    link: str = ""


@dataclass(slots=True)
class _Layout:
    """What holds for a paragraph: heading level or 0, depth in a list, whether it is in a table."""

    level: int = 0
    depth: int = 0
    tabled: bool = False


@dataclass(frozen=True, slots=True)
class _Outer:
    """What stands around a note or text box, and how deep the group of it is."""

    depth: int
    noted: bool
    found: Found
    layout: _Layout


def read_rtf(path: PurePath, content: bytes) -> Source:
    """Read rich text: a line for each paragraph, item, row and image; notes at the end.

    Args:
        path: The file's name, for errors. It is not opened.
        content: The bytes of the file.

    Raises:
        SourceError: It is no rich text, is too large, or its groups are nested too deep.
    """

    def refused(message: str) -> SourceError:
        mend = "Copy the article into a new document and save that, as .docx or .txt."
        return SourceError(message, mend=mend, path=path)

    if not content.startswith(b"{\\rtf"):
        raise refused("this is not rich text")
    if len(content) > _LARGEST or content.count(b"\\") + content.count(b"{") > _MOST_MARKS:
        raise refused("this rich text is larger than any article")
    reader = _Reader()
    for token in _tokens(content):
        reader.take(token)
        if len(reader.above) > _DEEPEST:
            raise refused(f"groups are nested more than {_DEEPEST} deep in this file")
    return Source(name=path.name, lines=reader.lines())


def _tokens(content: bytes) -> Iterator[re.Match[bytes]]:
    """The tokens in order; the raw bytes of pictures are stepped over."""
    place = 0
    while place < len(content):
        found = _TOKEN.match(content, place)
        place = found.end() if found else place + 1
        if found:
            if found["word"] == b"bin":
                place += max(0, int(found["number"] or 0))
            yield found


class _Reader:
    """One pass over the tokens.

    Attributes:
        above: The states of the groups around the open one.
        state: What holds in the open one.
        outer: What stands around each open note or text box.
    """

    def __init__(self) -> None:
        self.above: list[_State] = []
        self.state = _State()
        self.layout = _Layout()
        self.found = Found()
        self.outer: list[_Outer] = []
        self.usual = "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.said = {"marker": "", "address": "", "name": "", "value": ""}
        self.skipping = 0
        self.half = 0
        self._out = Writer()
        self._bytes = bytearray()
        self._starred = False
        self._cells: list[Text] = []
        self._rows: list[list[Text]] = []
        self._notes: list[Text] = []

    def lines(self) -> tuple[Line, ...]:
        """End the last paragraph, and give all lines."""
        self._letters()
        while self.outer:
            self._end_aside()
        self.paragraph()
        self._table()
        for number, note in enumerate(self._notes, start=1):
            self._out.add("note", note, marker=f"{number}.")
        return tuple(self._out.lines)

    def take(self, token: re.Match[bytes]) -> None:
        """Take the next token in."""
        if token["hex"] or token["text"]:
            letters = bytes.fromhex(token["hex"].decode()) if token["hex"] else token["text"]
            self._bytes += letters[self.skipping :]
            self.skipping = max(0, self.skipping - len(letters))
            return
        self._letters()
        self.skipping = 0
        starred, self._starred = self._starred, token["sign"] == b"*"
        name = token["word"] or token["sign"]
        if token["group"] == b"{":
            self.above.append(self.state)
        elif token["group"]:
            self._close()
        elif name in _SIGNS:
            self.add(_SIGNS[name])
        elif name in _WORDS:
            _WORDS[name](self, None if token["number"] is None else int(token["number"]))
        elif name in _UNSEEN:
            self.set(place="off")
        elif starred and self.state.place != "off":
            self.set(place="")

    def _letters(self) -> None:
        """Decode the bytes so far; a Korean letter is two of them."""
        if self._bytes:
            self.add(self._bytes.decode(self.state.codec or self.usual, errors="replace"))
            self._bytes.clear()

    def add(self, text: str) -> None:
        """Add letters to the place they belong to."""
        state = self.state
        if state.place in self.said:
            self.said[state.place] = (self.said[state.place] + text)[:4_000]
        elif state.place == "text" and not state.hidden:
            self.found.add(
                Run(text, bold=state.bold, italic=state.italic, link=state.link), state.size
            )

    def _close(self) -> None:
        """A group ends, and with it what was set in it."""
        if not self.above:
            return
        closed, self.state = self.state, self.above.pop()
        if self.outer and self.outer[-1].depth > len(self.above):
            self._end_aside()
        if closed.place == self.state.place:
            return
        if closed.place == "address":
            link = _LINK.match(self.said["address"])
            self.set(link=link[1] if link else "")
        elif closed.place == "value" and fold(self.said["value"]):
            self.found.beside.append(Picture(self.said["value"], ""))

    def aside(self, *, noted: bool) -> None:
        """A note or a text box begins."""
        self.outer.append(_Outer(len(self.above), noted, self.found, self.layout))
        self.found, self.layout = Found(), _Layout()
        inside = _State(codec=self.state.codec, skip=self.state.skip, place=self.state.place)
        self.state = inside

    def _end_aside(self) -> None:
        outer = self.outer.pop()
        inner, self.found, self.layout = self.found, outer.found, outer.layout
        if outer.noted:
            self._notes.append(tidy(inner.runs))
            self.add(f"[{len(self._notes)}]")
        else:
            self.found.beside += [inner, *inner.beside]

    def paragraph(self) -> None:
        """A paragraph ends; in a cell or a note it goes on."""
        if self.outer or self.layout.tabled:
            self.found.add(Run(" "), self.state.size)
            return
        self._table()
        found, self.found = self.found, Found()
        marker, self.said["marker"] = fold(self.said["marker"]), ""
        mark = marker if _NUMBERED.fullmatch(marker) else BULLET if marker else ""
        layout = self.layout
        self._out.paragraph(found, heading=layout.level, mark=mark, depth=layout.depth)
        for each in found.beside:
            if isinstance(each, Picture):
                self._out.add("image", as_text(each.words))
            else:
                self._out.paragraph(each)

    def cell(self) -> None:
        """A cell ends."""
        runs = [*self.found.runs]
        for each in self.found.beside:
            runs += [Run(" "), *([Run(each.words)] if isinstance(each, Picture) else each.runs)]
        self._cells.append(tidy(runs))
        self.found = Found()

    def row(self) -> None:
        """A row ends."""
        cells, self._cells = self._cells, []
        self._rows.append(cells)

    def _table(self) -> None:
        if self._rows:
            self._out.table(self._rows)
            self._rows = []

    def set(self, **said: Any) -> None:
        """Set what holds from here on in this group."""
        self.state = replace(self.state, **said)

    def collect(self, place: str) -> None:
        """Let the words of this group go to a place of their own, unless nothing of it is seen."""
        if self.state.place != "off":
            self.said[place] = ""
            self.set(place=place)

    def unicode(self, code: int) -> None:
        """A letter by its number; one beyond 65,535 comes in two halves."""
        code %= 65_536
        if 0xD800 <= code < 0xDC00:
            self.half = code
        elif 0xDC00 <= code < 0xE000:
            if self.half:
                self.add(chr(0x10000 + ((self.half - 0xD800) << 10) + code - 0xDC00))
            self.half = 0
        else:
            self.add(chr(code))
        self.skipping = self.state.skip

    def use_font(self, number: int) -> None:
        """A font is spoken of in the table, or used."""
        if self.state.place == "fonts":
            self.font = number
        else:
            self.set(codec=self.fonts.get(number, ""))


def _reset(reader: _Reader, _: int | None) -> None:
    reader.layout = _Layout()


def _heading(reader: _Reader, number: int | None) -> None:
    level = 9 if number is None else number
    reader.layout.level = min(level + 1, _MOST_LEVELS) if 0 <= level < 9 else 0


def _item(reader: _Reader, number: int | None) -> None:
    reader.layout.depth = min(max(number or 0, 0), 8)


def _in_table(reader: _Reader, number: int | None) -> None:
    reader.layout.tabled = number != 0


def _page(reader: _Reader, number: int | None) -> None:
    if number in _PAGES:
        reader.usual = f"cp{number}"


def _charset(reader: _Reader, number: int | None) -> None:
    reader.fonts[reader.font] = _CODECS.get(number or 0, "")


def _value(reader: _Reader, _: int | None) -> None:
    described = fold(reader.said["name"]) == "wzDescription"
    reader.collect("value" if described else "name")


def _nothing(_: _Reader, __: int | None) -> None:
    """A group with a star whose words are seen."""


_Word = Callable[[_Reader, int | None], None]
_WORDS: dict[bytes, _Word] = {
    b"b": lambda reader, number: reader.set(bold=number != 0),
    b"i": lambda reader, number: reader.set(italic=number != 0),
    b"v": lambda reader, number: reader.set(hidden=number != 0),
    b"deleted": lambda reader, number: reader.set(hidden=number != 0),
    b"fs": lambda reader, number: reader.set(size=(number or 24) / 2),
    b"plain": lambda reader, _: reader.set(
        bold=False, italic=False, hidden=False, size=12, codec=""
    ),
    b"pard": _reset,
    b"outlinelevel": _heading,
    b"ilvl": _item,
    b"intbl": _in_table,
    b"par": lambda reader, _: reader.paragraph(),
    b"sect": lambda reader, _: reader.paragraph(),
    b"\n": lambda reader, _: reader.paragraph(),
    b"\r": lambda reader, _: reader.paragraph(),
    b"cell": lambda reader, _: reader.cell(),
    b"row": lambda reader, _: reader.row(),
    b"u": lambda reader, number: reader.unicode(number or 0),
    b"uc": lambda reader, number: reader.set(skip=min(max(number or 0, 0), 8)),
    b"f": lambda reader, number: reader.use_font(number or 0),
    b"fcharset": _charset,
    b"fonttbl": lambda reader, _: reader.set(place="fonts"),
    b"ansicpg": _page,
    b"mac": lambda reader, _: setattr(reader, "usual", "mac_roman"),
    b"footnote": lambda reader, _: reader.aside(noted=True),
    b"shptxt": lambda reader, _: reader.aside(noted=False),
    b"shpinst": _nothing,
    b"listtext": lambda reader, _: reader.collect("marker"),
    b"pntext": lambda reader, _: reader.collect("marker"),
    b"fldinst": lambda reader, _: reader.collect("address"),
    b"pict": lambda reader, _: reader.set(place="") if reader.state.place == "text" else None,
    b"sn": lambda reader, _: reader.collect("name"),
    b"sv": _value,
}
