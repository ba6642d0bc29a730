"""Findings for the terminal: the gravest first, and what is found in many places told once."""

from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from pipeline.management import show
from pipeline.values import Finding

_COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan", "waived": "dim"}
_ORDER = {level: place for place, level in enumerate(_COLOURS)}


def grouped(console: Console, found: Iterable[Finding]) -> None:
    """Print findings under their level and code, places together, and how many there are."""
    ordered = sorted(found, key=lambda finding: _ORDER[_level(finding)])
    for level, of_level in groupby(ordered, key=_level):
        codes: dict[str, list[Finding]] = {}
        for finding in of_level:
            codes.setdefault(finding.code, []).append(finding)
        for code, of_code in codes.items():
            console.print(Text.assemble((level, _COLOURS[level]), f" {code}"))
            _print_places(console, of_code)
    console.print(summary(ordered))


def _level(finding: Finding) -> str:
    return "waived" if finding.waived else finding.level


def _print_places(console: Console, found: Iterable[Finding]) -> None:
    places: dict[tuple[str, str], dict[str, None]] = {}
    for finding in found:
        places.setdefault((finding.message, show.answered(finding)), {})[finding.where] = None
    for (message, answer), wheres in places.items():
        told = Text.assemble(
            ("; ".join(wheres), "dim"), f"\n{message[0].upper()}{message[1:]}. {answer}"
        )
        console.print(Padding(told, (0, 0, 1, 2)))


def summary(found: Iterable[Finding]) -> str:
    """How many findings of each level there are: ``2 errors, 1 warning.``."""
    levels = list(map(_level, found))
    counts = [(levels.count(level), level) for level in _COLOURS]
    told = [show.number(count, level).rstrip(".") for count, level in counts if count]
    # These have no plural of their own.
    told = [words.replace("infos", "info").replace("waiveds", "waived") for words in told]
    return ", ".join(told) + "." if told else show.number(0, "finding")
