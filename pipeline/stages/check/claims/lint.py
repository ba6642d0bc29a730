"""Finds health claims in a text: part it into sentences, ask every rule, keep the strongest."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from pipeline.stages.check.claims.asking import Claim, claims_of, meets
from pipeline.stages.check.claims.fold import folded
from pipeline.stages.check.claims.languages import spoken_in
from pipeline.stages.check.claims.lookup import keys
from pipeline.stages.check.claims.pack import pack
from pipeline.stages.check.claims.pattern import Span
from pipeline.stages.check.claims.profiles import PROFILES, Profile
from pipeline.stages.check.claims.rules import RULES, implied
from pipeline.stages.check.claims.sentence import Sentence, is_quoted
from pipeline.stages.text.sentences import sentences
from pipeline.values import ClaimProfile

# A language that a sentence is in, and which of its pack's alarms stand in it.
_Alert = tuple[str, tuple[int, ...]]

# A sentence as no person writes it is looked at in pieces, so that time grows with length alone.
LONGEST = 600
# A text with more claims than anybody would read through is known well enough.
MOST = 500
_STRETCH = 20 * LONGEST
_HEAVIER = {"error": 2, "warning": 1, "info": 0}
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
# How far before and behind a sentence a mark may stand that makes it somebody's own words.
_NEAR = 100
# "High blood pressure?" and then what is sold for it; "Do I still need my pills?" and the answer.
# A longer question that asks what, how or why says nothing that its answer would go on with.
_HEADLINE = re.compile(
    r"(?:(?:[^\s?]{1,30} ){0,3}|(?!\W*(?:what|which|who|how|why|when|where|qué|cuál|quién|cómo"
    r"|por qué|cuándo|dónde)\b)(?:[^\s?]{1,30} ){4,17})[^\s?]{1,30}\? [^\n\r\u2028\u2029?]+",
    re.IGNORECASE,
)
# A sentence that says something, on the same line.
_SAID = re.compile(r"[^\n\r\u2028\u2029]*[.!…][^\w\n\r\u2028\u2029]{0,3}")
_QUOTED = frozenset(rule.table for rule in RULES if rule.quoted)
_STOP = re.compile(r"[.!?…。！？]")


def lint(text: str, *, language: str, profile: Profile) -> tuple[Claim, ...]:
    """The claims of a text in their order, one for each span: the strongest.

    Args:
        text: Some lines; a sentence never goes over a line.
        language: The language it is said to be in, as "en" or "es-MX"; what is written in another
            is known by its letters and words.
        profile: Whose rules apply.
    """
    spans = list(_pieces(text))
    found: list[Claim] = []
    for place, (start, end) in enumerate(spans):
        if len(found) >= MOST:
            break
        written = text[start:end]
        for alert in _alerts(written, language):
            around = text[max(0, start - _NEAR) : end + _NEAR]
            quoted = not _QUOTED.isdisjoint(_tables(alert)) and is_quoted(around)
            answer = text[slice(*spans[place + 1])] if place + 1 < len(spans) else ""
            claims = _claims(
                written, alert, profile.name, quoted=quoted, answer=answer if "?" in written else ""
            )
            found += (_moved(claim, start) for claim in claims)
        begin = spans[place - 1][0] if place else end
        if _HEADLINE.fullmatch(text[begin:end]) or _goes_on(text[begin:start], written, language):
            edge = spans[place - 1][1] - begin - 1
            across = list(_across(text[begin:end], edge, language=language, profile=profile))
            before = [claim for claim in found if claim.span[0] < begin]
            found[len(before) :] = _strongest(
                [*found[len(before) :], *(_moved(claim, begin) for claim in across)]
            )
    return tuple(found)


def _goes_on(before: str, written: str, language: str) -> bool:
    """Whether a sentence speaks of what the one before it named: "We ended them in a month"."""
    if not _SAID.fullmatch(before):
        return False
    text = folded(written)
    return any(
        packed.scope.carries.stand(text, keys(text, spaced=packed.grammar.spaced))
        for packed in map(pack, spoken_in(text, language))
    )


def _across(written: str, edge: int, *, language: str, profile: Profile) -> Iterator[Claim]:
    """Claims that begin in one sentence, which ends at ``edge``, and end in what follows it."""
    for alert in _alerts(written, language):
        for claim in _claims(written, alert, profile.name, quoted=is_quoted(written), answer=""):
            if claim.span[0] < edge < claim.span[1]:
                yield claim


def _pieces(text: str) -> Iterator[Span]:
    for line in _LINE.finditer(text):
        for begin in range(line.start(), line.end(), _STRETCH):
            stretch = text[begin : min(begin + _STRETCH, line.end())]
            for start, end in sentences(stretch) if _STOP.search(stretch) else _whole(stretch):
                yield from _cut(text, begin + start, begin + end)


def _whole(stretch: str) -> list[Span]:
    bare = stretch.strip()
    start = stretch.find(bare)
    return [(start, start + len(bare))] if bare else []


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > 0 else start + LONGEST
        yield start, cut
        start = cut + (space > 0)
    yield start, end


@lru_cache(maxsize=1024)
def _alerts(written: str, language: str) -> tuple[_Alert, ...]:
    """The languages and alarms by which a sentence may claim something; mostly none."""
    text = folded(written)
    asked = ((code, pack(code).alerts(text)) for code in spoken_in(text, language))
    return tuple((code, places) for code, places in asked if places)


def _tables(alert: _Alert) -> set[str]:
    spoken, places = alert
    alarms = pack(spoken).alarms
    return {alarms[place].table for place in places}


@lru_cache(maxsize=1024)
def _claims(
    written: str, alert: _Alert, profile: ClaimProfile, *, quoted: bool, answer: str
) -> tuple[Claim, ...]:
    """The claims of a sentence; the same one stands in a letter, its text part and its posts."""
    spoken, places = alert
    sentence = Sentence(written, pack(spoken), answer=answer, quoted=quoted, alerts=places)
    tables = _tables(alert)
    # C7 is not looked for by itself: it is what C6 becomes beside a list of what is accepted.
    asked = (r for r in RULES if r.table in tables and r is not implied.UNQUALIFIED)
    found = [claim for r in asked for claim in claims_of(r, sentence, PROFILES[profile])]
    return tuple(_strongest(found))


def _moved(claim: Claim, by: int) -> Claim:
    return replace(claim, span=(claim.span[0] + by, claim.span[1] + by))


def _strongest(claims: list[Claim]) -> list[Claim]:
    """Of claims that overlap, the heaviest; of equals, the one that says most."""
    kept: list[Claim] = []
    for claim in sorted(claims, key=_weight, reverse=True):
        if not meets([other.span for other in kept], *claim.span):
            kept.append(claim)
    return sorted(kept, key=lambda claim: claim.span)


def _weight(claim: Claim) -> tuple[int, int]:
    return _HEAVIER[claim.level], claim.span[1] - claim.span[0]
