"""A home of a test's own: the example content in a temporary folder, and commands run in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
# As ``python -m pipeline.management.front``, and Ctrl-C is heard also where the tests were begun in
# the background: what a shell begins there ignores it, and so would the children.
FRONT = """\
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("pipeline.management.front", run_name="__main__", alter_sys=True)
"""


class Home:
    """A folder with ``content/`` and an empty ``outbox/``.

    Attributes:
        path: The folder.
        env: The environment in which child processes find it and its database.
    """

    def __init__(self, path: Path, database_url: str = "") -> None:
        self.path = path
        shutil.copytree(CHECKOUT / "content", path / "content")
        self.env = {
            **os.environ,
            "MERIDIAN_HOME": str(path),
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONWARNINGS": "error",
        }
        if database_url:
            self.env["DATABASE_URL"] = database_url

    @property
    def outbox(self) -> Path:
        """Where the files come out."""
        return self.path / "outbox"

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text in a file of ``content/``; the text must be there."""
        file = self.path / "content" / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start ``meridian`` in a child process."""
        return subprocess.Popen(
            [sys.executable, "-c", FRONT, *arguments],
            env=self.env,
            cwd=self.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run ``meridian`` to its end."""
        child = self.start(*arguments)
        out, err = child.communicate(timeout=120)
        return subprocess.CompletedProcess(child.args, child.returncode, out, err)
