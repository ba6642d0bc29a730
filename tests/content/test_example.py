"""The example home: its articles are read as they are meant, and its readers are made up."""

import csv
from dataclasses import replace
from pathlib import Path
from zoneinfo import available_timezones

import pytest
import regex

from pipeline.stages.compose import compose
from pipeline.stages.draw import draw
from pipeline.stages.posts.networks import NETWORKS
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.values import Account, Article, plain
from tests.samples import configuration, templates

CONTENT = Path(__file__).parents[2] / "content"
NUMBERED = "how-acupuncture-eases-pain"
UNNUMBERED = "sleeping-well-with-a-sore-shoulder"


def example(slug: str) -> Article:
    """An article of the example home."""
    file = CONTENT / "articles" / f"{slug}.md"
    return split(read(file, file.read_bytes()), language="en")


def said(of: Article) -> str:
    """All words of its body."""
    blocks = [*of.lead, *(each for part in of.sections for each in part.blocks)]
    return "\n".join(plain(text) for each in blocks for text in (each.text, *each.items))


def kinds(of: Article) -> list[set[str]]:
    """The kinds of blocks of each section."""
    return [{each.kind for each in part.blocks} for part in of.sections]


def test_the_numbered_article_has_four_parts() -> None:
    of = example(NUMBERED)
    assert [(part.level, part.number) for part in of.sections] == [
        (1, "1"),
        (1, "2"),
        (1, "3"),
        (1, "4"),
    ]
    assert [block.kind for block in of.lead] == ["paragraph"] * 3
    assert len([kind for kind in kinds(of) if "bullets" in kind]) == 3
    assert len([kind for kind in kinds(of) if "quotation" in kind]) == 1


def test_the_numbered_article_calls_each_of_its_references() -> None:
    of = example(NUMBERED)
    called = {int(number) for number in regex.findall(r"\[(\d+)\]", said(of))}
    assert [reference.number for reference in of.references] == list(range(1, 8))
    assert called == set(range(1, 8))
    for reference in of.references:
        assert regex.search(r"\b(19|20)\d\d;\d+:\d+–\d+\.$", plain(reference.text))


def test_the_other_article_has_parts_without_numbers() -> None:
    of = example(UNNUMBERED)
    assert [(part.level, part.number) for part in of.sections] == [(1, "")] * 5
    assert {"bullets", "table", "quotation"} <= set().union(*kinds(of))
    assert of.references == ()


@pytest.mark.parametrize("slug", [NUMBERED, UNNUMBERED])
def test_an_example_says_whose_it_is(slug: str) -> None:
    of = example(slug)
    assert of.slug == slug
    assert of.byline == "Mara Ellison, DAcOM, L.Ac."
    assert [(person.name, person.credentials) for person in of.people] == [
        ("Mara Ellison", ("DAcOM", "L.Ac."))
    ]
    assert (of.language, of.newsletter, len(of.tags)) == ("en", "weekly", 3)
    assert of.title
    assert of.subtitle


@pytest.mark.parametrize(("slug", "least", "most"), [(NUMBERED, 950, 1300), (UNNUMBERED, 700, 920)])
def test_an_example_is_as_long_as_a_letter_series_wants(slug: str, least: int, most: int) -> None:
    assert least <= len(said(example(slug)).split()) <= most


@pytest.mark.parametrize("slug", [NUMBERED, UNNUMBERED])
def test_a_heading_of_an_example_is_short_enough_for_an_inbox(slug: str) -> None:
    assert all(10 <= len(part.heading) <= 60 for part in example(slug).sections)


@pytest.mark.parametrize("slug", [NUMBERED, UNNUMBERED])
def test_an_example_promises_nothing(slug: str) -> None:
    claims = regex.compile(
        r"\b(?:cure[sd]?|heal(?:s|ed)?|eliminat\w+|revers\w+|permanent\w*|guarante\w+|proven"
        r"|miracle|breakthrough|instant\w*|harmless|risk-free|detox\w*|immunity|specialist|expert"
        r"|always works|no side effects)\b",
        regex.IGNORECASE,
    )
    assert claims.findall(said(example(slug))) == []


@pytest.mark.parametrize("slug", [NUMBERED, UNNUMBERED])
def test_an_example_says_when_to_see_a_doctor(slug: str) -> None:
    of = example(slug)
    assert "doctor" in said(replace(of, lead=(), sections=of.sections[-1:]))


@pytest.mark.parametrize("slug", [NUMBERED, UNNUMBERED])
def test_every_post_of_an_example_says_something(slug: str) -> None:
    accounts = tuple(Account(network=network, handle="@h") for network in sorted(NETWORKS))
    of = example(slug)
    posts = compose(
        of, configuration=replace(configuration(), accounts=accounts), templates=templates()
    )
    assert len(posts) == len(of.sections) * len(NETWORKS)
    for post in posts:
        heading = of.sections[post.section].heading
        assert post.text.startswith(f"{heading}\n\n")
        assert NETWORKS[post.network].fits(post.text)
        assert post.length > len(heading) + 60


@pytest.mark.parametrize("slug", [NUMBERED, UNNUMBERED])
def test_every_card_of_an_example_says_something(slug: str) -> None:
    of = example(slug)
    cards = draw(of, configuration=configuration(), templates=templates())
    assert len(cards) == len(of.sections)
    assert all(len(card.alt) > 150 for card in cards)
    assert all(50_000 < len(card.png) < 250_000 for card in cards)


def test_the_readers_of_the_demo_are_made_up() -> None:
    with (CONTENT / "demo-audience.csv").open(encoding="utf-8", newline="") as file:
        readers = list(csv.DictReader(file))
    assert list(readers[0]) == ["address", "name", "language", "time_zone"]
    assert len(readers) == len({reader["address"] for reader in readers}) == 24
    assert all(reader["address"].endswith(".demo@example.com") for reader in readers)
    assert all(regex.fullmatch("[a-z]{2}", reader["language"]) for reader in readers)
    assert {reader["time_zone"] for reader in readers} <= available_timezones()


def test_the_names_of_the_demo_are_in_many_scripts() -> None:
    names = (CONTENT / "demo-audience.csv").read_text("utf-8")
    for script in ("Hangul", "Han", "Arabic", "Cyrillic", "Greek", "Hebrew", "Thai", "Devanagari"):
        assert regex.search(rf"\p{{{script}}}", names), script
