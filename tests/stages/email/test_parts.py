"""What the parts of a letter weigh."""

import pytest

from pipeline.stages.email.mjml import compile_mjml
from pipeline.stages.email.parts import PARTS, REST, weigh_parts
from pipeline.stages.render import source_of
from pipeline.stages.templates import Recording, folders
from pipeline.values import Design
from tests import specimens

LETTER = (
    "<mjml><mj-body><mj-section><mj-column>{}</mj-column></mj-section>"
    "<mj-section><mj-column><mj-text>end</mj-text></mj-column></mj-section></mj-body></mjml>"
)
TEXT = "<mj-text>{}</mj-text>"


def marked(part: str, content: str) -> str:
    return f"<!-- part: {part} -->{content}<!-- end: {part} -->"


def size(content: str) -> int:
    return len(compile_mjml(LETTER.format(content), "x").encode())


@pytest.mark.parametrize("design", specimens.DESIGNS)
def test_the_parts_are_the_whole(design: Design, monkeypatch: pytest.MonkeyPatch) -> None:
    templates = Recording(folders())
    monkeypatch.setattr(specimens, "TEMPLATES", templates)
    configured = specimens.clinic_of("en", design)
    issues = specimens.rendered_for(specimens.everything(), configured)
    issues += specimens.rendered_for(specimens.written("en"), configured)
    found = list(map(weigh_parts, templates.filled[source_of(configured.newsletters[0])]))

    assert [sum(parts.values()) for parts in found] == [len(i.html.encode()) for i in issues]
    # The lead is made of text, lists and figures: nothing is its own.
    assert set().union(*found) == {*PARTS, REST} - {"lead"}
    assert min(min(parts.values()) for parts in found) > 0
    assert max(parts[REST] for parts in found) < 19_000


def test_the_marks_are_not_sent() -> None:
    text = TEXT.format(marked("list", "<ul><li>a</li></ul>"))
    plain = compile_mjml(LETTER.format(TEXT.format("<ul><li>a</li></ul>")), "x")
    assert compile_mjml(LETTER.format(marked("text", text)), "x") == plain


def test_a_part_weighs_what_the_letter_is_shorter_without_it() -> None:
    source = LETTER.format(TEXT.format("a") + marked("note", TEXT.format("a note — é")))
    whole = size(TEXT.format("a") + TEXT.format("a note — é"))
    without = size(TEXT.format("a"))
    assert weigh_parts(source) == {REST: without, "note": whole - without}


def test_an_inner_part_is_not_counted_again_with_the_outer() -> None:
    inner = marked("list", "<ul><li>a</li></ul>")
    found = weigh_parts(LETTER.format(TEXT.format("b") + marked("text", TEXT.format(f"c{inner}"))))
    assert found["list"] == len("<ul><li>a</li></ul>")
    assert found["text"] == size(TEXT.format("b") + TEXT.format("c")) - size(TEXT.format("b"))


def test_a_part_in_one_of_its_name_is_one_with_it() -> None:
    text = TEXT.format("a")
    source = LETTER.format(text + marked("note", text + marked("note", text) + text))
    assert weigh_parts(source)["note"] == size(text * 4) - size(text)


def test_what_cannot_be_missing_or_is_never_closed_is_the_frames() -> None:
    text = TEXT.format("a")
    torn = f"{text}<!-- part: note --></mj-column><!-- end: note --><mj-column>{text}"
    assert weigh_parts(LETTER.format(torn)) == {REST: size(torn)}
    assert weigh_parts(LETTER.format(f"{text}<!-- part: note -->{text}")) == {REST: size(text * 2)}
