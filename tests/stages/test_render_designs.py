"""What holds of every design, with ordinary letters and with those nobody thinks of."""

import itertools
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipeline.errors import TemplateError
from pipeline.stages.design.colours import palette
from pipeline.stages.email.page import page
from pipeline.stages.plan import plan
from pipeline.stages.render import render
from pipeline.stages.templates import Templates, folders
from pipeline.stages.text.inline import solid
from pipeline.values import (
    Article,
    Brand,
    Configuration,
    Design,
    Person,
    Practitioner,
    RenderedIssue,
    Section,
)
from tests.samples import article, configuration, paragraph, section
from tests.specimens import DESIGNS, FIGURE, bare, clinic_of, everything, rendered_for, specimen

# An element of words without a word; a divider is a paragraph without words, but with a border.
HOLE = re.compile(r"<(p|h[1-6]|li|strong)\b(?![^>]*border-top)[^>]*>\s*</\1>")

pytestmark = pytest.mark.parametrize("design", DESIGNS)


def chosen(design: Design, configured: Configuration | None = None) -> Configuration:
    made = configured or configuration()
    return replace(made, newsletters=(replace(made.newsletters[0], design=design),))


def letters(
    design: Design, made: Article | None = None, configured: Configuration | None = None
) -> tuple[RenderedIssue, ...]:
    return rendered_for(made or article(), chosen(design, configured))


class _Balanced(HTMLParser):
    """Refuses a tag that closes nothing or is never closed, and an attribute said twice."""

    VOID = frozenset({"br", "img", "meta", "link", "hr", "wbr", "input", "col"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> says an attribute twice"
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        assert tag in self.VOID, f"<{tag} /> closes itself"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


# --- Form -----------------------------------------------------------------------------------------


def test_every_tag_is_closed_in_its_place(design: Design) -> None:
    for issue in (*letters(design), *letters(design, everything()), specimen("ar", design)):
        reader = _Balanced()
        reader.feed(issue.html)
        reader.close()
        assert reader.open == []


def test_a_letter_says_its_language_its_direction_and_its_title(design: Design) -> None:
    for language, direction in (("en", "ltr"), ("ko", "ltr"), ("ar", "rtl")):
        issue = specimen(language, design)
        assert f'<html lang="{language}" dir="{direction}"' in issue.html
        assert re.search(r"<title>[^<]+</title>", issue.html)
        assert issue.html.index(issue.preheader[:20]) < issue.html.index("<table")


def test_layout_says_that_it_is_layout_and_data_has_heads(design: Design) -> None:
    html = re.sub(r"<!--.*?-->", "", letters(design)[1].html, flags=re.DOTALL)
    tables = re.findall(r"<table[^>]*>", html)
    assert sum('role="presentation"' not in table for table in tables) == 1
    assert html.count('scope="col"') == 2


def test_headings_skip_no_level(design: Design) -> None:
    made = everything()
    inner = replace(made, sections=(replace(made.sections[0], level=2), *made.sections[1:]))
    for issue in (*letters(design), *letters(design, made), *letters(design, inner)):
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", issue.html)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_the_button_stands_in_outlook_too(design: Design) -> None:
    html = letters(design)[0].html
    button = re.search(
        r"<td[^>]*bgcolor=\"([^\"]*)\"[^>]*>\s*<a[^>]*Book|<td[^>]*bgcolor[^>]*>", html
    )
    assert button
    assert "mso-padding-alt" in html
    assert re.search(r"<!--\[if mso\]><style>.*mso-line-height-rule: exactly", html, re.DOTALL)


def test_both_schemes_are_declared_and_the_dark_one_said_twice(design: Design) -> None:
    html, dark = letters(design)[0].html, palette(Brand()).dark
    assert '<meta name="color-scheme" content="light dark"' in html
    assert '<meta name="supported-color-schemes" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html
    for rule in (f".b-paper > table {{ background: {dark.paper}", f".go a {{ color: {dark.on}"):
        assert html.count(rule) == 2


def test_every_colour_is_of_the_palette(design: Design) -> None:
    made = palette(Brand())
    known = {getattr(s, n) for s in (made.light, made.dark) for n in made.light.__slots__}
    for issue in (*letters(design), *letters(design, everything())):
        found = set(re.findall(r"#[0-9a-f]{6}\b", issue.html.replace("&#", "")))
        assert found <= known | {"#ffffff", "#000000"}


@pytest.mark.parametrize("language", ["en", "ko", "es", "ar"])
def test_no_font_is_named_that_would_be_fetched(design: Design, language: str) -> None:
    html = specimen(language, design).html
    assert not re.search("Roboto|Ubuntu|Lato|Open Sans|Droid|googleapis|gstatic|@import", html)
    assert page(html).loads == ((FIGURE,) if language != "ar" else ())


def test_korean_is_upright_in_two_weights_and_keeps_its_words_whole(design: Design) -> None:
    html = specimen("ko", design).html
    assert "italic" not in html
    assert set(re.findall(r"font-weight: ?(\w+)", html)) <= {"400", "700", "normal", "bold"}
    assert re.search(r"<p[^>]*word-break: ?keep-all", html)
    assert "Malgun Gothic" in html
    assert "Segoe UI" not in html


def test_what_is_written_from_the_right_is_set_from_the_right(design: Design) -> None:
    html = specimen("ar", design).html
    assert "direction:ltr" not in html
    assert re.search(r"<ul[^>]*padding-right: ?24px", html)
    assert "padding-left: 24px" not in html.replace("padding-left: 24px !important", "")
    assert "italic" not in html


def test_a_telephone_number_is_never_turned_round(design: Design) -> None:
    assert "\u200e555-0142" in page(specimen("ar", design).html).text
    assert "\u200e" not in specimen("en", design).html


# --- Parts ----------------------------------------------------------------------------------------


def test_the_text_part_does_not_know_the_design(design: Design) -> None:
    assert [i.text for i in letters(design)] == [i.text for i in letters("calm")]


def test_a_figure_has_its_caption_behind_it(design: Design) -> None:
    issue = specimen("en", design)
    alt, caption = "with rings of warmth around it.", "Warmth reaches the vessels just under"
    for told in (page(issue.html).text, issue.text.replace("\n", " ")):
        assert told.index(alt) < told.index(caption)


def test_a_photo_stands_where_there_is_one(design: Design) -> None:
    photo = "https://clinic.example.com/mara.jpg"
    known = (Practitioner(name="Mara Ellison", photo=photo), Practitioner(name="Jun Park"))
    people = (Person(name="Mara Ellison"), Person(name="Jun Park"))
    made = replace(article(), byline="Mara Ellison, Jun Park", people=people)
    issue = letters(design, made, replace(configuration(), practitioners=known))[0]
    seen = page(issue.html)
    (image,) = seen.images
    assert (image.source, image.alt, image.decorative) == (photo, "", True)
    assert "JP" in seen.text
    assert "ME" not in seen.text
    assert photo not in issue.text


def test_the_way_back_stands_in_every_later_part(design: Design) -> None:
    first, second, third = (page(issue.html).links for issue in letters(design))
    pages = [f"@@archive_url@@/weekly/why-warmth-helps/{part}/" for part in (1, 2)]
    archive = [[link.href for link in links if "archive" in link.href] for links in (first, second)]
    assert archive == [[], [pages[0]] * 2]
    assert [link.href for link in third if "archive" in link.href] == [pages[1], *pages]


@pytest.mark.parametrize("parts", [1, 2, 6, 7, 12, 13])
def test_a_series_of_any_length_counts_in_words(design: Design, parts: int) -> None:
    sections = tuple(section(f"Part {n}", "Words.", number=str(n)) for n in range(1, parts + 1))
    issues = letters(design, replace(article(), sections=sections))
    assert len(issues) == parts
    for number, issue in enumerate(issues, 1):
        assert (f"Part {number} of {parts}" in page(issue.html).text) == (parts > 1)
        assert (f"\nPart {number} of {parts}" in issue.text) == (parts > 1)


def test_every_kind_of_block_stands_in_it(design: Design) -> None:
    made = everything()
    for issue in letters(design, made):
        assert page(issue.html).loads == (FIGURE,) * len(page(issue.html).loads)
    shown = solid(page(letters(design, made)[0].html).text)
    for words in ("A picture without an address", "step 102", "d 20", "if warm:", "Author 40."):
        assert solid(words) in shown or solid(words) in solid(letters(design, made)[1].text)


def test_a_letter_with_all_of_it_stays_below_what_is_cut(design: Design) -> None:
    assert max(len(issue.html.encode()) for issue in letters(design, everything())) < 65_000


def test_what_is_not_set_leaves_no_hole(design: Design) -> None:
    made = Article(slug="a", language="en", title="Only a title")
    (issue,) = letters(design, made, bare())
    assert [link.href for link in page(issue.html).links] == [
        "@@unsubscribe_url@@",
        "@@preferences_url@@",
        "@@view_url@@",
    ]
    assert not HOLE.search(issue.html)
    assert "mj-button" not in issue.html
    assert "\n\n\n\n" not in issue.text


@pytest.mark.parametrize(
    "made",
    [
        replace(article(), lead=()),
        replace(article(), byline="", people=()),
        replace(article(), title="x" * 160),
        replace(article(), title="A 🌡️ title 👩‍⚕️", lead=(paragraph("👩‍⚕️" * 40),)),
        replace(article(), sections=(Section(level=1, number="1", heading="Empty"),)),
        replace(
            article(), sections=(section("Deep first", "Words.", level=3), section("Top", "W."))
        ),
    ],
    ids=["no lead", "no byline", "one long word", "emoji", "empty section", "deep first"],
)
def test_an_odd_article_makes_a_letter(design: Design, made: Article) -> None:
    for issue in letters(design, made):
        assert issue.html.count("<h1") == 1
        assert not HOLE.search(issue.html)


def test_words_in_any_design_are_all_there_or_nothing_goes_out(
    design: Design, tmp_path: Path
) -> None:
    part = tmp_path / "email" / design / "sections.mjml"
    part.parent.mkdir(parents=True)
    part.write_text("")
    with pytest.raises(TemplateError, match=f"email/{design}/issue.mjml.*it lost the words"):
        own(design, tmp_path)


def test_a_part_that_all_designs_share_can_be_replaced_for_all(
    design: Design, tmp_path: Path
) -> None:
    part = tmp_path / "email" / "parts" / "ways.mjml"
    part.parent.mkdir(parents=True)
    part.write_text('<p>Our own: <a href="{{ unsubscribe }}">Leave</a></p>')
    assert "Our own: Leave" in page(own(design, tmp_path)[0].html).text


def test_a_block_can_be_replaced_for_one_design(design: Design, tmp_path: Path) -> None:
    part = tmp_path / "email" / design / "code.mjml"
    part.parent.mkdir(parents=True)
    part.write_text("<mj-text>Code: {{ block.text }}</mj-text>")
    made = "".join(page(issue.html).text for issue in own(design, tmp_path))
    assert "Code: warm = 10  # minutes" in made.replace("\xa0", " ")


def own(design: Design, folder: Path) -> tuple[RenderedIssue, ...]:
    return render(
        article(),
        plan(article()),
        chosen(design).newsletters[0],
        configuration=chosen(design),
        templates=Templates((folder, *folders())),
    )


def test_a_clinic_with_long_names_is_still_a_clinic(design: Design) -> None:
    made = clinic_of("en", design)
    name = "The Extraordinarily Long-Named Clinic of Fairhaven and Its Surrounding Villages " * 2
    made = replace(made, clinic=replace(made.clinic, name=name.strip()))
    issue = rendered_for(article(), made)[0]
    assert solid(name) in solid(page(issue.html).text)
