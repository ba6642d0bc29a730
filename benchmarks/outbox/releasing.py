"""Run as a program: queue what is due, and print the seconds and those of the processor."""

import datetime as dt
import json
import time

import django

django.setup()

from pipeline.outbox.models import Delivery  # noqa: E402
from pipeline.outbox.release import release  # noqa: E402


def main() -> None:
    """Queue, as a tick does."""
    begun, cpu = time.perf_counter(), time.process_time()
    (issue,) = release(now=dt.datetime.now(dt.UTC))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    queued = Delivery.objects.filter(issue=issue).count()
    print(json.dumps({"seconds": seconds, "cpu": cpu, "queued": queued}))


if __name__ == "__main__":
    main()
