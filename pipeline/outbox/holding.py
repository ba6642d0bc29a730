"""Holding what may have gone out already: after a silence, and after a restore (promise 7)."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from pipeline.campaigns.calendar import due_at
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Issue
from pipeline.errors import SettingError
from pipeline.outbox.models import Delivery
from pipeline.values import Configuration

State = Issue.State


def hold_after_silence(
    configuration: Configuration, *, since: dt.datetime, now: dt.datetime
) -> list[Issue]:
    """Hold what was on its way while nothing looked, unless its newsletter sends late.

    What has not begun is judged when it is released, by the newsletter's policy (``due.py``).

    Args:
        configuration: Says which newsletters send what was missed.
        since: When somebody last looked.
        now: The time.
    """
    late = {each.key for each in configuration.newsletters if each.missed == "send"}
    told = f"nothing ran from {since:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M} UTC, amid its sending"
    begun = [issue for issue in _on_the_way(now) if issue.newsletter not in late]
    return _hold(begun, told, now=now)


def hold_all_begun(reason: str, *, now: dt.datetime) -> list[Issue]:
    """Hold all that is on its way or due: since the backup it may have gone out."""
    return _hold(in_doubt(now=now), f"it may have gone out already: {reason}", now=now)


def hold_without_a_day(issue: Issue, error: SettingError, *, now: dt.datetime) -> None:
    """Hold an issue of which the calendar leaves somebody no day: other campaigns go on."""
    if Issue.objects.filter(pk=issue.pk, held="").exists():
        _hold([issue], error.message, now=now)


def in_doubt(*, now: dt.datetime) -> list[Issue]:
    """What may have gone out since a backup was made: all that is on its way, or due."""
    begun = _open().filter(state__in=[State.RELEASING, State.SENDING])
    return [*begun, *(issue for issue in _scheduled() if due_at(issue) <= now)]


def _on_the_way(now: dt.datetime) -> QuerySet[Issue]:
    """What has letters that are due, of which a part may have gone out."""
    waiting = Delivery.objects.filter(
        issue=OuterRef("pk"), state__in=["pending", "claimed"], due_at__lte=now
    )
    return _open().filter(Exists(waiting), state__in=[State.RELEASING, State.SENDING])


def _open() -> QuerySet[Issue]:
    return Issue.objects.filter(held="").select_related("campaign").order_by("pk")


def _scheduled() -> QuerySet[Issue]:
    return _open().filter(state=State.SCHEDULED).exclude(slot="")


def _hold(issues: list[Issue], reason: str, *, now: dt.datetime) -> list[Issue]:
    for issue in issues:
        Issue.objects.filter(pk=issue.pk).update(held=reason[:500])
        note("held", f"{issue} is held: {reason}.", actor=SCHEDULER, now=now, issue=issue)
    return issues
