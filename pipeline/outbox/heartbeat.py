"""The heartbeat of a sender: its leases last while it lives, however slow an answer is (I4)."""

import threading
from types import TracebackType

from django.db import OperationalError, connection

from pipeline.outbox.claim import lease, lease_length
from pipeline.outbox.letter import Channel
from pipeline.outbox.models import Batch


class Heartbeat:
    """Renews the leases of one owner every third of a lease, on a thread of its own."""

    def __init__(self, channel: Channel, *, owner: str) -> None:
        self._channel = channel
        self._owner = owner
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.wait(lease_length(self._channel).total_seconds() / 3):
                self.beat()
        finally:
            connection.close()

    def beat(self) -> None:
        """Renew every lease of the owner once."""
        mine = Batch.objects.filter(
            owner=self._owner, state__in=[Batch.State.CLAIMED, Batch.State.SUBMITTING]
        )
        try:
            mine.filter(settled_at__isnull=True).update(lease_until=lease(self._channel))
        except OperationalError:
            # The next beat comes before the lease ends; a database that stays away ends it rightly.
            connection.close()
