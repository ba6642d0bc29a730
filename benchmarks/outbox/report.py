"""What the queue costs and how fast it is: ``report.py`` writes benchmarks/outbox.md.

An issue of 34 kB for so many readers is queued, and handed over to a mail API on loopback that
takes everything at once (sink.py), by ``meridian send`` in a process of its own. Sizes may be
given: ``report.py 10000 100000``.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from benchmarks.home import CHECKOUT, PAUSE, Home
from benchmarks.machine import machine
from tests.postgres import Server

REPORT = CHECKOUT / "benchmarks" / "outbox.md"
SIZES = (10_000, 100_000, 1_000_000)
QUEUEING = "SELECT count(*) FROM pipeline_issue WHERE state = 'releasing'"
SENDING = "SELECT count(*) FROM pipeline_issue WHERE state = 'sending'"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One issue, queued and sent.

    Attributes:
        queued_in: Seconds until every delivery stood in the queue.
        queued_cpu: Seconds of the processor for it, the server's among them.
        sent_in: Seconds of the whole ``meridian send``.
        cpu: Seconds of its processor, its start among them.
        server: Seconds of PostgreSQL's.
        peak: MiB of memory of the sender at most.
        queueing: How long a small act of others took meanwhile: median, 99 %, longest, in ms.
        sending: The same while it was sent.
    """

    database: str
    readers: int
    queued_in: float
    queued_cpu: float
    sent_in: float
    cpu: float
    server: float
    load: float
    peak: int
    queueing: str
    sending: str


@contextmanager
def sink(latency: float = 0.0) -> Iterator[str]:
    """A mail API in a process of its own; its address."""
    program = [sys.executable, "benchmarks/outbox/sink.py", str(latency)]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v3"
    finally:
        process.terminate()
        process.wait()


def measured(home: Home, readers: int) -> Run:
    """Queue and send one issue in an empty database."""
    home.fresh()
    home.program("benchmarks/outbox/town.py", str(readers))
    before = home.server_time()
    with home.another_writer(QUEUEING) as queueing:
        queued = json.loads(home.program("benchmarks/outbox/releasing.py"))
    assert queued["queued"] == readers
    between = home.server_time()
    with sink() as url, home.another_writer(SENDING) as sending:
        home.env["ANYMAIL_MAILGUN_API_URL"] = url
        begun = time.perf_counter()
        _, peak, cpu = home.run("send", "--until-empty")
        seconds = time.perf_counter() - begun
    server = home.server_time() - between
    told = json.loads(home.run("outbox", "--json")[0])
    assert sum(issue.get("sent", 0) for issue in told) == readers, told
    run = Run(
        database=home.kind,
        readers=readers,
        queued_in=queued["seconds"],
        queued_cpu=queued["cpu"] + between - before,
        sent_in=seconds,
        cpu=cpu,
        server=server,
        load=os.getloadavg()[0],
        peak=peak,
        queueing=waits(queueing),
        sending=waits(sending),
    )
    print(run, flush=True)
    return run


def waits(seconds: list[float]) -> str:
    """Median, 99 % and longest of some waits, in milliseconds."""
    if len(seconds) < 2:
        return ""
    parts = quantiles(seconds, n=100, method="inclusive")
    return " / ".join(f"{each * 1000:.0f}" for each in (parts[49], parts[98], max(seconds)))


def table(runs: list[Run]) -> str:
    """The figures, as Markdown."""
    head = (
        "| database | readers | queued in s | readers/s queued | sent in s | readers/s sent"
        " | readers per second of processor | µs a reader: sender, server | peak MiB | load |"
    )
    lines = [head, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for run in runs:
        each = 1e6 / run.readers
        server = f", {run.server * each:.0f}" if run.server else ""
        lines.append(
            f"| {run.database} | {run.readers:,} | {run.queued_in:.1f} | "
            f"{run.readers / run.queued_in:,.0f} | {run.sent_in:.1f} | "
            f"{run.readers / run.sent_in:,.0f} | {run.readers / (run.cpu + run.server):,.0f} | "
            f"{run.cpu * each:.0f}{server} | {run.peak} | {run.load:.1f} |"
        )
    return "\n".join(lines)


def others(runs: list[Run]) -> str:
    """How long others wait, as Markdown."""
    lines = ["| database | readers | while queueing | while sending |", "|---|--:|--:|--:|"]
    lines += [
        f"| {run.database} | {run.readers:,} | {run.queueing} | {run.sending} |" for run in runs
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the report."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    runs: list[Run] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(durable=True)
        try:
            for url in (f"sqlite:///{folder}/.meridian/meridian.sqlite3", server.url):
                home = Home(folder, url, demo=False)
                home.env |= {
                    "MERIDIAN_URL": "https://letters.example.com",
                    "MERIDIAN_MAIL_API": "mailgun",
                    "ANYMAIL_MAILGUN_API_KEY": "key-of-a-benchmark",
                    "ANYMAIL_MAILGUN_SENDER_DOMAIN": "mg.example.com",
                }
                runs += [measured(home, size) for size in sizes]
        finally:
            server.stop()
    text = TEXT.format(machine=machine(), table=table(runs), others=others(runs))
    REPORT.write_text(text, "utf-8")


TEXT = """\
# Sending

`make bench-outbox` writes this page anew. An approved issue of 34 kB, with the first name and three
links of each reader in it, is queued for so many readers and handed over to a mail API on loopback
that speaks as Mailgun does, takes a thousand readers a call and answers at once. The sender is one
`meridian send --until-empty`, its start among its time; the API has the machine's other processor.
Every commit is durable: SQLite with `synchronous=FULL`, PostgreSQL with `fsync`. Each claim asks
for every reader whether they are written to, had a letter this week, or pause; each batch is
frozen, hashed and committed before its call.

{machine}.

{table}

Load is how many processes wanted a processor at the end of a run, its own among them. What a reader
costs is told by the time of the processor: of the sender, and of PostgreSQL's processes.

For comparison, measured on another day on such a machine: listmonk 6.2 by SMTP 2,080 readers per
second of processor, a loop over Anymail's Mailgun backend about 9,900.

## How long others wait

Another process does a small act every {pause} ms meanwhile: median, 99 %, longest, in milliseconds.

{others}
""".replace("{pause}", f"{PAUSE * 1000:.0f}")


if __name__ == "__main__":
    main()
