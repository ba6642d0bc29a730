"""Measures in plain words: each has some, and they say what is the case."""

import json
import re

import pytest

from pipeline.stages.read.text import read_text
from pipeline.stages.splitting.explain import Reason
from pipeline.stages.splitting.model import HEADINGS
from pipeline.stages.splitting.outline import View
from pipeline.stages.splitting.plainly import PHRASES, plainly, weighed
from tests.stages.splitting.test_outline import MORE, PROSE

SAMPLE = (
    f"Why does it hurt?\n{PROSE}\n1. Rest\n{MORE}\n2. Walk\n{PROSE}\n- x\n\nNOTE:\n“So”, he said…\n"
    f"Ana Ruiz,\nPhoto by Ana Ruiz\nhttps://example.com\n침 치료란\nStop!\n(so)\nand so\n3 of 4\n"
)


def measured() -> set[str]:
    """The names of all measures the model asks for, and of all a text has."""
    view = View(read_text("a.txt", SAMPLE).lines)
    seen = view.seen(dict.fromkeys(view.measured, 0.5))
    asked = set(re.findall(r'\["?[-\d.,]*"([a-zA-Z][^"]*)"', HEADINGS.read_text("utf-8")))
    known = {n for each in json.loads(HEADINGS.read_text("utf-8")).values() for n in each["known"]}
    return asked | known | {name for measures in seen.values() for name in measures}


def test_measured_finds_the_names() -> None:
    assert {"columns", "opinion of its run", "above prose", "caption"} <= measured()
    assert len(measured()) > 100


@pytest.mark.parametrize("value", [-9.0, 0.0, 0.4, 1.0, 200.0])
def test_every_measure_is_told_in_plain_words_or_not_at_all(value: float) -> None:
    said = [plainly(name, value) for name in measured()]
    assert [words for words in said if not re.fullmatch(r"[\w ,“”@…]*", words)] == []
    assert [
        words for words in said if re.search(r"opinion|columns|share|shape|\brun\b", words)
    ] == []


def test_every_measure_that_is_told_by_a_phrase_says_something_of_its_own() -> None:
    silent = {
        "first opinion", "wide letters", "caseless", "number value", "run first", "run last",
        "second above columns", "second below columns",
        "article median columns", "article usual room", "article gap share",
    }  # fmt: skip
    assert {name for name, (_, low, high) in PHRASES.items() if not (low or high)} == silent


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("columns", 12, "short"),
        ("columns", 140, "long"),
        ("ends question", 1, "ends in a question mark"),
        ("ends question", 0, ""),
        ("ends stop", 0, "no full stop at its end"),
        ("above prose", 1, "text above it"),
        ("above prose", 0, ""),
        ("below nothing", 1, "nothing below it"),
        ("second below item", 1, "a list two lines below it"),
        ("below by own columns", 8.5, "text below it"),
        ("opinion +1", -3, "what the lines around it are"),
        ("run of a new kind", 0, "the lines it counts on with"),
        ("length like headings", 0.2, "how it compares to the other lines"),
        ("a new sign", 1, "a new sign"),
        ("a new sign", 0, ""),
    ],
)
def test_plainly_says_what_is_the_case(name: str, value: float, words: str) -> None:
    assert plainly(name, value) == words


def test_weighed_adds_up_what_says_the_same_and_orders_it() -> None:
    reasons = [
        Reason("columns", 12, 0.5),
        Reason("words", 3, 0.4),
        Reason("ends colon", 1, -2.0),
        Reason("caseless", 1, 7.0),
        Reason("ends stop", 0, 0.6),
    ]
    assert list(weighed(reasons)) == [
        ("ends in a colon", -2.0),
        ("short", 0.9),
        ("no full stop at its end", 0.6),
    ]


def test_weighed_tells_of_a_line_between_paragraphs_once() -> None:
    above, below = Reason("above prose", 1, 0.5), Reason("below columns", 90, 1.0)
    assert list(weighed([above, below])) == [("stands between paragraphs", 1.5)]
    against = Reason("below columns", 90, -1.0)
    assert list(weighed([above, against])) == [("text below it", -1.0), ("text above it", 0.5)]
