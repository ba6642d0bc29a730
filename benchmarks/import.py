"""How fast lists are read in, and in how much memory: ``import.py`` writes benchmarks/import.md.

Every measurement is one ``meridian subscribers import`` in a process of its own, with every check
on and a report of every row. Both databases are measured, as durable as they run; PostgreSQL is
started as the tests start it. Sizes may be given: ``import.py 10000 50000``.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from benchmarks.home import CHECKOUT, PAUSE, Home
from benchmarks.machine import machine
from tests.postgres import Server

REPORT = CHECKOUT / "benchmarks" / "import.md"
SIZES = (100_000, 1_000_000)
UNDER_WAY = "SELECT count(*) FROM pipeline_import WHERE finished_at IS NULL"
HEADER = "email,name,language,time_zone\n"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One import: rows, seconds on the clock and of processors, the machine's load, peak memory.

    Attributes:
        cpu: Seconds of Meridian's own processor time.
        server: Seconds of PostgreSQL's.
        peak: Of Meridian alone, in MiB.
    """

    database: str
    what: str
    rows: int
    seconds: float
    cpu: float
    server: float
    load: float
    peak: int


def rows(count: int, *, first: int = 0) -> Iterator[str]:
    """People as lists have them: one in a hundred twice, one in a hundred no address."""
    for number in range(first, first + count):
        if number % 100 == 99:
            yield f"reader {number},Nobody,,\n"
            continue
        person = number - 1 if number % 100 == 50 else number
        language = ("en", "es", "ko")[number % 3]
        name = ("Ana Ruiz", "Benjamin Okafor", "김민준")[number % 3]
        address = f"reader-{person}.{person * 7919 % 99991}@mail{person % 977}.example.com"
        yield f"{address},{name},{language},Asia/Seoul\n"


def list_of(home: Home, count: int, *, first: int = 0) -> Path:
    """A list of so many people."""
    path = home.folder / f"list-{first}-{count}.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER)
        stream.writelines(rows(count, first=first))
    return path


def measured(home: Home, path: Path, *, count: int, what: str) -> Run:
    """Read a list in, in a process of its own."""
    by = ["--newsletter", "weekly", "--basis", "express", "--by", "Benchmark", "--json"]
    before, begun = home.server_time(), time.perf_counter()
    told, peak, cpu = home.run("subscribers", "import", str(path), *by)
    seconds = time.perf_counter() - begun
    assert json.loads(told)["rows"] == count
    run = Run(
        database=home.kind,
        what=what,
        rows=count,
        seconds=seconds,
        cpu=cpu,
        server=home.server_time() - before,
        load=os.getloadavg()[0],
        peak=peak,
    )
    print(run, flush=True)
    return run


def runs(home: Home, sizes: tuple[int, ...]) -> Iterator[Run]:
    """Lists of each size into an empty database, and the first of them once more."""
    for size in sizes:
        home.fresh()
        path = list_of(home, size)
        yield measured(home, path, count=size, what="new people")
        if size == sizes[0]:
            yield measured(home, path, count=size, what="the same list again")


def kept_waiting(home: Home, sizes: tuple[int, ...]) -> str:
    """How long others wait while a list goes in beside the longest; a row of the table."""
    path = list_of(home, sizes[0], first=sizes[-1])
    with home.another_writer(UNDER_WAY) as waits:
        measured(home, path, count=sizes[0], what="beside another writer")
    parts = quantiles(waits, n=100, method="inclusive")
    told = " | ".join(f"{seconds * 1000:.0f}" for seconds in (parts[49], parts[98], max(waits)))
    return f"| {home.kind} | {len(waits)} | {told} |"


def table(found: list[Run]) -> str:
    """The figures, as Markdown."""
    head = (
        "| database | list | rows | seconds | rows/s | load | µs of processor per row"
        " | and of the server | rows per second of Meridian's processor | peak MiB |"
    )
    lines = [
        head,
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for run in found:
        server = f"{run.server / run.rows * 1e6:.0f}" if run.server else ""
        lines.append(
            f"| {run.database} | {run.what} | {run.rows:,} | {run.seconds:.1f} | "
            f"{run.rows / run.seconds:,.0f} | {run.load:.1f} | {run.cpu / run.rows * 1e6:.0f} | "
            f"{server} | {run.rows / run.cpu:,.0f} | {run.peak} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the report."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    found: list[Run] = []
    waits: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(durable=True)
        try:
            for url in (f"sqlite:///{folder}/.meridian/meridian.sqlite3", server.url):
                home = Home(folder, url)
                found += runs(home, sizes)
                waits.append(kept_waiting(home, sizes))
        finally:
            server.stop()
    text = TEXT.format(
        machine=machine(),
        table=table(found),
        waits="\n".join(waits),
        small=f"{sizes[0]:,}",
        large=f"{sizes[-1]:,}",
    )
    REPORT.write_text(text, "utf-8")


TEXT = """\
# Reading lists in

`make bench-import` writes this page anew. A list of so many people, one in a hundred of them twice
and one in a hundred no address, is read by `meridian subscribers import` into an empty database:
letters and separators found out, each address normalised and hashed, offices, slips and patients'
data refused, suppressions asked, consent, subscription and the way back written, and a report of
every row. The time is that of the whole command, with its start and the first walk through the
list. Every commit is durable: SQLite with `synchronous=FULL`, PostgreSQL with `fsync`.

{machine}.

{table}

Load is how many processes wanted a processor at the end of a run, its own among them. Where it is
above the number of processors, the seconds tell of the neighbours more than of the import; what a
row costs is told by the time of the processor. Peak memory is that of the command: it does not grow
with the list.

For comparison: listmonk's importer was measured at 1,000,000 rows in 243 s (4,119 rows/s) and
296 MiB, on another day.

## How long others wait

Another process does a small act every {pause} ms while {small} people go in beside the {large}
that are there. How long the act takes, in milliseconds:

| database | acts | median | 99 % are below | longest |
|---|--:|--:|--:|--:|
{waits}
""".replace("{pause}", f"{PAUSE * 1000:.0f}")


if __name__ == "__main__":
    main()
