"""How often a form may have anybody written to (S16). Everything counted stands in JoinRequest."""

import datetime as dt
import zlib

from django.db import connection
from django.db.models import QuerySet

from pipeline.audience.models import JoinRequest

HOUR, DAY, MONTH = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(days=30)
PER_ADDRESS_AND_DAY = 1
PER_ADDRESS_AND_MONTH = 3
PER_NETWORK_AND_HOUR = 10
# A form that stands in another site's page cannot say when it was opened.
PER_NETWORK_AND_HOUR_UNTIMED = 5

_LOCK = zlib.crc32(b"meridian joining")


def one_at_a_time() -> None:
    """Let no other request be counted until this transaction ends, so that no race passes a limit.

    SQLite has one writer at any time. On PostgreSQL a lock of that name is taken; joining is rare
    and short, so one for all does.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def network_is_full(origin_hash: str, *, timed: bool, now: dt.datetime) -> bool:
    """Whether a network has asked as often as one may in an hour.

    Args:
        origin_hash: The network.
        timed: Whether the form tells when it was opened.
        now: The time.
    """
    most = PER_NETWORK_AND_HOUR if timed else PER_NETWORK_AND_HOUR_UNTIMED
    return _since(now - HOUR).filter(origin_hash=origin_hash).count() >= most


def mailed_this_hour(newsletter: str, *, now: dt.datetime) -> int:
    """How many people were asked to confirm this newsletter in the hour before ``now``."""
    return _since(now - HOUR).filter(newsletter=newsletter, mailed=True).count()


def rests_until(newsletter: str, *, most: int, now: dt.datetime) -> dt.datetime | None:
    """When joining goes on, if a newsletter has had as many requests as an hour may have."""
    mailed = _since(now - HOUR).filter(newsletter=newsletter, mailed=True).order_by("-created_at")
    # The one that must be an hour old before there is a place again.
    oldest = mailed.values_list("created_at", flat=True)[most - 1 : most].first()
    return oldest + HOUR if oldest else None


def may_be_mailed(address_hash: str, *, now: dt.datetime) -> bool:
    """Whether an address has a mail left, whatever newsletter it is about."""
    mailed = _since(now - MONTH).filter(address_hash=address_hash, mailed=True)
    lately = mailed.filter(created_at__gt=now - DAY)
    return lately.count() < PER_ADDRESS_AND_DAY and mailed.count() < PER_ADDRESS_AND_MONTH


def _since(moment: dt.datetime) -> QuerySet[JoinRequest]:
    return JoinRequest.objects.filter(created_at__gt=moment)
