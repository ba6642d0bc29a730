"""Picture cards: one for each section of the top level, drawn by typst from one template.

A card says what a post says, in fewer words: number, heading, and the section's list or its first
sentences, verbatim and whole. What does not fit at a readable size is left off, never cut.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from itertools import takewhile
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

import typst

from pipeline.errors import SourceError, TemplateError
from pipeline.stages.design.colours import palette
from pipeline.stages.design.wording import direction
from pipeline.stages.posts.pieces import Part, Piece, body, pack, parts
from pipeline.stages.templates import Templates
from pipeline.stages.text.runs import fold
from pipeline.values import Article, Card, Configuration

TEMPLATE = "cards/section.typ"
MOST = 1500
"""More characters than this are never tried on one card."""

# The first family that has a character draws it. The last one comes with typst itself.
_LATIN = ("Inter", "Pretendard", "Noto Sans", "Segoe UI", "Helvetica Neue")
_CJK = {
    "ja": ("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic"),
    "zh": ("Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei"),
    "ko": ("Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic"),
}
_LAST = ("Liberation Sans", "Arial", "DejaVu Sans", "Noto Color Emoji", "Libertinus Serif")

# A compiler is not made for two threads at once.
_LOCK = Lock()

Values = Mapping[str, object]


def draw(
    article: Article, *, configuration: Configuration, templates: Templates
) -> tuple[Card, ...]:
    """One card, 1080 × 1350 PNG, for each section of the top level.

    Fonts in a folder ``fonts`` beside the template are used before those of the machine. The same
    words with the same fonts give the same bytes.

    Raises:
        SettingError: A brand colour cannot be read.
        SourceError: A heading alone does not fit on a card; it is never cut.
        TemplateError: The template is broken or missing.
    """
    template = templates.path(TEMPLATE)
    series = parts(article)
    frame = _frame(article, configuration) | {"of": len(series)}
    return tuple(
        _card(article, part, frame | _labels(part, place), template)
        for place, part in enumerate(series, 1)
    )


def _frame(article: Article, configuration: Configuration) -> dict[str, object]:
    """What all cards of an article share."""
    return {
        # A line of small type: a title that is a paragraph would push out what matters.
        "kicker": fold(article.title) if len(article.title) <= 160 else "",
        "clinic": configuration.clinic.name,
        "mark": configuration.clinic.name.strip()[:1].upper(),
        "host": _host(configuration.clinic.website),
        "language": _language(article.language),
        "direction": direction(article.language),
        "fonts": _fonts(article.language),
        "colours": asdict(palette(configuration.brand).light),
    }


def _labels(part: Part, place: int) -> dict[str, object]:
    section = part.section
    return {"part": place, "number": section.number, "heading": fold(section.heading)}


def _card(article: Article, part: Part, frame: Values, template: Path) -> Card:
    wanted = _wanted(part.pieces)
    intro = _intro(part.pieces, wanted)
    heading = fold(part.section.heading)

    def drawn(shown: Sequence[Piece]) -> bytes | None:
        # No font is small enough for so much; typst need not try.
        if sum(map(len, (heading, intro, *(piece.text for piece in shown)))) > MOST:
            return None
        return _drawn({**frame, **_content(intro, shown)}, template)

    shown = pack(wanted, lambda some: drawn(some) is not None)
    png = drawn(shown)
    if png is None:
        raise SourceError(
            f"the heading “{heading[:60]}…” is too long for a picture card",
            mend="Shorten it.",
            path=article.slug,
            line=part.section.line,
        )
    return Card(section=part.index, png=png, alt=_alt(frame, intro, shown))


# --- What stands on it ----------------------------------------------------------------------------


def _wanted(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The first list of a section, else its sentences up to the first deeper heading."""
    start = next((piece.place for piece in pieces if piece.kind == "item"), None)
    if start is None:
        return tuple(takewhile(lambda piece: piece.kind != "heading", pieces))
    rest = takewhile(lambda piece: piece.kind == "item" and piece.gap == "\n", pieces[start + 1 :])
    # A post says a whole list or falls back to a sentence; a card shows as much as it holds.
    return tuple(replace(item, tied=False, leans=False) for item in (pieces[start], *rest))


def _intro(pieces: Sequence[Piece], wanted: Sequence[Piece]) -> str:
    """The line that announces the list wanted."""
    if not wanted or wanted[0].kind != "item" or wanted[0].place == 0:
        return ""
    before = pieces[wanted[0].place - 1]
    return before.text if before.promises and before.kind == "sentence" else ""


def _content(intro: str, shown: Sequence[Piece]) -> dict[str, object]:
    if shown and shown[0].kind == "item":
        return {"intro": intro, "items": [_item(piece) for piece in shown], "prose": []}
    return {"intro": "", "items": [], "prose": _prose(shown)}


def _prose(shown: Sequence[Piece]) -> list[str]:
    """The paragraphs of sentences; none for a list."""
    sentences = [piece for piece in shown if piece.kind != "item"]
    return body(sentences).split("\n\n") if sentences else []


def _item(piece: Piece) -> dict[str, str]:
    """An item as the template wants it: a bullet is drawn, so only a number is a sign."""
    sign = piece.sign.replace("{}", "").strip()
    return {"sign": "" if sign == "•" else sign, "text": piece.text}


def _alt(frame: Values, intro: str, shown: Sequence[Piece]) -> str:
    """The words of the card, in reading order."""
    number, heading = frame["number"], frame["heading"]
    lines = [
        frame["kicker"],
        f"{number}. {heading}" if number else heading,
        intro if shown else "",
        *(piece.sign.replace("{}", piece.text) for piece in shown if piece.kind == "item"),
        *_prose(shown),
        " · ".join(str(frame[name]) for name in ("clinic", "host") if frame[name]),
    ]
    return "\n".join(str(line) for line in lines if line)


def _host(website: str) -> str:
    """A website as people say it: ``clinic.example.com``; "" if it is none."""
    try:
        return (urlsplit(website).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _language(tag: str) -> str:
    """The two or three letters typst takes; English for what is no language."""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    known = primary.isascii() and primary.isalpha() and len(primary) in (2, 3)
    return primary if known else "en"


def _fonts(language: str) -> list[str]:
    """Font families in order of preference; Han characters take their country's form."""
    first = _CJK.get(_language(language), ())
    others = [family for families in _CJK.values() for family in families]
    return list(dict.fromkeys((*_LATIN, *first, *others, *_LAST)))


# --- Drawing it -----------------------------------------------------------------------------------


def _drawn(values: Values, template: Path) -> bytes | None:
    """The card as PNG, or None if it does not fit."""
    data = json.dumps(values, ensure_ascii=False, sort_keys=True)
    with _LOCK:
        try:
            compiler = _compiler(template, template.stat().st_mtime_ns)
            png = compiler.compile(format="png", ppi=72.0, sys_inputs={"data": data})
        except typst.TypstError as error:
            if "overflow" in error.message:
                return None
            raise TemplateError(
                f"the card cannot be drawn: {error.message}",
                mend="Mend the template; the original is in the templates folder of Meridian.",
                path=template,
            ) from error
    if not isinstance(png, bytes):
        raise TemplateError("the card has more than one page", path=template)
    return png


@lru_cache(maxsize=4)
def _compiler(template: Path, _changed: int) -> typst.Compiler:
    """A compiler kept alive, since finding the fonts takes longer than drawing a card."""
    fonts = template.parent / "fonts"
    return typst.Compiler(
        input=str(template),
        root=str(template.parent),
        font_paths=[str(fonts)] if fonts.is_dir() else [],
    )
