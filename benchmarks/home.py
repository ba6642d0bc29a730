"""A home to measure in, on either database, as durable as it runs."""

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

CHECKOUT = Path(__file__).parents[1]
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


class Home:
    """One database, and the home that works on it."""

    def __init__(self, folder: Path, url: str, *, demo: bool = True) -> None:
        self.folder, self.url = folder, url
        self.kind = "PostgreSQL" if url.startswith("postgres") else "SQLite"
        paths = {"MERIDIAN_HOME": str(folder), "DATABASE_URL": url, "PYTHONPATH": str(CHECKOUT)}
        self.env = {**os.environ, **paths, "DJANGO_SETTINGS_MODULE": "pipeline.settings"}
        content = folder / "content"
        content.mkdir(exist_ok=True)
        clinic = (CHECKOUT / "content" / "clinic.toml").read_text("utf-8")
        told = clinic if demo else clinic.replace("demo = true", "demo = false")
        (content / "clinic.toml").write_text(told, "utf-8")

    def fresh(self) -> None:
        """Make the database empty, and migrate it."""
        for path in (self.folder / ".meridian").glob("meridian.sqlite3*"):
            path.unlink()
        if self.kind == "PostgreSQL":
            with psycopg.connect(self.url, autocommit=True) as admin:
                admin.execute("DROP SCHEMA public CASCADE")
                admin.execute("CREATE SCHEMA public")
        self.run("migrate")

    def run(self, *arguments: str) -> tuple[str, int, float]:
        """Run ``meridian``: what it says, its peak in MiB, the seconds of its processor."""
        command = [sys.executable, "-c", CHILD, *arguments]
        done = subprocess.run(command, env=self.env, capture_output=True, text=True, check=True)
        peak, cpu = done.stderr.split()[-2:]
        return done.stdout, int(peak), float(cpu)

    def program(self, *arguments: str) -> str:
        """Run a Python program of the benchmarks in this home; what it says."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, env=self.env, stdout=subprocess.PIPE, text=True, check=True, cwd=CHECKOUT
        )
        return done.stdout

    def server_time(self) -> float:
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
    def another_writer(self, meanwhile: str) -> Iterator[list[float]]:
        """How long each act of somebody else takes meanwhile, in seconds.

        Args:
            meanwhile: A query that counts nothing before and after.
        """
        waits: list[float] = []
        ended = threading.Event()
        thread = threading.Thread(target=self._write, args=(ended, waits, meanwhile))
        thread.start()
        try:
            yield waits
        finally:
            ended.set()
            thread.join()

    def _write(self, ended: threading.Event, waits: list[float], meanwhile: str) -> None:
        connection = self._connected()
        while not ended.wait(PAUSE):
            if not connection.execute(meanwhile).fetchone()[0]:
                continue
            begun = time.perf_counter()
            connection.execute(ACT.format(name=f"{self.kind} {time.time_ns()}"))
            waits.append(time.perf_counter() - begun)
        connection.close()

    def _connected(self) -> Any:
        if self.kind == "PostgreSQL":
            return psycopg.connect(self.url, autocommit=True)
        path = self.url.removeprefix("sqlite:///")
        connection = sqlite3.connect(path, timeout=20, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        return connection
