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
    assert [len(article["sections"]) for article in articles] == [5, 6]
    assert articles[0]["sections"][1]["number"] == "1"


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
