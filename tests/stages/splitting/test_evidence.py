"""What is remarked of a line, and how remarks are weighed."""

import pytest

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.evidence import WEIGHTS, Page, weigh, width

PROSE = "A long paragraph stands here. It has two sentences, so nobody takes it for a title at all."


def remarks(text: str, place: int = 0) -> set[str]:
    """What is remarked of one line of a text."""
    return set(Page(read_text("a.txt", text).lines).remarks(place))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Why?", {"up to 12 columns", "ends question", "begins large", "one word", "opener"}),
        ("침 치료란 무엇인가", {"up to 25 columns", "ends open", "some words"}),
        ("See this:", {"ends colon", "pronoun"}),
        ("Stop “now.”", {"ends stop"}),
        ("Wait…", {"ends ellipsis"}),
        ("Warmly,", {"ends comma"}),
        ("Keep it up!", {"ends call"}),
        ("(more)", {"begins mark", "bracketed end"}),
        ("“so”", {"begins quoted"}),
        ("3 things", {"begins digit"}),
        ("it is so", {"begins small", "verb"}),
        ("WHAT WE DO", {"all capitals"}),
        ("The Bigger Picture", {"title case"}),
        ("Conclusion", {"usual heading"}),
        ("참고문헌:", {"usual heading"}),
        ("Note", {"label"}),
        ("Photo by Ana", {"caption"}),
        ("Next: sleep", {"leads on", "colon inside"}),
        ("mail a@b.test", {"code"}),
        ("하나, 둘이다", {"comma inside", "korean sentence"}),
        (PROSE, {"sentences inside", "up to 110 columns", "many words"}),
    ],
)
def test_remarks_say_what_a_line_is(text: str, expected: set[str]) -> None:
    assert expected - remarks(text) == set()


def test_remarks_give_a_line_one_size_one_ending_and_one_beginning() -> None:
    for text in ("a", "침" * 60, "Why?", "…", "①"):
        made = remarks(text)
        for kind in ("columns", "ends ", "begins "):
            assert len([remark for remark in made if kind in remark]) == 1


def test_remarks_say_what_stands_around_a_line() -> None:
    text = f"Title\n{PROSE}\n- item\nNow this:\nShort"
    assert {"above nothing", "below prose", "second below item", "much longer below"} <= remarks(
        text
    )
    assert {"above item", "below short", "second below nothing"} <= remarks(text, 3)
    assert {"above colon", "below nothing"} <= remarks(text, 4)


def test_remarks_see_the_room_around_a_line() -> None:
    text = f"a b\nc d\n\n{PROSE}\n{PROSE}"
    assert "no room" in remarks("a\nb\nc", 1)
    assert "more room below" in remarks(text, 1)
    assert "more room above" in remarks(text, 2)


def test_remarks_learn_that_room_means_heading() -> None:
    text = (
        f"{PROSE}\n\n{PROSE}\n" + f"\n\nShort\n\n{PROSE}\n\n{PROSE}\n\nnot so short but open\n" * 5
    )
    page = Page(read_text("a.txt", text).lines)
    assert "roomy as a heading" in set(page.remarks(2))
    assert "not roomy as a heading" in set(page.remarks(5))


def test_remarks_see_short_lines_in_a_row() -> None:
    text = f"{PROSE}\na\nb\nc\n{PROSE}"
    assert "among short lines" in remarks(text, 2)
    assert "last of short lines" in remarks(text, 3)
    assert "last of short lines" not in remarks(text, 1)


def test_weigh_adds_up_what_it_knows() -> None:
    base = WEIGHTS.get("every line", 0.0)
    assert weigh([]) == base
    assert weigh(["ends question", "no such remark"]) == base + WEIGHTS["ends question"]


def test_every_weight_belongs_to_a_remark_somebody_makes() -> None:
    looks = (
        "plain",
        "item",
        "heading",
        "nothing",
        "colon",
        "prose",
        "sentence",
        "question",
        "short",
    )
    made = {f"{place} {look}" for place in ("above", "below", "second below") for look in looks}
    made |= {f"up to {columns} columns" for columns in (12, 25, 40, 60, 80, 110)}
    made |= {
        f"ends {end}" for end in ("question", "colon", "stop", "ellipsis", "call", "comma", "open")
    }
    made |= {f"begins {begin}" for begin in ("digit", "quoted", "mark", "small", "large")}
    made |= {
        "all capitals", "among short lines", "caption", "code", "colon inside", "comma inside",
        "every line", "korean sentence", "label", "last of short lines", "leads on", "many words",
        "more room above", "more room below", "much longer below", "no room", "opener", "pronoun",
        "not roomy as a heading", "one word", "over 110 columns", "roomy as a heading",
        "sentences inside", "some words", "title case", "usual heading", "verb", "bracketed end",
    }  # fmt: skip
    assert set(WEIGHTS) - made == set()


def test_width_counts_a_korean_letter_twice() -> None:
    assert [width("abc"), width("침은"), width("")] == [3, 4, 0]
