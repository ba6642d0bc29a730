"""One sentence, folded, and what in it takes a claim back or makes less of it."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from pipeline.stages.check.claims.fold import fold
from pipeline.stages.check.claims.lookup import keys
from pipeline.stages.check.claims.pack import Pack
from pipeline.stages.check.claims.pattern import Pattern, Span

_QUOTED = re.compile(
    r"[\"”“«»「⭐★]|(?:^|\s)['‘]\w|\s[-–—]\s?\w[\w. ]{1,40}[.,\d\s]*$|후기", re.MULTILINE
)


def is_quoted(text: str) -> bool:
    """Whether a text is, or holds, somebody's own words."""
    return _QUOTED.search(text) is not None


class Sentence:
    """A sentence as a pack's patterns see it.

    Attributes:
        written: As it was written.
        text: Folded.
        keys: What it can be looked up by.
        quoted: Whether it is somebody's own words, or stands near such.
    """

    def __init__(
        self,
        written: str,
        pack: Pack,
        *,
        answer: str = "",
        quoted: bool | None = None,
        alerts: Iterable[int] = (),
    ) -> None:
        self.written = written
        self.pack = pack
        self.quoted = is_quoted(written) if quoted is None else quoted
        self._answer = answer
        self._folded = fold(written)
        self.text = self._folded.text
        self.keys = keys(self.text, spaced=pack.grammar.spaced)
        self._standing: dict[tuple[str, str], list[Pattern]] = {}
        for place in alerts:
            pattern, table, group = pack.alarms[place]
            self._standing.setdefault((table, group), []).append(pattern)

    def flagged(self, table: str, group: str) -> Iterator[Span]:
        """Where the patterns of a rule's table stand, of those that the sentence was alerted by."""
        for pattern in self._standing.get((table, group), ()):
            yield from pattern.spans(self.text, self.keys)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the folded text, in the sentence as written."""
        return self._folded.span(start, end)

    @cached_property
    def asks(self) -> bool:
        """Whether it asks for yes or no, and does not only seem to."""
        scope = self.pack.scope
        return (
            self._ends_in_a_question
            and (not scope.asking.each or scope.asking.stand(self.text, self.keys))
            and not scope.unasked.stand(self.text, self.keys)
        )

    @cached_property
    def denied(self) -> bool:
        """Whether it is a question, answered by no at once."""
        if not self._ends_in_a_question:
            return False
        answer = fold(self._answer).text
        found = keys(answer, spaced=self.pack.grammar.spaced)
        return next(self.pack.scope.denial.spans(answer, found), (99, 0))[0] < 3

    @property
    def _ends_in_a_question(self) -> bool:
        return self.text.rstrip(" \"'").endswith("?")

    @cached_property
    def debunks(self) -> bool:
        """Whether it speaks of a claim as of one not to be believed."""
        return self.pack.scope.debunked.stand(self.text, self.keys)

    @cached_property
    def hedges(self) -> bool:
        """Whether it says "may", or "for some people"."""
        return self.pack.scope.hedged.stand(self.text, self.keys)

    @cached_property
    def _plain(self) -> str:
        """The text with what only looks like a negation blotted out."""
        text = self.text
        for start, end in self.pack.scope.apparent.spans(self.text, self.keys):
            text = f"{text[:start]}{'*' * (end - start)}{text[end:]}"
        return text

    def negated(self, start: int, end: int) -> bool:
        """Whether a negation reaches over what stands from ``start`` to ``end``."""
        reach = self.pack.reach
        before = self._plain[max(0, start - 160) : start]
        clause = reach.breaks.split(before)[-1]
        if reach.before.search(clause):
            return True
        after = self._plain[end : end + 40]
        return reach.after is not None and reach.after.match(after) is not None
