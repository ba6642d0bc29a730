"""How a line compares to the likely headings of its article."""

import pytest

from pipeline.stages.splitting.company import company
from pipeline.stages.splitting.features import Measures
from pipeline.stages.splitting.numbering import Numbering
from pipeline.stages.splitting.runs import Counted

ODDS = {0: 4.0, 3: 4.0, 4: -4.0, 6: 0.0}
MEASURED: dict[int, Measures] = {
    0: {"ends question": 1, "words": 4},
    3: {"ends question": 1, "words": 6},
    4: {"ends stop": 1, "words": 9},
    6: {"ends question": 1, "words": 5},
}
SHAPES = {0: "?", 3: "?", 4: "plain", 6: "?"}
# Shape, label, line, opening, first word, last word.
KIN = {place: (shape, "", str(place), "", "", "") for place, shape in SHAPES.items()}


def known(runs: tuple[Counted, ...] = ()) -> dict[int, Measures]:
    """What the company of each line tells."""
    return dict(company(MEASURED, ODDS, kin=KIN, runs=runs))


def test_company_hands_on_the_first_opinion() -> None:
    assert {place: made["first opinion"] for place, made in known().items()} == ODDS


def test_company_knows_what_is_thought_next_to_a_line() -> None:
    made = known()[3]
    assert (made["opinion +1"], made["opinion -1"]) == (-4.0, -9.0)
    assert made["likely heading above"] == 3
    assert made["likely heading below"] == 30
    assert known()[6]["likely heading above"] == 3


def test_company_counts_the_other_likely_headings() -> None:
    assert known()[6]["likely headings"] == pytest.approx(1.98, abs=0.01)
    assert known()[0]["likely headings"] == pytest.approx(1.5, abs=0.01)


def test_company_finds_a_question_like_headings_that_are_questions() -> None:
    made = known()
    assert made[6]["form like headings"] > made[4]["form like headings"]
    assert made[6]["form like headings"] > made[6]["form like others"]


def test_company_tells_how_much_longer_a_line_is_than_the_headings() -> None:
    assert known()[4]["words above headings"] > known()[6]["words above headings"]


def test_company_shares_the_opinion_of_a_run() -> None:
    number = Numbering("dot", 1, "1", "Rest")
    run = Counted([0, 4, 5], [number, number, number])
    assert known((run,))[0]["opinion of its run"] == -4.0
    assert known((run,))[4]["opinion of its run"] == 4.0
    assert "opinion of its run" not in known((run,))[3]


def test_company_of_a_lone_number_says_nothing_of_a_run() -> None:
    run = Counted([0], [Numbering("dot", 1, "1", "Rest")])
    assert "opinion of its run" not in known((run,))[0]


def test_company_shares_what_is_thought_of_the_other_lines_of_a_shape() -> None:
    made = known()
    assert [made[place].get("opinion of same shape") for place in (0, 3, 6)] == [2.0, 2.0, 4.0]
    assert made[6]["lines of same shape"] == 2


def test_company_of_a_line_with_a_shape_of_its_own_says_nothing_of_it() -> None:
    assert "opinion of same shape" not in known()[4]


def test_company_of_lines_without_a_label_shares_nothing() -> None:
    made = dict(company(MEASURED, ODDS, kin=dict.fromkeys(ODDS, ("",) * 6), runs=()))
    assert not any("same" in name for own in made.values() for name in own)


def test_company_counts_headings_with_a_short_line_right_below() -> None:
    measured = {**MEASURED, 3: {**MEASURED[3], "below short": 1.0}}
    made = dict(company(measured, ODDS, kin=KIN, runs=()))
    assert made[0]["headings over short lines"] == pytest.approx(0.39, abs=0.01)
    assert known()[0]["headings over short lines"] == 0


def test_company_counts_headings_with_a_heading_right_below() -> None:
    assert known()[0]["headings over headings"] == pytest.approx(0.007, abs=0.001)
    odds = {0: 6.0, 1: 6.0, 5: -6.0}
    made = dict(
        company({place: {} for place in odds}, odds, kin=dict.fromkeys(odds, ("",) * 6), runs=())
    )
    assert made[5]["headings over headings"] == pytest.approx(0.496, abs=0.001)


def test_company_does_not_tell_of_hopeless_lines_yet_counts_them() -> None:
    told = dict(company(MEASURED, ODDS, kin=KIN, runs=(), hopeless=-4.0))
    assert list(told) == [0, 3, 6]
    assert told[3]["opinion +1"] == -4.0
    assert told[6] == known()[6]


def test_company_of_nothing_is_nothing() -> None:
    assert dict(company({}, {}, kin={}, runs=())) == {}
