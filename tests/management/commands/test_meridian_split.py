"""`meridian split`: how articles are understood."""

import json
from pathlib import Path

import pytest

from tests.home import CHECKOUT
from tests.management.steps import Meridian, child

ARTICLES = sorted((CHECKOUT / "content" / "articles").glob("*.md"))


def test_each_article_is_shown_with_its_parts(meridian: Meridian) -> None:
    said = meridian("split", *ARTICLES)

    assert (said.status, said.err) == (0, "")
    assert "How acupuncture may ease pain" in said.out
    assert "Mara Ellison, DAcOM, L.Ac." in said.out
    assert "The brain’s own opioids" in said.out
    assert "7 references." in said.out
    assert "Sleeping well with a sore shoulder" in said.out
    assert "(lead)" in said.out


def test_one_json_article_per_line_with_the_files_stem_as_its_name(meridian: Meridian) -> None:
    said = meridian("split", *ARTICLES, "--jsonl")

    articles = [json.loads(line) for line in said.out.splitlines()]
    assert [article["id"] for article in articles] == [path.stem for path in ARTICLES]
    assert [len(article["sections"]) for article in articles] == [6, 6]
    assert articles[0]["sections"][-1]["heading"] == "References"
    assert articles[0]["sections"][1]["number"] == "1"


PASTED = """\
Warm hands
By Ana Ruiz, PT

Two small things help.

Why do they cool?

Vessels narrow, and that is a habit of theirs. They do it to keep the middle warm.

1) A cup of tea

It warms the hands that hold it. It tastes well, too.

2) A slow walk

It warms all the rest. It costs nothing.

Note:

Ask before you begin.
"""


@pytest.fixture
def pasted(tmp_path: Path) -> Path:
    """A text without marks."""
    path = tmp_path / "pasted.txt"
    path.write_text(PASTED, "utf-8")
    return path


def rows(said: str) -> list[str]:
    """The lines of a table without its head and outer spaces."""
    below = said.rpartition("─")[2]
    return [line.strip() for line in below.splitlines() if line.strip()]


@pytest.mark.usefixtures("simple_weights")
def test_explain_says_why_each_heading_is_one_and_what_is_unsure(
    meridian: Meridian, pasted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    said = meridian("split", "--explain", pasted)

    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines()[0] == "Warm hands"
    assert max(map(len, said.out.splitlines())) <= 80
    table, _, findings = said.out.partition("warning ")
    assert [" ".join(row.split()) for row in rows(table)] == [
        "6 Why do they cool? heading 99 %",
        "ends in a question mark",
        "10 1) A cup of tea heading 77 %",
        "unsure: counts on: 1, 2; begins with a number",
        "14 2) A slow walk heading 77 %",
        "unsure: counts on: 1, 2; begins with a number",
        "18 Note: paragraph 40 %",
        "unsure: ends in a colon",
    ]
    assert findings.count("[unsure-heading]") == 3


def test_explain_believes_the_file_and_the_person(meridian: Meridian, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    matter = "---\nheadings: [Tea]\nnot_headings: [Walk]\n---\n"
    path.write_text(f"{matter}# T\n\n## Why\n\nTea\n\nWords.\n\n## Walk\n\nWords.\n", "utf-8")

    said = meridian("split", "--explain", path)

    assert [" ".join(row.split()) for row in rows(said.out)] == [
        "7 Why heading 100 %",
        "the file says so",
        "9 Tea heading 100 %",
        "you said so",
    ]


@pytest.mark.usefixtures("simple_weights")
def test_explain_is_there_for_programs_too(meridian: Meridian, pasted: Path) -> None:
    said = meridian("split", "--explain", "--jsonl", pasted, ARTICLES[0])

    own, other = map(json.loads, said.out.splitlines())
    assert (own["id"], other["id"]) == ("pasted", ARTICLES[0].stem)
    assert [line["line"] for line in own["lines"]] == [6, 10, 14, 18]
    assert own["lines"][0] == {
        "line": 6,
        "text": "Why do they cool?",
        "taken_for": "heading",
        "probability": 0.985,
        "unsure": False,
        "grounds": [],
        "reasons": [{"why": "ends in a question mark", "log_odds": 4.0}],
    }
    assert {line["grounds"][0] for line in other["lines"]} == {"the file says so"}


@pytest.mark.usefixtures("simple_weights")
def test_what_is_unsure_is_asked_under_the_parts(meridian: Meridian, pasted: Path) -> None:
    said = meridian("split", pasted)

    assert said.out.count("[unsure-heading]") == 3
    assert "pasted.txt, line 18: a line was left in the text that may be a heading" in said.out


def test_the_language_of_a_file_that_does_not_say_it_can_be_given(
    meridian: Meridian, tmp_path: Path
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Una pregunta\n\n1. Uno: dos\n\nTexto.\n", "utf-8")

    said = meridian("split", path, "--language", "es")

    assert (said.status, said.out.splitlines()[0]) == (0, "Una pregunta")


def test_a_broken_file_is_told_after_those_before_it(meridian: Meridian, tmp_path: Path) -> None:
    empty = tmp_path / "empty.md"
    empty.write_bytes(b"")

    said = meridian("split", ARTICLES[0], empty, "--jsonl")

    assert said.refusal() == f"{empty}: the file is empty. Write the article into it."
    assert len(said.out.splitlines()) == 1


def test_looking_makes_no_home_where_one_stands(tmp_path: Path) -> None:
    said = child(tmp_path, "split", str(ARTICLES[0]), "--jsonl")

    assert (said.status, said.err) == (0, "")
    assert json.loads(said.out)["title"] == "How acupuncture may ease pain"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_letters_the_terminal_has_not_do_not_stop_it(tmp_path: Path, encoding: str) -> None:
    said = child(tmp_path, "split", str(ARTICLES[0]), environment={"PYTHONIOENCODING": encoding})

    assert (said.status, said.err) == (0, "")
    assert "brain?s own opioids" in said.out
