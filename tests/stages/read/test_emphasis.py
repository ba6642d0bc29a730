"""Stars that CommonMark would leave in the text."""

from pathlib import PurePath

import pytest

from pipeline.stages.read import read
from pipeline.values import Run, Text


def text(written: str) -> Text:
    """The one paragraph of a small Markdown file."""
    (line,) = read(PurePath("a.md"), written.encode()).lines
    return line.text


def bold(said: str) -> Run:
    return Run(said, bold=True)


@pytest.mark.parametrize(
    ("written", "runs"),
    [
        ("**“침”**은 낫게 한다", (bold("“침”"), Run("은 낫게 한다"))),
        ("몸은**(침으로)** 낫는다", (Run("몸은"), bold("(침으로)"), Run(" 낫는다"))),
        ("**a****b** c", (bold("ab"), Run(" c"))),
        (
            "**[계정](/u)****으로** 간다",
            (Run("계정", bold=True, link="/u"), bold("으로"), Run(" 간다")),
        ),
        ("*“침”*은", (Run("“침”", italic=True), Run("은"))),
        ("***a*** b", (Run("a", bold=True, italic=True), Run(" b"))),
        ("__a__ b", (bold("a"), Run(" b"))),
        ("**침**", (bold("침"),)),
    ],
)
def test_stars_are_read_as_they_are_meant(written: str, runs: Text) -> None:
    assert text(written) == runs


@pytest.mark.parametrize(
    "written",
    ["a****b", "2 **** 3", "5 * 3", "침 * 뜸", "snake_case_name", "**", "침** 은", "*침", "a**"],
)
def test_stars_without_a_partner_stay(written: str) -> None:
    assert text(written) == (Run(written),)


def test_stars_in_code_or_escaped_stay() -> None:
    assert text("`a****b`") == (Run("a****b", code=True),)
    assert text(r"\*\*침\*\*은") == (Run("**침**은"),)
