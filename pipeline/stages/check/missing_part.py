"""What a newsletter asks of every article is there: a byline, references.

Who wrote a text on health, and what it rests on, is what readers are told to look for first (U.S.
National Library of Medicine). A newsletter asks for it in clinic.toml: ``require = ["byline"]``.
"""

from collections.abc import Iterator

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.newsletters import newsletter_of

_MENDS = {
    "byline": 'Write byline: "Name, letters" into the front matter, or "By …" below the title.',
    "references": "End the article with a heading “References” and a numbered list.",
}


def _find(material: Material) -> Iterator[Flaw]:
    article = material.article
    if article is None:
        return
    newsletter = newsletter_of(material.configuration, article.newsletter)
    there = {"byline": bool(article.byline), "references": bool(article.references)}
    for part in newsletter.require:
        if not there[part]:
            yield Flaw(
                message=f"the newsletter {newsletter.key} asks for {_named(part)}",
                suggestion=_MENDS[part],
                where=f"article, {part}",
            )


def _named(part: str) -> str:
    return f"a {part}" if part == "byline" else part


RULE = Rule(
    code="missing-part",
    level="error",
    source="https://medlineplus.gov/evaluatinghealthinformation.html",
    find=_find,
)
