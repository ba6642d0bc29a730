"""Finds health claims in a text: fold, part into sentences, ask every rule, keep the strongest."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from pipeline.stages.check.claims.languages import spoken_in
from pipeline.stages.check.claims.pack import Wording, pack
from pipeline.stages.check.claims.pattern import Patterns
from pipeline.stages.check.claims.profiles import Profile
from pipeline.stages.check.claims.rule import ClaimRule
from pipeline.stages.check.claims.rules import RULES, implied
from pipeline.stages.check.claims.sentence import Sentence
from pipeline.stages.text.sentences import sentences
from pipeline.values import Level

# A sentence as no person writes it is looked at in pieces, so that time grows with length alone.
LONGEST = 600
# Words of a person's line are few; of each piece no more claims are told than anybody would read.
MOST = 8
_HEAVIER = {"error": 2, "warning": 1, "info": 0}
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_QUOTED = re.compile(r"[\"”“«»「]|(?:^|\s)['‘]\w|\s[-–—]\s?\w[\w. ]{1,40}[.,\d\s]*$|후기|⭐|★")


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
    span: tuple[int, int]
    words: str
    sentence: str
    softer: tuple[str, ...] = ()


def lint(text: str, *, language: str, profile: Profile) -> tuple[Claim, ...]:
    """The claims of a text in their order, one for each span: the strongest.

    Args:
        text: Some lines; a sentence never goes over a line.
        language: The language it is said to be in, as "en" or "es-MX"; what is written in another
            is known by its letters and words.
        profile: Whose rules apply.
    """
    claims: list[Claim] = []
    spans = list(_pieces(text))
    for place, (start, end) in enumerate(spans):
        after = spans[place + 1] if place + 1 < len(spans) else (0, 0)
        claims += _claims(text[start:end], text[slice(*after)], start, language, profile)
    return tuple(claims)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for line in _LINE.finditer(text):
        for begin in range(line.start(), line.end(), 20 * LONGEST):
            stretch = text[begin : min(begin + 20 * LONGEST, line.end())]
            for start, end in sentences(stretch):
                yield from _cut(text, begin + start, begin + end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > 0 else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def _claims(written: str, answer: str, start: int, language: str, profile: Profile) -> list[Claim]:
    found: list[Claim] = []
    for spoken in spoken_in(written, language):
        sentence = Sentence(written, pack(spoken), answer=answer)
        for rule in RULES:
            # C7 is not looked for by itself: it is what C6 becomes beside a list of what is accepted.
            if rule is not implied.UNQUALIFIED:
                found += _asked(rule, sentence, profile)
    shifted = (
        replace(claim, span=(claim.span[0] + start, claim.span[1] + start)) for claim in found
    )
    return _strongest(list(shifted))


def _asked(rule: ClaimRule, sentence: Sentence, profile: Profile) -> Iterator[Claim]:
    wording = sentence.pack.rules.get(rule.table)
    if wording is None:
        return
    matched = list(_matched(wording, rule, sentence, profile))
    if not matched or sentence.denied or sentence.debunks:
        return
    if wording.unless.stand(sentence.text, sentence.keys):
        return
    passed = list(wording.passes.spans(sentence.text, sentence.keys))
    for start, end, level, light in matched[:MOST]:
        if (not light and _meets(passed, start, end)) or sentence.negated(start, end):
            continue
        weighed = _lowered(level) if sentence.asks else level
        judged = _by_list(rule, sentence, (start, end)) if profile.accepted_only else rule
        if weighed is not None and judged is not None:
            yield _claim(judged, weighed, sentence, (start, end))


def _matched(
    wording: Wording, rule: ClaimRule, sentence: Sentence, profile: Profile
) -> Iterator[tuple[int, int, Level, bool]]:
    """Where a rule's words stand, how much they weigh, and whether they are its lighter ones."""
    if rule.hedge_clears and sentence.hedges and not profile.accepted_only:
        return
    level = profile.level(rule)
    lighter: Level = level if rule.code in profile.raised else "warning"
    text, found = sentence.text, sentence.keys
    own = wording.only.get(profile.name, Patterns())
    if not rule.quoted or _QUOTED.search(sentence.written):
        for start, end in chain(wording.flag.spans(text, found), own.spans(text, found)):
            yield start, end, level, False
    for start, end in wording.warn.spans(text, found):
        yield start, end, lighter, True


def _by_list(rule: ClaimRule, sentence: Sentence, span: tuple[int, int]) -> ClaimRule | None:
    """What an implied claim is where a regulator has a list of what it accepts (C7)."""
    if rule.code != implied.RULE.code:
        return rule
    accepted = sentence.pack.rules["accepted"]
    if not _meets(list(accepted.flag.spans(sentence.text, sentence.keys)), *span):
        return rule
    return None if accepted.warn.stand(sentence.text, sentence.keys) else implied.UNQUALIFIED


def _meets(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(begin < end and start < stop for begin, stop in spans)


def _lowered(level: Level) -> Level | None:
    return "warning" if level == "error" else None


def _claim(rule: ClaimRule, level: Level, sentence: Sentence, span: tuple[int, int]) -> Claim:
    start, end = sentence.span(*span)
    return Claim(
        rule=rule,
        level=level,
        span=(start, end),
        words=sentence.written[start:end],
        sentence=sentence.written,
        softer=sentence.pack.rules[rule.table].softer,
    )


def _strongest(claims: list[Claim]) -> list[Claim]:
    """Of claims that overlap, the heaviest; of equals, the first rule's."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: -_HEAVIER[claim.level]):
        if not _meets([other.span for other in kept], *claim.span):
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim.span)
