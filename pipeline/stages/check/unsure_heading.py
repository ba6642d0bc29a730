"""Whoever wrote the article is asked about a line that may be a heading or not.

Sections become issues: one that begins at the wrong line is a letter that ends in the middle. So
what was decided by a hair is told.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Rule
from pipeline.stages.decisions import doubts
from pipeline.stages.read.matter import quoted
from pipeline.stages.splitting.corrections import HEADINGS, NOT_HEADINGS
from pipeline.values import Source, plain


def _find(source: Source) -> Iterator[Flaw]:
    for decision in doubts(source):
        words = plain(decision.line.text)
        # The line can be copied as it is told.
        named = f"[{quoted(words)}]"
        if decision.heading:
            message = f"a line was taken for a heading that may be none: “{words}”"
            mend = f"If it is none, write {NOT_HEADINGS}: {named}"
            other = f"if it is one, {HEADINGS}:"
        else:
            message = f"a line was left in the text that may be a heading: “{words}”"
            mend = f"If it is one, write {HEADINGS}: {named}"
            other = f"if it is none, {NOT_HEADINGS}:"
        yield Flaw(
            message=message,
            suggestion=f"{mend} in the article's front matter; {other} with the same words.",
            where=f"{source.name}, line {decision.line.number}",
        )


RULE = Rule(
    code="unsure-heading",
    level="warning",
    source="https://www.w3.org/WAI/WCAG22/Understanding/info-and-relationships",
    find=_find,
)
