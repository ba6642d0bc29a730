"""How fast texts are read and split, how that grows with their length, and what nonsense costs.

``section`` is the part of the report. Each length and each nonsense is measured in a process of its
own, so that the memory is its own: ``speed.py NAME < TEXT`` writes seconds, megabytes, sections.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath
from typing import Any

from pipeline.errors import MeridianError
from pipeline.stages.read import read
from pipeline.stages.split import split

FORMS = ("paste_tight", "paste_blank", "markdown", "docx_styles", "docx_bold", "html")
LENGTHS = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
MEGABYTE = 1_000_000
ROUNDS = 3

INTRODUCTION = """
## Speed, length and memory

Seconds are those of one processor core; the memory is the peak of the whole process, Python and the
product included, the file's own bytes too. An "article" has a thousand words.
"""
LONG = """
Articles of the benchmark in a row, cut at the length. If the time grows with the length alone, the
seconds for each megabyte stay the same.
"""
NONSENSE = """
A megabyte of nonsense under a title. What is refused is refused with a line that says why.
"""


def section(folder: Path) -> str:
    """The part of the report on speed.

    Args:
        folder: The benchmark, with ``dev/inputs``.
    """
    inputs = folder / "dev/inputs"
    return "\n".join(
        (INTRODUCTION, *_of_forms(inputs), LONG, *_of_lengths(inputs), NONSENSE, *_of_nonsense())
    )


def _of_forms(inputs: Path) -> Iterator[str]:
    words = sum(len(path.read_text("utf-8").split()) for path in (inputs / FORMS[1]).iterdir())
    yield "| form | articles read and split in a second | reading alone |\n|---|--:|--:|"
    for form in FORMS:
        files = [(path, path.read_bytes()) for path in sorted((inputs / form).iterdir())]
        reading, splitting = min((_timed(files) for _ in range(ROUNDS)), key=sum)
        both = words / 1000 / (reading + splitting)
        yield f"| {form} | {both:.0f} | {words / 1000 / reading:.0f} |"


def _timed(files: Sequence[tuple[Path, bytes]]) -> tuple[float, float]:
    """The seconds that reading and splitting take."""
    start = time.process_time()
    sources = [read(path, content) for path, content in files]
    middle = time.process_time()
    for source in sources:
        split(source, language="en")
    return middle - start, time.process_time() - middle


def _of_lengths(inputs: Path) -> Iterator[str]:
    forms = (("paste_tight", "a.txt"), ("markdown", "a.md"))
    yield "| length | text, s | s/MB | peak MB | Markdown, s | s/MB | peak MB |"
    yield "|--:|" + "--:|" * 6
    texts = {
        form: "\n".join(path.read_text("utf-8") for path in sorted((inputs / form).iterdir()))
        for form, _ in forms
    }
    for length in LENGTHS:
        row = [f"{length // 1000:,} kB"]
        for form, name in forms:
            again = length // len(texts[form].encode()) + 1
            made = _apart(name, (texts[form] * again).encode()[:length])
            row += [f"{made['seconds']:.2f}", f"{made['seconds'] * MEGABYTE / length:.2f}"]
            row.append(f"{made['megabytes']:.0f}")
        yield f"| {' | '.join(row)} |"


def _of_nonsense() -> Iterator[str]:
    yield "| nonsense | text, s | peak MB | | Markdown, s | peak MB | |"
    yield "|---|--:|--:|---|--:|--:|---|"
    for name, text in _nonsense():
        row = [name]
        for file in ("a.txt", "a.md"):
            made = _apart(file, text.encode())
            row += [f"{made['seconds']:.2f}", f"{made['megabytes']:.0f}", made["answer"]]
        yield f"| {' | '.join(row)} |"


def _nonsense() -> Iterator[tuple[str, str]]:
    signs = {
        "lines of `1.`": "1.\n",
        "`[`": "[",
        "`>`": ">",
        "one word": "a",
        "combining marks": "\u0301",
        "combining marks in two orders": "\u0301\u0323",
        "empty lines": "\n",
        "bars": "|",
        "stars": "*",
        "hashes": "#",
        "backslashes": "\\",
        "`- `": "- ",
        "images without end": "![a](",
        "lines of `Title Case`": "Title Case\n",
        "bylines": "By Jane Doe, DC\n",
        "addresses": "http://a.test/",
    }
    for name, sign in signs.items():
        yield name, "A title\n\n" + sign * (MEGABYTE // len(sign.encode()))
    for name, count in (("39,000 unlike short lines", 39_000), ("39,000 like ones", 1)):
        lines = "".join(f"Title Case {place % count}\n" for place in range(39_000))
        yield name, f"A title\n\n{lines}"
    yield "a list 10,000 deep", "A title\n\n" + "- " * 10_000 + "word"


def _apart(name: str, content: bytes) -> dict[str, Any]:
    """What one file costs in a process of its own."""
    command = [sys.executable, __file__, name]
    done = subprocess.run(command, input=content, capture_output=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def main() -> None:
    """Measure the text on standard input, once all modules are loaded."""
    content = sys.stdin.buffer.read()
    split(read(PurePath("a.md"), b"# Title\n\nWords.\n"), language="en")
    split(read(PurePath("a.txt"), b"Title\n\nWords.\n\nMore\n\nWords.\n"), language="en")
    start = time.process_time()
    try:
        made = split(read(PurePath(sys.argv[1]), content), language="en")
        answer = f"{len(made.sections):,} sections"
    except MeridianError:
        answer = "refused"
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "megabytes": _peak(), "answer": answer}))


def _peak() -> float:
    """The most memory this process has had, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # What the system counts as used would hold the peak of the process that started this one.
        lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (MEGABYTE if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
