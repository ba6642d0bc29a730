"""The decisions on a whole source: what the file says, what is thought, what a person says."""

from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from pipeline.stages.decisions import decisions, doubts, lost_corrections
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.values import Source, plain
from tests.stages.splitting.test_corrections import PROSE, WRAPPED
from tests.stages.splitting.test_outline import MORE

EXAMPLES = sorted((Path(__file__).parents[1] / "examples/split").glob("*.[tm][xd]*"))
TEXT = f"On Rest\nBy Ana Ruiz, PT\n{PROSE}\nWhat helps\n{MORE}\nNote:\n{PROSE}\n"


def source(text: str, name: str = "a.txt") -> Source:
    """The source of a text."""
    return read(PurePath(name), text.encode())


def asked(made: Source) -> list[str]:
    """The lines a person is asked about."""
    return [plain(decision.line.text) for decision in doubts(made)]


@pytest.mark.no_cover
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_decisions_are_those_of_the_split(path: Path) -> None:
    made = read(path, path.read_bytes())
    article = split(made, language="en")
    found = {decision.line.number for decision in decisions(made) if decision.heading}
    closing = found - {section.line for section in article.sections}
    assert {section.line for section in article.sections} <= found
    assert len(closing) == bool(article.references) + bool(article.disclaimer)
    assert all((each.probability > 0.5) is each.heading for each in decisions(made))


def test_decisions_leave_the_head_and_the_notes_out() -> None:
    assert [decision.line.number for decision in decisions(source(TEXT))] == [3, 4, 5, 6, 7]
    noted = source("# T\n\nWords", "a.md")
    note = replace(noted.lines[1], kind="note", marker="1.")
    assert len(decisions(replace(noted, lines=(*noted.lines, note)))) == 1


def test_decisions_are_the_same_with_and_without_their_reasons() -> None:
    told, silent = decisions(source(TEXT)), decisions(source(TEXT), why=False)
    assert silent == tuple(replace(each, reasons=()) for each in told)
    assert any(each.reasons for each in told)


@pytest.mark.usefixtures("simple_weights")
def test_doubts_are_of_lines_decided_by_a_hair() -> None:
    assert asked(source(TEXT)) == ["What helps", "Note:"]


@pytest.mark.usefixtures("simple_weights")
def test_doubts_are_never_of_a_line_a_person_decided() -> None:
    matter = "---\nheadings: [note]\nnot_headings: [what helps]\n---\n"
    assert asked(source(matter + TEXT)) == []


@pytest.mark.usefixtures("simple_weights")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("# On Rest\n\nWhat helps\n\n## Note\n\nWords", "a.md"),
        ("<h1>On Rest</h1><p>What helps</p><h2>Note</h2><p>Words</p>", "a.html"),
    ],
)
def test_doubts_are_never_of_an_article_that_declares_its_headings(text: str, name: str) -> None:
    assert asked(source(text, name)) == []


def test_lost_corrections_are_those_without_a_line() -> None:
    matter = "---\nheadings: [What helps, Heat]\nnot_headings: [note, Cold.]\n---\n"
    for text, name in ((TEXT, "a.txt"), (f"# T\n\n## What helps\n\nNote\n\n{PROSE}", "a.md")):
        assert lost_corrections(source(matter + text, name)) == (
            ("headings", "Heat"),
            ("not_headings", "Cold."),
        )


def test_lost_corrections_are_those_of_the_head_too() -> None:
    matter = '---\nheadings: ["On Rest"]\n---\n'
    assert lost_corrections(source(matter + TEXT)) == (("headings", "On Rest"),)


def test_lost_corrections_know_a_wrapped_line_by_its_own_words_and_by_all() -> None:
    first, second, *_ = WRAPPED.split("\n")
    text = f"T\n\n{WRAPPED}\n{WRAPPED}"
    known = source(f'---\nnot_headings: ["{first}", "{WRAPPED.strip()}"]\n---\n{text}')
    assert lost_corrections(known) == ()
    inner = source(f'---\nnot_headings: ["{second}"]\n---\n{text}')
    assert lost_corrections(inner) == (("not_headings", second),)


def test_a_source_without_front_matter_has_lost_nothing() -> None:
    assert lost_corrections(source(TEXT)) == ()
