"""All that is known of one person, for the person: one command, one JSON document (L5, L9)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from pipeline.audience.addresses import normalise_address
from pipeline.audience.keys import address_hash
from pipeline.audience.models import (
    Consent,
    ConsentOrigin,
    ImportChange,
    JoinRequest,
    Subscriber,
    Suppression,
)


def find(address: str) -> Subscriber | None:
    """The subscriber of an address, however it is spelt; None if there is nobody, or no more.

    Raises:
        SourceError: It is no address.
    """
    spelt = normalise_address(address)
    return Subscriber.objects.filter(address_hash=address_hash(spelt), address=spelt).first()


def everything(subscriber: Subscriber, *, now: datetime) -> dict[str, Any]:
    """Everything that is kept about a person, ready to be written as JSON.

    What stands under the hash is joined here, while the person exists; keyed hashes themselves are
    left out, for they tell nobody anything.
    """
    hashed = {"address_hash": subscriber.address_hash}
    return {
        "exported_at": now.isoformat(),
        "subscriber": _row(subscriber),
        "subscriptions": _rows(subscriber.subscriptions.order_by("newsletter")),
        "consents": [_consent(row) for row in _consents(subscriber)],
        "suppressions": [
            {**_row(row), "rejoins": _rows(row.rejoins.order_by("pk"))}
            for row in Suppression.objects.filter(**hashed).order_by("pk")
        ],
        "imports": [
            {"file": change.source.file_name, "at": change.source.begun_at.isoformat()}
            for change in ImportChange.objects.filter(subscriber=subscriber)
            .select_related("source")
            .order_by("pk")
        ],
        "requests": _rows(
            JoinRequest.objects.filter(**hashed).order_by("pk"), leave_out=("origin_hash",)
        ),
        "notices": _rows(subscriber.notices.order_by("pk"), leave_out=("values",)),
        "returned": _rows(subscriber.soft_bounces.order_by("pk")),
        "letters": [
            {
                "subject": delivery.issue.subject,
                "newsletter": delivery.issue.newsletter,
                "state": delivery.state,
                "due_at": delivery.due_at.isoformat(),
                "changed_at": delivery.changed_at.isoformat(),
            }
            for delivery in subscriber.deliveries.select_related("issue").order_by("pk")
        ],
    }


def _consents(subscriber: Subscriber) -> QuerySet[Consent]:
    """Under their number, and under those of rows of theirs that were removed before."""
    hashed = Consent.objects.filter(address_hash=subscriber.address_hash)
    before = hashed.filter(Consent.BY_HASH).values_list("subscriber_id", flat=True)
    return hashed.filter(subscriber_id__in={subscriber.pk, *before}).order_by("pk")


def _consent(consent: Consent) -> dict[str, Any]:
    origin = ConsentOrigin.objects.filter(pk=consent.pk).first()
    return {**_row(consent), "network": origin.network if origin else ""}


def _rows(rows: Iterable[Model], *, leave_out: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [_row(row, leave_out=leave_out) for row in rows]


def _row(row: Model, *, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row by the names of its columns, without hashes and the numbers of other rows."""
    values: Mapping[str, Any] = {
        field.name: getattr(row, field.name)
        for field in row._meta.concrete_fields
        if not field.is_relation and field.name not in {"address_hash", "subscriber_id"}
    }
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if name not in leave_out
    }
