"""The head of an article."""

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.head import Head, read_head
from pipeline.values import Line, Run, Source, plain

PROSE = "A long paragraph stands here. It has two sentences, so nobody takes it for a subtitle."


def head(*lines: str, **matter: object) -> Head:
    """The head of a plain text."""
    lines_read = read_text("a.txt", "\n".join(lines)).lines
    return read_head(Source(name="a.txt", lines=lines_read, matter=matter))


def rest(made: Head) -> list[str]:
    """The words of the lines that are left."""
    return [plain(line.text) for line in made.rest]


def test_read_head_takes_title_subtitle_byline_and_date() -> None:
    made = head("Sleep", "A guide for the tired", "By Ana Ruiz, PT", "March 3, 2026", PROSE)
    assert (made.title, made.subtitle) == ("Sleep", "A guide for the tired")
    assert (made.byline, made.date_line) == ("Ana Ruiz, PT", "March 3, 2026")
    assert rest(made) == [PROSE]


def test_read_head_takes_the_date_before_the_byline_too() -> None:
    made = head("Sleep", "March 3, 2026", "By Ana Ruiz, PT", PROSE)
    assert (made.byline, made.date_line, made.subtitle) == ("Ana Ruiz, PT", "March 3, 2026", "")


def test_read_head_takes_a_byline_with_its_date() -> None:
    made = head("Sleep", "By Ana Ruiz · March 3, 2026", PROSE)
    assert (made.byline, made.date_line, rest(made)) == ("Ana Ruiz", "March 3, 2026", [PROSE])


def test_read_head_takes_a_bare_name_over_a_date() -> None:
    made = head("Sleep", "Ana Ruiz", "March 3, 2026", PROSE)
    assert (made.byline, made.date_line) == ("Ana Ruiz", "March 3, 2026")


def test_read_head_leaves_a_bare_name_that_may_be_a_heading() -> None:
    made = head("Sleep", "Back Pain", PROSE)
    assert (made.byline, rest(made)) == ("", ["Back Pain", PROSE])


BODY = (
    "Most of us sit for hours and wonder why it hurts. A muscle that never moves gets less blood. "
    "It stiffens, and a stiff muscle complains sooner than a warm one does. Small walks help more "
    "than one long one, and nobody needs a special chair for that. Try it for a week or two, and "
    "write down how the evenings feel."
)


@pytest.mark.parametrize(
    "name", ["Jane Doe", "JANE DOE", "Jane Doe (@jane)", "Jane Doe, Jay Roe and Ann Poe"]
)
def test_read_head_takes_a_bare_name_over_prose(name: str) -> None:
    made = head("Why Sitting Hurts", name, BODY)
    assert (made.byline, rest(made)) == (name, [BODY])


def test_read_head_takes_a_subtitle_over_a_bare_name_with_a_date() -> None:
    made = head("Why Sitting Hurts", "And what helps", "Jane Doe", "March 3, 2026", BODY)
    assert (made.subtitle, made.byline) == ("And what helps", "Jane Doe")
    assert made.date_line == "March 3, 2026"


def test_read_head_takes_a_bold_name_where_headings_are_declared() -> None:
    texts = [("Why Sitting Hurts", 1), ("Jane Doe", 0), (BODY, 0), ("Warm Up", 2)]
    lines = [
        Line(number=1, kind="heading", level=level, text=(Run(text),))
        if level
        else Line(number=1, text=(Run(text, bold=text == "Jane Doe"),))
        for text, level in texts
    ]
    assert read_head(Source(name="a.md", lines=tuple(lines))).byline == "Jane Doe"


def test_read_head_takes_no_line_for_a_name_that_looks_like_the_headings() -> None:
    bold = [(1, "Why Sitting Hurts"), (2, "Jane Doe"), (4, "Warm Up")]
    lines = [Line(number=n, text=(Run(text, bold=True),), size=11) for n, text in bold]
    lines.insert(2, Line(number=3, text=(Run(BODY),), size=11))
    lines.append(Line(number=5, text=(Run(BODY),), size=11))
    made = read_head(Source(name="a.docx", lines=tuple(lines)))
    assert (made.title, made.byline) == ("Why Sitting Hurts", "")


def test_read_head_leaves_a_second_byline_or_date_in_the_text() -> None:
    made = head("Sleep", "By Ana Ruiz", "By Tom Reyes", "March 3, 2026")
    assert (made.byline, made.date_line) == ("Ana Ruiz", "")
    assert rest(made) == ["By Tom Reyes", "March 3, 2026"]


def test_read_head_leaves_a_dated_byline_where_the_date_is_said() -> None:
    made = head("Sleep", "Ana Ruiz · March 3, 2026", PROSE, date="2026-01-01")
    assert (made.byline, made.date_line) == ("", "2026-01-01")
    assert rest(made) == ["Ana Ruiz · March 3, 2026", PROSE]


def test_read_head_takes_no_long_line_for_a_subtitle() -> None:
    made = head("Sleep", "word " * 60, "By Ana Ruiz", PROSE)
    assert (made.subtitle, made.byline) == ("", "")


def test_read_head_takes_no_item_for_a_subtitle_or_byline() -> None:
    made = head("Sleep", "A guide", "- By Ana Ruiz", PROSE)
    assert (made.subtitle, made.byline, len(made.rest)) == ("", "", 3)


def test_read_head_lets_front_matter_win() -> None:
    made = head("Sleep", PROSE, title="Said", subtitle="Sub", byline="Tom", date="2026-01-01")
    assert made == Head(
        title="Said",
        subtitle="Sub",
        byline="Tom",
        date_line="2026-01-01",
        rest=read_text("a.txt", f"Sleep\n{PROSE}").lines,
    )


def test_read_head_does_not_repeat_a_title_said_in_front_matter() -> None:
    assert rest(head("Sleep", PROSE, title="Sleep")) == [PROSE]


def test_read_head_of_said_title_without_lines() -> None:
    assert read_head(Source(name="a.md", lines=(), matter={"title": "T"})) == Head(title="T")


def test_read_head_takes_a_kicker_above_the_title_for_the_subtitle() -> None:
    lines = (
        Line(number=1, text=(Run("Sleep week"),)),
        Line(number=2, kind="heading", level=1, text=(Run("Title"),)),
        Line(number=3, text=(Run("By Ana Ruiz"),)),
        Line(number=4, text=(Run(PROSE),)),
    )
    made = read_head(Source(name="a.md", lines=lines))
    assert (made.title, made.subtitle, made.byline) == ("Title", "Sleep week", "Ana Ruiz")
    assert rest(made) == [PROSE]


def test_read_head_does_not_look_far_for_a_heading() -> None:
    far = [Line(number=n, text=(Run(f"Line {n}"),)) for n in range(1, 8)]
    lines = (*far, Line(number=9, kind="heading", level=1, text=(Run("Part"),)))
    assert read_head(Source(name="a.md", lines=lines)).title == "Line 1"


@pytest.mark.parametrize("line", ["- only an item", "x" * 251])
def test_read_head_refuses_a_text_without_a_title(line: str) -> None:
    with pytest.raises(SourceError) as error:
        head(line)
    assert str(error.value) == (
        "a.txt: there is no line that can be the title. "
        "Write the title as a line of its own at the top."
    )
