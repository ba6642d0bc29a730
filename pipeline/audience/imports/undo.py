"""Taking an import back: what it changed, and nothing that happened since."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from pipeline.audience.models import Consent, Import, ImportChange, Subscriber, Subscription
from pipeline.errors import SettingError

_STRETCH = 1_000
_STATE = Subscription.State


@dataclass(slots=True)
class Undone:
    """What was taken back.

    Attributes:
        counts: "removed": people who came by it alone; "ended": subscriptions; "restored": people
            with their old values; "kept": people who asked for it themselves since; "changed
            since": values that somebody has changed since, and that stay.
        opt_outs: How many opt-outs came with the list. They stay.
    """

    record: Import
    counts: Counter[str] = field(default_factory=Counter)
    opt_outs: int = 0


def find_import(number: int) -> Import:
    """The import of a number.

    Raises:
        SettingError: There is none, or it was taken back already, to the last person.
    """
    record = Import.objects.filter(pk=number).first()
    if record is None:
        last = Import.objects.order_by("-pk").first()
        mend = f"The last one is {last.pk} ({last.file_name})." if last else "There is none yet."
        raise SettingError(f"there is no import {number}", mend=mend)
    if record.undone_at is not None and not record.changes.exists():
        raise SettingError(f"import {number} was taken back on {record.undone_at:%Y-%m-%d}")
    return record


def undo(*, number: int, actor: str, now: datetime, dry_run: bool = False) -> Undone:
    """Take an import back, in stretches; what a crash leaves, the same call takes back later.

    Consents stay, and a withdrawal is written behind each. Opt-outs that came with the list stay:
    they are for ever.

    Args:
        number: Of the import.
        actor: Who does it.
        now: The time.
        dry_run: Whether it only tells what it would do.

    Raises:
        SettingError: There is no such import, or it was taken back already.
    """
    done = Undone(find_import(number))
    if not dry_run:
        # First of all: an import that is still on its way has no owner now, and stops.
        kept = {"options": done.record.progress.get("options", {})}
        Import.objects.filter(pk=number).update(undone_at=now, progress=kept)
    done.opt_outs = done.record.counts.get("opted out", 0)
    last = 0
    while True:
        # In the order of the index that begins with the import.
        rows = ImportChange.objects.filter(source=done.record, subscriber_id__gt=last)
        rows = rows.order_by("subscriber_id")
        with transaction.atomic():
            changes = list(rows.select_related("subscriber")[:_STRETCH])
            if not changes:
                break
            _Stretch(done, changes, actor, now).take_back(dry_run=dry_run)
        last = changes[-1].subscriber_id
    return done


class _Stretch:
    """Some of the changes of an import, and what ties its people have beside it."""

    def __init__(
        self, done: Undone, changes: Sequence[ImportChange], actor: str, now: datetime
    ) -> None:
        self.done, self.changes, self.actor, self.now = done, changes, actor, now
        self.record = done.record
        people = [change.subscriber_id for change in changes]
        mine = Subscription.objects.filter(
            subscriber_id__in=people, newsletter=self.record.newsletter
        )
        self.subscriptions = {row.subscriber_id: row for row in mine.select_for_update()}
        consents = Consent.objects.filter(subscriber_id__in=people, given=True)
        consents = consents.filter(newsletter=self.record.newsletter, purpose="letters")
        self.agreed = set(
            consents.filter(created_at__gt=self.record.begun_at)
            .exclude(import_id=self.record.pk)
            .values_list("subscriber_id", flat=True)
        )
        created = [change.subscriber_id for change in changes if change.created]
        self.tied = _tied(created, self.record)

    def take_back(self, *, dry_run: bool) -> None:
        """Take all of them back."""
        removed = [change for change in self.changes if self._is_of_this_alone(change)]
        gone = {change.subscriber_id for change in removed}
        self.done.counts["removed"] += len(removed)
        withdrawn = [change for change in self.changes if self._restore(change, gone, dry_run)]
        if dry_run:
            return
        self._withdraw(withdrawn)
        Subscription.objects.filter(subscriber_id__in=gone).delete()
        ImportChange.objects.filter(pk__in=[change.pk for change in self.changes]).delete()
        Subscriber.objects.filter(pk__in=gone).delete()

    def _is_of_this_alone(self, change: ImportChange) -> bool:
        person = change.subscriber_id
        return change.created and person not in self.tied and person not in self.agreed

    def _restore(self, change: ImportChange, gone: set[int], dry_run: bool) -> bool:
        """Put back what stood there; tells whether a consent of this import is withdrawn."""
        if change.subscriber_id in self.agreed:
            self.done.counts["kept"] += 1
            return False
        if change.subscriber_id in gone:
            return True
        before = change.before
        if "person" in before:
            self._restore_person(change.subscriber, before["person"], dry_run)
        if "subscription" not in before:
            return False
        self._restore_tie(change, before["subscription"], dry_run)
        return True

    def _restore_person(
        self, person: Subscriber, values: dict[str, list[Any]], dry_run: bool
    ) -> None:
        mine = {name: old for name, (old, new) in values.items() if getattr(person, name) == new}
        self.done.counts["changed since"] += len(values) - len(mine)
        self.done.counts["restored"] += bool(mine)
        if mine and not dry_run:
            Subscriber.objects.filter(pk=person.pk).update(**mine)

    def _restore_tie(
        self, change: ImportChange, values: dict[str, list[Any]] | None, dry_run: bool
    ) -> None:
        tie = self.subscriptions.get(change.subscriber_id)
        if tie is None:
            return
        if values is None:
            values = {"state": [_STATE.ENDED, _STATE.ACTIVE]}
        ended = values.get("state", [""])[0] == _STATE.ENDED
        stands = tie.state in {_STATE.ACTIVE, _STATE.PENDING}
        self.done.counts["ended"] += ended and stands
        for name, (old, new) in values.items():
            now = getattr(tie, name)
            if now == (parse_datetime(new) if name == "until" and new else new):
                setattr(tie, name, parse_datetime(old) if name == "until" and old else old)
        # Who left since stays out. What had put them onto the list is gone, too: at another time
        # than the leaving's, so that to take the leaving back does not bring it back.
        if ended or stands:
            tie.changed_at = self.now
        if not dry_run:
            tie.save()

    def _withdraw(self, changes: Iterable[ImportChange]) -> None:
        Consent.objects.bulk_create(
            Consent(
                subscriber_id=change.subscriber_id,
                address_hash=change.subscriber.address_hash,
                newsletter=self.record.newsletter,
                basis=self.record.basis,
                given=False,
                source=self.record.file_name[:200],
                actor=self.actor,
                import_id=self.record.pk,
                created_at=self.now,
            )
            for change in changes
        )


def _tied(people: Sequence[int], record: Import) -> set[int]:
    """Who of these is tied to anything but this import: another newsletter, a letter, a notice."""
    tied: set[int] = set()
    for relation in Subscriber._meta.related_objects:
        column = relation.field.attname
        rows = relation.related_model._base_manager.filter(**{f"{column}__in": people})
        if relation.related_model is Subscription:
            rows = rows.exclude(newsletter=record.newsletter)
        elif relation.related_model is ImportChange:
            rows = rows.exclude(source=record)
        tied |= set(rows.values_list(column, flat=True))
    return tied
