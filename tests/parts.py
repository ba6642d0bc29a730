"""Parts a test needs from the machine. Where one lacks, the test is skipped with the install line.

In CI a missing part is a failure: a skip there would hide that something is never tested.
"""

import os
import shutil
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def need(found: object, told: str) -> None:
    """Skip the test unless ``found`` is true; fail it in CI."""
    if found:
        return
    if os.environ.get("CI"):
        pytest.fail(f"CI lacks a part: {told}")
    pytest.skip(told)


def chromium() -> str:
    """The path of Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    need(found, "Chromium is missing: apt-get install chromium")
    return str(found)


def shared(name: str) -> Path:
    """A file of the folder with benchmark data beside the checkout; skipped where it is not."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"there is no {name} in the folder shared/ beside this checkout")
    return path
