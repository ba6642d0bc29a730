"""A batch whose channel takes one message each: who is under way stands in the database.

The channel hands over all of a message but its end; then, in one commit, it is written down that
the readers before are done with and that this one's message may be going out (``Batch.done`` and
``Batch.in_flight``); then the end leaves. A crash so leaves one reader unsure for each connection:
those before got theirs, those behind did not, and go back into the queue (DESIGN section 5, class
c).

That commit changes one row. What became of the readers is written to theirs when the batch is done,
or, where a crash came before, when it is taken over.
"""

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from django.db import connection, transaction
from django.db.models.functions import Now

from pipeline.errors import RefusedError, SendError
from pipeline.outbox.deliver import (
    LeaseLostError,
    backoff,
    begin,
    deliver,
    move,
    refused,
    settle,
    unsure,
    write,
)
from pipeline.outbox.frozen import (
    deliveries_of,
    frozen_alone,
    letter_of,
    payload_sha256,
    thaw,
)
from pipeline.outbox.letter import Channel, Letter, Step, SteppedChannel
from pipeline.outbox.members import give_back, is_called_off, members, still_wanted
from pipeline.outbox.models import Batch, Delivery

log = logging.getLogger(__name__)

State = Batch.State
# How many seconds a batch goes on before it is asked again whether all of it may.
ASK_EVERY = 2.0
# Fenced (I3), and by hand: it runs once for each message.
_MARK = (
    f"UPDATE {Batch._meta.db_table} SET done = %s, in_flight = %s"  # noqa: S608 (a table's own name)
    " WHERE id = %s AND owner = %s AND epoch = %s AND settled_at IS NULL"
)


def never() -> bool:
    """Nobody asks for an end."""
    return False


def hand_over(
    batch: Batch, channel: Channel, *, now: dt.datetime, stopped: Callable[[], bool] = never
) -> None:
    """Deliver a batch one is the owner of, message by message where its channel goes by them.

    Args:
        batch: A batch just claimed or taken over.
        channel: The channel it was made for.
        now: The time, for backoff.
        stopped: Tells that an end is asked for: then no other message is begun.
    """
    if not isinstance(channel, SteppedChannel):
        deliver(batch, channel, now=now)
        return
    try:
        _Round(batch, channel, letter_of(batch), now=now).run(stopped)
    except LeaseLostError:
        log.warning("batch %s: lease lost, left to its new owner", batch.pk)


class _Round:
    """One pass through those of a batch's readers who wait."""

    def __init__(
        self, batch: Batch, channel: SteppedChannel, letter: Letter, *, now: dt.datetime
    ) -> None:
        self._batch = batch
        self._channel = channel
        self._letter = letter
        self._now = now
        self._accepted: list[int] = []
        self._taken = 0
        self._asked_at = time.monotonic()
        self._places = {reader.delivery: n for n, reader in enumerate(letter.recipients)}

    def run(self, stopped: Callable[[], bool]) -> None:
        """Send until all have been tried, or the channel refuses, or an end is asked for."""
        same = payload_sha256(self._channel, self._letter) == self._batch.payload_sha256
        if not begin(self._batch, self._channel, same=same, in_flight=0, now=self._now):
            return
        claimed = members(self._batch).filter(state=Delivery.State.CLAIMED)
        waiting = set(claimed.values_list("pk", flat=True))
        keep = self._keep_alone if len(waiting) == 1 else self._keep
        # Closed whatever happens: a message whose end has not left is taken back by that.
        with closing(self._channel.steps(self._letter, waiting, stopped=stopped)) as steps:
            for step in steps:
                if stopped() or self._is_unwanted():
                    # Why no more could be begun in a hurry says nothing of later.
                    keep(replace(step, refused=None))
                    return
                if not step.ready:
                    keep(step)
                    return
                self._go_on(step)

    def _is_unwanted(self) -> bool:
        """Whether its issue was stopped, or a reader has left, while it was on its way (I9, X15).

        A slow server takes minutes for what is claimed at once; asked now and then, for it takes a
        moment, and then what was accepted so far is shown, too.
        """
        if time.monotonic() < self._asked_at + ASK_EVERY:
            return False
        self._record()
        self._asked_at = time.monotonic()
        return not still_wanted(self._batch, now=self._now)

    def _record(self, *more: int) -> None:
        accepted = [*self._accepted, *more]
        self._taken += len(accepted)
        self._accepted = []
        move(self._batch, Delivery.State.ACCEPTED, only=accepted, now=self._now)

    def _go_on(self, step: Step) -> None:
        """Commit what a step tells, and that the next messages may be going out."""
        self._accepted += step.accepted
        done = self._places[step.ready[0]]
        in_flight = self._places[step.ready[-1]] - done + 1
        if not step.troubled:
            self._mark(done, in_flight)
            return
        with transaction.atomic():
            self._mark(done, in_flight)
            self._settle_troubled(step)

    @transaction.atomic
    def _keep(self, step: Step) -> None:
        """Commit the last step; whoever was not begun with waits, or goes back into the queue."""
        batch, now = self._batch, self._now
        self._settle_troubled(step)
        self._record(*step.accepted)
        if step.refused is not None:
            self._mark(0, 0)
            refused(batch, step.refused, now=now)
        else:
            if is_called_off(batch):
                move(batch, Delivery.State.CANCELLED, sent_at=None, now=now)
            give_back(batch, now=now)
            settle(batch, state=State.ACCEPTED if self._taken else State.DISSOLVED, now=now)

    @transaction.atomic
    def _keep_alone(self, step: Step) -> None:
        """The same where a batch shares the fate of its one reader."""
        for error in step.troubled.values():
            if not isinstance(error, RefusedError):
                unsure(self._batch, self._channel, reason=str(error), now=self._now)
            else:
                # The channel need not rest for the sake of one reader.
                write(self._batch, in_flight=1)
                refused(self._batch, error, now=self._now)
        if not step.troubled:
            self._keep(step)

    def _settle_troubled(self, step: Step) -> None:
        for number, error in step.troubled.items():
            if not isinstance(error, RefusedError):
                self._move(number, Delivery.State.UNKNOWN, error)
            elif error.final:
                self._move(number, Delivery.State.REFUSED, error)
            else:
                self._put_off(number, error)

    def _move(self, number: int, state: Delivery.State, error: SendError) -> None:
        move(self._batch, state, only=[number], reason=str(error)[:500], now=self._now)

    def _put_off(self, number: int, error: RefusedError) -> None:
        """Give one reader, whom the server will have later, a batch and a wait of their own."""
        batch, key = self._batch, uuid.uuid4().hex
        frozen = frozen_alone(batch.frozen or {}, number)
        wait = error.wait if error.wait is not None else backoff(1)
        made = Batch.objects.create(
            issue=batch.issue,
            language=batch.language,
            arm=batch.arm,
            channel=batch.channel,
            state=State.RETRY,
            key=key,
            owner=batch.owner,
            lease_until=Now(),
            submissions=1,
            first_submit_at=batch.first_submit_at or self._now,
            last_submit_at=self._now,
            retry_at=self._now + wait,
            in_flight=1,
            frozen=frozen,
            serializer=batch.serializer,
            payload_sha256=payload_sha256(self._channel, thaw(key, frozen)),
            reason=str(error)[:500],
            created_at=self._now,
        )
        claimed = members(batch).filter(pk=number, state=Delivery.State.CLAIMED)
        claimed.update(batch=made)

    def _mark(self, done: int, in_flight: int) -> None:
        batch = self._batch
        with connection.cursor() as cursor:
            cursor.execute(_MARK, (done, in_flight, batch.pk, batch.owner, batch.epoch))
            if cursor.rowcount != 1:
                raise LeaseLostError


@transaction.atomic
def unravel(batch: Batch, *, reason: str, now: dt.datetime) -> None:
    """Settle a batch whose sender died on the way: those in flight are unsure, the others not."""
    readers = deliveries_of(batch.frozen or {})
    done, in_flight = batch.done or 0, batch.in_flight or 0
    state, told = (State.UNKNOWN, reason[:500]) if in_flight else (State.DISSOLVED, "")
    settle(batch, state=state, reason=told, now=now)
    # Those who were refused or put off on the way no longer wait in it.
    move(batch, Delivery.State.ACCEPTED, only=readers[:done], now=now)
    unsure_of = readers[done : done + in_flight]
    move(batch, Delivery.State.UNKNOWN, only=unsure_of, reason=told, now=now)
    give_back(batch, now=now)
