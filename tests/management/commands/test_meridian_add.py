"""`meridian add`: pasted text becomes an article file."""

import json
from pathlib import Path

import pytest

from pipeline.campaigns.models import Campaign, ConfigurationRevision
from tests.home import CHECKOUT, Home
from tests.management.steps import Meridian, files, unfinished
from tests.stages.read.packing import p, packed, styled

SEED = CHECKOUT.parent / "shared" / "seeds" / "science-of-pain-relief.txt"
PASTED = """\
Why Feet Grow Cold
By Mara Ellison, L.Ac.
Feet are far away from the heart.
1. Vessels: The Narrow Road
Vessels narrow when the body keeps its warmth for the middle.
2. Habits: What Helps
A slow walk helps.
"""


@pytest.fixture
def pasted(tmp_path: Path) -> Path:
    """A text as people paste it."""
    path = tmp_path / "why-feet-grow-cold.txt"
    path.write_text(PASTED, "utf-8")
    return path


@pytest.mark.skipif(not SEED.exists(), reason="the seed text lies beside the checkout, not in it")
def test_a_pasted_article_is_added_and_the_next_run_plans_it(
    small: Home, meridian: Meridian
) -> None:
    added = meridian("add", SEED)

    written = small.path / "content" / "articles" / "science-of-pain-relief.md"
    assert (added.status, added.err) == (0, "")
    assert added.out.endswith(f"{written}\n")
    assert "The Science of Pain Relief" in added.out
    assert "Endorphins: Your Body’s Own Painkillers" in added.out
    assert not Campaign.objects.exists()
    assert meridian("run").status == 0
    campaign = Campaign.objects.get(article=written.stem)
    assert campaign.issues.count() == 4


def test_a_text_is_written_under_its_slug_and_its_split_is_shown(
    small: Home, meridian: Meridian, pasted: Path
) -> None:
    said = meridian("add", pasted)

    path = small.path / "content" / "articles" / "why-feet-grow-cold.md"
    assert (said.status, said.err) == (0, "")
    assert "Vessels: The Narrow Road" in said.out
    assert "title: Why Feet Grow Cold" in path.read_text("utf-8")
    assert "## 1. Vessels: The Narrow Road" in path.read_text("utf-8")
    assert unfinished(small.path) == []


def test_adding_keeps_nothing_in_the_database(
    small: Home, meridian: Meridian, pasted: Path
) -> None:
    meridian("add", pasted)

    assert not ConfigurationRevision.objects.exists()


def test_the_same_text_may_be_added_twice(small: Home, meridian: Meridian, pasted: Path) -> None:
    meridian("add", pasted)
    before = files(small.path)

    assert meridian("add", pasted).status == 0
    assert files(small.path) == before


def test_another_text_is_not_written_over_unless_asked(
    small: Home, meridian: Meridian, pasted: Path
) -> None:
    meridian("add", pasted)
    before = files(small.path / "content")
    pasted.write_text(PASTED.replace("slow walk", "brisk walk"), "utf-8")

    refusal = meridian("add", pasted).refusal()

    path = small.path / "content" / "articles" / "why-feet-grow-cold.md"
    assert refusal == (
        f"{path}: this article is there already and says something else. "
        "Rename the file you add, or say --replace."
    )
    assert files(small.path / "content") == before
    assert meridian("add", pasted, "--replace").status == 0
    assert "brisk walk" in path.read_text("utf-8")


def test_json_names_file_title_and_sections(small: Home, meridian: Meridian, pasted: Path) -> None:
    told = json.loads(meridian("add", pasted, "--json").out)

    assert told == {
        "file": str(small.path / "content" / "articles" / "why-feet-grow-cold.md"),
        "title": "Why Feet Grow Cold",
        "sections": [
            {"level": 1, "number": "1", "heading": "Vessels: The Narrow Road"},
            {"level": 1, "number": "2", "heading": "Habits: What Helps"},
        ],
        "findings": [],
    }


@pytest.mark.usefixtures("simple_weights")
def test_what_is_unsure_is_asked_and_an_answer_is_carried_out(
    small: Home, meridian: Meridian, pasted: Path
) -> None:
    pasted.write_text(f"{PASTED}Warm feet\nSocks help.\n", "utf-8")

    said = meridian("add", pasted)
    (finding,) = json.loads(meridian("add", pasted, "--json").out)["findings"]

    assert (said.status, finding["code"], finding["level"]) == (0, "unsure-heading", "warning")
    assert "warning why-feet-grow-cold.txt, line 8: a line was taken for a heading" in said.out
    pasted.write_text(f"---\nnot_headings: [warm feet]\n---\n{pasted.read_text('utf-8')}", "utf-8")
    answered = meridian("add", pasted, "--replace")
    assert (answered.status, "warning" in answered.out) == (0, False)
    path = small.path / "content" / "articles" / "why-feet-grow-cold.md"
    assert path.read_text("utf-8").endswith("A slow walk helps.\n\nWarm feet\n\nSocks help.\n")
    assert meridian("run").status == 0


def test_a_file_that_is_not_there_is_told(small: Home, meridian: Meridian) -> None:
    refusal = meridian("add", small.path / "nowhere.txt").refusal()

    assert refusal.startswith(f"{small.path}/nowhere.txt: the file cannot be read: No such file")


def test_a_saved_page_is_added(small: Home, meridian: Meridian) -> None:
    page = CHECKOUT / "tests" / "examples" / "html" / "clinic-post.html"

    added = meridian("add", page)

    written = (small.path / "content" / "articles" / "clinic-post.md").read_text("utf-8")
    assert (added.status, added.err) == (0, "")
    assert "## 1. What tires it" in written
    assert "| 10 | Stretch |" in written
    assert "cookies" not in written


def test_a_word_file_is_added(small: Home, meridian: Meridian, tmp_path: Path) -> None:
    path = tmp_path / "cold-feet.docx"
    body = (
        styled("Why Feet Grow Cold", "Title") + styled("1. Vessels", "Heading1") + p("They narrow.")
    )
    path.write_bytes(packed(body))

    assert meridian("add", path).status == 0
    written = (small.path / "content" / "articles" / "cold-feet.md").read_text("utf-8")
    assert written.endswith("---\n\n## 1. Vessels\n\nThey narrow.\n")


def test_a_broken_word_file_is_one_line(small: Home, meridian: Meridian, tmp_path: Path) -> None:
    path = tmp_path / "cold-feet.docx"
    path.write_bytes(packed(p("Words"))[:-30])

    said = meridian("add", path)
    assert said.status == 2
    assert said.err.count("\n") == 1
    assert "this Word file is broken. Open it in Word and save it again as .docx." in said.err
