"""Word files (.docx): what the file says of each paragraph, and no more.

Changes that were tracked count as accepted. Comments, headers, footers, tables of contents and
hidden text are no part of the article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from pipeline.stages.read.word.numbering import Numbering
from pipeline.stages.read.word.package import Package
from pipeline.stages.read.word.styles import Styles
from pipeline.stages.read.word.words import Words, choice
from pipeline.stages.read.word.xml import Element, attribute, child, children, local, value, whole
from pipeline.stages.read.writer import Found, Picture, Writer
from pipeline.stages.text.runs import as_text, tidy
from pipeline.values import Source, Text

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
        words=Words(styles, package.relations(package.main), package.part),
    )
    try:
        writer.blocks(body)
        writer.notes()
    except RecursionError as error:
        # The parser refuses what is deeper than 256; another build of it may allow more.
        raise package.refused("tables or boxes are nested too deep in this Word file") from error
    return Source(name=path.name, lines=tuple(writer.out.lines))


@dataclass
class _Writer:
    """One pass over the body.

    Attributes:
        carried: The start of a paragraph whose end mark was struck out, so that it goes on.
    """

    package: Package
    styles: Styles
    numbering: Numbering
    words: Words
    out: Writer = field(default_factory=Writer)
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
                self.out.add("image", as_text(beside.words), target=beside.address)
            else:
                self.blocks(beside)

    def _write(self, properties: Element | None, found: Found) -> None:
        mark, depth = self.numbering.mark(properties)
        styles = self.styles.names(value(properties, "pStyle"))
        self.out.paragraph(
            found,
            heading=self.styles.level(properties),
            mark=mark,
            depth=depth,
            quoted=not _QUOTATIONS.isdisjoint(styles),
        )

    def table(self, element: Element) -> None:
        """Take in a table; one of a single cell is a frame around paragraphs."""
        rows = [list(_members(row, "tc")) for row in _members(element, "tr")]
        if [len(row) for row in rows] == [1]:
            self.blocks(rows[0][0])
            return
        self.out.table([[text for cell in row for text in self._cell(cell)] for row in rows])

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
                self.out.add("note", text, marker=f"{number}.")


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
