"""An article in the format benchmarks of splitting compare: sections with plain blocks."""

from collections.abc import Iterator, Sequence

from pipeline.stages.split import split
from pipeline.values import Article, Block, Section, Source, plain

Part = dict[str, object]


def predict(source: Source, *, language: str) -> dict[str, object]:
    """What a source is split into, in that format; see ``split`` and ``to_prediction``."""
    declared = any(line.kind == "heading" for line in source.lines)
    return to_prediction(split(source, language=language), declared=declared)


def to_prediction(article: Article, *, declared: bool = False) -> dict[str, object]:
    """The article as ``{id, title, byline, sections: [{level, number, heading, blocks}]}``.

    A heading holds its number too. The lead is a section of level 0 without heading; subtitle and
    date line open it. What closes the article stands at the end of the last section, the headings
    of references and disclaimer as paragraphs of it.

    Args:
        article: The article.
        declared: Whether the format declared its headings: then those of references and
            disclaimer were headings too, and each is a section.
    """
    sections = list(_sections(article))
    for heading, blocks, headed in _closing(article, declared=declared):
        if headed:
            sections.append(_headed(heading, blocks))
        else:
            said = [_paragraph(heading)] if heading else []
            sections[-1]["blocks"] = [*_as_list(sections[-1]["blocks"]), *said, *blocks]
    return {
        "id": article.slug,
        "title": article.title,
        "byline": article.byline or None,
        "sections": [section for section in sections if section["heading"] or section["blocks"]],
    }


def _sections(article: Article) -> Iterator[Part]:
    opening = [text for text in (article.subtitle, article.date_line) if text]
    lead = [_paragraph(text) for text in opening] + _parts(article.lead)
    yield {"level": 0, "number": None, "heading": None, "blocks": lead}
    for section in article.sections:
        yield _section(section)


def _section(section: Section) -> Part:
    return {
        "level": section.level,
        "number": section.number or None,
        "heading": f"{section.number}. {section.heading}" if section.number else section.heading,
        "blocks": _parts(section.blocks),
    }


def _closing(article: Article, *, declared: bool) -> Iterator[tuple[str, list[Part], bool]]:
    """Each closing part: its heading, its blocks, whether it is a section of its own."""
    heading = article.call_to_action_heading
    yield heading, _parts(article.call_to_action), bool(heading)
    if article.references:
        items = [plain(reference.text) for reference in article.references]
        yield article.references_heading, [{"kind": "numbered", "items": items}], declared
    if article.disclaimer:
        yield article.disclaimer_heading, _parts(article.disclaimer), declared


def _headed(heading: str, blocks: list[Part]) -> Part:
    return {"level": 1, "number": None, "heading": heading, "blocks": blocks}


def _parts(blocks: Sequence[Block]) -> list[Part]:
    return [part for block in blocks for part in _block(block)]


def _block(block: Block) -> Iterator[Part]:
    if block.kind == "table":
        for row in block.rows:
            yield _paragraph(" ".join(plain(cell) for cell in row))
    elif block.items:
        yield {"kind": block.kind, "items": [plain(item) for item in block.items]}
    else:
        kind = {"quotation": "quote", "image": "paragraph"}.get(block.kind, block.kind)
        yield {"kind": kind, "text": plain(block.text)}
        if block.caption:
            yield _paragraph(plain(block.caption))


def _paragraph(text: str) -> Part:
    return {"kind": "paragraph", "text": text}


def _as_list(blocks: object) -> list[object]:
    return list(blocks) if isinstance(blocks, list) else []
