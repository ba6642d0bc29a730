"""One article in every format that is read: it is always the same article."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import pytest

from pipeline.stages.read import READERS, read
from pipeline.stages.split import split
from pipeline.values import Article, Block, plain
from tests.stages.read import opendocument, packing

# Kind and words: items are parted by bars; cells of a table by bars, its rows by slashes.
Parts = Sequence[tuple[str, str]]

ARTICLE: Parts = (
    ("h1", "Why the back hurts in the morning"),
    ("p", "By Ana Ruiz, DC"),
    ("p", "Most backs hurt at some time, and hardly ever does it mean that anything is broken."),
    ("h2", "What happens at night"),
    ("p", "The discs take up water while we lie, and by the morning they are as full as can be."),
    ("p", "So the first bend of the day is the stiffest one, for young and old people alike."),
    ("h2", "What helps"),
    ("p", "There is no trick to it, but three things are worth the time that they take."),
    ("ul", "Walk for ten minutes|Bend later in the day|Sleep on the side"),
    ("p", "Whoever sits at work should get up as often as the telephone rings, or more often."),
    ("ol", "Stand up|Reach for the ceiling|Sit down again"),
    ("h2", "How much of it"),
    ("p", "A little every day does more than a lot on Sundays, as the table below shows."),
    ("table", "Week|Minutes/First|Ten/Second|Twenty"),
    ("h2", "통증이란 무엇인가"),
    ("p", "통증은 몸이 보내는 신호이며, “아프다”는 말은 늘 사실이다. It’s real — every time."),
)


def split_as(name: str, content: bytes) -> Article:
    """The article that a file of this name holds."""
    return split(read(PurePath(name), content), language="en")


@dataclass(frozen=True)
class Shown:
    """What people see of an article."""

    title: str
    byline: str
    sections: tuple[tuple[str, tuple[object, ...]], ...]


def shown(article: Article) -> Shown:
    """What people see of an article, without what formats may differ in."""
    parts = [("", article.lead), *((part.heading, part.blocks) for part in article.sections)]
    return Shown(
        article.title,
        article.byline,
        tuple((heading, tuple(map(_block, blocks))) for heading, blocks in parts),
    )


def _block(block: Block) -> object:
    rows = tuple(tuple(plain(cell) for cell in row) for row in block.rows)
    return block.kind, plain(block.text), tuple(map(plain, block.items)), rows


def markdown(parts: Parts) -> bytes:
    """As people write it in Markdown."""
    made = []
    for kind, words in parts:
        match kind:
            case "h1" | "h2":
                made.append(f"{'#' * int(kind[1])} {words}")
            case "ul":
                made.append("\n".join(f"- {item}" for item in words.split("|")))
            case "ol":
                items = enumerate(words.split("|"), start=1)
                made.append("\n".join(f"{number}. {item}" for number, item in items))
            case "table":
                head, *rows = (f"| {' | '.join(row.split('|'))} |" for row in words.split("/"))
                made.append("\n".join((head, "|---|---|", *rows)))
            case _:
                made.append(words)
    return "\n\n".join(made).encode()


def html(parts: Parts, *, heads: str = "<h2>{}</h2>") -> bytes:
    """As a content system writes it; ``heads`` is how its sections are headed."""
    made = ["<!doctype html><meta charset=utf-8>"]
    for kind, words in parts:
        match kind:
            case "h2":
                made.append(heads.format(words))
            case "ul" | "ol":
                items = "".join(f"<li>{item}</li>" for item in words.split("|"))
                made.append(f"<{kind}>{items}</{kind}>")
            case "table":
                rows = "".join(
                    f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>"
                    for row in words.split("/")
                )
                made.append(f"<table>{rows}</table>")
            case _:
                made.append(f"<{kind}>{words}</{kind}>")
    return "\n".join(made).encode()


WORD_STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="h1"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="h2"><w:name w:val="heading 1"/></w:style>
"""
WORD_NUMBERS = """
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>
</w:abstractNum><w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:start w:val="1"/>
<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
"""


def docx(parts: Parts, *, bold: bool = False) -> bytes:
    """As Word writes it; with headings that are only bold, if said so."""
    made = []
    for kind, words in parts:
        match kind:
            case "h1" | "h2":
                look = packing.p(words, look="<w:b/>")
                made.append(look if bold else packing.styled(words, kind))
            case "ul" | "ol":
                number = 1 if kind == "ul" else 2
                made += [packing.listed(item, number) for item in words.split("|")]
            case "table":
                rows = [row.split("|") for row in words.split("/")]
                cells = [[f"<w:tc>{packing.p(cell)}</w:tc>" for cell in row] for row in rows]
                inner = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
                made.append(f"<w:tbl>{inner}</w:tbl>")
            case _:
                made.append(packing.p(words))
    return packing.packed("".join(made), styles=WORD_STYLES, numbering=WORD_NUMBERS)


def odt(parts: Parts, *, bold: bool = False) -> bytes:
    """As LibreOffice writes it; with headings that are only bold and larger, if said so."""
    made = []
    for kind, words in parts:
        match kind:
            case "h1":
                made.append(opendocument.p(words, "P2" if bold else "P1"))
            case "h2":
                made.append(opendocument.p(words, "P2") if bold else opendocument.h(words))
            case "ul" | "ol":
                items = [opendocument.p(item) for item in words.split("|")]
                made.append(opendocument.ul(*items, style="L1" if kind == "ul" else "L2"))
            case "table":
                rows = [row.split("|") for row in words.split("/")]
                made.append(f"<table:table>{''.join(map(_odt_row, rows))}</table:table>")
            case _:
                made.append(opendocument.p(words))
    return opendocument.packed("".join(made))


def _odt_row(cells: Sequence[str]) -> str:
    inner = "".join(f"<table:table-cell>{opendocument.p(c)}</table:table-cell>" for c in cells)
    return f"<table:table-row>{inner}</table:table-row>"


def rtf(parts: Parts, *, bold: bool = False) -> bytes:
    """As Word writes it; with headings that are only bold, if said so."""
    made = []
    for kind, words in parts:
        match kind:
            case "h1" | "h2":
                level = int(kind[1]) - 1
                made.append(
                    rf"\pard{{\b {_rtf(words)}}}\par"
                    if bold
                    else rf"\pard\outlinelevel{level} {_rtf(words)}\par"
                )
            case "ul" | "ol":
                for number, item in enumerate(words.split("|"), start=1):
                    drawn = r"\'b7" if kind == "ul" else f"{number}."
                    made.append(rf"{{\listtext {drawn}\tab}}\pard\ls1 {_rtf(item)}\par")
            case "table":
                for row in words.split("/"):
                    cells = "".join(rf"{_rtf(cell)}\cell " for cell in row.split("|"))
                    made.append(rf"\trowd\pard\intbl {cells}\row")
            case _:
                made.append(rf"\pard {_rtf(words)}\par")
    return (r"{\rtf1\ansi\ansicpg1252" + "\n".join(made) + "}").encode("ascii")


def _rtf(words: str) -> str:
    """Letters beyond ASCII by their numbers, as 16 bits with a sign."""
    codes = [(letter, ord(letter) - 65536 * (ord(letter) > 32767)) for letter in words]
    return "".join(letter if letter.isascii() else rf"\u{code}?" for letter, code in codes)


EXPECTED = shown(split_as("a.md", markdown(ARTICLE)))


def test_the_article_is_what_its_author_meant() -> None:
    assert (EXPECTED.title, EXPECTED.byline) == (ARTICLE[0][1], "Ana Ruiz, DC")
    headings = [heading for heading, _ in EXPECTED.sections[1:]]
    assert headings == [words for kind, words in ARTICLE if kind == "h2"]
    assert EXPECTED.sections[2][1][1] == (
        "bullets",
        "",
        ("Walk for ten minutes", "Bend later in the day", "Sleep on the side"),
        (),
    )
    assert EXPECTED.sections[3][1][1] == (
        "table",
        "",
        (),
        (("Week", "Minutes"), ("First", "Ten"), ("Second", "Twenty")),
    )


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("a.html", html),
        ("a.docx", docx),
        ("a.odt", odt),
        ("a.rtf", rtf),
        ("a.html", lambda parts: html(parts, heads="<p><b>{}</b></p>")),
        ("a.html", lambda parts: html(parts, heads="<p style='font-size:18pt'>{}</p>")),
        ("a.docx", lambda parts: docx(parts, bold=True)),
        ("a.odt", lambda parts: odt(parts, bold=True)),
        ("a.rtf", lambda parts: rtf(parts, bold=True)),
    ],
)
def test_every_format_gives_the_same_article(name: str, made: Callable[[Parts], bytes]) -> None:
    assert shown(split_as(name, made(ARTICLE))) == EXPECTED


def test_every_format_that_is_read_has_its_say_here() -> None:
    alike = {".htm": ".html", ".markdown": ".md"}
    assert {alike.get(suffix, suffix) for suffix in READERS} == {
        ".docx",
        ".html",
        ".md",
        ".odt",
        ".rtf",
        ".txt",
    }
