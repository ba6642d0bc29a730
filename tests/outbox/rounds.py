"""One of several processes that start and send the same issues, side by side, week after week (X7).

``python -m tests.outbox.rounds SCHEDULERS WORKERS`` prints what it began and sent, as JSON.
"""

import datetime as dt
import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import django
from django.db import OperationalError, connection


@dataclass
class Crew:
    """Schedulers and workers of one process, a thread each; they meet nowhere but in the tables.

    Attributes:
        begun: The parts whose start one of them has seen as its own.
        taken: What they sent: the part and the address, an entry for each time.
    """

    begun: list[int] = field(default_factory=list)
    taken: list[tuple[int, str]] = field(default_factory=list)

    def run(self, *, schedulers: int, workers: int) -> None:
        """Go through all issues until each is sent."""
        jobs = [self._schedule] * schedulers + [self._work] * workers
        threads = [threading.Thread(target=_each_issue, args=[job]) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _schedule(self, now: dt.datetime) -> None:
        from pipeline.outbox.release import finish, release  # noqa: PLC0415 (Django comes first)

        self.begun.extend(issue.part for issue in release(now=now))
        finish()

    def _work(self, now: dt.datetime) -> None:
        from pipeline.engine.passes import new_owner, send_one  # noqa: PLC0415
        from tests.outbox.channels import ListChannel  # noqa: PLC0415

        channel = ListChannel(batch_size=2)
        try:
            send_one(channel, owner=new_owner(), now=now)
        finally:
            for letter in channel.keys.values():
                part = int(letter.subject.split()[-1])
                self.taken.extend((part, reader.address) for reader in letter.recipients)


def _each_issue(job: Callable[[dt.datetime], None]) -> None:
    """Do a job at the hour of the first issue that is not sent, until there is none."""
    from pipeline.campaigns.calendar import due_at  # noqa: PLC0415
    from pipeline.campaigns.models import Issue  # noqa: PLC0415

    while True:
        issue = Issue.objects.exclude(state=Issue.State.SENT).order_by("part").first()
        if issue is None:
            break
        try:
            job(due_at(issue))
        except OperationalError:  # SQLite was busy for longer than it waits: the next pass comes
            connection.close()
    connection.close()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "pipeline.settings"
    django.setup()
    crew = Crew()
    crew.run(schedulers=int(sys.argv[1]), workers=int(sys.argv[2]))
    sys.stdout.write(json.dumps([crew.begun, crew.taken]))
