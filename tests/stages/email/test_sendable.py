from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.errors import SettingError, SourceError
from pipeline.stages.email.sendable import refuse_article, refuse_settings
from pipeline.values import Article, Block, Configuration, Person, Reference, Run, Section
from tests.samples import article, configuration, paragraph, section

MARK = "@@unsubscribe_url@@"


def said(words: str) -> dict[str, Article]:
    """The sample article with the words in each place an author can write them."""
    text = (Run(words),)
    blocks = {
        "paragraph": Block(kind="paragraph", text=text),
        "items": Block(kind="bullets", items=(text,)),
        "rows": Block(kind="table", rows=((text,),)),
        "link": Block(kind="paragraph", text=(Run("here", link=words),)),
        "target": Block(kind="image", text=(Run("alt"),), target=words),
    }
    places = {
        name: replace(article(), sections=(Section(level=1, number="1", heading="H", blocks=(b,)),))
        for name, b in blocks.items()
    }
    for name in ("title", "subtitle", "byline", "date_line"):
        places[name] = replace(article(), **{name: words})  # type: ignore[arg-type]
    return places | {
        "heading": replace(article(), sections=(section(words),)),
        "number": replace(article(), sections=(section("H", number=words),)),
        "lead": replace(article(), lead=(paragraph(words),)),
        "call": replace(article(), call_to_action=(paragraph(words),)),
        "call heading": replace(article(), call_to_action_heading=words),
        "disclaimer": replace(article(), disclaimer=(paragraph(words),)),
        "reference": replace(article(), references=(Reference(number=1, text=text),)),
        "name": replace(article(), people=(Person(name=words),)),
        "credentials": replace(article(), people=(Person(name="A", credentials=(words,)),)),
    }


@pytest.mark.parametrize("place", said(""))
def test_a_merge_field_of_an_author_is_refused_wherever_it_stands(place: str) -> None:
    with pytest.raises(SourceError) as refused:
        refuse_article(said(f"see {MARK}")[place])
    assert str(refused.value) == (
        "why-warmth-helps: “@@unsubscribe_url@@” would be taken for a merge field. "
        "Write it otherwise: with one @, or with a space in it."
    )


def test_an_unknown_merge_field_is_refused_as_well() -> None:
    with pytest.raises(SourceError, match="“@@name@@”"):
        refuse_article(said("@@name@@")["title"])


def test_a_merge_field_put_together_from_runs_is_refused() -> None:
    split = Block(kind="paragraph", text=(Run("@@unsub"), Run("scribe_url@@")))
    with pytest.raises(SourceError):
        refuse_article(replace(article(), lead=(split,)))


@pytest.mark.parametrize("place", said(""))
def test_half_a_character_is_refused_wherever_it_stands(place: str) -> None:
    with pytest.raises(SourceError) as refused:
        refuse_article(said("warm \ud83d")[place])
    assert refused.value.message == "half a character (a lone surrogate) stands in “warm ?”"


@pytest.mark.parametrize(
    "words", ["a@@b", "@@ name @@", "@@NAME@@", "mara@example.com", "@@@", "👩‍⚕️"]
)
def test_what_only_looks_like_it_passes(words: str) -> None:
    for made in said(words).values():
        refuse_article(made)


def clinic(**changes: object) -> Configuration:
    made = configuration()
    return replace(made, clinic=replace(made.clinic, **changes))  # type: ignore[arg-type]


SETTINGS: dict[str, Callable[[str], Configuration]] = {
    "name": lambda words: clinic(name=words),
    "note": lambda words: clinic(note=words),
    "postal_address": lambda words: clinic(postal_address=("12 Street", words)),
    "booking_url": lambda words: clinic(booking_url=words),
    "booking_label": lambda words: clinic(booking_label=words),
    "phone": lambda words: clinic(phone=words),
    "website": lambda words: clinic(website=words),
    "newsletter": lambda words: replace(
        configuration(), newsletters=(replace(configuration().newsletters[0], name=words),)
    ),
    "why": lambda words: replace(
        configuration(), newsletters=(replace(configuration().newsletters[0], why=words),)
    ),
    "practitioner": lambda words: replace(
        configuration(), practitioners=(replace(configuration().practitioners[0], title=words),)
    ),
}


@pytest.mark.parametrize("place", SETTINGS)
@pytest.mark.parametrize("words", [MARK, "\udc00"])
def test_settings_are_held_to_the_same(place: str, words: str) -> None:
    made = SETTINGS[place](words)
    with pytest.raises(SettingError) as refused:
        refuse_settings(made, made.newsletters[0])
    assert refused.value.path == "content/clinic.toml"


def test_the_samples_pass() -> None:
    refuse_article(article())
    refuse_settings(configuration(), configuration().newsletters[0])
