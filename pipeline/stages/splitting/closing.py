"""The closing sections that are no part of the series: references and disclaimer."""

import re
from collections.abc import Iterator, Sequence

from pipeline.values import Block, Reference, Run, Section, Text, plain

# How the headings are written back. Only words that say no more than this are taken off an article.
REFERENCES = {"en": "References", "es": "Referencias", "fr": "Références", "ko": "참고문헌"}
DISCLAIMER = {"en": "Disclaimer", "es": "Aviso", "fr": "Avertissement", "ko": "면책 조항"}

_REFERENCES = re.compile(
    r"(?:references?|sources?|bibliography|works cited|referencias?|fuentes|bibliograf[ií]a"
    r"|références|bibliographie|참고\s?문헌|출처)\s*:?",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:(?:medical )?disclaimer|aviso(?: legal| m[eé]dico)?|descargo de responsabilidad"
    r"|avertissement|면책\s?(?:조항|고지)|의학적 고지)\s*:?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:\[(\d{1,4})\]\.?|\((\d{1,4})\)|(\d{1,4})[.)])\s+(?=\S)")


def names_references(text: str) -> bool:
    """Whether a heading says "References" in a language we know, and nothing else."""
    return _REFERENCES.fullmatch(text) is not None


def names_disclaimer(text: str) -> bool:
    """Whether a heading says "Disclaimer" in a language we know, and nothing else."""
    return _DISCLAIMER.fullmatch(text) is not None


def take_closing(
    sections: tuple[Section, ...],
) -> tuple[tuple[Section, ...], tuple[Reference, ...], tuple[Block, ...]]:
    """Take references and disclaimer, in either order, off the end of the sections.

    Returns:
        The sections that stay, the references, the disclaimer.
    """
    references: tuple[Reference, ...] = ()
    disclaimer: tuple[Block, ...] = ()
    while sections and not sections[-1].number and sections[-1].level == 1:
        last = sections[-1]
        if not disclaimer and names_disclaimer(last.heading):
            disclaimer = last.blocks
            taken = bool(disclaimer)
        elif not references and names_references(last.heading):
            references = _references(last.blocks)
            taken = bool(references)
        else:
            taken = False
        if not taken:
            break
        sections = sections[:-1]
    return sections, references, disclaimer


def _references(blocks: Sequence[Block]) -> tuple[Reference, ...]:
    """The references of a section, or none if it is not a list of them."""
    kinds = {block.kind for block in blocks}
    if kinds == {"numbered"}:
        return tuple(_counted(blocks))
    texts = [text for block in blocks for text in (block.items or (block.text,))]
    if kinds not in ({"bullets"}, {"paragraph"}):
        return ()
    numbers = [_NUMBER.match(plain(text)) for text in texts]
    if any(
        number is None or not _in_one_run(number, text)
        for number, text in zip(numbers, texts, strict=True)
    ):
        return tuple(
            Reference(number=place, text=text) for place, text in enumerate(texts, start=1)
        )
    return tuple(
        Reference(number=int(number[number.lastindex or 0]), text=_without(text, number.end()))
        for number, text in zip(numbers, texts, strict=True)
        if number
    )


def _counted(blocks: Sequence[Block]) -> Iterator[Reference]:
    for block in blocks:
        for number, item in enumerate(block.items, start=block.start):
            yield Reference(number=number, text=item)


def _in_one_run(number: re.Match[str], text: Text) -> bool:
    return number.end() <= len(text[0].text)


def _without(text: Text, length: int) -> Text:
    first, *rest = text
    return tuple(
        run
        for run in (
            Run(
                first.text[length:],
                bold=first.bold,
                italic=first.italic,
                code=first.code,
                link=first.link,
            ),
            *rest,
        )
        if run.text
    )
