"""``meridian check --sentences``: the claims of sentences alone, a verdict a line."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import SourceError
from pipeline.management.front import FAILED
from pipeline.stages.check.claims.judge import Judged, judge


def judge_all(name: str) -> int:
    """Print a verdict a line, as they are read; tell of lines that cannot be."""
    status = 0
    for verdict in _verdicts(name):
        if isinstance(verdict, SourceError):
            print(f"meridian: {verdict}", file=sys.stderr)
            status = FAILED
        else:
            print(json.dumps(verdict, ensure_ascii=False), flush=True)
    return status


def _verdicts(name: str) -> Iterator[Judged | SourceError]:
    with _opened(name) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield judge(line)
            except SourceError as error:
                yield SourceError(error.message, mend=error.mend, path=name, line=number)


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise SourceError(
            f"this cannot be read: {error.strerror}", mend="Check name and rights.", path=name
        ) from error
