"""The two forms of an issue, HTML and plain text: how words and blocks are written in each.

The author's words are escaped here, in code; a template cannot forget it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.stages.email.contents import picture
from pipeline.stages.text import inline
from pipeline.values import Block, Reference, Text, plain

Values = dict[str, object]

# What runs on as text: a template sets consecutive ones in one piece, which keeps a letter small.
_FLOWING = ("paragraph", "bullets", "numbered")


@dataclass(frozen=True, slots=True)
class Form:
    """How words are written in one form of an issue."""

    text: Callable[[Text], str]
    words: Callable[[str], str]
    heading: Callable[[str], str]
    code: Callable[[Text], str]


AS_HTML = Form(inline.markup, inline.escape, inline.breakable, inline.code)


def as_text(links: Mapping[str, int]) -> Form:
    """Plain text, in which a number stands for a link."""
    return Form(partial(inline.numbered, numbers=links), inline.line, inline.line, inline.words)


def blocks(all_of_them: Sequence[Block], form: Form) -> list[Values]:
    """Blocks as a template is given them; see the top of ``email/parts/issue.mjml``."""
    return [_block(block, form) for block in all_of_them]


def groups(made: Sequence[Values]) -> Iterator[Values]:
    """Blocks with those that flow in one group, ``kind`` "flow"; any other is one of its own."""
    flow: list[Values] = []
    for block in made:
        if block["kind"] in _FLOWING:
            flow.append(block)
            continue
        if flow:
            yield {"kind": "flow", "blocks": flow}
        flow = []
        yield {"kind": block["kind"], "block": block}
    if flow:
        yield {"kind": "flow", "blocks": flow}


def reference(given: Reference, form: Form) -> Values:
    """A reference as a template is given it."""
    bound = Reference(number=given.number, text=tuple(map(inline.bind_numbers, given.text)))
    return {
        "number": bound.number,
        "text": form.text(bound.text),
        "links": inline.links(given.text),
    }


def _block(block: Block, form: Form) -> Values:
    return {
        "kind": block.kind,
        "text": _block_text(block, form),
        "entries": [form.text(item) for item in block.items],
        "rows": [[form.text(cell) for cell in row] for row in block.rows],
        "start": block.start,
        "target": form.words(picture(block)),
        "caption": form.words(plain(block.caption)),
    }


def _block_text(block: Block, form: Form) -> str:
    if block.kind == "code":
        return form.code(block.text)
    # An alternative text stands in an attribute, where no style can.
    return form.words(plain(block.text)) if block.kind == "image" else form.text(block.text)
