"""An article in the format benchmarks of splitting compare: sections with plain blocks."""

from collections.abc import Iterator

from pipeline.stages.splitting.closing import DISCLAIMER, REFERENCES
from pipeline.values import Article, Block, Section, plain


def to_prediction(article: Article) -> dict[str, object]:
    """The article as ``{id, title, byline, sections: [{level, number, heading, blocks}]}``.

    A heading holds its number too. The lead is a section of level 0 without heading; subtitle and
    date line open it. References and disclaimer stand at the end of the last section, under their
    headings as paragraphs of it.
    """
    sections = list(_sections(article))
    sections[-1]["blocks"] = [*_as_list(sections[-1]["blocks"]), *_closing(article)]
    return {
        "id": article.slug,
        "title": article.title,
        "byline": article.byline or None,
        "sections": [section for section in sections if section["heading"] or section["blocks"]],
    }


def _sections(article: Article) -> Iterator[dict[str, object]]:
    opening = [text for text in (article.subtitle, article.date_line) if text]
    lead = [_paragraph(text) for text in opening] + [
        part for block in article.lead for part in _block(block)
    ]
    yield {"level": 0, "number": None, "heading": None, "blocks": lead}
    for section in article.sections:
        yield _section(section)


def _section(section: Section) -> dict[str, object]:
    return {
        "level": section.level,
        "number": section.number or None,
        "heading": f"{section.number}. {section.heading}" if section.number else section.heading,
        "blocks": [part for block in section.blocks for part in _block(block)],
    }


def _closing(article: Article) -> Iterator[dict[str, object]]:
    language = article.language.partition("-")[0]
    if article.references:
        yield _paragraph(REFERENCES.get(language, REFERENCES["en"]))
        items = [plain(reference.text) for reference in article.references]
        yield {"kind": "numbered", "items": items}
    if article.disclaimer:
        yield _paragraph(DISCLAIMER.get(language, DISCLAIMER["en"]))
        for block in article.disclaimer:
            yield from _block(block)


def _block(block: Block) -> Iterator[dict[str, object]]:
    if block.kind == "table":
        for row in block.rows:
            yield _paragraph(" ".join(plain(cell) for cell in row))
    elif block.items:
        yield {"kind": block.kind, "items": [plain(item) for item in block.items]}
    else:
        kind = {"quotation": "quote", "image": "paragraph"}.get(block.kind, block.kind)
        yield {"kind": kind, "text": plain(block.text)}


def _paragraph(text: str) -> dict[str, object]:
    return {"kind": "paragraph", "text": text}


def _as_list(blocks: object) -> list[object]:
    return list(blocks) if isinstance(blocks, list) else []
