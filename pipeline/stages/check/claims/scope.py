"""What takes a claim back, or makes less of it: negation, doubt, hedges, questions."""

import re
from dataclasses import dataclass

from pipeline.stages.check.claims.pattern import Patterns, trie


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What takes a claim back, or makes less of it.

    Attributes:
        far: Negations that reach over some words: "not", "never".
        near: Negations that reach over few: "no", "without".
        after: Negations that follow (Korean): "지 않습니다".
        apparent: What only looks like one of them: "not only".
        unasked: Questions that claim all the same: "want to", "did you know".
        asking: How a question begins that asks for yes or no.
        debunked: What says of a claim that it is none to be believed: "myth", "beware".
        hedged: What makes a claim modest: "may", "for some people".
        denial: How an answer begins that says no.
        carries: How a sentence begins that speaks of what the one before it named: "We ended them".
        breaks: Words that begin another clause, where no negation reaches: "but".
    """

    far: tuple[str, ...]
    near: tuple[str, ...]
    after: tuple[str, ...]
    breaks: tuple[str, ...]
    apparent: Patterns
    unasked: Patterns
    asking: Patterns
    debunked: Patterns
    hedged: Patterns
    denial: Patterns
    carries: Patterns


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far the negations of a scope reach, as expressions.

    Attributes:
        breaks: Where one clause ends and another begins.
        before: Found in what stands before a claim in its clause, if that negates it.
        after: Matches what stands behind a claim, if that does; None where none ever does.
    """

    breaks: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str] | None

    @classmethod
    def of(cls, scope: Scope, *, spaced: bool) -> "Reach":
        """The reach of a scope's words."""
        word, joined = r"[^\s,;:!?—]+", r"(?:and|or|nor|y|o|ni|e) "
        comma = rf"(?:, ?(?:{joined})?| {joined})"
        edge = r"(?!\w)" if spaced else ""
        # "It does not diagnose, treat or cure": commas are crossed where single verbs are listed.
        listed = rf"(?:(?:{comma}{word})*{comma})?"
        far = rf"(?<!\w){_any(scope.far, spaced)}{edge}(?: {word}){{0,8}}{listed} ?[\"'(]*$"
        near = rf"(?<!\w){_any(scope.near, spaced)}{edge}(?: {word}){{0,4}} ?[\"'(]*$"
        return cls(
            breaks=re.compile(rf"[;:—.!?]|(?<!\w){_any(scope.breaks, spaced)}{edge}"),
            before=re.compile(f"{far}|{near}"),
            after=_behind(scope.after, spaced),
        )


def _behind(words: tuple[str, ...], spaced: bool) -> re.Pattern[str] | None:
    return re.compile(rf"[^.!?;,]{{0,22}}?{_any(words, spaced)}") if words else None


def _any(words: tuple[str, ...], spaced: bool) -> str:
    return f"(?:{trie(words, spaced=spaced) or '(?!)'})"
