"""Splitting: examples by hand, the seed word by word, and properties that hold for any text."""

import json
import random
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePath

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.stages.prediction import to_prediction
from pipeline.stages.read import read
from pipeline.stages.split import slug_of, split
from pipeline.values import Article, Person, Source, plain
from tests.stages.test_format import again, without_lines
from tests.stages.words import words

EXAMPLES = Path(__file__).parents[1] / "examples/split"
INPUTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix != ".json")
SHARED = Path(__file__).parents[2] / "../shared"
SEED = SHARED / "seeds/science-of-pain-relief.txt"
# What is taken off because it says only what its place says.
CONSUMED = {"by", "por", "글", "written"}


def article(text: str, *, name: str = "an-article.txt", language: str = "en") -> Article:
    """The article a text gives."""
    return split(read(PurePath(name), text.encode()), language=language)


def outline(made: Article) -> list[tuple[int, str, str]]:
    """Level, number and heading of each section."""
    return [(section.level, section.number, section.heading) for section in made.sections]


def example(path: Path) -> dict[str, object]:
    """What an article is split into, in the form the expected files have."""
    made = split(read(path, path.read_bytes()), language="en")
    return {
        "title": made.title,
        "subtitle": made.subtitle,
        "byline": made.byline,
        "people": [[person.name, *person.credentials] for person in made.people],
        "date_line": made.date_line,
        "lead": [block.kind for block in made.lead],
        "sections": [
            [s.level, s.number, s.heading, *(block.kind for block in s.blocks)]
            for s in made.sections
        ],
        "call_to_action": [block.kind for block in made.call_to_action],
        "references": [reference.number for reference in made.references],
        "disclaimer": [block.kind for block in made.disclaimer],
    }


def counted(text: str) -> Counter[str]:
    """The words of a text with their counts, without markers and what is consumed."""
    # "Por la Dra. Ruiz" is "Dra. Ruiz", as "By" is left out.
    found = re.findall(r"\w+", text.lower().replace("por la dra.", "dra."))
    return Counter(w for w in found if w not in CONSUMED and not re.fullmatch(r"\d+|[①-⑳]", w))


# --- Examples -------------------------------------------------------------------------------------


def test_examples_exist() -> None:
    assert {path.stem for path in INPUTS} == {path.stem for path in EXAMPLES.glob("*.json")}
    assert len(INPUTS) >= 60


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_split_gives_what_a_person_expects(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert example(path) == expected


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_split_of_an_example_loses_no_word(path: Path) -> None:
    source = read(path, path.read_bytes())
    said = [str(source.matter[key]) for key in ("title", "byline") if key in source.matter]
    lines = [plain(text) for line in source.lines for text in (line.text, *line.cells)]
    made = split(source, language="en")
    assert counted(" ".join(words(made))) == counted(" ".join([*said, *lines]))


# --- The seed -------------------------------------------------------------------------------------

needs_seed = pytest.mark.skipif(not SEED.exists(), reason="the seed is not beside this checkout")


@needs_seed
def test_split_of_the_seed_finds_its_head_and_sections() -> None:
    made = split(read(SEED, SEED.read_bytes()), language="en")
    assert made.slug == "science-of-pain-relief"
    assert made.title == (
        "The Science of Pain Relief: Endorphins, Circulation, and Your Nervous System"
    )
    assert made.byline == "Jiwon Bae, DC, L.AC"
    assert made.people == (Person(name="Jiwon Bae", credentials=("DC", "L.AC")),)
    assert made.lead == ()
    assert outline(made) == [
        (1, "", "Why does acupuncture work for pain?"),
        (1, "1", "Endorphins: Your Body’s Own Painkillers"),
        (1, "2", "Circulation: Bringing Fresh Blood and Oxygen"),
        (1, "3", "Nervous System Reset: Calming the Overload"),
        (1, "4", "The Bigger Picture"),
    ]
    assert [[block.kind for block in section.blocks] for section in made.sections] == [
        ["paragraph"] * 2,
        ["paragraph"] * 4,
        ["paragraph"] * 3 + ["bullets", "paragraph"],
        ["paragraph"] * 3 + ["bullets", "paragraph"],
        ["paragraph"] * 2 + ["bullets", "paragraph"],
    ]
    assert [len(b.items) for s in made.sections for b in s.blocks if b.items] == [4, 3, 3]


@needs_seed
def test_split_of_the_seed_keeps_every_word_in_order() -> None:
    made = split(read(SEED, SEED.read_bytes()), language="en")
    written = SEED.read_text(encoding="utf-8").replace("By Jiwon", "Jiwon")
    without_marks = re.sub(r"(?m)^- |^(\d)\.(?= )", r"\1", written)
    assert words(made) == without_marks.split()
    assert words(again(made)) == words(made)
    assert without_lines(again(made)) == without_lines(made)


@pytest.mark.skipif(
    not (SHARED / "split/dev").exists(), reason="the articles are not beside this checkout"
)
@pytest.mark.parametrize("form", ["markdown", "paste_tight", "paste_blank"])
def test_split_of_many_articles_loses_no_word(form: str) -> None:
    for path in sorted((SHARED / "split/dev/inputs" / form).iterdir())[::9]:
        source = read(path, path.read_bytes())
        made = split(source, language="en")
        lines = " ".join(plain(line.text) for line in source.lines)
        lost = counted(lines) - counted(" ".join(words(made)))
        assert set(lost) <= {"par"}, path.name
        assert not counted(" ".join(words(made))) - counted(lines), path.name
        assert without_lines(again(made)) == without_lines(made), path.name


# --- Properties -----------------------------------------------------------------------------------


# Lines that are told apart by small signs: bylines, dates, bullets, numbers, closing parts.
STRAYS = [
    "", "1. Again", "2. Then", "(1) so", "① so", "II. So", "Step 3 – so", "First, so", "• so",
    "o so", "    o So", "o i.e., so", "Why?", "* * *", "NOTE", "Note:", "“So,” she said.",
    "Authors: Ana Ruiz (Harbour) and Tom Rey", "Medically reviewed by Ana Ruiz, MD", "Jane Doe",
    "By Ana Ruiz | May 3, 2026 | 5 min read", "May 3, 2026", "By The Numbers", "글 배지원 한의사",
    "References", "Sources:", "[1] A study.", "Disclaimer", "Aviso legal", "Ask first.",
    "Ready to go? Book a visit.", "Book your visit", "Call us at 555-0100.", "지금 예약하세요!",
    "a****b", "**so**", "# so", "> so", "- Ana Ruiz, DC",
]  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """A text with lines moved, doubled, dropped, glued and dirtied."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(lines))
        act = chance.randrange(7)
        if act == 0:
            lines.insert(place, lines.pop(chance.randrange(len(lines))))
        elif act == 1:
            lines.insert(place, lines[place])
        elif act == 2 and len(lines) > 3:
            del lines[place]
        elif act == 3:
            lines[place] = f"  \xa0{lines[place]}\u200b \t"
        elif act == 4:
            lines.insert(place, chance.choice(STRAYS))
        elif act == 5:
            lines[place] = lines[place].upper()
        else:
            lines[place] = lines[place].replace(" ", "  ").replace("e", "e\u0301", 1)
    return "\n".join(lines)


def article_or_error(text: str, name: str) -> Article | str:
    """The article a text gives, or the error as a person sees it."""
    try:
        return article(text, name=name)
    except SourceError as error:
        return str(error)


@settings(max_examples=120)
@given(st.sampled_from([path for path in INPUTS if path.suffix == ".txt"]), st.randoms())
def test_split_of_a_mutated_text_loses_no_word(path: Path, chance: random.Random) -> None:
    text = mutated(path.read_text(encoding="utf-8"), chance)
    source = read(PurePath("an-article.txt"), text.encode())
    made = article_or_error(text, "an-article.txt")
    # A first line that is a long paragraph cannot be the title, and is refused.
    assume(isinstance(made, Article))
    assert isinstance(made, Article)
    written = " ".join(plain(line.text) for line in source.lines)
    assert counted(" ".join(words(made))) == counted(written)
    assert without_lines(again(made)) == without_lines(made)
    assert words(again(made)) == words(made)
    assert in_order(body(made), written)
    assert counted(predicted(made)) == counted(" ".join(words(made)))


def body(made: Article) -> str:
    """The text of an article without its head and what closes it."""
    bare = Article(slug="", language="", title="", lead=made.lead, sections=made.sections)
    return " ".join(words(bare))


def in_order(text: str, written: str) -> bool:
    """Whether the words of a text stand in what was written, in the same order."""
    rest = iter(re.findall(r"\w+", written))
    return all(word in rest for word in re.findall(r"\w+", text))


def predicted(made: Article) -> str:
    """Every word of the article in the benchmark's format."""
    prediction = to_prediction(made)
    sections = prediction["sections"]
    assert isinstance(sections, list)
    texts = [prediction["title"], prediction["byline"]]
    for section in sections:
        texts.append(section["heading"])
        for block in section["blocks"]:
            texts += block.get("items", [block.get("text")])
    return " ".join(str(text) for text in texts if text)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(STRAYS), min_size=1, max_size=12), st.sampled_from([".txt", ".md"]))
def test_split_of_stray_lines_alone_loses_no_word(lines: list[str], suffix: str) -> None:
    source = read(PurePath(f"a{suffix}"), "\n\n".join(["Why we sit", *lines]).encode())
    made = split(source, language="en")
    written = " ".join(plain(line.text) for line in source.lines)
    assert counted(" ".join(words(made))) == counted(written)
    assert without_lines(again(made)) == without_lines(made)
    assert counted(predicted(made)) == counted(" ".join(words(made)))


@settings(max_examples=200)
@given(st.text(st.characters(codec="utf-8"), max_size=300), st.sampled_from([".txt", ".md"]))
def test_split_of_any_text_gives_an_article_or_a_clear_error(text: str, suffix: str) -> None:
    outcome = article_or_error(text, f"any{suffix}")
    if isinstance(outcome, str):
        assert re.fullmatch(r"any\.[^\n]+\.", outcome)
    else:
        assert outcome.title
        assert without_lines(again(outcome)) == without_lines(outcome)


# --- Title, slug, language ------------------------------------------------------------------------


def test_split_takes_the_first_line_as_title() -> None:
    made = article("Sleep\nA long sentence about sleep stands here, and it ends with a stop.")
    assert (made.title, len(made.lead)) == ("Sleep", 1)


def test_split_lets_front_matter_win() -> None:
    matter = "title: Said\nslug: kept\nlanguage: es\nnewsletter: weekly\ntags: [a]"
    matter += "\nevergreen: true\nseason: pollen"
    text = f"---\n{matter}\n---\n\nText here."
    made = article(text, name="file.md")
    assert (made.title, made.slug, made.language) == ("Said", "kept", "es")
    assert (made.newsletter, made.tags) == ("weekly", ("a",))
    assert (made.evergreen, made.season) == (True, "pollen")
    assert plain(made.lead[0].text) == "Text here."


def test_split_does_not_say_a_title_twice() -> None:
    made = article("---\ntitle: Same\n---\n# Same\n\nText.\n\n## One\n\nMore.", name="a.md")
    assert (made.title, made.subtitle, outline(made)) == ("Same", "", [(1, "", "One")])


def test_split_keeps_another_title_above_the_text_as_subtitle() -> None:
    made = article("---\ntitle: Said\n---\n# Shown\n\nText.\n\n## One\n\nMore.", name="a.md")
    assert (made.title, made.subtitle, outline(made)) == ("Said", "Shown", [(1, "", "One")])


def test_split_keeps_another_title_as_section_where_a_subtitle_is_said() -> None:
    text = "---\ntitle: Said\nsubtitle: Sub\n---\n# Shown\n\nText.\n\n## One\n\nMore."
    made = article(text, name="a.md")
    assert made.subtitle == "Sub"
    assert outline(made) == [(1, "", "Shown"), (2, "", "One")]


def test_split_takes_the_only_first_level_heading_as_title_below_a_picture() -> None:
    made = article("![A needle](needle.png)\n\n# Title\n\nBy Jiwon Bae, DC\n\nText.", name="a.md")
    assert (made.title, made.byline) == ("Title", "Jiwon Bae, DC")
    assert [block.kind for block in made.lead] == ["image", "paragraph"]


def test_split_takes_the_topmost_remaining_level_for_one() -> None:
    text = "# Title\n\nText.\n\n### 1. One\n\na\n\n#### Two\n\nb\n\n### Three\n\nc"
    made = article(text, name="a.md")
    assert outline(made) == [(1, "1", "One"), (2, "", "Two"), (1, "", "Three")]


def test_split_caps_the_depth() -> None:
    text = "# T\n\n# a\n\n## b\n\n### c\n\n#### d\n\n##### e\n\n###### f"
    assert [level for level, _, _ in outline(article(text, name="a.md"))] == [1, 2, 3, 4, 5, 5]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Science of Pain.txt", "science-of-pain"),
        ("침-치료 안내.md", "침-치료-안내"),
        ("침_2026.md", "침-2026"),
        ("Ännu__En.md", "ännu-en"),
    ],
)
def test_slug_of_keeps_letters_of_any_script(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_slug_of_is_the_same_for_both_ways_to_store_a_letter() -> None:
    assert slug_of("e\u0301te\u0301.md") == slug_of("\u00e9t\u00e9.md")


def test_slug_of_refuses_a_name_without_letters() -> None:
    with pytest.raises(SourceError, match="has no letters"):
        slug_of("---.md")


def test_split_refuses_a_text_without_words() -> None:
    with pytest.raises(SourceError, match="not one word"):
        article("…\n!!\n🌿")


@pytest.mark.parametrize("text", ["- a\n- b", "| a |\n|---|\n| b |", "word " * 100])
def test_split_refuses_a_text_without_a_line_for_the_title(text: str) -> None:
    with pytest.raises(SourceError, match="can be the title"):
        article(text, name="a.md")


def test_split_of_a_wordless_table_of_a_said_title_is_refused() -> None:
    with pytest.raises(SourceError, match="not one word"):
        split(Source(name="a.md", lines=(), matter={"title": "T"}), language="en")


def test_to_prediction_keeps_the_number_in_the_heading() -> None:
    made = replace(article("# T\n\nLead.\n\n## 1. One\n\nText.", name="a.md"), slug="x")
    assert to_prediction(made)["sections"] == [
        {
            "level": 0,
            "number": None,
            "heading": None,
            "blocks": [{"kind": "paragraph", "text": "Lead."}],
        },
        {
            "level": 1,
            "number": "1",
            "heading": "1. One",
            "blocks": [{"kind": "paragraph", "text": "Text."}],
        },
    ]
