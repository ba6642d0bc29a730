"""Languages: in which one each reader gets an issue, and who waits because theirs is missing."""

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import get_language_info

from pipeline.audience.models import Subscriber
from pipeline.audience.reading import offered, reads
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Issue, LogEntry, Variant
from pipeline.campaigns.variants import approved_variants
from pipeline.outbox.compiled import compiled
from pipeline.outbox.models import Delivery
from pipeline.outbox.rhythm import newsletter_in_force
from pipeline.values import Newsletter

State = Delivery.State

_HELD = "held for language"
_CHUNK = 500


def language_of(issue: Issue, newsletter: Newsletter | None) -> Combinable:
    """The language each subscription of a query gets an issue in; "" is the newsletter's own.

    A reader's language is one that the newsletter lists, or a kind of it: ``ko-KR`` is ``ko``.
    Where one that is missing falls back, only what is approved counts.
    """
    return reads(_offered(issue, newsletter), "subscriber__language")


def ready_languages(issue: Issue) -> list[str]:
    """The languages an issue may go out in now beside its newsletter's own."""
    return [language for (language,) in _ready(issue.pk).rows()]


@compiled
def _ready(issue: int) -> QuerySet[Variant, Any]:
    return approved_variants().filter(issue=issue).order_by("language").values_list("language")


def deliverable(issue: Issue) -> Q:
    """The condition on deliveries of an issue that there is a text in their language."""
    return Q(language__in=["", *ready_languages(issue)])


def lacks_text() -> Q:
    """The condition on deliveries of any issues that there is no text in their language."""
    text = approved_variants().filter(issue=OuterRef("issue"), language=OuterRef("language"))
    return ~Q(language="") & ~Q(Exists(text))


def settle_languages(*, now: dt.datetime) -> None:
    """Say who waits for a text in their language, and settle anew in which one they get it.

    What is decided at the queueing is decided again for whoever waits, for a text or for their
    turn: they may have chosen another language, the clinic that the missing one falls back, or
    that it comes no more.
    """
    begun = Issue.objects.filter(state__in=[Issue.State.RELEASING, Issue.State.SENDING])
    for issue in begun.select_related("campaign").defer("html", "text").order_by("pk"):
        newsletter = newsletter_in_force(issue.newsletter)
        if (newsletter and newsletter.languages) or _told(issue).exists():
            waiting = Delivery.objects.filter(issue=issue, state=State.PENDING)
            _settle(waiting, _offered(issue, newsletter))
            _tell(issue, waiting.exclude(deliverable(issue)), now=now)


def _settle(waiting: QuerySet[Delivery], tags: list[str]) -> None:
    theirs = Subscriber.objects.filter(pk=OuterRef("subscriber"))
    now = theirs.annotate(tongue=reads(tags, "language")).values("tongue")[:1]
    turned = waiting.annotate(tongue=Coalesce(Subquery(now), Value("")))
    together: dict[str, list[int]] = defaultdict(list)
    # Read first: mostly there is nobody, and then nothing is locked.
    for number, tongue in turned.exclude(language=F("tongue")).values_list("pk", "tongue"):
        together[tongue].append(number)
    for tongue, numbers in together.items():
        # A second subject is tried on readers of the newsletter's own language alone.
        changed = {"language": tongue, **({"arm": ""} if tongue else {})}
        for start in range(0, len(numbers), _CHUNK):
            some = Delivery.objects.filter(pk__in=numbers[start : start + _CHUNK])
            some.filter(state=State.PENDING).update(**changed)


def _offered(issue: Issue, newsletter: Newsletter | None) -> list[str]:
    """The languages readers may get the issue in beside the newsletter's own, longest first."""
    if newsletter is None:
        return []
    tags = offered(newsletter)
    if newsletter.missing_language == "hold" or not tags:
        return tags
    ready = set(ready_languages(issue))
    return [tag for tag in tags if tag in ready]


def _told(issue: Issue) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(issue_id=issue.pk, kind=_HELD)


def _tell(issue: Issue, waiting: QuerySet[Delivery], *, now: dt.datetime) -> None:
    """Log once for each language that readers wait for it."""
    held = waiting.filter(due_at__lte=now).values_list("language").annotate(Count("pk"))
    for language, readers in held.order_by("language"):
        if _told(issue).filter(values__language=language).exists():
            continue
        note(
            _HELD,
            f"held for {readers} readers of {language}: {_lack(issue, language)}",
            actor=SCHEDULER,
            now=now,
            issue=issue,
            language=language,
            readers=readers,
        )


def _lack(issue: Issue, language: str) -> str:
    name = _name(language)
    variant = Variant.objects.filter(issue=issue, language=language).first()
    if variant is not None:
        why = variant.held or "not approved"
        return f"the {name} text of part {issue.part} is {why}"
    return f"part {issue.part} has no {name} text"


def _name(language: str) -> str:
    """``Spanish``; the tag itself of what Django knows no name of."""
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return language
