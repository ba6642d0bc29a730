"""Words stand out from their ground, in the light scheme and in the dark.

WCAG 2.2, success criterion 1.4.3: a contrast of 4.5 : 1, or 3 : 1 for large words. Colours are
followed through the page as a reader meets them; what is mere decoration (``aria-hidden``) may be
faint, and words that are hidden are another rule's.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.email.lengths import written
from pipeline.stages.email.painted import Paint, Painted

_READABLE, _LARGE = 4.5, 3.0


def _find(material: Material) -> Iterator[Flaw]:
    for name, _, words in material.prints():
        for scheme in ("light", "dark"):
            yield from _faint(words, scheme, f"{name}, HTML")


def _faint(words: tuple[Painted, ...], scheme: str, where: str) -> Iterator[Flaw]:
    """One flaw for each pair of colours, told by the first words that have it."""
    judged = set()
    for run in words:
        paint = run.light if scheme == "light" else run.dark
        if paint is None or run.decoration or run.light.hidden:
            continue
        pair = (paint.ink, paint.ground, needed(paint))
        if pair in judged:
            continue
        judged.add(pair)
        if paint.contrast < needed(paint):
            yield Flaw(
                message=(
                    f"the words “{run.text[:40]}” have a contrast of {paint.contrast:.1f} : 1 "
                    f"in the {scheme} scheme, {written(paint.ink)} on {written(paint.ground)}; "
                    f"{needed(paint):g} : 1 is needed"
                ),
                suggestion="Make the words darker or their ground lighter, or the other way round.",
                where=where,
            )


def needed(paint: Paint) -> float:
    """The ratio words of this size need."""
    large = paint.size >= 24 or (paint.bold and paint.size >= 18.66)
    return _LARGE if large else _READABLE


RULE = Rule(
    code="contrast",
    level="error",
    source="https://www.w3.org/WAI/WCAG22/Understanding/contrast-minimum",
    find=_find,
)
