"""What a rule is: a value with its name, its level, its source and the function that finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from pipeline.stages.answers import LinkAnswer
from pipeline.stages.email.page import Page, page
from pipeline.stages.email.painted import Painted, painted
from pipeline.values import Article, Card, ComposedPost, Configuration, Level, RenderedIssue

Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Material:
    """What is checked: the whole of an edition that goes out.

    Attributes:
        article: What it was made from, where it is known.
        answers: What the links answered, by address, if a person asked for them to be tried.
    """

    issues: tuple[RenderedIssue, ...]
    posts: tuple[ComposedPost, ...]
    configuration: Configuration
    cards: tuple[Card, ...] = ()
    article: Article | None = None
    answers: Mapping[str, LinkAnswer] = field(default_factory=dict)

    def pages(self) -> Iterator[tuple[str, RenderedIssue, Page]]:
        """Each issue with its name ("issue 2") and what its HTML shows."""
        for issue in self.issues:
            yield f"issue {issue.part}", issue, page(issue.html)

    def prints(self) -> Iterator[tuple[str, RenderedIssue, tuple[Painted, ...]]]:
        """Each issue with its name and how the words of its HTML are painted."""
        for issue in self.issues:
            yield f"issue {issue.part}", issue, painted(issue.html)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What a rule finds; see :class:`pipeline.values.Finding`.

    Attributes:
        level: The level of this one, or None for the level of its rule.
    """

    message: str
    suggestion: str
    where: str
    span: tuple[int, int] | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Checked]):
    """One rule of the check: of what goes out (:class:`Material`), or of an article as it was read.

    Attributes:
        code: Its name, which is also the name of its examples: "no-unsubscribe-link".
        source: Address of the text it rests on.
    """

    code: str
    level: Level
    source: str
    find: Callable[[Checked], Iterator[Flaw]]
