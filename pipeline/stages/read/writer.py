"""From the paragraphs of a word processor to lines: what readers of such files share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.stages.read.text import bullet
from pipeline.stages.text.runs import clean, tidy
from pipeline.values import Line, LineKind, Run, Text

BREAK = "\n"
BULLET = "-"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image: its alternative text, and its address on the web or ""."""

    words: str
    address: str


@dataclass
class Found:
    """What stands in one paragraph or cell.

    Attributes:
        runs: The runs as written, a line break as a run of its own.
        sizes: The size in points of each run.
        beside: Pictures, and the contents of text boxes.
    """

    runs: list[Run] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    beside: list[Any] = field(default_factory=list)

    def add(self, run: Run, size: float) -> None:
        """Add a run."""
        self.runs.append(run)
        self.sizes.append(size)

    def size(self) -> float:
        """The size all words have at least, in points."""
        written = zip(self.runs, self.sizes, strict=True)
        return min((size for run, size in written if run.text.strip()), default=0)


@dataclass
class Writer:
    """Writes paragraphs and tables down as lines.

    Attributes:
        number: Lines so far, empty ones too.
    """

    lines: list[Line] = field(default_factory=list)
    number: int = 0
    gap: bool = True

    def paragraph(
        self,
        found: Found,
        *,
        heading: int = 0,
        mark: str = "",
        depth: int = 0,
        quoted: bool = False,
    ) -> None:
        """Add a paragraph; a line break in one that is in no list begins a new line.

        Args:
            found: What stands in it.
            heading: Its level as a heading, 1-6, or 0.
            mark: The number or bullet drawn before it, or "".
            depth: The depth of the list it is in, from 0.
            quoted: Whether it is a quotation.
        """
        text = tidy(found.runs)
        size = found.size()
        if not text:
            self.add("plain", ())
        elif heading:
            drawn = f"{mark} " if mark != BULLET else ""
            self.add("heading", tidy([Run(drawn), *found.runs]), level=heading, size=size)
        elif mark:
            self.add("item", text, level=depth, marker=mark, size=size)
        elif all(run.code for run in text):
            self.add("code", (Run(_code(found)),), size=size)
        elif quoted:
            self.add("quotation", text, marker=">", size=size)
        else:
            for part in _lines(found):
                self._plain(part)

    def _plain(self, found: Found) -> None:
        """Add a line in no list; people type bullets too."""
        typed = bullet("".join(run.text for run in found.runs))
        if typed is None:
            self.add("plain", tidy(found.runs), size=found.size())
        else:
            marker, start = typed
            self.add("item", tidy(_from(found.runs, start)), marker=marker, size=found.size())

    def add(
        self,
        kind: LineKind,
        text: Text,
        *,
        level: int = 0,
        marker: str = "",
        target: str = "",
        size: float = 0,
    ) -> None:
        """Add a line; one without words is the gap above the next."""
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

    def table(self, rows: Sequence[Sequence[Text]]) -> None:
        """Add the rows of a table, all as wide as the widest."""
        width = max((len(row) for row in rows), default=0)
        for place, row in enumerate(rows):
            self.number += 1
            cells = (*row, *[()] * (width - len(row)))
            self.lines.append(
                Line(number=self.number, text=(), kind="table", gap=not place, cells=cells)
            )
        self.gap = True


def _lines(found: Found) -> Iterator[Found]:
    """The lines of a paragraph with line breaks."""
    line = Found()
    for run, size in zip(found.runs, found.sizes, strict=True):
        if run.text == BREAK:
            yield line
            line = Found()
        else:
            line.add(run, size)
    yield line


def _from(runs: Sequence[Run], start: int) -> Iterator[Run]:
    """The runs without the first ``start`` letters."""
    for run in runs:
        yield replace(run, text=run.text[start:])
        start = max(0, start - len(run.text))


def _code(found: Found) -> str:
    text = clean("".join(run.text for run in found.runs))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
