"""Waivers: a named person answers for a claim that the check would stop, and says why (C13).

A waiver counts for one sentence of one article and one rule. Nothing is deleted: what is withdrawn
keeps its row, with who withdrew it and when.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pipeline.campaigns.models import Waiver
from pipeline.errors import WaiverError
from pipeline.stages.check.claims import CODES
from pipeline.stages.text.inline import solid
from pipeline.values import Finding

LONGEST_NAME = 200


@transaction.atomic
def waive(
    *, article: str, code: str, words: str, waiver: str, reason: str, now: datetime
) -> Waiver:
    """Let a claim of an article stand.

    Args:
        article: The article's slug.
        code: The rule's code: "claim-cure".
        words: The whole sentence, as a finding tells it in ``words``.
        waiver: Who answers for it.
        reason: Why it may stand.
        now: The time.

    Returns:
        The waiver; the first one if it was waived before, for that is who answers for it.

    Raises:
        WaiverError: Nobody or no reason is named, or the code is none of a claim.
    """
    if code not in CODES:
        raise WaiverError(
            f"{code} cannot be waived", mend=f"Only claims can: {', '.join(sorted(CODES))}."
        )
    given, _ = standing(article=article).get_or_create(
        article=article,
        code=code,
        words_hash=words_hash(words),
        defaults={
            "words": words,
            "waived_by": _name(waiver, "nobody is named who waives it"),
            "reason": _reason(reason),
            "created_at": now,
        },
    )
    return given


@transaction.atomic
def withdraw(*, article: str, code: str, words: str, withdrawer: str, now: datetime) -> Waiver:
    """Take a waiver back: the claim is found again. What went out has gone out.

    Raises:
        WaiverError: Nobody is named, or no waiver stands for these words.
    """
    name = _name(withdrawer, "nobody is named who withdraws it")
    given = (
        standing(article=article)
        .select_for_update()
        .filter(code=code, words_hash=words_hash(words))
        .first()
    )
    if given is None:
        raise WaiverError(
            f"no waiver of {code} stands for these words",
            mend="`meridian check FILE` shows what is waived.",
        )
    given.withdrawn_by, given.withdrawn_at = name, now
    given.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return given


def standing(*, article: str) -> QuerySet[Waiver]:
    """The waivers of an article that count."""
    return Waiver.objects.filter(article=article, withdrawn_at__isnull=True)


def applied(findings: Iterable[Finding], *, article: str) -> tuple[Finding, ...]:
    """The findings of an article, each that is waived with who waived it and why."""
    given = {(waiver.code, waiver.words_hash): waiver for waiver in standing(article=article)}
    return tuple(
        replace(finding, waived=_told(waiver)) if waiver else finding
        for finding in findings
        for waiver in [given.get((finding.code, words_hash(finding.words)))]
    )


def meant(findings: Iterable[Finding], *, code: str, words: str) -> str:
    """The whole sentence somebody means who tells a part of it.

    Raises:
        WaiverError: No finding of this code has these words, or several sentences have.
    """
    claimed = dict.fromkeys(finding.words for finding in findings if finding.code == code)
    sentences = [sentence for sentence in claimed if solid(words) in solid(sentence)]
    if not sentences:
        known = "; ".join(f"“{sentence}”" for sentence in claimed)
        raise WaiverError(
            f"no finding {code} has these words",
            mend=f"There is: {known}." if known else "`meridian check FILE` shows what is found.",
        )
    if len(sentences) > 1:
        raise WaiverError(
            f"these words stand in {len(sentences)} sentences", mend="Give the whole sentence."
        )
    return sentences[0]


def fingerprint(*, article: str) -> str:
    """What changes when a waiver of an article is given or withdrawn; "" where none ever was."""
    known = Waiver.objects.filter(article=article).order_by("pk")
    return " ".join(f"{waiver.pk}{'-' if waiver.withdrawn_at else '+'}" for waiver in known)


def words_hash(words: str) -> str:
    """The hash a waiver is bound to: of every letter, but not of spaces and line ends."""
    return hashlib.sha256(solid(words).encode("utf-8", "surrogatepass")).hexdigest()


def _told(waiver: Waiver) -> str:
    return f"waived by {waiver.waived_by} on {waiver.created_at:%Y-%m-%d}: {waiver.reason}"


def _name(name: str, missing: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise WaiverError(
            "the name is too long" if name else missing, mend="Say who answers for it: --by NAME."
        )
    return name


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise WaiverError("no reason is given", mend='Say why it may stand: --reason "…".')
    return reason
