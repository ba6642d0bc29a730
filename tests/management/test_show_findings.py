"""Findings as people read them: the gravest first, on 80 columns, each told once."""

import io

import pytest
from rich.console import Console

from pipeline.management.show_findings import grouped, summary
from pipeline.values import Finding, Level


def finding(code: str, level: Level, where: str, message: str = "it is wrong") -> Finding:
    return Finding(code=code, level=level, message=message, suggestion="Mend it.", where=where)


def told(*found: Finding) -> list[str]:
    console = Console(file=io.StringIO(), width=80, highlight=False)
    grouped(console, found)
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_errors_come_first_and_codes_stand_together() -> None:
    assert told(
        finding("reading", "info", "article"),
        finding("size", "warning", "issue 1, HTML"),
        finding("links", "error", "issue 1, HTML"),
        finding("size", "warning", "issue 2, HTML", "it is large"),
    ) == [
        "error links",
        "  issue 1, HTML",
        "  It is wrong. Mend it.",
        "",
        "warning size",
        "  issue 1, HTML",
        "  It is wrong. Mend it.",
        "",
        "  issue 2, HTML",
        "  It is large. Mend it.",
        "",
        "info reading",
        "  article",
        "  It is wrong. Mend it.",
        "",
        "1 error, 2 warnings, 1 info.",
    ]


def test_what_is_found_in_many_places_is_told_once() -> None:
    found = [finding("size", "error", f"issue {number}, HTML") for number in (1, 2, 2)]
    assert told(*found) == [
        "error size",
        "  issue 1, HTML; issue 2, HTML",
        "  It is wrong. Mend it.",
        "",
        "3 errors.",
    ]


def test_long_words_stay_within_eighty_columns() -> None:
    long = finding("size", "error", "issue 1, HTML", "the address https://a.example/" + "x" * 200)
    assert max(map(len, told(long))) <= 80


def test_words_in_brackets_are_printed_and_no_style() -> None:
    assert "  [bold]x[/bold]. Mend it." in told(finding("a", "error", "b", "[bold]x[/bold]"))


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([], "0 findings."),
        (["info", "info"], "2 info."),
        (["warning"], "1 warning."),
        (["info", "error", "error"], "2 errors, 1 info."),
    ],
)
def test_the_sum_is_told_by_level(levels: list[Level], said: str) -> None:
    assert summary(finding("a", level, "b") for level in levels) == said
