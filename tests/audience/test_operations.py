"""Whatever happens in whatever order, nobody who is suppressed is written to (D9, D28, D34, L10).

Random operations run against a model that knows only what people did. ``OPERATIONS=100000`` runs
so many of them, each time others; without it the same few run each time.
"""

import datetime as dt
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from pipeline.audience.complaints import bounce, complain
from pipeline.audience.confirming import Standing
from pipeline.audience.forgetting import forget
from pipeline.audience.joining import Reader, subscribe
from pipeline.audience.keys import address_hash
from pipeline.audience.leaving import unsubscribe
from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.purging import purge
from pipeline.audience.reach import reachable
from pipeline.audience.suppression_log import path, replay
from pipeline.audience.tokens import ConfirmLink
from pipeline.campaigns.models import Issue
from pipeline.outbox.claim import claim
from pipeline.outbox.frozen import letter_of
from pipeline.outbox.members import members, still_wanted
from pipeline.outbox.models import Batch
from pipeline.outbox.release import release
from tests import factories
from tests.audience.forms import links, press, send, wish
from tests.copies import Copies
from tests.factories import NOW
from tests.outbox.channels import ListChannel

log = logging.getLogger(__name__)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

NEWSLETTERS = ("weekly", "monthly")
PEOPLE = tuple(
    f"{name}@example.com" for name in ("ana", "ben", "chu", "dov", "eve", "fay", "gil", "han")
)
DAY, MINUTE, WEEK = dt.timedelta(days=1), dt.timedelta(minutes=1), dt.timedelta(days=7)
STEPS = 100
# Copying a whole database takes PostgreSQL much longer.
FEW = {"sqlite": 1000, "postgresql": 500}

somebody, newsletter = st.sampled_from(PEOPLE), st.sampled_from(NEWSLETTERS)

Tie = tuple[str, str]


class Model:
    """What people did, and what follows for who may be written to; it asks no table."""

    def __init__(self) -> None:
        self.barred: set[Tie] = set()
        self.complained: set[str] = set()
        self.barred_at: dict[Tie, dt.datetime] = {}
        self.asked: dict[ConfirmLink, tuple[str, str, dt.datetime]] = {}
        self.returned: dict[str, dict[str, dt.datetime]] = {}

    def bar(self, address: str, left: str, now: dt.datetime) -> None:
        """An address is never written to by one newsletter, or by any ("")."""
        for key in NEWSLETTERS:
            if left in {"", key}:
                self.barred.add((address, key))
                self.barred_at[address, key] = now

    def works(self, link: ConfirmLink, now: dt.datetime) -> bool:
        """Whether a link may still bring somebody onto the list."""
        address, key, asked_at = self.asked[link]
        barred_at = self.barred_at.get((address, key))
        ended = barred_at is not None and barred_at > asked_at
        return not ended and address not in self.complained and now < asked_at + WEEK

    def came_back(self, address: str, mailing: str, now: dt.datetime) -> bool:
        """Count a full mailbox; true of the one that is one too many."""
        times = self.returned.setdefault(address, {})
        times.setdefault(mailing, now)
        return len(times) >= 3 and max(times.values()) - min(times.values()) >= 14 * DAY


class Operations(RuleBasedStateMachine):
    """Everything that can happen to eight people and two newsletters."""

    copies: Copies
    done = 0
    confirmed = 0
    written = 0

    @initialize()
    def begin(self) -> None:
        """An empty home."""
        self.copies.begin()
        path().unlink(missing_ok=True)
        self.now, self.model, self.issues = NOW, Model(), 0
        self.kept: dict[str, dict[str, dt.datetime]] | None = None
        self.read_everybody()

    def read_everybody(self) -> None:
        """Half of the people are on a list from the beginning."""
        readers = [Reader(address=address) for address in PEOPLE[:4]]
        subscribe(readers, newsletter="weekly", basis="express", source="list.csv", now=self.now)

    def tick(self, *, days: int = 0) -> dt.datetime:
        """Later: no two operations at the same moment."""
        type(self).done += 1
        self.now += days * DAY + MINUTE
        return self.now

    def person(self, address: str) -> Subscriber | None:
        """Whom the links in somebody's mails name."""
        return Subscriber.objects.filter(address_hash=address_hash(address)).first()

    @rule(days=st.integers(1, 12))
    def wait(self, days: int) -> None:
        """Nothing happens for some days."""
        self.tick(days=days)

    @rule(address=somebody, key=newsletter, confirms=st.booleans())
    def ask(self, address: str, key: str, confirms: bool) -> None:
        """Somebody, perhaps another, sends a form; the link is used at once, later, or never."""
        now, before = self.tick(days=1), set(links())
        send(wish(address, newsletter=key), network=f"network of {now}", now=now)
        for link in set(links()) - before:
            self.model.asked[link] = (address, key, now)
            if confirms:
                self.use(link, now=self.tick())

    @rule(place=st.integers(0, 3), days=st.integers(0, 4))
    def use_link(self, place: int, days: int) -> None:
        """Somebody uses the link of a late or an old mail."""
        now = self.tick(days=days)
        sent = [link for link in reversed(links()) if link in self.model.asked]
        for link in sent[place : place + 1]:
            self.use(link, now=now)

    def use(self, link: ConfirmLink, *, now: dt.datetime) -> None:
        """Only a link that works ends what bars somebody; and it does."""
        works = self.model.works(link, now)
        standing = press(link, now=now)
        if works:
            address, key, _ = self.model.asked[link]
            self.model.barred.discard((address, key))
            assert standing == Standing.JOINED
            assert self.is_on_list(address, key)
            type(self).confirmed += 1

    def is_on_list(self, address: str, key: str) -> bool:
        """Whether an issue would go there, now or after a pause."""
        tie = Subscription.objects.get(subscriber__address=address, newsletter=key)
        later = max(self.now, tie.paused_until or self.now)
        return reachable(key, now=later).filter(pk=tie.pk).exists()

    @rule(people=st.sets(somebody, min_size=1), key=newsletter)
    def read_list(self, people: set[str], key: str) -> None:
        """A list brings people in, as an import does."""
        readers = [Reader(address=address) for address in sorted(people)]
        subscribe(readers, newsletter=key, basis="express", source="list.csv", now=self.tick())

    @rule(address=somebody, left=st.sampled_from((*NEWSLETTERS, "")))
    def leave(self, address: str, left: str) -> None:
        """Somebody uses the link of any mail they ever had."""
        now, person = self.tick(), self.person(address)
        if person is not None:
            unsubscribe(subscriber_id=person.pk, newsletter=left, now=now)
            self.model.bar(address, left, now)

    @rule(address=somebody)
    def call_spam(self, address: str) -> None:
        """The provider tells of a complaint."""
        now = self.tick()
        # Rarely, for it ends what can happen to an address.
        if now.minute % 4 == 0:
            complain(address_hash=address_hash(address), now=now)
            self.model.complained.add(address)
            self.model.bar(address, "", now)

    @rule(address=somebody, code=st.sampled_from(["5.2.2", "4.2.2", "5.7.1", "5.1.1"]))
    def come_back(self, address: str, code: str) -> None:
        """The provider tells that a mail came back."""
        now, mailing = self.tick(), f"issue {self.issues}"
        known = self.person(address) is not None
        bounce(address_hash=address_hash(address), code=code, mailing=mailing, now=now)
        full = code in {"5.2.2", "4.2.2"} and known
        if code == "5.1.1" or (full and self.model.came_back(address, mailing, now)):
            self.model.bar(address, "", now)
            self.model.returned.pop(address, None)

    @rule(address=somebody, key=newsletter, days=st.integers(1, 90))
    def pause(self, address: str, key: str, days: int) -> None:
        """Somebody wants nothing for a while."""
        until = self.tick() + days * DAY
        mine = Subscription.objects.filter(subscriber__address=address, newsletter=key)
        mine.update(paused_until=until)

    @rule(address=somebody)
    def be_forgotten(self, address: str) -> None:
        """Somebody is erased."""
        now, person = self.tick(), self.person(address)
        if person is not None and forget(subscriber_id=person.pk, actor="subscriber", now=now):
            self.model.bar(address, "", now)
            self.model.returned.pop(address, None)

    @rule()
    def clean_up(self) -> None:
        """The bell rings: what has had its time goes."""
        there = {address for address in PEOPLE if self.person(address)}
        purge(now=self.tick())
        for address in there:
            if self.person(address) is None:
                self.model.returned.pop(address, None)

    @rule()
    def back_up(self) -> None:
        """The whole database is copied."""
        self.tick()
        self.copies.keep()
        self.kept = {address: dict(times) for address, times in self.model.returned.items()}

    @rule()
    def restore(self) -> None:
        """The copy takes its place, and the log outside it is replayed (L10)."""
        self.tick()
        if self.kept is not None:
            self.copies.restore()
            if path().exists():
                replay(path())
            # What came back since is forgotten with the rest of that time; who left is not.
            self.model.returned = {address: dict(times) for address, times in self.kept.items()}

    @rule(key=newsletter, days=st.integers(0, 9), batches=st.integers(0, 4))
    def write(self, key: str, days: int, batches: int) -> None:
        """An issue is due, and the queue begins with it."""
        now = self.tick(days=days)
        self.issues += 1
        factories.issue(
            part=self.issues,
            of=self.issues,
            article=f"{key}-letters",
            newsletter=key,
            state=Issue.State.SCHEDULED,
            now=now,
        )
        release(now=now)
        for _ in range(batches):
            self.hand_over_one()

    @rule()
    def hand_over(self) -> None:
        """The queue makes a batch: its letters are what would be sent."""
        self.hand_over_one()

    def hand_over_one(self) -> None:
        """Make a batch, and look into it."""
        batch = claim(ListChannel(batch_size=2), owner="a", now=self.tick())
        if batch is not None and batch.issue is not None:
            for recipient in letter_of(batch).recipients:
                assert (recipient.address, batch.issue.newsletter) not in self.model.barred
                type(self).written += 1

    @invariant()
    def nobody_who_is_barred_is_in_an_audience(self) -> None:
        """Of all people, at any time to come."""
        for key in NEWSLETTERS:
            # Whoever pauses is written to when it ends.
            for now in (self.now, self.now + 100 * DAY):
                rows = reachable(key, now=now).values_list("subscriber__address", flat=True)
                assert not {(address, key) for address in rows} & self.model.barred

    @invariant()
    def no_batch_that_holds_one_would_still_go_out(self) -> None:
        """Who leaves after the batch is made stops it (I9)."""
        for batch in Batch.objects.filter(state=Batch.State.CLAIMED, issue__isnull=False):
            assert batch.issue is not None
            held = members(batch).values_list("subscriber__address_hash", flat=True)
            barred = {
                address_hash(address)
                for address, key in self.model.barred
                if key == batch.issue.newsletter
            }
            assert not (barred & set(held) and still_wanted(batch, now=self.now))


@contextmanager
def home(folder: Path, template: str, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A home for the suppression log, and a place for backups."""
    patch.setattr(django_settings, "MERIDIAN_HOME", folder)
    Operations.copies = Copies(template)
    Operations.done = Operations.confirmed = Operations.written = 0
    try:
        yield
    finally:
        Operations.copies.close()


def test_no_order_of_operations_writes_to_who_is_suppressed(
    template_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bar: D9, D28, D29, D34, L10 in any order."""
    asked = int(os.environ.get("OPERATIONS") or 0)
    most = settings(
        max_examples=max(1, (asked or FEW[connection.vendor]) // STEPS),
        stateful_step_count=STEPS,
        derandomize=not asked,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    with home(tmp_path, template_database, monkeypatch):
        run_state_machine_as_test(Operations, settings=most)
    counts = (Operations.done, Operations.confirmed, Operations.written)
    log.info("%s operations: %s confirmed, %s written to", *counts)
    # A run in which nobody ever comes back would prove nothing.
    assert Operations.confirmed > 0
    assert Operations.written > 0
