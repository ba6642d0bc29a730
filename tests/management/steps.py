"""What tests of the command line take and look at."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.home import CHECKOUT, Home

SHORT = """\
---
title: Warm hands
byline: Mara Ellison, L.Ac.
---

Two small things about warm hands.

## 1. Why they cool

Vessels in the skin narrow when the body keeps its warmth for the middle.

## 2. What helps

A cup of tea, a slow walk, and time.
"""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    def refusal(self) -> str:
        """The one line of an error, without its beginning; asserts that it is one."""
        assert (self.status, self.out.count("Traceback")) == (2, 0)
        assert self.err.startswith("meridian: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith((".\n", "?\n"))
        return self.err.removeprefix("meridian: ").removesuffix("\n")


Meridian = Callable[..., Said]


def write(home: Home, name: str, content: str | bytes) -> Path:
    """Put a file into ``content/``."""
    path = home.path / "content" / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def make_small(home: Home) -> None:
    """Leave a home with one short article of two parts and one account: quick to make."""
    for path in (home.path / "content" / "articles").glob("*.md"):
        path.unlink()
    write(home, "articles/warm-hands.md", SHORT)
    clinic = home.path / "content" / "clinic.toml"
    text = clinic.read_text("utf-8")
    clinic.write_text(text[: text.index('[[accounts]]\nnetwork = "bluesky"')], "utf-8")


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Time of the last write and bytes of every file below a folder.

    All but the two that say when a scheduler last looked.
    """
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("meridian.sqlite3", "instance.toml"))
    }


def unfinished(folder: Path) -> list[Path]:
    """Files and folders that were begun and not ended."""
    return [path for path in folder.rglob("*") if path.name.endswith(".part")]


def child(
    home: Path,
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Said:
    """Run the real program in a folder that may be anything, with warnings as errors.

    Args:
        home: Where it stands; nothing else says where its home is, unless ``environment`` does.
        arguments: The command line.
        environment: More of the environment.
        before: Called in the child before the program begins, to take something from it.
    """
    names = ("MERIDIAN_", "DATABASE_URL", "ANYMAIL_", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pipeline.management.front", *arguments],
        env={**clean, "PYTHONPATH": str(CHECKOUT), "COLUMNS": "120", **(environment or {})},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=before,
    )
    return Said(ended.returncode, ended.stdout, ended.stderr)


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for what another thread or process brings about; a minute is for ever."""
    latest = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < latest
        time.sleep(0.02)


def end(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Ask a process to end, and give what it said."""
    process.send_signal(signal.SIGTERM)
    return process.communicate(timeout=30)
