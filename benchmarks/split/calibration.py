"""How far the chances that the splitter gives can be believed, and what asking a person mends.

A line's chance is that of being a heading. Where it lies between the limits of ``UNSURE``, a person
is asked; an answer mends the line if it was decided wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.stages.splitting.explain import UNSURE, explain

if TYPE_CHECKING:
    from articles import Example

BUCKETS = (0, 0.02, 0.05, 0.1, 0.15, 0.25, 0.35, 0.5, 0.65, 0.75, 0.85, 0.95, 0.98, 1)
OTHERS = ((0.4, 0.6), (0.3, 0.7), (0.25, 0.75), (0.15, 0.85), (0.1, 0.9))


@dataclass(frozen=True)
class Seen:
    """One line of an article the model had not seen."""

    chance: float
    taken: bool
    heading: bool

    @property
    def wrong(self) -> bool:
        """Whether it was decided wrongly."""
        return self.taken != self.heading


@dataclass
class Calibration:
    """What was decided of the lines of articles, and what they are: an entry for each article."""

    articles: list[list[Seen]] = field(default_factory=list)

    def add(self, examples: Iterable[Example]) -> None:
        """Take in articles, split by the model that is in use."""
        for example in examples:
            decided = enumerate(explain(example.view.lines, why=False))
            self.articles.append(
                [
                    Seen(decision.probability, decision.heading, example.answers[place])
                    for place, decision in decided
                    if place in example.answers
                ]
            )

    def report(self) -> str:
        """The section of the report."""
        low, high = UNSURE
        return INTRODUCTION.format(
            buckets="\n".join(self._buckets()),
            low=100 * low,
            high=100 * high,
            limits="\n".join(self._limits()),
        )

    def _buckets(self) -> Iterator[str]:
        lines = [line for article in self.articles for line in article]
        for low, high in pairwise(BUCKETS):
            within = [x for x in lines if low <= x.chance < high or x.chance == high == 1]
            mean = _share([line.chance for line in within])
            headings = _share([line.heading for line in within])
            wrong = sum(line.wrong for line in within)
            asked = "yes" if UNSURE[0] <= low and high <= UNSURE[1] else ""
            yield (
                f"| {100 * low:.0f}–{100 * high:.0f} % | {len(within)} | {mean} | {headings} "
                f"| {wrong} | {asked} |"
            )

    def _limits(self) -> Iterator[str]:
        wrong = sum(line.wrong for article in self.articles for line in article)
        for low, high in sorted({UNSURE, *OTHERS}, reverse=True):
            asked = [[line for line in each if low < line.chance < high] for each in self.articles]
            lines = [line for article in asked for line in article]
            limits = f"{100 * low:.0f}–{100 * high:.0f} %"
            figures = (
                f"**{limits}**" if (low, high) == UNSURE else limits,
                f"{len(lines) / max(len(asked), 1):.2f}",
                _share([bool(each) for each in asked]),
                _share([line.wrong for line in lines]),
                f"{sum(line.wrong for line in lines) / max(wrong, 1):.3f}",
            )
            yield f"| {' | '.join(figures)} |"


def _share(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "–"


INTRODUCTION = """
## What is unsure (both pasted forms, unseen sources)

Each line gets a chance of being a heading. Here is what the lines of each chance were; a line that
may be either is left out.

| chance | lines | mean chance | share of headings | decided wrongly | asked |
|---|---|---|---|---|---|
{buckets}

A person is asked about a line whose chance lies between {low:.0f} and {high:.0f} % (in bold;
others stand beside to compare). The last figure is the share of all wrong decisions that an answer
mends.

| asked between | findings an article | articles with one | wrong among them | share of all wrong |
|---|---|---|---|---|
{limits}
"""
