"""The words inside a paragraph: runs, links, fields, notes, pictures, and what nobody sees."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pipeline.stages.read.word.package import Relation
from pipeline.stages.read.word.styles import Styles
from pipeline.stages.read.word.xml import Element, attribute, child, local, value
from pipeline.stages.read.writer import BREAK, Found, Picture
from pipeline.values import Run

_LINK = re.compile(r'\s*HYPERLINK\s+"([^"]+)"')
_WEB = ("http://", "https://")
# What is struck out, moved away, only said about the text, or written elsewhere.
_UNSEEN = frozenset(
    {"pPr", "rPr", "tblPr", "trPr", "tcPr", "sdtPr", "del", "moveFrom", "delText", "rt"}
    | {"delInstrText", "annotationRef", "footnoteRef", "endnoteRef", "fldData"}
)
_SYMBOL = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzDFGLSWm\xa3\xb0\xb1\xb3\xb4\xb7\xae\xbb",
    "αβχδεφγηιϕκλμνοπθρστυϖωξψζΔΦΓΛΣΩμ≤°±≥×•→≈",
)


@dataclass
class _Field:
    """A field that has begun: its instruction, and whether its result has begun too."""

    instruction: str = ""
    shown: bool = False


class Words:
    """Reads paragraphs in their order; a field may begin in one and end in another.

    Attributes:
        notes: The notes that were called, in order: kind of part and id.
    """

    def __init__(
        self,
        styles: Styles,
        relations: dict[str, Relation],
        part: Callable[[str], Element | None],
    ) -> None:
        self.notes: list[tuple[str, str]] = []
        self.relations = relations
        self._styles = styles
        self._part = part
        self._fields: list[_Field] = []
        self._found = Found()
        self._run = Run("")
        self._size = 0.0
        self._link = ""
        self._paragraph = ""

    def paragraph(self, element: Element) -> Found:
        """What stands in a paragraph."""
        return self._aside(self.inner_paragraph, element)

    def flat(self, element: Element) -> list[Run]:
        """All runs of an element, with the words of its pictures and text boxes."""
        found = self._aside(self._walk, element)
        runs = list(found.runs)
        for beside in found.beside:
            words = [Run(beside.words)] if isinstance(beside, Picture) else self.flat(beside)
            runs += [Run(" "), *words]
        return runs

    def _aside(self, reading: Callable[[Element], None], element: Element) -> Found:
        before, self._found = self._found, Found()
        reading(element)
        found, self._found = self._found, before
        return found

    def _walk(self, element: Element) -> None:
        for inner in element:
            name = local(inner)
            if name in _UNSEEN or _is_placeholder(inner):
                continue
            handler = _HANDLERS.get(name)
            if handler is None:
                self._walk(inner)
            else:
                handler(self, inner)

    def add(self, text: str) -> None:
        """Add letters in the look that holds, unless they are part of an instruction."""
        if text and all(own.shown for own in self._fields):
            self._found.add(replace(self._run, text=text, link=self._address()), self._size)

    def _address(self) -> str:
        said = (_LINK.match(own.instruction) for own in reversed(self._fields))
        return self._link or next((found[1] for found in said if found), "")

    def inner_paragraph(self, element: Element) -> None:
        """A paragraph, parted from the one before it."""
        if self._found.runs:
            self.add(" ")
        before, self._paragraph = self._paragraph, value(element, "pPr", "pStyle")
        self._walk(element)
        self._paragraph = before

    def run(self, element: Element) -> None:
        """A run: its look holds for all in it."""
        look = self._styles.look(self._paragraph, child(element, "rPr"))
        if look.hidden:
            return
        before = self._run, self._size
        self._run = Run("", bold=look.bold, italic=look.italic, code=look.code)
        self._size = look.size
        self._walk(element)
        self._run, self._size = before

    def text(self, element: Element) -> None:
        """Letters; a line end among them is a space."""
        self.add(re.sub(r"[\r\n]", " ", element.text or ""))

    def link(self, element: Element) -> None:
        """A link; one to a place in the document is none."""
        relation = self.relations.get(attribute(element, "id"))
        before, self._link = self._link, relation.target if relation and relation.outside else ""
        self._walk(element)
        self._link = before

    def symbol(self, element: Element) -> None:
        """A letter of a symbol font: Greek in "Symbol", an ornament in all others."""
        code = attribute(element, "char")
        if attribute(element, "font") == "Symbol" and re.fullmatch("[0-9A-Fa-f]{2,4}", code):
            self.add(chr(int(code[-2:], 16)).translate(_SYMBOL))

    def field_mark(self, element: Element) -> None:
        """Where a field begins, where its result begins, where it ends."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            self._fields.append(_Field())
        elif self._fields and kind == "separate":
            self._fields[-1].shown = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def instruction(self, element: Element) -> None:
        """What a field does; it is never shown."""
        if self._fields:
            self._fields[-1].instruction += element.text or ""

    def simple_field(self, element: Element) -> None:
        """A field in one piece."""
        self._fields.append(_Field(attribute(element, "instr"), shown=True))
        self._walk(element)
        self._fields.pop()

    def note(self, element: Element) -> None:
        """The call of a note: its number in brackets, as references are called."""
        called = local(element).removesuffix("Reference") + "s", attribute(element, "id")
        if called not in self.notes:
            self.notes.append(called)
        self.add(f"[{self.notes.index(called) + 1}]")

    def drawing(self, element: Element) -> None:
        """A text box, or a picture that says in words what it shows."""
        boxes = [*_boxes(element), *self._diagram(element)]
        words = _alternative(element)
        if boxes:
            self._found.beside += boxes
        elif words.strip():
            self._found.beside.append(Picture(words, self._picture_address(element)))

    def _diagram(self, element: Element) -> Iterator[Element]:
        """The texts of a diagram (SmartArt): they stand in a part of their own."""
        for inner in element.iter("{*}relIds"):
            relation = self.relations.get(attribute(inner, "dm"))
            root = None if relation is None or relation.outside else self._part(relation.target)
            yield from () if root is None else (text for text in root.iter("{*}t") if len(text))

    def _picture_address(self, element: Element) -> str:
        for inner in element.iter():
            if local(inner) == "blip":
                relation = self.relations.get(attribute(inner, "link"))
                if relation and relation.target.lower().startswith(_WEB):
                    return relation.target
        return ""

    def chosen(self, element: Element) -> None:
        """One of several forms of the same."""
        self._walk(choice(element))


def choice(element: Element) -> Element:
    """The first form of several of the same: the others say it again for older programs."""
    return next(iter(element), element)


def _is_placeholder(element: Element) -> bool:
    """Whether an element only asks for words: "Click here to enter text"."""
    return child(element, "sdtPr", "showingPlcHdr") is not None


def _boxes(element: Element) -> Iterator[Element]:
    """The contents of the text boxes in a drawing, each once."""
    for inner in element if local(element) != "AlternateContent" else choice(element):
        if local(inner) == "txbxContent":
            yield inner
        else:
            yield from _boxes(inner)


def _alternative(element: Element) -> str:
    """The words that stand for a drawing."""
    for inner in element.iter():
        name = local(inner)
        words = attribute(inner, "descr") if name in ("docPr", "cNvPr") else ""
        if name == "shape":
            words = attribute(inner, "alt")
        if words:
            return words
    return ""


def _break(words: Words, _: Element) -> None:
    words.add(BREAK)


_HANDLERS: dict[str, Callable[[Words, Element], None]] = {
    "p": Words.inner_paragraph,
    "r": Words.run,
    "t": Words.text,
    "hyperlink": Words.link,
    "sym": Words.symbol,
    "fldChar": Words.field_mark,
    "instrText": Words.instruction,
    "fldSimple": Words.simple_field,
    "footnoteReference": Words.note,
    "endnoteReference": Words.note,
    "drawing": Words.drawing,
    "pict": Words.drawing,
    "object": Words.drawing,
    "AlternateContent": Words.chosen,
    "br": _break,
    "cr": _break,
    "tab": lambda words, _: words.add("\t"),
    "ptab": lambda words, _: words.add("\t"),
    "noBreakHyphen": lambda words, _: words.add("\u2011"),
}
