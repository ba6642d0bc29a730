"""Splitting Word files: headings by style, by looks, by Word's own numbers; notes as references."""

import json
from pathlib import Path, PurePath

import pytest

from pipeline.stages.prediction import to_prediction
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.values import Article, plain
from tests.parts import shared
from tests.stages.read.packing import listed, p, packed, styled
from tests.stages.test_format import again, without_lines

BOLD = "<w:b/>"
LARGE = '<w:sz w:val="32"/>'
FEET = "Feet are far away from the heart, and so they are the first to grow cold in winter."
WALK = "A slow walk after supper warms them, and a warm bath does so faster than any pill."
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def article(body: str, **kinds: str) -> Article:
    """The article a Word file gives."""
    return split(read(PurePath("cold-feet.docx"), packed(body, **kinds)), language="en")


def outline(made: Article) -> list[tuple[str, str]]:
    """Number and heading of each section."""
    return [(section.number, section.heading) for section in made.sections]


@pytest.mark.parametrize("look", [BOLD, LARGE, BOLD + LARGE])
@pytest.mark.parametrize("title", [p("Cold Feet", look=BOLD), styled("Cold Feet", "Heading1")])
def test_lines_that_stand_out_are_headings_and_others_are_not(title: str, look: str) -> None:
    body = (
        title + p("By Mara Ellison, L.Ac.") + p(FEET) + p("Why it is so", look=look) + p(FEET)
        + p("Two Short Words") + p(WALK) + p("What helps, and when", look=look) + p(WALK)
    )  # fmt: skip
    made = article(body)
    assert (made.title, made.byline) == ("Cold Feet", "Mara Ellison, L.Ac.")
    assert outline(made) == [("", "Why it is so"), ("", "What helps, and when")]
    assert [plain(block.text) for block in made.sections[0].blocks] == [
        FEET,
        "Two Short Words",
        WALK,
    ]


def test_a_bold_sentence_is_no_heading() -> None:
    cry = p("See a doctor at once if a foot turns blue.", look=BOLD)
    assert outline(article(styled("Cold Feet", "Heading1") + p(FEET) + cry + p(FEET))) == []
    heads = [p(text, look=BOLD) + p(FEET) for text in ("Why it is so", "What helps")]
    made = article(p("Cold Feet", look=BOLD) + p(FEET) + heads[0] + cry + p(WALK) + heads[1])
    assert outline(made) == [("", "Why it is so"), ("", "What helps")]


def test_sentences_are_headings_where_most_that_stand_out_are() -> None:
    heads = [p(text, look=BOLD) + p(FEET) for text in ("Vessels narrow.", "A slow walk helps.")]
    made = article(p("Cold Feet", look=BOLD) + p(FEET) + "".join(heads))
    assert outline(made) == [("", "Vessels narrow."), ("", "A slow walk helps.")]


def test_headings_in_styles_are_believed_and_bold_lines_are_not_asked() -> None:
    body = styled("Cold Feet", "Title") + styled("Why", "Heading2") + p("Bold line", look=BOLD)
    assert outline(article(body + p(FEET) + p("Bold again", look=BOLD) + p(WALK))) == [("", "Why")]


def test_paragraphs_word_numbered_are_headings_if_prose_follows_each() -> None:
    body = p("Cold Feet") + p(FEET) + listed("Vessels") + p(FEET) + listed("Habits") + p(WALK)
    assert outline(article(body, numbering=NUMBERING)) == [("1", "Vessels"), ("2", "Habits")]


def test_paragraphs_word_numbered_are_a_list_if_they_touch() -> None:
    body = p("Cold Feet") + p(FEET) + listed("Walk slowly.") + listed("Bathe.") + p(WALK)
    made = article(body, numbering=NUMBERING)
    assert [(block.kind, block.start) for block in made.lead if block.items] == [("numbered", 1)]


def test_a_list_in_the_text_counts_apart_from_bold_headings() -> None:
    steps = listed("Vessels") + listed("Habits")
    parts = p("1. Vessels", look=BOLD) + p(FEET) + p("2. Habits", look=BOLD) + p(WALK)
    made = article(p("Cold Feet") + p(FEET) + steps + p(WALK) + parts, numbering=NUMBERING)
    assert outline(made) == [("1", "Vessels"), ("2", "Habits")]
    assert [block.kind for block in made.lead] == ["paragraph", "numbered", "paragraph"]


NOTES = '<w:footnote w:id="4"><w:p><w:r><w:t>Melzack 1965</w:t></w:r></w:p></w:footnote>'
CALLED = f'<w:p><w:r><w:t>{FEET}</w:t><w:footnoteReference w:id="4"/></w:r></w:p>'


def test_notes_are_references() -> None:
    made = article(
        styled("Cold Feet", "Title") + styled("Why", "Heading2") + CALLED, footnotes=NOTES
    )
    assert [(ref.number, plain(ref.text)) for ref in made.references] == [(1, "Melzack 1965")]
    assert plain(made.sections[0].blocks[0].text) == f"{FEET}[1]"
    assert without_lines(again(made)) == without_lines(made)


def test_notes_beside_references_stay_a_list() -> None:
    own = styled("References", "Heading2") + p("[1] Wall 1970")
    why = styled("Why", "Heading2") + CALLED
    made = article(styled("Cold Feet", "Title") + why + own, footnotes=NOTES)
    assert [plain(ref.text) for ref in made.references] == ["Wall 1970"]
    (last,) = made.sections
    assert [plain(item) for item in last.blocks[-1].items] == ["Melzack 1965"]
    bare = article(styled("Cold Feet", "Title") + CALLED + own, footnotes=NOTES)
    assert [plain(item) for item in bare.lead[-1].items] == ["Melzack 1965"]


@pytest.mark.parametrize("form", ["docx_styles", "docx_bold"])
def test_the_headings_of_real_articles_are_found(form: str) -> None:
    wanted = found = right = 0
    for told in shared("split/dev/gold.jsonl").read_text("utf-8").splitlines()[:40]:
        gold = json.loads(told)
        path = Path(shared(f"split/dev/inputs/{form}/{gold['id']}.docx"))
        made = to_prediction(split(read(path, path.read_bytes()), language=gold["lang"]))
        ours, theirs = headings(made), headings(gold)
        wanted, found = wanted + len(theirs), found + len(ours)
        right += len(ours & theirs)
    assert 2 * right / (wanted + found) >= 0.98


def headings(made: dict[str, object]) -> set[str]:
    """The letters of each heading, without numbers and signs."""
    sections = made["sections"]
    assert isinstance(sections, list)
    told = [section["heading"] or "" for section in sections]
    return {"".join(filter(str.isalpha, heading)).lower() for heading in told if heading}
