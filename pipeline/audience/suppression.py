"""The log of who is never written to: written once, never changed, ended only by the person."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from pipeline.audience.models import JoinRequest, Rejoin, Subscriber, Suppression
from pipeline.audience.suppression_log import keep

# A complaint is never taken back by asking again: the provider has been told it was spam (D28).
FOR_EVER = frozenset({Suppression.Reason.COMPLAINED})


def suppressed(newsletter: str | OuterRef, *, address_hash: str) -> Exists:
    """The condition that a row's person is never written to by a newsletter.

    Args:
        newsletter: Its key, or the outer query's column that holds it; "" is true only of who is
            suppressed from everything.
        address_hash: The outer query's way to the hash: "subscriber__address_hash".
    """
    return Exists(standing(newsletter).filter(address_hash=OuterRef(address_hash)))


def standing(newsletter: str | OuterRef) -> QuerySet[Suppression]:
    """The suppressions that hold for a newsletter: its own and those of all, not outweighed."""
    inner = OuterRef(newsletter) if isinstance(newsletter, OuterRef) else newsletter
    outweighed = Rejoin.objects.filter(suppression=OuterRef("pk"), newsletter=inner)
    return Suppression.objects.filter(
        Q(newsletter="") | Q(newsletter=newsletter), ~Exists(outweighed)
    )


def is_suppressed(address_hash: str, newsletter: str) -> bool:
    """Whether this person is never written to by this newsletter ("": by any)."""
    return standing(newsletter).filter(address_hash=address_hash).exists()


def complained(*, address_hash: str) -> Exists:
    """The condition that a row's person called a mail spam: no mail of any kind follows (D28)."""
    rows = Suppression.objects.filter(reason__in=FOR_EVER, address_hash=OuterRef(address_hash))
    return Exists(rows)


@transaction.atomic
def suppress(
    *, address_hash: str, newsletter: str, reason: str, now: datetime, source: str = ""
) -> bool:
    """Write down that an address is never written to; "" as newsletter means none at all.

    Whoever came back, or asked to, and leaves again gets a new row; else one row says it all.
    What was asked for by a form before ends with it, so that no old mail brings anybody back.

    Returns:
        True if it was not written down before.
    """
    asked = JoinRequest.objects.filter(address_hash=address_hash).exclude(wording="")
    asked = asked.filter(newsletter=newsletter) if newsletter else asked
    asked_since = asked.update(wording="", details={})
    rows = Suppression.objects.filter(address_hash=address_hash, newsletter=newsletter)
    latest = rows.order_by("-number").annotate(
        outweighed=Exists(Rejoin.objects.filter(suppression=OuterRef("pk")))
    )
    last = latest.first()
    stands = last is not None and not last.outweighed and not outlasts(reason, last.reason)
    # A request that ends here is open in an older backup: only a row of the log can end it there.
    if stands and not asked_since:
        return False
    number = last.number + 1 if last else 1
    # The unique triple decides a race: one writes the row, the others are told that it is there.
    row, created = Suppression.objects.get_or_create(
        address_hash=address_hash,
        newsletter=newsletter,
        number=number,
        defaults={"reason": reason, "source": source, "created_at": now},
    )
    if created:
        keep([row])
    return created


def suppress_unheard(scopes: Mapping[tuple[str, str], str], *, source: str, now: datetime) -> None:
    """Write down many at once that have no row yet, as a list has them; a row there is left alone.

    Args:
        scopes: The reason, by address hash and newsletter ("": all of them).
        source: The way it came.
        now: The time.
    """
    rows = [
        Suppression(
            address_hash=digest, newsletter=newsletter, reason=reason, source=source, created_at=now
        )
        for (digest, newsletter), reason in scopes.items()
    ]
    Suppression.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)
    keep(rows)


def is_graver(reason: str, last: str) -> bool:
    """A complaint after a leaving is written down too: it can never be taken back."""
    return reason in FOR_EVER and last not in FOR_EVER


def outlasts(reason: str, last: str) -> bool:
    """A leaving alone can be taken back, so whatever else ends it is written down beside it."""
    left = Suppression.Reason.UNSUBSCRIBED
    return is_graver(reason, last) or (last == left and reason != left)


@transaction.atomic
def readmit(*, subscriber: Subscriber, newsletter: str, how: str, now: datetime) -> bool:
    """Let a person's own act outweigh every suppression that holds for one newsletter.

    Only a confirmed wish of the person may call this, never a list or a member of staff (D34).

    Returns:
        False, and nothing is written, if a complaint stands: it is for ever (D28).
    """
    rows = standing(newsletter).filter(address_hash=subscriber.address_hash)
    held = list(rows.order_by("pk"))
    if any(row.reason in FOR_EVER for row in held):
        return False
    rejoins = [
        Rejoin(suppression=row, newsletter=newsletter, how=how, created_at=now) for row in held
    ]
    Rejoin.objects.bulk_create(rejoins, ignore_conflicts=True)
    keep(rejoins)
    return True


def take_back(row: Suppression, *, newsletters: list[str], now: datetime) -> None:
    """Let the person who left a moment ago take back this one leaving, and no other."""
    undone = [
        Rejoin(suppression=row, newsletter=newsletter, how=Rejoin.How.UNDONE, created_at=now)
        for newsletter in newsletters
    ]
    Rejoin.objects.bulk_create(undone)
    keep(undone)
