"""What the author has named a source for: a claim there is no bare one (C6).

A sentence is covered if it, or the section it stands in, calls a reference that the article has: by
its number, "[3]" or "³", or by a link to where a reference leads.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.stages.text.inline import solid, texts
from pipeline.values import Article, Block, Run, Text, plain

_CALLED = re.compile(r"\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)\]|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of an article that call a reference, without white space; and its references."""

    parts: tuple[str, ...] = ()
    numbers: frozenset[int] = frozenset()

    def covers(self, sentence: str) -> bool:
        """Whether a sentence of the article has a source."""
        words = solid(sentence)
        return bool(self.numbers & _called(sentence)) or any(words in part for part in self.parts)


def evidence(article: Article | None) -> Evidence:
    """What an article has sources for; nothing where there is no article."""
    if article is None or not article.references:
        return Evidence()
    numbers = frozenset(reference.number for reference in article.references)
    named = " ".join(plain(reference.text) for reference in article.references)
    links = frozenset(run.link for reference in article.references for run in reference.text)

    def sourced(text: Text) -> bool:
        linked = {run.link for run in text if run.link}
        return bool(
            numbers & _called(plain(text))
            or linked & links
            or any(link in named for link in linked)
        )

    covered = (part for part in _parts(article) if any(map(sourced, part)))
    # A source's own title is nobody's claim.
    titles = ([reference.text] for reference in article.references)
    shown = (solid("".join(map(plain, part))) for part in (*covered, *titles))
    return Evidence(tuple(shown), numbers)


def _parts(article: Article) -> Iterator[list[Text]]:
    yield list(_texts(article.lead))
    for section in article.sections:
        heading = f"{section.number}{section.heading}"
        yield [(Run(heading),), *_texts(section.blocks)]
    yield list(_texts(article.call_to_action))


def _texts(blocks: Iterable[Block]) -> Iterator[Text]:
    return (text for block in blocks for text in texts(block))


def _called(text: str) -> set[int]:
    return {
        number
        for found in _CALLED.finditer(text)
        for number in _numbers(unicodedata.normalize("NFKC", found[1] or found[2]))
    }


def _numbers(told: str) -> Iterator[int]:
    """Every number meant: "1, 3-5" is 1, 3, 4, 5."""
    for part in told.split(","):
        first, _, last = re.sub(r"\s", "", part).replace("–", "-").partition("-")
        yield from range(int(first), int(last or first) + 1)
