"""How fast lists are read in, and in how much memory: ``import.py`` writes benchmarks/import.md.

Every measurement is one ``meridian subscribers import`` in a process of its own, with every check
on and a report of every row. Both databases are measured, as durable as they run; PostgreSQL is
started as the tests start it. Sizes may be given: ``import.py 10000 50000``.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import psycopg

from benchmarks.machine import machine
from tests.postgres import Server

CHECKOUT = Path(__file__).parents[1]
REPORT = CHECKOUT / "benchmarks" / "import.md"
SIZES = (100_000, 1_000_000)
HEADER = "email,name,language,time_zone\n"
# The child tells its own peak: what getrusage says of children begins with that of their parent.
CHILD = """
import sys, time
from pathlib import Path
from pipeline.management import front
status = front.run(sys.argv[1:])
told = Path("/proc/self/status").read_text()
peak = int(told.partition("VmHWM:")[2].split()[0]) // 1024
print(peak, time.process_time(), file=sys.stderr)
sys.exit(status)
"""
# Another who writes at the same time: a small act, as the studio has many.
ACT = (
    "INSERT INTO pipeline_segment (name, newsletter, definition, created_at, changed_at)"
    " VALUES ('{name}', 'other', '{{}}', '2026-01-01', '2026-01-01')"
)
PAUSE = 0.02


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


class Bench:
    """One database, and the home that works on it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.kind = "PostgreSQL" if url.startswith("postgres") else "SQLite"
        paths = {"MERIDIAN_HOME": str(folder), "DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)}
        self.env = {**os.environ, **paths}

    def fresh(self) -> None:
        """Make the database empty, and migrate it."""
        for path in (self.folder / ".meridian").glob("meridian.sqlite3*"):
            path.unlink()
        if self.kind == "PostgreSQL":
            with psycopg.connect(self.url, autocommit=True) as admin:
                admin.execute("DROP SCHEMA public CASCADE")
                admin.execute("CREATE SCHEMA public")
        code = "from pipeline.management import front; front.run(['migrate'])"
        subprocess.run([sys.executable, "-c", code], env=self.env, check=True, capture_output=True)

    def list_of(self, count: int, *, first: int = 0) -> Path:
        """A list of so many people."""
        path = self.folder / f"list-{first}-{count}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write(HEADER)
            stream.writelines(rows(count, first=first))
        return path

    def measured(self, path: Path, *, count: int, what: str) -> Run:
        """Read a list in, in a process of its own."""
        by = ["--newsletter", "weekly", "--basis", "express", "--by", "Benchmark", "--json"]
        command = [sys.executable, "-c", CHILD, "subscribers", "import", str(path), *by]
        before, begun = self._server_time(), time.perf_counter()
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=True)
        seconds = time.perf_counter() - begun
        assert json.loads(done.stdout)["rows"] == count
        peak, cpu = done.stderr.split()[-2:]
        run = Run(
            database=self.kind,
            what=what,
            rows=count,
            seconds=seconds,
            cpu=float(cpu),
            server=self._server_time() - before,
            load=os.getloadavg()[0],
            peak=int(peak),
        )
        print(run, flush=True)
        return run

    def _server_time(self) -> float:
        """Processor seconds of the server so far: of its processes, and of those that ended."""
        if self.kind == "SQLite":
            return 0.0
        with psycopg.connect(self.url) as admin:
            told = admin.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
        assert told is not None
        server = told[0].split()[0]
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                values = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if path.parent.name == server:
                ticks += sum(map(int, values[11:15]))
            elif values[1] == server:
                ticks += sum(map(int, values[11:13]))
        return ticks / os.sysconf("SC_CLK_TCK")

    @contextmanager
    def another_writer(self) -> Iterator[list[float]]:
        """How long each act of somebody else takes meanwhile, in seconds."""
        waits: list[float] = []
        ended = threading.Event()
        thread = threading.Thread(target=self._write, args=(ended, waits))
        thread.start()
        try:
            yield waits
        finally:
            ended.set()
            thread.join()

    def _write(self, ended: threading.Event, waits: list[float]) -> None:
        connection = self._connected()
        waiting = "SELECT count(*) FROM pipeline_import WHERE finished_at IS NULL"
        while not ended.wait(PAUSE):
            if not connection.execute(waiting).fetchone()[0]:
                continue
            begun = time.perf_counter()
            connection.execute(ACT.format(name=f"{self.kind} {len(waits)}"))
            waits.append(time.perf_counter() - begun)
        connection.close()

    def _connected(self) -> Any:
        if self.kind == "PostgreSQL":
            return psycopg.connect(self.url, autocommit=True)
        path = self.url.removeprefix("sqlite:///")
        connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection


def runs(bench: Bench, sizes: tuple[int, ...]) -> Iterator[Run]:
    """Lists of each size into an empty database, and the first of them once more."""
    for size in sizes:
        bench.fresh()
        path = bench.list_of(size)
        yield bench.measured(path, count=size, what="new people")
        if size == sizes[0]:
            yield bench.measured(path, count=size, what="the same list again")


def kept_waiting(bench: Bench, sizes: tuple[int, ...]) -> str:
    """How long others wait while a list goes in beside the longest; a row of the table."""
    path = bench.list_of(sizes[0], first=sizes[-1])
    with bench.another_writer() as waits:
        bench.measured(path, count=sizes[0], what="beside another writer")
    parts = quantiles(waits, n=100, method="inclusive")
    told = " | ".join(f"{seconds * 1000:.0f}" for seconds in (parts[49], parts[98], max(waits)))
    return f"| {bench.kind} | {len(waits)} | {told} |"


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
        (folder / "content").mkdir()
        clinic = (CHECKOUT / "content" / "clinic.toml").read_bytes()
        (folder / "content" / "clinic.toml").write_bytes(clinic)
        server = Server(durable=True)
        try:
            for url in (f"sqlite:///{folder}/.meridian/meridian.sqlite3", server.url):
                bench = Bench(folder, url)
                found += runs(bench, sizes)
                waits.append(kept_waiting(bench, sizes))
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
