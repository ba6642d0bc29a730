"""Whether the time of the form's answer tells what is known of an address (S18).

Requests for addresses of every kind are sent in turn, 200 of each, through the whole of Django with
a SQLite database of its own; medians are compared. It writes benchmarks/joining.md.
"""

import datetime as dt
import os
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

CHECKOUT = Path(__file__).parents[1]
REPORT = CHECKOUT / "benchmarks" / "joining.md"
PAIRS = 200
BOUND = 5.0

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "pipeline.settings",
    "MERIDIAN_HOME": tempfile.mkdtemp(prefix="meridian-joining-"),
    "MERIDIAN_SIGNING_KEYS": "a-signing-key-for-benchmarks-long-enough",
    "MERIDIAN_ADDRESS_KEY": "an-address-key-for-benchmarks-long-enough",
}

import django  # noqa: E402

(Path(os.environ["MERIDIAN_HOME"]) / ".meridian").mkdir()
django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.machine import machine  # noqa: E402
from pipeline.audience.joining import Reader, subscribe  # noqa: E402
from pipeline.audience.keys import address_hash  # noqa: E402
from pipeline.audience.leaving import unsubscribe  # noqa: E402
from pipeline.audience.models import Subscriber  # noqa: E402
from pipeline.audience.suppression import suppress  # noqa: E402
from pipeline.campaigns.models import ConfigurationRevision  # noqa: E402
from pipeline.web.public.forms import Shown  # noqa: E402

NOW = dt.datetime.now(dt.UTC)
KINDS = ("new", "pending", "on the list", "left", "bounced", "complained")


def address(kind: str, number: int) -> str:
    """One address of a kind."""
    return f"{kind.replace(' ', '-')}-{number}@example.com"


def prepare() -> None:
    """A newsletter, and people of every kind."""
    call_command("migrate", verbosity=0)
    content = (CHECKOUT / "content" / "clinic.toml").read_text("utf-8")
    content = content.replace('key = "weekly"', 'key = "weekly"\njoins_per_hour = 100000')
    ConfigurationRevision.objects.create(sha256="0" * 64, content=content.encode(), created_at=NOW)
    for kind in KINDS[2:]:
        readers = [Reader(address=address(kind, number)) for number in range(PAIRS)]
        subscribe(readers, newsletter="weekly", basis="express", source="benchmark", now=NOW)
    for person in Subscriber.objects.filter(address__startswith="left"):
        unsubscribe(subscriber_id=person.pk, newsletter="weekly", now=NOW)
    for reason in ("bounced", "complained"):
        for number in range(PAIRS):
            key = address_hash(address(reason, number))
            suppress(address_hash=key, newsletter="", reason=reason, now=NOW)
    for number in range(PAIRS):
        post(address("pending", number), number)


def post(to: str, number: int) -> tuple[float, int, int]:
    """Milliseconds, status and length of one answer, from a network of its own."""
    opened = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)
    form = Shown(newsletter="weekly", language="en", wording="I ask for it.", opened_at=opened)
    body = urlencode({"address": to, "form": form.token()}).encode()
    client = Client(SERVER_NAME="127.0.0.1", REMOTE_ADDR=f"10.{number // 250}.{number % 250}.1")
    began = time.perf_counter()
    answer = client.generic("POST", "/subscribe/weekly", body, "application/x-www-form-urlencoded")
    spent = (time.perf_counter() - began) * 1000
    return spent, answer.status_code, len(answer.content)


def main() -> None:
    """Measure and write the report."""
    prepare()
    spent: dict[str, list[float]] = {kind: [] for kind in KINDS}
    answers = set()
    for number in range(PAIRS):
        # In turn, and each kind first as often as any other.
        turn = number % len(KINDS)
        for place, kind in enumerate(KINDS[turn:] + KINDS[:turn]):
            took, *answer = post(address(kind, number), 1000 + number * len(KINDS) + place)
            spent[kind].append(took)
            answers.add(tuple(answer))
    assert len(answers) == 1, answers
    medians = {kind: statistics.median(times) for kind, times in spent.items()}
    rows = [
        f"| {kind} | {median:.2f} | {median - medians['new']:+.2f} |"
        for kind, median in medians.items()
    ]
    apart = max(medians.values()) - min(medians.values())
    REPORT.write_text(
        "# Does the form tell who is on the list?\n\n"
        f"`make bench-joining`: {PAIRS} requests for addresses of each kind, in turn; medians in"
        f" milliseconds. {machine()}, SQLite.\n\n"
        "| the address is | median | against a new one |\n|---|---|---|\n"
        + "\n".join(rows)
        + f"\n\nThe farthest two are {apart:.2f} ms apart; the bound is {BOUND:.0f} ms. All answers"
        " had the same status and length.\n",
        "utf-8",
    )
    print(REPORT.read_text("utf-8"))


if __name__ == "__main__":
    main()
