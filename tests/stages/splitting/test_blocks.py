"""Lines become blocks."""

from pipeline.stages.splitting.blocks import blocks, counted, unwrap
from pipeline.values import Block, Line, Run, Text, plain


def text(words: str) -> Text:
    """Plain words."""
    return (Run(words),)


def item(number: int, words: str, marker: str = "-", level: int = 0) -> Line:
    """A list item."""
    return Line(number=number, kind="item", text=text(words), marker=marker, level=level)


def wrapped(*lines: str) -> tuple[str, ...]:
    """What the lines of a text are after unwrapping; an empty one is a gap."""
    made, gap = [], False
    for number, words in enumerate(lines, start=1):
        if words:
            made.append(Line(number=number, text=text(words), gap=gap))
        gap = not words
    return tuple(plain(line.text) for line in unwrap(made))


def test_blocks_makes_one_list_of_bullets_whatever_their_marks() -> None:
    lines = (item(1, "a"), item(2, "b", "•", 1), item(3, "c", "o"))
    assert blocks(lines) == (
        Block(kind="bullets", items=(text("a"), text("b"), text("c")), line=1),
    )


def test_blocks_keeps_the_first_number() -> None:
    assert blocks([item(4, "a", "3."), item(5, "b", "4.")]) == (
        Block(kind="numbered", items=(text("a"), text("b")), start=3, line=4),
    )


def test_blocks_starts_a_list_where_numbers_do_not_count_on() -> None:
    lines = [
        item(1, "a", "1."), item(2, "b", "1."), item(3, "c", "2)"), item(4, "d", "3)", 1),
        item(5, "e", "-"), item(6, "f", "0."),
    ]  # fmt: skip
    assert [(block.kind, len(block.items), block.start) for block in blocks(lines)] == [
        ("numbered", 1, 1),
        ("numbered", 1, 1),
        ("numbered", 1, 2),
        ("numbered", 1, 3),
        ("bullets", 1, 1),
        ("numbered", 1, 0),
    ]


def test_blocks_counts_circled_numbers() -> None:
    assert [counted(marker) for marker in ("①", "(2)", "3.", "•", "x.")] == [1, 2, 3, None, None]
    made = blocks([item(1, "a", "①"), item(2, "b", "②")])
    assert [len(block.items) for block in made] == [2]


def test_blocks_makes_a_table_of_rows_without_a_gap() -> None:
    row = Line(number=1, kind="table", text=(), cells=(text("a"), text("b")))
    other = Line(number=3, kind="table", text=(), cells=(text("c"),), gap=True)
    assert blocks([row, row, other]) == (
        Block(kind="table", rows=(row.cells, row.cells), line=1),
        Block(kind="table", rows=(other.cells,), line=3),
    )


def test_blocks_leaves_every_other_line_a_block() -> None:
    lines = [
        Line(number=1, text=text("a")),
        Line(number=2, text=text("b")),
        Line(number=3, kind="quotation", text=text("c")),
        Line(number=4, kind="image", text=text("d"), target="d.png"),
        Line(number=5, kind="code", text=text("e")),
    ]
    assert blocks(lines) == (
        Block(kind="paragraph", text=text("a"), line=1),
        Block(kind="paragraph", text=text("b"), line=2),
        Block(kind="quotation", text=text("c"), line=3),
        Block(kind="image", text=text("d"), target="d.png", line=4),
        Block(kind="code", text=text("e"), line=5),
    )


def test_unwrap_joins_what_was_wrapped() -> None:
    paragraph = (
        "Most ankle sprains heal, but many of them heal badly, because we stop",
        "caring for them on the day they stop hurting. The ligament needs about",
        "six weeks to become strong, and the nerves that feel the foot's place,",
        "need longer.",
    )
    made = wrapped(*paragraph, "", "Balance", "Stand on one leg.")
    assert made == (" ".join(paragraph), "Balance", "Stand on one leg.")


def test_unwrap_joins_the_tail_of_a_list_item() -> None:
    lines = (
        Line(
            number=1,
            text=text("Most ankle sprains heal, but many of them heal badly, because we stop"),
        ),
        Line(
            number=2,
            text=text("caring for them on the day they stop hurting. The ligament needs about"),
        ),
        Line(
            number=3,
            text=text("six weeks to become strong, and the nerves that feel the foot's place"),
        ),
        Line(number=4, text=text("need longer.")),
        item(5, "a towel that is large enough to go round the neck and all"),
        Line(number=6, text=text("shoulders")),
        Line(number=7, text=text("Put it on.")),
    )
    made = unwrap(lines)
    assert [(line.kind, line.number) for line in made] == [("plain", 1), ("item", 5), ("plain", 7)]
    assert plain(made[1].text).endswith("and all shoulders")


def test_unwrap_leaves_lines_that_were_not_wrapped() -> None:
    short = ("Rest", "Warm", "Walk")
    assert wrapped(*short) == short
    ragged = ("A line of about sixty columns that simply ends where it ends, so.", "And", "so on.")
    assert wrapped(*ragged) == ragged
    assert wrapped() == ()


def test_unwrap_never_joins_over_a_gap() -> None:
    line = "Most ankle sprains heal, but many of them heal badly, because we stop"
    made = wrapped(line, line, line, line, "", line, line)
    assert made == (" ".join([line] * 4), " ".join([line] * 2))


WRAPPED = (
    "Most ankle sprains heal, but many of them heal badly, because we stop",
    "caring for them on the day they stop hurting. The ligament needs about",
    "six weeks to become strong, and the nerves that feel the foot's place,",
    "need longer.",
)


def test_unwrap_is_not_misled_by_an_address_that_cannot_be_wrapped() -> None:
    rest = [f"Line {number} of them." for number in range(18)]
    gaps = [words for line in rest for words in ("", line)]
    address = "https://example.com/" + "a" * 90
    assert wrapped(*WRAPPED, *gaps, "", address)[0] == " ".join(WRAPPED)


def test_unwrap_leaves_an_article_with_long_lines() -> None:
    lines = (*WRAPPED, "", "A long line. " * 9, "", "A long line. " * 9)
    assert wrapped(*lines)[:4] == WRAPPED


def test_unwrap_joins_no_number_to_a_number_or_a_sentence() -> None:
    steps = (
        "1. Plan your time and take up the questions in their order of importance",
        "2. Combine studying with practice for a single topic, and then go to the",
        "next one of them.",
    )
    made = wrapped(*WRAPPED, "", *steps)
    assert made[1:] == (steps[0], f"{steps[1]} {steps[2]}")
    last = "It takes six weeks, and hardly anybody has the patience for all of it."
    assert wrapped(*WRAPPED, "", last, "1. Rest")[1:] == (last, "1. Rest")
