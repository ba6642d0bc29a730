"""`meridian correct`: a person's answer is kept in the file and wins from then on."""

import json
from pathlib import Path

import pytest

from tests.management.commands.test_meridian_split import PASTED
from tests.management.steps import Meridian, child, files


@pytest.fixture
def pasted(tmp_path: Path) -> Path:
    """A text without marks."""
    path = tmp_path / "pasted.txt"
    path.write_text(PASTED, "utf-8")
    return path


@pytest.mark.usefixtures("simple_weights")
def test_an_answer_is_kept_and_is_not_asked_again(meridian: Meridian, pasted: Path) -> None:
    assert meridian("split", pasted).out.count("[unsure-heading]") == 3

    said = meridian(
        "correct", pasted, "--heading", "a cup of tea", "--heading", "Note", "--not-heading",
        "a slow walk",
    )  # fmt: skip

    assert (said.status, said.err) == (0, "")
    assert "unsure-heading" not in said.out
    assert said.out.endswith(f"{pasted}\n")
    assert pasted.read_text("utf-8") == (
        '---\nheadings:\n- "a cup of tea"\n- "Note"\nnot_headings:\n- "a slow walk"\n---\n\n'
        + PASTED
    )
    assert meridian("split", pasted).out == said.out[: said.out.rindex(" Written")]


def test_json_names_the_headings_and_what_is_left_to_ask(meridian: Meridian, pasted: Path) -> None:
    said = meridian("correct", pasted, "--not-heading", "Why do they cool", "--json")

    told = json.loads(said.out)
    assert told["file"] == str(pasted)
    assert "Why do they cool?" not in told["headings"]
    assert isinstance(told["findings"], list)


def test_what_no_line_says_leaves_the_file_as_it_is(meridian: Meridian, pasted: Path) -> None:
    before = files(pasted.parent)

    refusal = meridian("correct", pasted, "--heading", "A cup of coffee").refusal()

    assert refusal == (
        f"{pasted}: no line under the title says “A cup of coffee”. "
        "Write the line as it stands in the text."
    )
    assert files(pasted.parent) == before


def test_an_answer_without_a_line_is_told_how_to_give_one(meridian: Meridian, pasted: Path) -> None:
    assert meridian("correct", pasted).refusal() == (
        "say --heading or --not-heading, with the words of a line. "
        "`meridian correct --help` tells more."
    )


def test_correcting_makes_no_home_where_one_stands(tmp_path: Path, pasted: Path) -> None:
    assert child(tmp_path, "correct", str(pasted), "--heading", "Note:").status == 0
    assert list(tmp_path.iterdir()) == [pasted]
