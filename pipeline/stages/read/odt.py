"""OpenDocument texts (.odt), as LibreOffice and Google Docs write them: what they say, no more.

Changes that were tracked count as accepted. Comments, headers, footers, tables of contents and
hidden text are no part of the article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from pipeline.stages.read.archive import Archive
from pipeline.stages.read.opendocument.lists import Lists
from pipeline.stages.read.opendocument.styles import Look, Styles
from pipeline.stages.read.word.xml import Element, attribute, child, children, local, whole
from pipeline.stages.read.writer import BREAK, Found, Picture, Writer
from pipeline.stages.text.runs import as_text, tidy
from pipeline.values import Run, Source, Text

_DEEPEST_HEADING = 6
_QUOTATIONS = frozenset({"Quotations", "Quote", "Intense Quote", "Block Text"})
_CODE = frozenset({"Preformatted Text", "Source Text"})
_MOST_COLUMNS = 64
_LINE_END = re.compile(r"[\r\n]")
_SIGNS = {"s": " ", "tab": "\t"}
_WEB = ("http://", "https://")
# What was struck out, what is said about the text, and what is written elsewhere already.
_UNSEEN = frozenset({
    "tracked-changes", "annotation", "ruby-text", "hidden-text", "placeholder", "forms", "title",
    "desc", "table-of-content", "illustration-index", "table-index", "object-index", "user-index",
    "alphabetical-index", "bibliography", "note-citation", "object", "object-ole", "shapes",
    "sequence-decls", "variable-decls", "user-field-decls", "dde-connection-decls", "binary-data",
    "script", "scripts", "event-listeners", "list-header-mark", "table-columns", "table-column",
})  # fmt: skip
_AROUND = frozenset({
    "section", "index-body", "index-title", "table-header-rows", "table-rows", "table-row-group",
    "change", "text", "numbered-paragraph",
})  # fmt: skip


class _File(Archive):
    kind, one, maker, ending = (
        "OpenDocument text", "an OpenDocument text", "LibreOffice", ".odt",
    )  # fmt: skip


def read_odt(path: PurePath, content: bytes) -> Source:
    """Read an OpenDocument text: a line for each paragraph, item, row and image; notes at the end.

    A number drawn before a heading is written before its words. A line break in a plain paragraph
    begins a new line. A note is called by "[1]".

    Args:
        path: The file's name, for errors. It is not opened.
        content: The bytes of the file.

    Raises:
        SourceError: It is no such file, or one that is locked, broken or hostile.
    """
    file = _File(path, content)
    if any(name.startswith(("Basic/", "Scripts/")) for name in file.names):
        raise file.refused("this OpenDocument text carries macros", "Save it without macros.")
    manifest = file.part("META-INF/manifest.xml")
    if any(True for entry in children(manifest, "file-entry") if len(entry)):
        raise file.refused(
            "this OpenDocument text is locked", "Save it as .odt without a password."
        )
    content_root = file.part("content.xml")
    body = child(content_root, "body", "text")
    if body is None:
        raise file.refused("there is no text in this OpenDocument file")
    styles = Styles(file.part("styles.xml"), content_root)
    reader = _Reader(styles, Lists(styles))
    try:
        reader.blocks(body)
        reader.add_notes()
    except RecursionError as error:
        raise file.refused("lists or tables are nested too deep in this file") from error
    return Source(name=path.name, lines=tuple(reader.out.lines))


@dataclass
class _Reader:
    """One pass over the body.

    Attributes:
        notes: The bodies of the notes that were called, in order.
    """

    styles: Styles
    lists: Lists
    out: Writer = field(default_factory=Writer)
    notes: list[Element] = field(default_factory=list)

    def blocks(self, parent: Element) -> None:
        """Take in the paragraphs, lists and tables of an element."""
        for element in parent:
            name = local(element)
            if name in ("p", "h"):
                self.paragraph(element)
            elif name == "list":
                self.items(element)
            elif name == "table":
                self.table(element)
            elif name in _AROUND:
                self.blocks(element)
            elif name == "frame":
                self.beside(list(_framed(element)))

    def paragraph(self, element: Element, mark: str = "", depth: int = 0) -> None:
        """Take in a paragraph, with its pictures and text boxes below it."""
        style = attribute(element, "style-name")
        names = self.styles.names(style)
        level = self._level(element, names)
        if level and not mark:
            mark = self.lists.heading(level) if local(element) == "h" else ""
        look = self.styles.paragraph(style)
        if names & _CODE:
            look = Look(code=True, size=look.size)
        found = Found()
        self._words(element, look, found)
        self.out.paragraph(
            found, heading=level, mark=mark, depth=depth, quoted=bool(names & _QUOTATIONS)
        )
        self.beside(found.beside)

    def _level(self, element: Element, names: set[str]) -> int:
        if local(element) == "h":
            said = whole(attribute(element, "outline-level"), 1)
            return min(max(said, 1), _DEEPEST_HEADING)
        return 1 if "Title" in names else 0

    def beside(self, found: list[Picture | Element]) -> None:
        """Add pictures, and take in text boxes."""
        for each in found:
            if isinstance(each, Picture):
                self.out.add("image", as_text(each.words), target=each.address)
            else:
                self.blocks(each)

    def items(self, element: Element) -> None:
        """Take in a list; only the first paragraph of an item is the item."""
        self.lists.enter(element)
        for item in element:
            marked = local(item) != "list-item"
            for inner in item:
                if local(inner) in ("p", "h") and not marked:
                    marked = True
                    mark, depth = self.lists.item(attribute(item, "start-value"))
                    self.paragraph(inner, mark, depth)
                elif local(inner) in ("p", "h"):
                    self.paragraph(inner)
                elif local(inner) == "list":
                    self.items(inner)
        self.lists.leave()

    def table(self, element: Element) -> None:
        """Take in a table; one of a single cell is a frame around paragraphs."""
        rows = [[cell for cell in row if _is_cell(cell)] for row in _rows(element)]
        if [len(row) for row in rows] == [1]:
            self.blocks(rows[0][0])
            return
        self.out.table([[text for cell in row for text in self._cell(cell)] for row in rows])

    def _cell(self, cell: Element) -> Iterator[Text]:
        text = self._flat(cell)
        repeated = min(whole(attribute(cell, "number-columns-repeated"), 1), _MOST_COLUMNS)
        # Sheets end in a thousand empty cells, written as one.
        yield from [text] * (repeated if text else 1)

    def _flat(self, element: Element) -> Text:
        """All words of an element as one text, with those of its pictures and text boxes."""
        return tidy(self._flat_runs(element))

    def _flat_runs(self, element: Element) -> list[Run]:
        runs: list[Run] = []
        for paragraph in _paragraphs(element):
            found = Found()
            look = self.styles.paragraph(attribute(paragraph, "style-name"))
            self._words(paragraph, look, found)
            runs += [Run(" "), *found.runs]
            for each in found.beside:
                words = [Run(each.words)] if isinstance(each, Picture) else self._flat_runs(each)
                runs += [Run(" "), *words]
        return runs

    def _words(self, element: Element, look: Look, found: Found, link: str = "") -> None:
        """Take in the words of a paragraph or span, in order."""
        style = Run("", bold=look.bold, italic=look.italic, code=look.code, link=link)

        def add(text: str | None) -> None:
            if text and not look.hidden:
                found.add(replace(style, text=_LINE_END.sub(" ", text)), look.size)

        add(element.text)
        for inner in element:
            name = local(inner)
            if name == "span":
                spanned = self.styles.span(look, attribute(inner, "style-name"))
                self._words(inner, spanned, found, link)
            elif name == "line-break":
                found.add(Run(BREAK), look.size)
            elif name in _SIGNS:
                add(_SIGNS[name] * min(whole(attribute(inner, "c"), 1), 100))
            elif name == "note":
                self.notes.append(child(inner, "note-body"))
                add(f"[{len(self.notes)}]")
            elif name == "frame":
                found.beside += _framed(inner)
            elif name not in _UNSEEN:
                self._words(inner, look, found, _address(inner) if name == "a" else link)
            add(inner.tail)

    def add_notes(self) -> None:
        """Add the notes that were called; a note may call another."""
        for number, body in enumerate(self.notes, start=1):
            text = () if body is None else self._flat(body)
            self.out.add("note", text, marker=f"{number}.")


def _address(element: Element) -> str:
    """Where a link leads; one to a place in the document leads nowhere."""
    said = attribute(element, "href")
    return "" if said.startswith("#") else said


def _framed(frame: Element) -> Iterator[Picture | Element]:
    """What a frame holds: the contents of a text box, or a picture that says what it shows."""
    boxes = list(children(frame, "text-box"))
    words = _text_of(child(frame, "desc")) or _text_of(child(frame, "title"))
    if boxes:
        yield from boxes
    elif words:
        address = attribute(child(frame, "image"), "href")
        yield Picture(words, address if address.lower().startswith(_WEB) else "")


def _text_of(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _is_cell(element: Element) -> bool:
    return local(element) in ("table-cell", "covered-table-cell")


def _rows(element: Element) -> Iterator[Element]:
    for inner in element:
        if local(inner) == "table-row":
            yield inner
        elif local(inner) in _AROUND:
            yield from _rows(inner)


def _paragraphs(element: Element) -> Iterator[Element]:
    """The paragraphs in an element, however deep in lists or tables."""
    for inner in element:
        if local(inner) in ("p", "h"):
            yield inner
        elif local(inner) not in _UNSEEN:
            yield from _paragraphs(inner)
