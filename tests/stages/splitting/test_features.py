"""What is measured of a line."""

import pytest

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.features import KIN, Measures, Page, ending, of_itself, width
from pipeline.stages.splitting.runs import runs
from pipeline.values import Line, Run

PROSE = "A long paragraph stands here. It has two sentences, so nobody takes it for a title at all."


def page(text: str) -> Page:
    """The page of a text."""
    lines = read_text("a.txt", text).lines
    return Page(lines, runs(lines))


def measures(text: str, place: int = 0) -> Measures:
    """What is measured of one line of a text."""
    return page(text).measures(place)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Why?", {"ends question", "begins large", "opener"}),
        ("침 치료란 무엇인가", {"ends open", "caseless", "wide letters"}),
        ("See this:", {"ends colon", "pronoun"}),
        ("Stop “now.”", {"ends stop"}),
        ("Wait…", {"ends ellipsis"}),
        ("Warmly,", {"ends comma"}),
        ("Keep it up!", {"ends call"}),
        ("(more)", {"begins mark", "bracketed end"}),
        ("“so”", {"begins quoted"}),
        ("3 things", {"begins digit", "digit share"}),
        ("it is so", {"begins small", "verb"}),
        ("and so on", {"joining word first"}),
        ("WHAT WE DO", {"all capitals"}),
        ("Conclusion", {"usual heading"}),
        ("참고문헌:", {"usual heading"}),
        ("Note", {"label"}),
        ("Photo by Ana", {"caption"}),
        ("그림. 손목 안쪽", {"caption"}),
        ("With warm regards,", {"signature"}),
        ("민하준 씀", {"signature"}),
        ("Un abrazo,", {"signature"}),
        ("In this article", {"points elsewhere"}),
        ("También te puede interesar", {"points elsewhere"}),
        ("Next: sleep", {"leads on", "colon inside", "speaker"}),
        ("Ana Ruiz, @ana", {"handle"}),
        ("Ana Ruiz", {"like a name"}),
        ("mail a@b.test", {"code"}),
        ("하나, 둘이다", {"comma inside", "Korean sentence"}),
        (PROSE, {"several sentences", "commas"}),
    ],
)
def test_of_itself_measures_what_a_line_is(text: str, expected: set[str]) -> None:
    made = {name for name, value in of_itself(text, width(text)).items() if value}
    assert expected - made == set()


def test_of_itself_counts() -> None:
    made = of_itself("The Bigger picture, again", 25)
    assert (made["words"], made["columns"], made["commas"]) == (4, 25, 1)
    assert made["capital share"] == 0.5
    assert made["capitals after the first"] == pytest.approx(1 / 3)


def test_of_itself_gives_one_ending_and_one_beginning() -> None:
    for text in ("a", "침" * 60, "Why?", "…", "①", "”"):
        names = of_itself(text, width(text))
        assert [sum(name.startswith(kind) for name in names) for kind in ("ends ", "begins ")] == [
            1,
            1,
        ]


def test_measures_see_what_stands_around_a_line() -> None:
    text = f"Title\n{PROSE}\n- item\nNow this:\nShort"
    assert measures(text)["above nothing"] == 1
    assert measures(text)["below prose"] == 1
    assert measures(text)["second below item"] == 1
    assert measures(text)["below by own columns"] == len(PROSE) / 5
    assert measures(text, 4)["above colon"] == 1
    assert measures(text, 4)["below nothing"] == 1


def test_measures_see_how_much_text_a_line_would_title() -> None:
    text = f"Title\n{PROSE}\nThat is it.\nShort\n{PROSE}"
    assert measures(text)["columns until next short line"] == len(PROSE) + 11
    assert measures(text, 4)["columns until next short line"] == 0


def test_measures_see_the_room_around_a_line() -> None:
    text = f"{PROSE}\n{PROSE}\n\n\nTitle\n{PROSE}\n{PROSE}"
    made = measures(text, 2)
    assert (made["room above"], made["room below"]) == (2, 0)
    assert made["room above less below"] == 2


def test_measures_see_short_lines_in_a_row() -> None:
    text = f"{PROSE}\na\nb\nc\n{PROSE}"
    assert [measures(text, place)["lines of short above"] for place in (1, 2, 3)] == [0, 1, 2]
    assert [measures(text, place)["lines of short below"] for place in (1, 2, 3)] == [2, 1, 0]


def test_measures_see_runs_of_numbers() -> None:
    text = f"1. Rest\n{PROSE}\n2. Walk.\n- x\n3. Eat\n{PROSE}"
    made = measures(text, 2)
    assert (made["run length"], made["number value"], made["run median apart"]) == (3, 2, 2)
    assert made["run stop share"] == pytest.approx(1 / 3)
    assert made["run over prose share"] == pytest.approx(2 / 3)
    assert made["run over item share"] == pytest.approx(1 / 3)
    assert "numbered" not in measures(text, 1)


def test_measures_see_words_that_return_and_lines_alike() -> None:
    text = "Frequency: often\nIt is often so, they say.\nFrequency: never\nNothing."
    made = measures(text)
    assert made["words that return"] == 1
    assert measures(text, 2)["words that return"] == 0
    assert (made["same first word"], made["same last word"], made["same shape"]) == (1, 0, 1)


def test_measures_count_twins() -> None:
    assert [measures("a\nb\na", place)["twins"] for place in range(3)] == [1, 0, 1]


def kin(text: str) -> dict[str, list[str]]:
    """What lines may share with others, by its name, line by line."""
    told = page(text)
    rows = [told.kin(place) for place in range(text.count("\n") + 1)]
    return {name: list(column) for name, column in zip(KIN, zip(*rows, strict=True), strict=True)}


def test_shapes_are_the_signs_of_a_line_without_its_words() -> None:
    shapes = kin("Ana Ruiz, @ana\nTom Reyes, @tomr\nRest\nWhat is it?")["shape"]
    assert shapes == [",@", ",@", "plain", "?"]


def test_kin_is_what_lines_may_share() -> None:
    told = kin("Frequency: never at all\nFrequency: daily\nThe Whole\nAt 10: begin")
    assert told["label"] == ["frequency", "frequency", "", "at 10"]
    assert told["opening"] == ["frequency: never", "frequency: daily", "the whole", "at 10:"]
    assert told["first word"] == ["Frequency:", "Frequency:", "The", "At"]
    assert told["last word"] == ["all", "daily", "Whole", "begin"]
    assert told["line"][2] == "The Whole"


def test_measures_tell_of_the_article() -> None:
    made = measures(f"Why?\n- a\n- b\n{PROSE}")
    assert made["article item share"] == 0.5
    assert made["article question share"] == 0.25


@pytest.mark.parametrize(("text", "end"), [("a)", "open"), ("”", "open"), ("a?»", "question")])
def test_ending_looks_behind_marks(text: str, end: str) -> None:
    assert ending(text) == end


def test_width_counts_a_korean_letter_twice() -> None:
    assert [width("abc"), width("침은"), width("é"), width("")] == [3, 4, 1, 0]


def test_measures_are_taken_beside_lines_without_words() -> None:
    cells = ((Run("Cell"),), (Run("Other"),))
    lines = (
        Line(number=1, text=(Run("A line"),)),
        Line(number=2, text=(), kind="table", cells=cells),
        Line(number=3, text=(), kind="image", target="a.png"),
    )
    made = Page(lines, runs(lines)).measures(0)
    assert (made["below table"], made["second below image"]) == (1, 1)
    assert (made["below columns"], made["same first word"], made["same shape"]) == (0, 0, 2)


def test_measures_of_a_run_are_of_each_line_and_of_the_whole() -> None:
    made = [measures("1. One\n2. Two\n3. Three", place) for place in range(3)]
    assert [own["number value"] for own in made] == [1, 2, 3]
    assert [own["run first"] for own in made] == [1, 0, 0]
    assert [own["run last"] for own in made] == [0, 0, 1]
    assert {own["run length"] for own in made} == {3}


def test_a_word_returns_only_as_a_whole_word() -> None:
    assert measures("Resting\nWe are arresting.")["words that return"] == 0
    assert measures("Resting\nOne\nTwo\nThree\nFour\nresting")["words that return"] == 1
    assert measures("Resting\nOne\nTwo\nThree\nFour\nFive\nresting")["words that return"] == 0


def test_width_counts_wide_letters_twice_and_signs_once() -> None:
    assert width("침은 “what”…") == 12
    assert width("ｆｕｌｌ") == 8
