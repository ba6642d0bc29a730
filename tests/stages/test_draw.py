"""Picture cards: the right size, the author's words, whole items, and the same bytes every time."""

import re
import shutil
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import SettingError, SourceError, TemplateError
from pipeline.stages.design.colours import contrast, palette, rgb
from pipeline.stages.draw import MOST, draw
from pipeline.stages.posts.pieces import parts
from pipeline.stages.templates import Templates, folders
from pipeline.values import Article, Brand, Card, Configuration, Section
from tests.samples import article, block, configuration, section, templates

FOOT = "Harbour Street Acupuncture · clinic.example.com"
TITLE = "Why Warmth Helps: Three Small Answers to a Stiff Neck"


def cards(of: Article, conf: Configuration | None = None) -> tuple[Card, ...]:
    """The cards of an article."""
    return draw(of, configuration=conf or configuration(), templates=templates())


def only(of: Section, *, title: str = TITLE, language: str = "en") -> Card:
    """The one card of an article of one section."""
    return cards(replace(article(), sections=(of,), title=title, language=language))[0]


def listed(*items: str, intro: str = "") -> Section:
    """A section of a list, with or without a line that announces it."""
    said = (block("paragraph", intro),) if intro else ()
    return Section(
        level=1, number="", heading="Heading", blocks=(*said, block("bullets", "\n".join(items)))
    )


def size(png: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the head of the file."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def own(tmp_path: Path, old: str, new: str) -> Templates:
    """The templates with one change in the card's."""
    shutil.copytree(folders()[0] / "cards", tmp_path / "cards")
    file = tmp_path / "cards" / "section.typ"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return Templates([tmp_path, *folders()])


def test_each_section_of_the_top_level_has_a_card() -> None:
    whole = replace(article(), sections=(*article().sections, section("Below", "B.", level=2)))
    made = cards(whole)
    assert [card.section for card in made] == [0, 1, 2, 3]
    assert {size(card.png) for card in made} == {(1080, 1350)}


def test_a_card_is_light_enough_for_every_network() -> None:
    assert all(10_000 < len(card.png) < 250_000 for card in cards(article()))


def test_the_same_words_make_the_same_bytes() -> None:
    assert cards(article()) == cards(article())


def test_cards_drawn_at_once_are_the_same() -> None:
    expected = cards(article())
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(cards, [article()] * 4)) == [expected] * 4


def test_a_list_is_what_a_card_shows() -> None:
    assert cards(article())[0].alt.splitlines() == [
        TITLE,
        "1. Small Vessels: Room for the Blood",
        "• a slow, spreading warmth around the neck, which usually passes within the hour",
        "• slower breathing, and shoulders that drop by themselves",
        "• now and then nothing at all, which is a normal answer too",
        FOOT,
    ]


def test_steps_keep_their_numbers() -> None:
    assert cards(article())[1].alt == (
        f"{TITLE}\n2. Muscle: Letting Go by Degrees\n"
        f"1. Sit down.\n2. Warm the neck for ten minutes.\n3. Turn the head slowly.\n{FOOT}"
    )


def test_a_section_without_a_list_shows_its_first_sentences() -> None:
    assert cards(article())[2].alt == (
        f"{TITLE}\n3. Nerves: A Quieter Message\n"
        f"Warmth is a message too, and it reaches the spinal cord first.\n{FOOT}"
    )


def test_a_section_without_a_number_shows_none() -> None:
    assert cards(article())[3].alt.splitlines()[1] == "What to Do Tonight"


def test_the_line_that_announces_a_list_is_shown() -> None:
    card = only(listed("a", "b", intro="Rest. You may notice:"), title="T")
    assert card.alt == f"T\nHeading\nYou may notice:\n• a\n• b\n{FOOT}"


def test_a_sentence_that_announces_nothing_is_not_shown_above_a_list() -> None:
    assert only(listed("a", "b", intro="Rest."), title="T").alt == f"T\nHeading\n• a\n• b\n{FOOT}"


def test_only_the_first_list_is_shown() -> None:
    blocks = (block("bullets", "a\nb"), block("bullets", "c"), block("paragraph", "D."))
    whole = Section(level=1, number="", heading="Heading", blocks=blocks)
    assert only(whole, title="T").alt == f"T\nHeading\n• a\n• b\n{FOOT}"


def test_items_that_do_not_fit_are_left_off_whole_from_the_end() -> None:
    items = [
        f"{n} is an item of a list that goes on for longer than a card is high" for n in range(30)
    ]
    shown = [line[2:] for line in only(listed(*items)).alt.splitlines() if line.startswith("• ")]
    assert 5 < len(shown) < 20
    assert shown == items[: len(shown)]


def test_a_promised_list_may_be_shorter_on_a_card() -> None:
    items = [
        f"{n} is an item of a list that goes on for longer than a card is high" for n in range(30)
    ]
    lines = only(listed(*items, intro="You may notice:")).alt.splitlines()
    assert lines[2:4] == ["You may notice:", f"• {items[0]}"]
    assert 5 < len(lines) < 20


def test_the_template_draws_bullets_itself(tmp_path: Path) -> None:
    told = '#assert(d.items.all(i => (i.sign == "") == (d.number == "1")))\n#place(top + left'
    changed = own(tmp_path, "#place(top + left, dx: 48pt", f"{told}, dx: 48pt")
    whole = replace(article(), sections=article().sections[:2])
    assert len(draw(whole, configuration=configuration(), templates=changed)) == 2


def test_an_item_on_safety_is_not_left_off() -> None:
    items = [
        f"{n} is an item of a list that goes on for longer than a card is high" for n in range(30)
    ]
    shown = only(listed(*items, "Call us if a hand is numb")).alt.splitlines()
    assert shown[-2] == "• Call us if a hand is numb"
    assert shown[2] == f"• {items[0]}"


def test_sentences_that_do_not_fit_are_left_off_whole() -> None:
    text = "Warmth lets the vessels widen and a little more blood passes through them. " * 30
    (shown,) = only(section("Heading", text), title="T").alt.splitlines()[2:-1]
    assert text.startswith(shown)
    assert shown.endswith("them.")
    assert 200 < len(shown) < 600


def test_a_sentence_is_not_shown_without_its_but() -> None:
    long = "But " + "it fades " * 120 + "soon."
    card = only(section("Heading", f"Rest well. Warmth helps. {long}"), title="T")
    assert card.alt == f"T\nHeading\nRest well.\n{FOOT}"


def test_paragraphs_stay_apart() -> None:
    card = only(section("Heading", "One. Two.", "Three."), title="T")
    assert card.alt == f"T\nHeading\nOne. Two.\nThree.\n{FOOT}"


def test_a_deeper_heading_ends_what_is_shown() -> None:
    whole = replace(
        article(), title="T", sections=(section("One", "A."), section("Below", "B.", level=2))
    )
    assert cards(whole)[0].alt == f"T\nOne\nA.\n{FOOT}"


@pytest.mark.parametrize("text", ["A" + "a" * 1200 + ".", "A" * (MOST + 1), ""])
def test_a_card_of_nothing_that_fits_is_its_heading(text: str) -> None:
    assert only(section("Heading", text), title="T").alt == f"T\nHeading\n{FOOT}"


def test_reference_markers_are_left_out() -> None:
    assert "[" not in cards(article())[2].alt


def test_words_are_never_read_as_markup() -> None:
    evil = '#panic("x") $1 *b* _i_ <a> @c [d] \\ // e `f` = g'
    card = only(section(evil, f"{evil}."), title=evil)
    assert card.alt == f"{evil}\n{evil}\n{evil}.\n{FOOT}"
    assert size(card.png) == (1080, 1350)


def test_the_word_overflow_is_no_overflow() -> None:
    assert (
        only(section("Overflow", "An overflow."), title="T").alt
        == f"T\nOverflow\nAn overflow.\n{FOOT}"
    )


@pytest.mark.parametrize(
    ("language", "heading", "text"),
    [
        ("ko", "척수의 문: 한 신호가 다른 신호에게", "통증이 줄어듭니다."),
        ("ko", "가" * 60, "나" * 100 + "."),
        ("ja", "針が入るとき", "痛みが和らぐことがあります。"),
        ("ar", "عند الإبرة", "دفء خفيف يزول خلال ساعة."),
        ("pt-BR", "Dormir bem", "Descanse."),
        ("", "No language", "Rest."),
        ("not a language", "No language", "Rest."),
        ("en", "Electroencephalographically", "Rest 👩🏽‍⚕️ नमस्ते."),
        ("en", "W" * 20, "https://example.com/" + "x" * 200),
    ],
)
def test_any_language_is_drawn(language: str, heading: str, text: str) -> None:
    card = only(section(heading, text), title="T", language=language)
    assert card.alt == f"T\n{heading}\n{text}\n{FOOT}"
    assert size(card.png) == (1080, 1350)


@pytest.mark.parametrize("number", ["", "1", "10", "IV", "①", "Part Seventeen"])
def test_any_number_is_drawn(number: str) -> None:
    assert size(only(replace(section("H", "B."), number=number)).png) == (1080, 1350)


def test_many_sections_are_drawn() -> None:
    whole = replace(article(), sections=tuple(section(f"H{n}", "B.") for n in range(40)))
    assert len({card.png for card in cards(whole)}) == 40


def test_a_title_that_is_a_paragraph_is_left_off() -> None:
    assert only(section("Heading", "B."), title="T" * 161).alt == f"Heading\nB.\n{FOOT}"
    assert only(section("Heading", "B."), title="T " * 80).alt.startswith("T T")


@pytest.mark.parametrize("heading", ["A long heading " * 60, "x" * (MOST + 1)])
def test_a_heading_that_does_not_fit_is_an_error_and_not_cut(heading: str) -> None:
    with pytest.raises(SourceError, match=r"is too long for a picture card\. Shorten it") as told:
        only(replace(section(heading, "B."), line=9))
    assert (told.value.path, told.value.line) == ("why-warmth-helps", 9)


def test_an_article_without_sections_has_no_cards() -> None:
    assert cards(replace(article(), sections=())) == ()


@pytest.mark.parametrize(
    ("website", "foot"),
    [
        ("https://www.clinic.example.com/welcome", "clinic.example.com"),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_the_foot_names_the_clinic_and_its_host(website: str, foot: str) -> None:
    conf = configuration()
    conf = replace(conf, clinic=replace(conf.clinic, website=website))
    last = cards(article(), conf)[0].alt.splitlines()[-1]
    assert last == " · ".join(filter(None, ["Harbour Street Acupuncture", foot]))


@pytest.mark.parametrize(
    "brand",
    [
        Brand(),
        Brand(brand="#ffe680", accent="#ffd1c4", ink="#999999", paper="#ffffff"),
        Brand(brand="#000000", accent="#f2a65a", ink="#000000", paper="#101010"),
    ],
)
def test_every_text_of_a_card_can_be_read(brand: Brand) -> None:
    light = palette(brand).light
    pairs = [
        (light.hot, light.warm),
        (light.on, light.button),
        (light.link, light.paper),
        (light.ink, light.paper),
        (light.ink, light.page),
        (light.muted, light.paper),
        (light.muted, light.page),
    ]
    assert min(contrast(rgb(text), rgb(ground)) for text, ground in pairs) >= 4.5
    assert size(cards(article(), replace(configuration(), brand=brand))[0].png) == (1080, 1350)


def test_a_colour_that_is_none_is_told() -> None:
    with pytest.raises(SettingError, match="the brand colour 'teal' cannot be read"):
        cards(article(), replace(configuration(), brand=Brand(brand="teal")))


def test_a_template_of_the_clinic_is_used_at_once(tmp_path: Path) -> None:
    changed = own(tmp_path, 'fill: colour("page"))', 'fill: colour("warm"))')
    before, after = (
        draw(article(), configuration=configuration(), templates=t) for t in (templates(), changed)
    )
    assert before[0].png != after[0].png
    assert before[0].alt == after[0].alt


def test_a_folder_of_fonts_may_lie_beside_the_template(tmp_path: Path) -> None:
    changed = own(tmp_path, "// A picture card", "// A card")
    (tmp_path / "cards" / "fonts").mkdir()
    made = draw(article(), configuration=configuration(), templates=changed)
    assert made == cards(article())


def test_a_broken_template_is_told_with_its_file(tmp_path: Path) -> None:
    changed = own(tmp_path, "d.heading", "d.headline")
    with pytest.raises(TemplateError, match=r"the card cannot be drawn: .*headline") as told:
        draw(article(), configuration=configuration(), templates=changed)
    assert told.value.path == tmp_path / "cards" / "section.typ"


def test_a_template_of_two_pages_is_told(tmp_path: Path) -> None:
    changed = own(
        tmp_path, "#place(top + left, dx: 48pt", "#pagebreak()\n#place(top + left, dx: 48pt"
    )
    with pytest.raises(TemplateError, match="the card has more than one page"):
        draw(article(), configuration=configuration(), templates=changed)


def test_a_missing_template_is_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=r"there is no template cards/section\.typ"):
        draw(article(), configuration=configuration(), templates=Templates([tmp_path]))


def test_every_sentence_of_a_card_is_one_of_the_section() -> None:
    for part, card in zip(parts(article()), cards(article()), strict=True):
        said = " ".join(piece.text for piece in part.pieces)
        for line in card.alt.splitlines()[2:-1]:
            assert re.sub(r"^(?:• |\d+\. )", "", line) in said
