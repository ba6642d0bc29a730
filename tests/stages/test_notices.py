"""Notices as emails: beautiful is for the browser's tests; here, that they say what they must."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from pipeline.errors import SettingError, TemplateError
from pipeline.stages.check import RULES, findings
from pipeline.stages.check.rule import Material
from pipeline.stages.design.notices import NOTICES, NoticeKind
from pipeline.stages.email.page import page
from pipeline.stages.merge import marks
from pipeline.stages.notices import RenderedNotice, render_notice
from pipeline.stages.templates import Templates, folders
from pipeline.values import Configuration, Design, RenderedIssue
from tests.samples import configuration, templates
from tests.specimens import DESIGNS, bare, clinic_of

KINDS: tuple[NoticeKind, ...] = ("confirm", "known", "approve")
LINKS = {
    "confirm": "@@confirm_url@@",
    "known": "@@preferences_url@@",
    "approve": "@@approve_url@@",
}
TEMPLATES = templates()
# What only letters of a list are asked: notices have no way to leave one, and fields of their own.
NOT_ASKED = {"no-unsubscribe-link", "unknown-merge-field"}


def made(
    kind: NoticeKind = "confirm",
    *,
    language: str = "",
    configured: Configuration | None = None,
    found: Templates = TEMPLATES,
) -> RenderedNotice:
    configured = configured or configuration()
    return render_notice(
        kind,
        configured.newsletters[0],
        language=language,
        configuration=configured,
        templates=found,
        article="Why {warmth} helps @@first_name@@" if kind == "approve" else "",
    )


def overridden(folder: Path, name: str, text: str) -> Templates:
    """The templates of a home that has one of its own."""
    file = folder / "templates" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return Templates(folders(folder))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", NOTICES)
@pytest.mark.parametrize("design", DESIGNS)
def test_a_notice_passes_every_check_that_a_letter_passes(
    design: Design, language: str, kind: NoticeKind
) -> None:
    """D14, D20, D21, D27, L1: size, contrast, hidden text, links, postal address and the rest."""
    configured = clinic_of(language if language != "he" else "ar", design)
    notice = made(kind, language=language, configured=configured)
    as_issue = RenderedIssue(
        part=1,
        of=1,
        subject=notice.subject,
        preheader=notice.preheader,
        html=notice.html,
        text=notice.text,
    )
    material = Material((as_issue,), (), configured)
    asked = [rule for rule in RULES if rule.code not in NOT_ASKED]
    assert len(asked) == len(RULES) - len(NOT_ASKED)
    assert [found for rule in asked for found in findings(rule, material)] == []
    assert len(notice.html) < 25_000


@pytest.mark.parametrize(("kind", "design"), [*product(KINDS, DESIGNS)])
def test_a_notice_holds_one_link_of_the_readers_and_nothing_of_a_list(
    kind: NoticeKind, design: Design
) -> None:
    """D14, P1, S16: no promotion, no unsubscribe block, nothing loaded, nothing from a form."""
    notice = made(kind, configured=clinic_of("en", design))
    seen = page(notice.html)
    own = [link.href for link in seen.links if "@@" in link.href]
    assert own == [LINKS[kind]]
    assert set(marks(notice.html + notice.text + notice.subject)) == {LINKS[kind].strip("@")}
    assert (seen.loads, seen.images) == ((), ())
    assert "book" not in notice.html.lower()
    assert "unsubscribe" not in notice.html.lower()


def test_a_confirmation_says_who_asked_for_what_and_what_happens() -> None:
    words = " ".join(made().text.split())
    assert "typed this address into the form of Harbour Street Acupuncture" in words
    assert "to get The Harbour Letter" in words
    assert "The link works for seven days." in words
    assert "If you do not press it, nothing more comes to you." in words
    assert "because this address was typed into our form" in words


@pytest.mark.parametrize(
    ("reader", "newsletter", "expected"),
    [("ko", "en", "ko"), ("fi", "es", "es"), ("", "ar", "ar"), ("fi", "sv", "en")],
)
def test_a_notice_speaks_the_readers_language_else_the_newsletters(
    reader: str, newsletter: str, expected: str
) -> None:
    configured = configuration()
    spoken = replace(configured.newsletters[0], language=newsletter)
    notice = made(language=reader, configured=replace(configured, newsletters=(spoken,)))
    words = NOTICES[expected]["confirm"]
    assert notice.preheader == words.preheader
    # What it is said to be in is what its words are in.
    assert f'lang="{expected}"' in notice.html
    assert ('dir="rtl"' in notice.html) is (expected == "ar")


def test_names_are_words_whatever_they_look_like() -> None:
    configured = configuration()
    named = replace(configured.newsletters[0], name="Tea & <b>Talk</b> {clinic} {{ x }}")
    notice = made(configured=replace(configured, newsletters=(named,)))
    assert "Tea & <b>Talk</b> {clinic} {{ x }}" in page(notice.html).text
    assert "b" not in page(notice.html).elements
    assert notice.subject == "Please confirm: Tea & <b>Talk</b> {clinic} {{ x }}"
    assert "Tea & <b>Talk</b> {clinic} {{ x }}" in notice.text


def test_a_clinic_that_says_little_has_notices_too() -> None:
    notice = made(configured=bare())
    assert "Fairhaven 00000" in notice.text


def test_a_newsletter_named_as_its_clinic_is_named_once_in_the_head() -> None:
    configured = configuration()
    same = replace(configured.newsletters[0], name=configured.clinic.name)
    notice = made(configured=replace(configured, newsletters=(same,)))
    assert notice.text.splitlines()[:2] == ["Harbour Street Acupuncture", ""]


def test_a_setting_that_looks_like_a_merge_field_is_refused() -> None:
    configured = configuration()
    sly = replace(configured.newsletters[0], name="Hello @@confirm_url@@")
    with pytest.raises(SettingError, match="would be taken for a merge field"):
        made(configured=replace(configured, newsletters=(sly,)))


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("notes.mjml", "", "it lost the words “If you do not press it"),
        ("notice.txt", "{{ title }} {{ link }}", "it lost the words “Somebody typed"),
        ("notice.txt", "{{ lead }} @@unsubscribe_url@@", "@@unsubscribe_url@@ is unknown"),
        (
            "notes.mjml",
            '<mj-image src="https://pixel.example.com/1.png" alt="" />',
            "opening it would load https://pixel.example.com/1.png",
        ),
        ("body.mjml", "{{ name }}", "'name' is undefined"),
    ],
)
def test_a_template_of_the_home_cannot_spoil_a_notice(
    tmp_path: Path, name: str, text: str, fault: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        made(found=overridden(tmp_path, f"email/notice/{name}", text))
    assert fault in str(caught.value)
    assert "email/notice" in str(caught.value)


def test_a_design_changed_in_the_home_changes_its_notices(tmp_path: Path) -> None:
    original = (folders()[0] / "email/calm/look.mjml").read_text("utf-8")
    found = overridden(tmp_path, "email/calm/look.mjml", original.replace("(34, 40)", "(35, 41)"))
    assert "font-size:35px" in made(found=found).html.replace(" ", "")
