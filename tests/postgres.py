"""A PostgreSQL server for the tests: the one of ``$TEST_POSTGRES_URL``, or our own.

Our own is started from binaries found on the machine, in a temporary folder, on a free loopback
port, as a user who is not root (PostgreSQL refuses root).
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

# Nothing of a throw-away server is kept: its databases are made and dropped by the thousand.
_CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "jit": "off"}

INSTALL = "apt-get install postgresql, or set TEST_POSTGRES_URL"


class Server:
    """A running server; ``url`` names a database in which others may be created."""

    def __init__(self, *, durable: bool = False) -> None:
        """Start one, or take the one that is named.

        Args:
            durable: Whether a commit survives a power cut: what the product promises, and a
                benchmark measures, but no test needs of a throw-away server.
        """
        self._durable = durable
        self.url = os.environ.get("TEST_POSTGRES_URL", "")
        self._folder: Path | None = None
        if not self.url:
            self._start(_binaries())

    def _start(self, binaries: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="meridian-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self._folder, user=_user())
        data = self._folder / "data"
        self._call(binaries / "initdb", "-D", data, "-U", "meridian", "-A", "trust", "-E", "UTF8")
        port = _free_port()
        options = f"-h 127.0.0.1 -p {port} -k {self._folder} -c max_connections=200"
        if not self._durable:
            options += "".join(f" -c {name}={value}" for name, value in _CARELESS.items())
        self._call(
            binaries / "pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            self._folder / "log",
            "-o",
            options,
            "start",
        )
        self._stop = (binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        self.url = f"postgresql://meridian@127.0.0.1:{port}/postgres"

    def _call(self, *command: str | Path) -> None:
        user = _user() if os.geteuid() == 0 else None
        subprocess.run(
            [str(part) for part in command],
            check=True,
            stdout=subprocess.DEVNULL,
            user=user,
            cwd="/",
        )

    def stop(self) -> None:
        """Stop the server if it is ours."""
        if self._folder is not None:
            self._call(*self._stop)
            shutil.rmtree(self._folder, ignore_errors=True)


def _user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _binaries() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise FileNotFoundError(f"no PostgreSQL server on this machine: {INSTALL}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
