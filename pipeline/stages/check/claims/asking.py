"""Asks one rule about one sentence: what it finds, and what of it is a claim at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from pipeline.stages.check.claims.pattern import Span
from pipeline.stages.check.claims.profiles import Profile
from pipeline.stages.check.claims.rule import ClaimRule
from pipeline.stages.check.claims.rules import implied
from pipeline.stages.check.claims.sentence import Sentence
from pipeline.values import Level

# Of one sentence no more claims of a rule are told than anybody would read.
MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim in a text.

    Attributes:
        span: Where it stands, in characters of the text as written.
        words: The words of that span.
        sentence: The whole sentence.
        softer: What may be said instead, in the language of the text.
    """

    rule: ClaimRule
    level: Level
    span: Span
    words: str
    sentence: str
    softer: tuple[str, ...] = ()


def claims_of(rule: ClaimRule, sentence: Sentence, profile: Profile) -> Iterator[Claim]:
    """What a rule finds in a sentence; spans count from the sentence's start."""
    wording = sentence.pack.rules[rule.table]
    standing = (
        (start, end, level)
        for start, end, level in _matched(rule, sentence, profile)
        if not (rule.negatable and sentence.negated(start, end))
    )
    matched = list(islice(standing, MOST))
    if not matched or sentence.denied or sentence.debunks:
        return
    excused = list(wording.unless.spans(sentence.text, sentence.keys))
    passed = list(wording.passes.spans(sentence.text, sentence.keys))
    for start, end, level in matched:
        if meets(passed, start, end) or _reaches_beyond(excused, start, end):
            continue
        weighed = _asked(rule, level) if sentence.asks else level
        judged = _by_list(rule, sentence, (start, end)) if profile.accepted_only else rule
        if weighed is not None and judged is not None:
            yield _claim(judged, weighed, sentence, (start, end))


def _matched(
    rule: ClaimRule, sentence: Sentence, profile: Profile
) -> Iterator[tuple[int, int, Level]]:
    """Where a rule's words stand, and how much they weigh."""
    if rule.hedge_clears and sentence.hedges and not profile.accepted_only:
        return
    level = profile.level(rule)
    lighter: Level = level if rule.code in profile.raised else "warning"
    light = list(sentence.flagged(rule.table, "warn"))
    if not rule.quoted or sentence.quoted:
        groups = (sentence.flagged(rule.table, group) for group in ("flag", profile.name))
        for start, end in chain.from_iterable(groups):
            # A "money-back guarantee" is the lighter thing, though "guarantee" stands in it.
            if not any(begin <= start and end <= stop for begin, stop in light):
                yield start, end, level
    for start, end in light:
        yield start, end, lighter


def _by_list(rule: ClaimRule, sentence: Sentence, span: Span) -> ClaimRule | None:
    """What an implied claim is where a regulator has a list of what it accepts (C7)."""
    if rule.code != implied.RULE.code:
        return rule
    accepted = sentence.pack.rules["accepted"]
    if not meets(list(accepted.flag.spans(sentence.text, sentence.keys)), *span):
        return rule
    return None if accepted.warn.stand(sentence.text, sentence.keys) else implied.UNQUALIFIED


def _reaches_beyond(spans: list[Span], start: int, end: int) -> bool:
    """Whether one is more than a part of the claim, as "see a doctor" in "no need to …" is."""
    return any(begin < start or stop > end for begin, stop in spans)


def meets(spans: list[Span], start: int, end: int) -> bool:
    """Whether one of the spans has a letter of the stretch from ``start`` to ``end``."""
    return any(begin < end and start < stop for begin, stop in spans)


def _asked(rule: ClaimRule, level: Level) -> Level | None:
    """What a claim weighs that is only asked about."""
    return "warning" if rule.teases and level == "error" else None


def _claim(rule: ClaimRule, level: Level, sentence: Sentence, span: Span) -> Claim:
    start, end = sentence.span(*span)
    return Claim(
        rule=rule,
        level=level,
        span=(start, end),
        words=sentence.written[start:end],
        sentence=sentence.written,
        softer=sentence.pack.rules[rule.table].softer,
    )
