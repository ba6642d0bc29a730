"""Health claims: what a clinic may not say of its treatments, and what it may say instead.

A claim that stands in subject, letter, posts and cards alike is told once, with the first of its
places. See docs/claims.md; the words are in ``packs/``, the rules in ``rules/``.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.stages.check.claims.asking import Claim
from pipeline.stages.check.claims.evidence import evidence
from pipeline.stages.check.claims.fold import folded
from pipeline.stages.check.claims.lint import lint
from pipeline.stages.check.claims.places import Place, places
from pipeline.stages.check.claims.profiles import PROFILES
from pipeline.stages.check.claims.rules import RULES, title
from pipeline.stages.check.claims.titles import unearned
from pipeline.stages.check.rule import Material
from pipeline.values import Finding

# More are read by nobody.
SUGGESTED = 2
_BULLET = re.compile(r"^(?:[-•*–▪]\s+)+")
CODES = frozenset(rule.code for rule in RULES)


def check_claims(material: Material) -> tuple[Finding, ...]:
    """The claims of an edition, each once, in reading order."""
    article, configuration = material.article, material.configuration
    language = article.language if article else configuration.clinic.language
    profile = PROFILES[configuration.checks.profile]
    shown = evidence(article)
    told: dict[tuple[str, str, str], list[Finding]] = {}
    for place in places(material):
        for claim in (
            *lint(place.text, language=language, profile=profile),
            *_titles(place, material),
        ):
            if not (claim.rule.evidence_clears and shown.covers(claim.sentence)):
                key = (claim.rule.code, _letters(claim.words), _letters(claim.sentence))
                told.setdefault(key, []).append(finding(claim, place.where))
    return tuple(_once(found) for found in told.values())


def finding(claim: Claim, where: str) -> Finding:
    """A claim as a finding."""
    softer = "; ".join(f"“{words}”" for words in claim.softer[:SUGGESTED])
    return Finding(
        code=claim.rule.code,
        level=claim.level,
        message=claim.rule.message.format(words=" ".join(claim.words.split())),
        suggestion=f"Say less, or leave it out. Softer: {softer}.",
        where=where,
        span=claim.span,
        source=claim.rule.source,
        words=_BULLET.sub("", " ".join(claim.sentence.split())),
    )


def _letters(text: str) -> str:
    """What is the same of a sentence in a list, under a number, and in a post."""
    return "".join(filter(str.isalnum, folded(text))).lstrip("0123456789")


def _once(found: list[Finding]) -> Finding:
    places = list(dict.fromkeys(finding.where for finding in found))
    if len(places) == 1:
        return found[0]
    more = "1 more place" if len(places) == 2 else f"{len(places) - 1} more places"
    return replace(found[0], message=f"{found[0].message} (and in {more})")


def _titles(place: Place, material: Material) -> Iterator[Claim]:
    for start, end in unearned(place.text, material.configuration.practitioners):
        words = place.text[start:end]
        yield Claim(
            rule=title.RULE,
            level="warning",
            span=(start, end),
            words=words,
            sentence=words,
            softer=("the degree and the licence as they are",),
        )
