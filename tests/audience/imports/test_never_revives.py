"""Whoever left stays out of every list, with every option (D34, L9, promise 4)."""

from itertools import product
from pathlib import Path

import pytest

from pipeline.audience.forgetting import forget
from pipeline.audience.leaving import stop, unsubscribe
from pipeline.audience.models import Subscriber
from pipeline.audience.reach import reachable
from pipeline.audience.suppression import suppress
from tests.audience.imports.lists import bring_in, counted, everything, put
from tests.factories import NOW, subscriber

pytestmark = pytest.mark.database

BASES = (("express", ""), ("existing", ""), ("implied", "2030-01-01"))
HEADERS = {
    "email,name": ",Ana",
    "email,status": ",subscribed",
    "email,subscribed": ",true",
    "email,email_disabled": ",false",
    "email,status,unsub_time": ",active,",
}


@pytest.fixture(autouse=True)
def _database(database: str) -> None:
    """Each test has a database of its own."""


def leave(how: str, ana: Subscriber) -> None:
    """One way to leave."""
    key = ana.address_hash
    match how:
        case "left":
            unsubscribe(subscriber_id=ana.pk, newsletter="weekly", now=NOW)
        case "left all":
            unsubscribe(subscriber_id=ana.pk, newsletter="", now=NOW)
        case "complained" | "bounced":
            suppress(address_hash=key, newsletter="", reason=how, now=NOW)
        case "stopped":
            stop(address=ana.address, newsletter="", actor="Kim", now=NOW)
        case "forgotten":
            forget(subscriber_id=ana.pk, actor="Kim", now=NOW)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "how", ["left", "left all", "complained", "bounced", "stopped", "forgotten"]
)
def test_who_left_stays_out_d34(tmp_path: Path, how: str) -> None:
    leave(how, subscriber("ana@example.com"))
    before = everything()
    for (basis, until), update, (header, cells) in product(BASES, (False, True), HEADERS.items()):
        path = put(tmp_path, f"ANA@Example.com{cells}", header=header)
        result = bring_in(path, basis=basis, until=until, update=update)
        assert counted(result) == {"suppressed": 1}
        assert everything() == before
        assert not reachable("weekly", now=NOW).exists()


def test_who_was_never_here_but_is_suppressed(tmp_path: Path) -> None:
    stop(address="ana@example.com", newsletter="", actor="Kim", now=NOW)
    assert counted(bring_in(put(tmp_path, "ana@example.com,Ana"))) == {"suppressed": 1}
    assert not Subscriber.objects.exists()


def test_who_left_another_newsletter_may_join_this_one(tmp_path: Path) -> None:
    ana = subscriber("ana@example.com", newsletter="monthly")
    unsubscribe(subscriber_id=ana.pk, newsletter="monthly", now=NOW)
    assert counted(bring_in(put(tmp_path, "ana@example.com,Ana"))) == {"added": 1}
