"""How fast lists are read in, and in how much memory: ``import.py`` writes benchmarks/import.md.

Every measurement is one ``meridian subscribers import`` in a process of its own, into an empty
database, with every check on and a report of every row. Without an argument both databases are
measured; PostgreSQL is started as the tests start it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.machine import machine
from tests.postgres import Server

CHECKOUT = Path(__file__).parents[1]
REPORT = CHECKOUT / "benchmarks" / "import.md"
SIZES = (10_000, 100_000, 1_000_000)
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


@dataclass(frozen=True)
class Run:
    """One import: rows, seconds on the clock and of the processor, peak memory in MiB."""

    database: str
    what: str
    rows: int
    seconds: float
    cpu: float
    peak: int


def rows(count: int) -> Iterator[str]:
    """People as lists have them: one in a hundred twice, one in a hundred no address."""
    for number in range(count):
        if number % 100 == 99:
            yield f"reader {number},Nobody,,\n"
            continue
        person = number - 1 if number % 100 == 50 else number
        language = ("en", "es", "ko")[number % 3]
        name = ("Ana Ruiz", "Benjamin Okafor", "김민준")[number % 3]
        address = f"reader-{person}.{person * 7919 % 99991}@mail{person % 977}.example.com"
        yield f"{address},{name},{language},Asia/Seoul\n"


def measured(folder: Path, url: str, path: Path, *, count: int, what: str) -> Run:
    """Read a list in, in a process of its own."""
    env = {
        **os.environ,
        "MERIDIAN_HOME": str(folder),
        "DATABASE_URL": url,
        "PYTHONPATH": str(CHECKOUT),
    }
    by = ["--newsletter", "weekly", "--basis", "express", "--by", "Benchmark", "--json"]
    command = [sys.executable, "-c", CHILD, "subscribers", "import", str(path), *by]
    begun = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - begun
    assert json.loads(done.stdout)["rows"] == count
    peak, cpu = done.stderr.split()[-2:]
    kind = "PostgreSQL" if url.startswith("postgres") else "SQLite"
    run = Run(kind, what, count, seconds, float(cpu), int(peak))
    print(run, flush=True)
    return run


def runs(folder: Path, url: str, sizes: tuple[int, ...]) -> Iterator[Run]:
    """Lists of each size into an empty database, and the longest once more."""
    for size in sizes:
        path = folder / f"list-{size}.csv"
        with path.open("w", encoding="utf-8") as stream:
            stream.write(HEADER)
            stream.writelines(rows(size))
        fresh(folder, url)
        yield measured(folder, url, path, count=size, what="new people")
    yield measured(folder, url, path, count=size, what="the same list again")


def fresh(folder: Path, url: str) -> None:
    """An empty, migrated database."""
    env = {**os.environ, "MERIDIAN_HOME": str(folder), "DATABASE_URL": url}
    env["PYTHONPATH"] = str(CHECKOUT)
    for path in (folder / ".meridian").glob("meridian.sqlite3*"):
        path.unlink()
    if url.startswith("postgres"):
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("DROP SCHEMA public CASCADE")
            admin.execute("CREATE SCHEMA public")
    code = "from pipeline.management import front; front.run(['migrate'])"
    subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True)


def table(found: list[Run]) -> str:
    """The figures, as Markdown."""
    lines = [
        "| database | list | rows | seconds | rows/s | µs of processor per row | peak MiB |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {run.database} | {run.what} | {run.rows:,} | {run.seconds:.1f} | "
        f"{run.rows / run.seconds:,.0f} | {run.cpu / run.rows * 1e6:.0f} | {run.peak} |"
        for run in found
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the report."""
    sizes = tuple(int(size) for size in sys.argv[1:]) or SIZES
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "content").mkdir()
        clinic = (CHECKOUT / "content" / "clinic.toml").read_bytes()
        (folder / "content" / "clinic.toml").write_bytes(clinic)
        found += runs(folder, f"sqlite:///{folder}/.meridian/meridian.sqlite3", sizes)
        server = Server()
        try:
            found += runs(folder, server.url, sizes)
        finally:
            server.stop()
    load = os.getloadavg()[1]
    REPORT.write_text(TEXT.format(machine=machine(), load=load, table=table(found)), "utf-8")
    print(table(found))


TEXT = """\
# Reading lists in

`make bench-import` writes this page anew. A list of so many people, one in a hundred of them twice
and one in a hundred no address, is read by `meridian subscribers import` into an empty database:
letters and separators found out, each address normalised and hashed, offices, slips and patients'
data refused, suppressions asked, consent, subscription and the way back written, and a report of
every row. The time is that of the whole command, with its start and the first walk through the
list.

{machine}; load of the machine while it ran: {load:.1f}.

{table}

Memory does not grow with the list. For comparison: listmonk's importer was measured at 1,000,000
rows in 243 s (4,119 rows/s) and 296 MiB.

On a machine that others use at the same time the seconds say little; the time of the processor says
what a row costs. On PostgreSQL that of the server comes on top.
"""


if __name__ == "__main__":
    main()
