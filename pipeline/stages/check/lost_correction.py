"""A correction in the front matter names a line of the article.

One that no line answers to does nothing: the words were changed since, or a comma parted them.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Rule
from pipeline.stages.decisions import lost_corrections
from pipeline.values import Source


def _find(source: Source) -> Iterator[Flaw]:
    for key, words in lost_corrections(source):
        yield Flaw(
            message=f"{key} names a line that is not there: “{words}”",
            suggestion=(
                'Write the line as it stands in the text, in "double quotes", or take it out.'
            ),
            where=f"{source.name}, front matter",
        )


RULE = Rule(
    code="lost-correction",
    level="warning",
    source="https://www.w3.org/WAI/WCAG22/Understanding/info-and-relationships",
    find=_find,
)
