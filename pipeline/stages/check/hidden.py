"""Nothing is written for machines alone: what stands in a letter can be seen.

Google's sender guidelines: "Don't use HTML and CSS to hide content in your messages." One text is
expected to be hidden: the preheader, at the beginning, word for word.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule


def _find(material: Material) -> Iterator[Flaw]:
    for name, issue, words in material.prints():
        for place, run in enumerate(words):
            if run.light.hidden and not (place == 0 and _same(run.text, issue.preheader)):
                yield Flaw(
                    message=f"the words “{run.text[:40]}” are hidden by {run.light.hidden}",
                    suggestion="Show these words, or take them out of the template.",
                    where=f"{name}, HTML",
                )


def _same(hidden: str, preheader: str) -> bool:
    """True but for the invisible signs that keep an inbox from showing what comes next."""
    one, other = ("".join(filter(str.isalnum, text)) for text in (hidden, preheader))
    return one == other


RULE = Rule(
    code="hidden-text",
    level="error",
    source="https://support.google.com/a/answer/81126",
    find=_find,
)
