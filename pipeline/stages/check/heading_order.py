"""Headings go down step by step from the one at the top.

Who hears a letter read aloud walks through it by its headings (WCAG 2.2, success criterion 1.3.1):
one of the first level, and none that leaves a level out on the way down.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.email.page import Heading


def _find(material: Material) -> Iterator[Flaw]:
    for name, _, page in material.pages():
        for fault in _faults(page.headings):
            yield Flaw(
                message=fault,
                suggestion="Begin with one heading of level 1, and let no level out below it.",
                where=f"{name}, HTML",
            )


def _faults(headings: tuple[Heading, ...]) -> Iterator[str]:
    if not headings:
        return
    tops = sum(heading.level == 1 for heading in headings)
    if tops != 1:
        yield f"there are {tops} headings of level 1" if tops else "no heading is of level 1"
    above = 1
    for heading in headings:
        if heading.level > above + 1:
            words = heading.text[:40]
            yield f"the heading “{words}” is of level {heading.level}, right below level {above}"
        above = heading.level


RULE = Rule(
    code="heading-order",
    level="warning",
    source="https://www.w3.org/WAI/WCAG22/Understanding/info-and-relationships",
    find=_find,
)
