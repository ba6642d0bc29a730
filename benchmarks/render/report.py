"""How fast issues are made, how large they are, how true: it writes benchmarks/render.md.

``report.py [NODE]``: NODE is the folder that the npm package mjml is installed in; without it the
comparison is left out, and the report says so.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import merging
import mrml
from reference import WIDTHS, Compiled, compiled, differences, errors

from benchmarks.machine import machine
from pipeline.stages.addressing import for_reader
from pipeline.stages.check import check
from pipeline.stages.check.claims.fold import fold
from pipeline.stages.check.claims.lint import _alerts, _claims
from pipeline.stages.email.mjml import compile_mjml, harden, unmarked
from pipeline.stages.email.page import page
from pipeline.stages.email.painted import painted
from pipeline.stages.email.parts import PARTS, REST, weigh_parts
from pipeline.stages.email.weight import weigh
from pipeline.stages.plan import plan
from pipeline.stages.render import render, source_of
from pipeline.stages.templates import Recording, Templates, folders
from pipeline.values import Article, Configuration, RenderedIssue
from tests import specimens

REPORT = Path(__file__).parents[1] / "render.md"
LANGUAGES = ("en", "ko", "es")
ROUNDS = 31


@dataclass(frozen=True)
class Letter:
    """One design in one language, and the first letter of its series.

    Attributes:
        source: The MJML it was compiled from.
    """

    name: str
    article: Article
    clinic: Configuration
    issues: tuple[RenderedIssue, ...]
    source: str


def main() -> None:
    """Measure all of it, and write it down."""
    letters = list(_letters())
    package = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
    parts = (
        INTRODUCTION.format(machine=machine(), rounds=ROUNDS),
        *_times(letters),
        *_weights(letters),
        *_parts(letters),
        _merging(),
        *_beside(letters, package),
        *_errors(letters, package),
    )
    REPORT.write_text("\n".join(parts) + "\n", encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


INTRODUCTION = """# Making an issue

Made by `make bench-render`. {machine}. Seconds are those of one processor core, the median of
{rounds} rounds after a first one that is not counted.

An issue is an article's part as it goes out: templates filled by Jinja2, MJML validated and
compiled, the text part written, both held against the author's words, and every rule of the check
asked.
"""

MERGING = """
## Merging

Subject, text and HTML of one compiled issue, filled with the values of {readers:,} readers, each
{kilobytes:.1f} kB: **{seconds:.2f} s**, {microseconds:.1f} µs a reader.
"""

WEIGHTS = """
## What the bytes of the HTML are for
"""

PART_WEIGHTS = """
## What the parts weigh

The bytes that the HTML would be shorter by without the part; what is left is the frame. Lead and
sections are made of texts, lists, quotations and figures.
"""

BESIDE = """
## Beside the reference compiler

The same MJML by the reference compiler (npm `mjml`, in one warm process, strict validation) and by
ours. "Differs" is the share of dots of the whole letter that a reader could tell apart, in
Chromium, in a window of {narrow} and of {wide} pixels, pictures off.
"""

ERRORS = """
## What the W3C's checker says

Errors of the Nu checker over all {count} letters; obsolete attributes, which mail programs need,
are warnings to it and are left out.

| error | times |
|---|--:|"""

MISSING = """
## Beside the reference compiler

Not measured: Node.js or the npm package `mjml` is not installed here.
"""


def _letters() -> Iterator[Letter]:
    for design in specimens.DESIGNS:
        for language in LANGUAGES:
            templates = Recording(folders())
            article, clinic = specimens.written(language), specimens.clinic_of(language, design)
            issues = _rendered(article, clinic, templates)
            source = templates.filled[source_of(clinic.newsletters[0])][0]
            yield Letter(f"{design}.{language}", article, clinic, issues, source)


def _times(letters: list[Letter]) -> Iterator[str]:
    yield "## Time and size\n"
    yield "| design, language | ms an issue | making it | checking it | HTML, kB | text, kB |"
    yield "|---|--:|--:|--:|--:|--:|"
    for letter in letters:
        templates = Templates(folders())
        count = len(letter.issues)
        making = _median(partial(_anew, letter, templates))
        checking = _median(partial(_checked, letter))
        issue = letter.issues[0]
        html, text = (len(part.encode()) / 1000 for part in (issue.html, issue.text))
        yield (
            f"| {letter.name} | {(making + checking) / count:.1f} | {making / count:.1f} "
            f"| {checking / count:.1f} | {html:.1f} | {text:.1f} |"
        )


def _anew(letter: Letter, templates: Templates) -> None:
    """Make the letters as if none had been made before."""
    page.cache_clear()
    _rendered(letter.article, letter.clinic, templates)


def _checked(letter: Letter) -> None:
    """Ask every rule as a run does: the page was read when the letter was made, the rest is new."""
    for known in (painted, fold, _alerts, _claims):
        known.cache_clear()
    check(letter.issues, (), configuration=letter.clinic, article=letter.article)


def _rendered(
    article: Article, clinic: Configuration, templates: Templates
) -> tuple[RenderedIssue, ...]:
    newsletter = clinic.newsletters[0]
    article = for_reader(article, clinic.clinic)
    series = plan(article)
    return render(article, series, newsletter, configuration=clinic, templates=templates)


def _median(act: Callable[[], Any]) -> float:
    """The milliseconds of processor time that an act takes once it is warm."""
    act()
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        act()
        times.append((time.process_time() - begun) * 1000)
    return statistics.median(times)


def _merging() -> str:
    measured = merging.measure()
    return MERGING.format(
        readers=merging.READERS,
        kilobytes=measured.size / 1000,
        seconds=measured.seconds,
        microseconds=measured.seconds / merging.READERS * 1e6,
    )


def _weights(letters: list[Letter]) -> Iterator[str]:
    yield WEIGHTS
    weighed = {letter.name: asdict(weigh(letter.issues[0].html)) for letter in letters}
    names = list(next(iter(weighed.values())))
    yield f"| design, language | {' | '.join(names)} |"
    yield f"|---|{'--:|' * len(names)}"
    for letter, bytes_for in weighed.items():
        yield f"| {letter} | {' | '.join(f'{bytes_for[name]:,}' for name in names)} |"


def _parts(letters: list[Letter]) -> Iterator[str]:
    yield PART_WEIGHTS
    weighed = {letter.name: weigh_parts(letter.source) for letter in letters}
    names = [name for name in (*PARTS, REST) if any(name in parts for parts in weighed.values())]
    yield f"| design, language | {' | '.join(names)} |"
    yield f"|---|{'--:|' * len(names)}"
    for letter, parts in weighed.items():
        yield f"| {letter} | {' | '.join(f'{parts.get(name, 0):,}' for name in names)} |"


def _beside(letters: list[Letter], package: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        sources = {letter.name: unmarked(letter.source) for letter in letters}
        theirs = compiled(sources, package, Path(scratch))
    if not theirs:
        yield MISSING
        return
    pairs = {letter.name: (letter.issues[0].html, theirs[letter.name].html) for letter in letters}
    differ = differences(pairs)
    yield BESIDE.format(narrow=WIDTHS[0], wide=WIDTHS[1])
    yield "| design, language | reference, ms | ours, ms | of it compiling | differs | | kB | kB |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for letter in letters:
        yield _row(letter, theirs[letter.name], differ[letter.name])


def _errors(letters: list[Letter], package: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as scratch:
        made = {letter.name: letter.issues[0].html for letter in letters}
        found = errors(made, package, Path(scratch))
    yield ERRORS.format(count=len(letters))
    yield from (f"| {message} | {times} |" for message, times in found.most_common())


def _row(letter: Letter, theirs: Compiled, differ: list[float]) -> str:
    whole = _median(partial(compile_mjml, letter.source, letter.name))
    hardened = harden(unmarked(letter.source))
    bare = _median(partial(mrml.to_html, hardened))
    shares = " | ".join(f"{share:.2%}" for share in differ)
    sizes = " | ".join(
        f"{len(html.encode()) / 1000:.1f}" for html in (theirs.html, letter.issues[0].html)
    )
    return (
        f"| {letter.name} | {theirs.milliseconds:.1f} | {whole:.1f} | {bare:.2f} "
        f"| {shares} | {sizes} |"
    )


if __name__ == "__main__":
    main()
