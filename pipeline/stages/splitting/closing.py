"""What closes an article and is no part of its text: call to action, references, disclaimer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.stages.splitting.action import actions, is_short, names_action
from pipeline.values import Block, Reference, Run, Section, Text, plain

# How the headings are written where an article has none for them.
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


def references_word(language: str) -> str:
    """The heading of references in a language, English where we do not know it."""
    return REFERENCES.get(language.partition("-")[0], REFERENCES["en"])


def disclaimer_word(language: str) -> str:
    """The heading of a disclaimer in a language, English where we do not know it."""
    return DISCLAIMER.get(language.partition("-")[0], DISCLAIMER["en"])


def names_references(text: str) -> bool:
    """Whether a heading says "References" in a language we know, and nothing else."""
    return _REFERENCES.fullmatch(text) is not None


def names_disclaimer(text: str) -> bool:
    """Whether a heading says "Disclaimer" in a language we know, and nothing else."""
    return _DISCLAIMER.fullmatch(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The parts of an article once what closes it is taken off. Headings are as written."""

    lead: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    call_to_action: tuple[Block, ...] = ()
    call_to_action_heading: str = ""
    references: tuple[Reference, ...] = ()
    references_heading: str = ""
    disclaimer: tuple[Block, ...] = ()
    disclaimer_heading: str = ""


def take_closing(lead: tuple[Block, ...], sections: tuple[Section, ...]) -> Closing:
    """Take references and disclaimer, in either order, and a call to action off the end."""
    closing, behind = _peeled(Closing(lead=lead, sections=sections))
    while behind:
        # What stood behind a closing part may make one of the section before it.
        closing, behind = _peeled(_with_blocks(closing, behind))
    return _without_action(closing)


def _peeled(closing: Closing) -> tuple[Closing, tuple[Block, ...]]:
    """The closing with its last references and disclaimer taken, and a call from behind them."""
    behind: tuple[Block, ...] = ()
    while closing.sections and _closes(closing.sections[-1]):
        last = closing.sections[-1]
        blocks, action = _cut(last.blocks, actions(last.blocks))
        taken = _taken(closing, last.heading, blocks)
        if taken is None:
            break
        behind = action + behind
        closing = replace(taken, sections=closing.sections[:-1])
    return closing, behind


def _closes(section: Section) -> bool:
    return section.level == 1 and not section.number


def _taken(closing: Closing, heading: str, blocks: tuple[Block, ...]) -> Closing | None:
    """The closing with the references or the disclaimer of its last section, or None."""
    if blocks and not closing.disclaimer and names_disclaimer(heading):
        return replace(closing, disclaimer=blocks, disclaimer_heading=heading)
    if not closing.references and names_references(heading):
        references = _references(blocks)
        if references:
            return replace(closing, references=references, references_heading=heading)
    return None


def _with_blocks(closing: Closing, blocks: tuple[Block, ...]) -> Closing:
    """The closing with these blocks at the end of its text."""
    if not closing.sections:
        return replace(closing, lead=closing.lead + blocks)
    *others, last = closing.sections
    return replace(closing, sections=(*others, replace(last, blocks=last.blocks + blocks)))


def _without_action(closing: Closing) -> Closing:
    """The closing with the call to action that ends its text in a place of its own."""
    if not closing.sections:
        count = actions(closing.lead)
        kept, action = _cut(closing.lead, count)
        return replace(closing, lead=kept, call_to_action=action)
    *others, last = closing.sections
    if _closes(last) and names_action(last.heading) and is_short(last.blocks):
        return replace(
            closing,
            sections=tuple(others),
            call_to_action=last.blocks,
            call_to_action_heading=last.heading,
        )
    kept, action = _cut(last.blocks, actions(last.blocks))
    return replace(closing, sections=(*others, replace(last, blocks=kept)), call_to_action=action)


def _cut(blocks: tuple[Block, ...], count: int) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    return blocks[: len(blocks) - count], blocks[len(blocks) - count :]


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
