"""Which sections make which part, once some are out and a person has had a say."""

import pytest

from pipeline.stages.arrange import Arrangement, StandingPart, arrange
from pipeline.stages.sections import recognise
from pipeline.values import Article, Section
from tests.samples import section

LONG = "Warmth is a message, and the body reads it slowly. " * 6


def made_of(*sections: Section) -> Article:
    """An article of these sections."""
    return Article(slug="a", language="en", title="The Title", sections=sections)


def numbered(*headings: str) -> Article:
    """An article of numbered sections."""
    return made_of(*(section(h, LONG, number=str(n)) for n, h in enumerate(headings, 1)))


def part(row: int, *sections: str, number: int = 0, out: bool = False) -> StandingPart:
    """A part with its row."""
    return StandingPart(row=row, part=number or row, sections=sections, out=out)


def told(arrangement: Arrangement) -> str:
    """Each part as ``number:row=keys``, those that are out in brackets."""
    return " ".join(
        f"[{one}]" if each.out else one
        for each in sorted(arrangement.parts, key=lambda each: each.part)
        for keys in ["+".join(arrangement.keys[index] for index in each.sections)]
        for one in [f"{each.part}:{arrangement.rows.get(each.part, '-')}={keys}"]
    )


@pytest.mark.parametrize(
    ("article", "standing", "parts"),
    [
        (numbered("A", "B"), [], "1:-=a 2:-=b"),
        (numbered("A", "B"), [part(1, "a"), part(2, "b")], "1:1=a 2:2=b"),
        (numbered("B", "A"), [part(1, "a"), part(2, "b")], "1:2=b 2:1=a"),
        (numbered("X", "A", "B"), [part(1, "a", out=True), part(2, "b")], "[1:1=a] 2:-=x 3:2=b"),
        (numbered("B"), [part(1, "a", out=True), part(2, "b")], "[1:1=] 2:2=b"),
        (numbered("A", "B"), [part(1, "a", out=True), part(2, "b", out=True)], "[1:1=a] [2:2=b]"),
        # A number that nothing has is given away, in the order of the article.
        (numbered("A", "B", "C"), [part(7, "b", number=2, out=True)], "1:-=a [2:7=b] 3:-=c"),
        # What a person or an earlier reading put together stays together.
        (numbered("A", "B", "C"), [part(1, "a", "b"), part(2, "c")], "1:1=a+b 2:2=c"),
        (
            made_of(section("A", LONG, number="1"), section("Aside", LONG), section("End", LONG)),
            [part(1, "a", "end")],
            "1:1=a+aside+end",
        ),
        # New below what is out: it goes out all the same.
        (
            made_of(section("A", LONG, number="1"), section("A a", LONG, level=2)),
            [part(1, "a", out=True)],
            "[1:1=a] 2:-=a-a",
        ),
        (made_of(), [part(1)], "1:1="),
        (made_of(), [part(1, out=True)], "[1:1=]"),
    ],
)
def test_parts(article: Article, standing: list[StandingPart], parts: str) -> None:
    keys = recognise((), article.sections)
    assert told(arrange(article, keys, standing, form="grouped")) == parts


def test_what_a_person_put_together_goes_before_all_else() -> None:
    article = numbered("A", "B", "C", "D")
    standing = [part(1, "a", out=True), part(2, "b"), part(3, "c")]
    keys = recognise((), article.sections)
    grouped = arrange(article, keys, standing, form="grouped", grouping=[["b", "c"]])
    assert told(grouped) == "[1:1=a] 2:2=b+c 3:-=d"
    assert told(arrange(article, keys, standing, form="one", anew=True)) == "[1:1=a] 2:2=b+c+d"


def test_a_part_that_comes_back_has_the_row_it_had() -> None:
    article = numbered("A", "B")
    off = StandingPart(row=9, part=2, sections=("b",), called_off=True)
    keys = recognise((), article.sections)
    assert told(arrange(article, keys, [part(1, "a"), off], form="grouped")) == "1:1=a 2:9=b"
