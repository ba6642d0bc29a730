"""Word files (.docx): what the file says of each paragraph, and no more.

Changes that were tracked count as accepted. Comments, headers, footers, tables of contents and
hidden text are no part of the article.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from pipeline.stages.read.text import bullet
from pipeline.stages.read.word.numbering import BULLET, Numbering
from pipeline.stages.read.word.package import Package
from pipeline.stages.read.word.styles import Styles
from pipeline.stages.read.word.words import BREAK, Found, Picture, Words, choice
from pipeline.stages.read.word.xml import Element, attribute, child, children, local, value, whole
from pipeline.stages.text.runs import as_text, clean, tidy
from pipeline.values import Line, LineKind, Run, Source, Text

_QUOTATIONS = frozenset({"quote", "intense quote", "block text"})
_CONTENTS = re.compile(r"toc (?:\d|heading)|table of figures")
# Word's own limit of columns.
_MOST_COLUMNS = 63


def read_docx(path: PurePath, content: bytes) -> Source:
    """Read a Word file: a line for each paragraph, item, row and image; notes at the end.

    A number that Word draws before a heading is written before its words. A line break in a plain
    paragraph begins a new line. A note is called by "[1]".

    Args:
        path: The file's name, for errors. It is not opened.
        content: The bytes of the file.

    Raises:
        SourceError: It is no Word file, or one that is old, locked, broken or hostile, or has a
            part that would be lost.
    """
    package = Package(path, content)
    root = package.part(package.main)
    body = child(root, "body")
    if body is None:
        raise package.broken()
    styles = Styles(package.related("styles"))
    writer = _Writer(
        package=package,
        styles=styles,
        numbering=Numbering(package.related("numbering"), styles),
        words=Words(styles, package.relations(package.main)),
    )
    try:
        writer.blocks(body)
        writer.notes()
    except RecursionError as error:
        # The parser refuses what is deeper than 256; another build of it may allow more.
        raise package.refused("tables or boxes are nested too deep in this Word file") from error
    return Source(name=path.name, lines=tuple(writer.lines))


@dataclass
class _Writer:
    """One pass over the body.

    Attributes:
        number: Lines so far, empty ones too.
        carried: The start of a paragraph whose end mark was struck out, so that it goes on.
    """

    package: Package
    styles: Styles
    numbering: Numbering
    words: Words
    lines: list[Line] = field(default_factory=list)
    number: int = 0
    gap: bool = True
    carried: Found = field(default_factory=Found)

    def blocks(self, parent: Element) -> None:
        """Take in the paragraphs and tables of an element."""
        for element in parent:
            match local(element):
                case "p":
                    self.paragraph(element)
                case "tbl":
                    self.table(element)
                case "AlternateContent":
                    self.blocks(choice(element))
                case "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag":
                    self.blocks(element)
                case "altChunk":
                    raise self.package.refused("a part of this Word file is in another format")
                case _:
                    pass

    def paragraph(self, element: Element) -> None:
        """Take in a paragraph, with its pictures and text boxes below it."""
        properties = child(element, "pPr")
        found = _joined(self.carried, self.words.paragraph(element))
        self.carried = Found()
        if child(properties, "rPr", "del") is not None:
            self.carried = found
            return
        if not _CONTENTS.match(self.styles.name(value(properties, "pStyle"))):
            self._write(properties, found)
        for beside in found.beside:
            if isinstance(beside, Picture):
                self._add("image", as_text(beside.words), target=beside.address)
            else:
                self.blocks(beside)

    def _write(self, properties: Element | None, found: Found) -> None:
        level = self.styles.level(properties)
        mark, depth = self.numbering.mark(properties)
        text = tidy(found.runs)
        size = _size(found)
        if not text:
            self._add("plain", ())
        elif level:
            written = f"{mark} " if mark != BULLET else ""
            self._add("heading", tidy([Run(written), *found.runs]), level=level, size=size)
        elif mark:
            self._add("item", text, level=depth, marker=mark, size=size)
        elif all(run.code for run in text):
            self._add("code", (Run(_code(found)),), size=size)
        elif not _QUOTATIONS.isdisjoint(self.styles.names(value(properties, "pStyle"))):
            self._add("quotation", text, marker=">", size=size)
        else:
            for part in _lines(found):
                self._plain(part)

    def _plain(self, found: Found) -> None:
        """Add a line in no list; people type bullets too."""
        typed = bullet("".join(run.text for run in found.runs))
        if typed is None:
            self._add("plain", tidy(found.runs), size=_size(found))
        else:
            marker, start = typed
            self._add("item", tidy(_from(found.runs, start)), marker=marker, size=_size(found))

    def _add(
        self,
        kind: LineKind,
        text: Text,
        *,
        level: int = 0,
        marker: str = "",
        target: str = "",
        size: float = 0,
    ) -> None:
        self.number += 1
        if text:
            line = Line(
                number=self.number,
                text=text,
                kind=kind,
                level=level,
                marker=marker,
                gap=self.gap,
                target=target,
                size=size,
            )
            self.lines.append(line)
        self.gap = not text

    def table(self, element: Element) -> None:
        """Take in a table; one of a single cell is a frame around paragraphs."""
        rows = [list(_members(row, "tc")) for row in _members(element, "tr")]
        if [len(row) for row in rows] == [1]:
            self.blocks(rows[0][0])
            return
        texts = [[text for cell in row for text in self._cell(cell)] for row in rows]
        width = max((len(row) for row in texts), default=0)
        for place, row in enumerate(texts):
            self.number += 1
            cells = (*row, *[()] * (width - len(row)))
            self.lines.append(
                Line(number=self.number, text=(), kind="table", gap=not place, cells=cells)
            )
        self.gap = True

    def _cell(self, cell: Element) -> Iterator[Text]:
        """The text of a cell, and an empty one for each column more that it spans."""
        yield tidy(self.words.flat(cell))
        spanned = whole(value(cell, "tcPr", "gridSpan"), 1)
        yield from [()] * (min(spanned, _MOST_COLUMNS) - 1)

    def notes(self) -> None:
        """Add the notes that were called; a note may call another."""
        parts = {kind: self.package.related(kind) for kind in ("footnotes", "endnotes")}
        by_id = {
            (kind, attribute(note, "id")): note
            for kind, root in parts.items()
            for note in children(root, kind.removesuffix("s"))
        }
        for number, called in enumerate(self.words.notes, start=1):
            if called in by_id:
                text = tidy(self.words.flat(by_id[called]))
                self._add("note", text, marker=f"{number}.")


def _joined(before: Found, found: Found) -> Found:
    return Found(
        runs=before.runs + found.runs,
        sizes=before.sizes + found.sizes,
        beside=before.beside + found.beside,
    )


def _members(element: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those struck out left out."""
    for inner in element:
        if local(inner) == name:
            properties = child(inner, f"{name}Pr")
            if child(properties, "del") is None and child(properties, "cellDel") is None:
                yield inner
        elif local(inner) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _members(inner, name)


def _lines(found: Found) -> Iterator[Found]:
    """The lines of a paragraph with line breaks."""
    line = Found()
    for run, size in zip(found.runs, found.sizes, strict=True):
        if run.text == BREAK:
            yield line
            line = Found()
        else:
            line.runs.append(run)
            line.sizes.append(size)
    yield line


def _from(runs: Sequence[Run], start: int) -> Iterator[Run]:
    """The runs without the first ``start`` letters."""
    for run in runs:
        yield replace(run, text=run.text[start:])
        start = max(0, start - len(run.text))


def _size(found: Found) -> float:
    """The size all words have at least, in points."""
    written = zip(found.runs, found.sizes, strict=True)
    return min((size for run, size in written if run.text.strip()), default=0)


def _code(found: Found) -> str:
    text = clean("".join(run.text for run in found.runs))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
