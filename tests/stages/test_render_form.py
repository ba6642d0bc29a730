"""How a letter is set, what it never does, and whose templates may change it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SettingError, SourceError, TemplateError
from pipeline.stages.email.page import page
from pipeline.stages.plan import plan
from pipeline.stages.render import render
from pipeline.stages.templates import Templates, folders
from pipeline.stages.text.inline import solid
from pipeline.stages.text.wrap import columns
from pipeline.values import (
    Article,
    Block,
    Brand,
    Reference,
    RenderedIssue,
    Run,
    Section,
)
from tests.samples import article, configuration, section
from tests.stages.letters import clinic, first, lines, rendered

# --- Language, colour, form -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "part", "leave"),
    [
        ("en", "Part 1 of 3", "Unsubscribe"),
        ("ko", "3편 중 1편", "수신 거부"),
        ("es", "Parte 1 de 3", "Darse de baja"),
        ("fi", "Part 1 of 3", "Unsubscribe"),
    ],
)
def test_template_words_are_in_the_language_of_the_article(
    language: str, part: str, leave: str
) -> None:
    issue = first(replace(article(), language=language))
    assert part in lines(issue)
    assert lines(issue)[-1].startswith(leave)
    assert f"\n{part}\n" in issue.text
    assert f'<html lang="{language}" dir="ltr"' in issue.html


def test_the_bars_are_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in first().html


def test_a_long_series_has_words_but_no_bars() -> None:
    made = replace(article(), sections=tuple(section("H", number=str(n)) for n in range(1, 14)))
    issue = first(made)
    assert "Part 1 of 13" in lines(issue)
    assert "aria-hidden" not in issue.html


def test_long_numbers_have_a_larger_disc() -> None:
    made = replace(article(), sections=(section("One", number="XVIII"),))
    assert 'width="80"' in first(made).html


def test_the_text_part_is_set_in_72_columns() -> None:
    for issue in rendered():
        assert max(map(columns, issue.text.splitlines())) == 72
        assert not re.search(r"[ \t]$", issue.text, flags=re.MULTILINE)
        assert "\n\n\n\n" not in issue.text


def test_the_text_part_reads_like_a_letter() -> None:
    assert first().text.startswith(
        "The Harbour Letter\n"
        "Harbour Street Acupuncture\n"
        "\n"
        "Part 1 of 3\n"
        "\n"
        "\n"
        "Why Warmth Helps: Three Small Answers to a Stiff Neck\n"
        "=====================================================\n"
        "\n"
        "By Mara Ellison, DAcOM, L.Ac.\n"
        "Licensed acupuncturist\n"
        "\n"
        "A warm hand on a stiff neck is the oldest remedy there is. Over three\n"
        "weeks we look at what it may be doing, one answer at a time.\n"
        "\n"
        "\n"
        "1. Small Vessels: Room for the Blood\n"
        "------------------------------------\n"
        "\n"
        "Under the skin lie vessels finer than a hair. Warmth lets them widen,\n"
        "and more blood passes through [1].\n"
    )


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert rendered() == rendered()


# --- Hostile and odd input ------------------------------------------------------------------------

HOSTILE = (
    'x" onerror="alert(1) <script>alert(1)</script> {{ 7*7 }} {% raw %} </mj-text><mj-raw> '
    '\\n \\u{a0} \\" <!--[if mso]> ]]> &amp; \u00a0\u200d\u0301\u202e\x00\x0b\x85 é 👩\u200d👧'
)


def hostile(words: str) -> Article:
    text = (Run(words),)
    blocks = (
        *(Block(kind=kind, text=text) for kind in ("paragraph", "quotation", "code")),
        *(Block(kind=kind, items=(text,)) for kind in ("bullets", "numbered")),
        Block(kind="table", rows=((text, text), (text,))),
        Block(kind="image", text=text, target="https://x.example.com/a.png"),
        Block(kind="image", text=text, target="javascript:alert(1)"),
    )
    return replace(
        article(),
        title=words,
        subtitle=words,
        byline=words,
        people=(),
        date_line=words,
        lead=blocks,
        sections=tuple(
            Section(level=1, number=str(n), heading=words, blocks=blocks) for n in (1, 2)
        ),
        references=(Reference(number=1, text=text),),
        disclaimer=blocks[:5],
    )


def test_hostile_words_are_shown_and_do_nothing() -> None:
    made = clinic(name=HOSTILE, note=HOSTILE, booking_label=HOSTILE, phone=HOSTILE)
    for issue in rendered(hostile(HOSTILE), made):
        seen = page(issue.html)
        assert seen.handlers == ()
        assert seen.loads == ("https://x.example.com/a.png",) * len(seen.loads)
        assert solid(seen.text).count(solid(HOSTILE)) >= 10
        assert solid(issue.text).count(solid(HOSTILE)) >= 10


@pytest.mark.no_cover
@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_words_are_shown_or_refused(words: str) -> None:
    made = hostile(words)
    try:
        issues = rendered(made)
    except SourceError:
        assert "@@" in words
        return
    for issue in issues:
        assert solid(words) in solid(page(issue.html).text)
        assert solid(words) in solid(issue.text)


def test_a_merge_field_of_the_author_is_refused() -> None:
    with pytest.raises(SourceError, match="why-warmth-helps: “@@unsubscribe_url@@”"):
        rendered(replace(article(), title="@@unsubscribe_url@@"))


def test_a_merge_field_in_the_settings_is_refused() -> None:
    with pytest.raises(SettingError, match="“@@name@@” would be taken for a merge field"):
        rendered(configured=clinic(note="Dear @@name@@"))


def test_a_colour_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(SettingError, match="'blue'"):
        rendered(configured=replace(configuration(), brand=Brand(brand="blue")))


def test_a_language_is_only_a_word() -> None:
    issue = first(replace(article(), language='en"><script>'))
    assert "script" not in page(issue.html).elements


def test_a_very_long_section_loses_nothing() -> None:
    words = " ".join(f"word{n}" for n in range(20_000))
    issue = first(replace(article(), sections=(section("One", words, number="1"),)))
    assert "word19999" in page(issue.html).text
    assert solid(words) in solid(issue.text)


# --- Templates of one's own -----------------------------------------------------------------------


def own(tmp_path: Path, name: str, content: str) -> tuple[RenderedIssue, ...]:
    path = tmp_path / name
    path.parent.mkdir(parents=True)
    path.write_text(content)
    return render(
        article(),
        plan(article()),
        configuration().newsletters[0],
        configuration=configuration(),
        templates=Templates((tmp_path, *folders())),
    )


def test_a_part_can_be_replaced(tmp_path: Path) -> None:
    part = "<mj-section><mj-column><mj-text>Our own top</mj-text></mj-column></mj-section>"
    issue = own(tmp_path, "email/calm/masthead.mjml", part)[0]
    assert "Our own top" in page(issue.html).text
    assert "The Harbour Letter" not in page(issue.html).text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("email/calm/footer.mjml", "<mj-bogus />", "not valid MJML"),
        ("email/calm/footer.mjml", "{{ nothing }}", "'nothing' is undefined"),
        ("email/calm/footer.mjml", "{% if %}", "does not parse"),
        ("email/calm/footer.mjml", "<mj-raw><script>x</script></mj-raw>", "it holds a <script>"),
        ("email/calm/sections.mjml", "", "lost the words “Under the skin lie vessels"),
        (
            "email/calm/footer.mjml",
            "<mj-raw><img src='https://t.example.com/pixel' alt='' /></mj-raw>",
            "would load https://t.example.com/pixel",
        ),
        ("email/calm/afterword.mjml", "", "lost the words “This article is for learning"),
        ("email/issue.txt", "Nothing to see", "email/issue.txt: the template made a letter"),
    ],
)
def test_a_broken_template_of_ones_own_sends_nothing(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        own(tmp_path, name, content)
    assert message in str(refused.value)
