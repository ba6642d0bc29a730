"""Every text of an edition that a reader meets (C12)."""

from dataclasses import replace

import pytest

from pipeline.stages.check.claims import check_claims
from pipeline.stages.check.claims.places import places, unwrapped
from pipeline.stages.check.rule import Material
from pipeline.values import (
    Article,
    Block,
    Card,
    ComposedPost,
    Finding,
    Practitioner,
    Reference,
    RenderedIssue,
    Run,
)
from tests.samples import configuration

CLAIM = "We cure migraine."


def material(**parts: str) -> Material:
    issue = RenderedIssue(
        part=1,
        of=2,
        subject=parts.get("subject", ""),
        preheader=parts.get("preheader", ""),
        html=parts.get("html", ""),
        text=parts.get("text", ""),
    )
    post = ComposedPost(
        network="mastodon", handle="a", section=0, text=parts.get("post", ""), length=1, limit=9
    )
    cards = (Card(section=0, png=b"", alt=parts.get("card", "")),)
    return Material((issue,), (post,), configuration(), cards)


def claimed(**parts: str) -> list[Finding]:
    return list(check_claims(material(**parts)))


@pytest.mark.parametrize(
    ("part", "written", "where"),
    [
        ("subject", CLAIM, "issue 1, subject"),
        ("preheader", CLAIM, "issue 1, preheader"),
        ("html", f"<p>Hello.</p><p>{CLAIM}</p>", "issue 1, HTML"),
        ("html", f"<h2>{CLAIM}</h2>", "issue 1, HTML"),
        ("html", "<p>We <b>cure</b> <i>migr</i>aine.</p>", "issue 1, HTML"),
        ("html", "<p>We &#1089;ure migraine.</p>", "issue 1, HTML"),
        ("text", "Hello.\n\nWe cure\nmigraine.\n", "issue 1, text"),
        ("post", f"{CLAIM} #acupuncture", "post 1 for mastodon"),
        ("card", CLAIM, "card 1"),
    ],
)
def test_c12_a_claim_is_found_wherever_a_reader_meets_it(
    part: str, written: str, where: str
) -> None:
    (found,) = claimed(**{part: written})
    assert (found.code, found.where) == ("claim-cure", where)


def test_c12_the_words_of_pictures_and_links_are_told_by_their_place() -> None:
    html = f'<img src="a.png" alt="{CLAIM}"><a href="https://a.example.com">no side effects</a>'
    named = [place.where for place in places(material(html=html)) if place.text]
    assert named == ["issue 1, HTML", "issue 1, words of a picture", "issue 1, words of a link"]
    assert {found.code for found in claimed(html=html)} == {"claim-cure", "claim-safety"}


def test_c12_an_address_claims_nothing_and_moves_no_word() -> None:
    address = "https://example.com/acupuncture-cures-migraine/1/"
    assert (
        claimed(text=f"Part 1:\n{address}\n@@archive_url@@/tea-cures-migraine/", post=address) == []
    )
    (found,) = claimed(text=f"{address} {CLAIM}")
    assert found.span is not None
    assert f"{address} {CLAIM}"[slice(*found.span)] == "cure migraine"


def test_a_claim_said_everywhere_is_told_once() -> None:
    (found,) = claimed(subject=CLAIM, preheader=CLAIM, html=f"<p>{CLAIM}</p>", post=CLAIM)
    assert found.where == "issue 1, subject"
    assert found.span == (3, 16)
    assert found.message.endswith(" ends for good (and in 3 more places)")
    (twice,) = claimed(subject=CLAIM, post=CLAIM)
    assert twice.message.endswith(" (and in 1 more place)")


def test_the_same_words_in_another_sentence_are_another_claim() -> None:
    assert len(claimed(subject=CLAIM, preheader="We cure migraine today.")) == 2


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("We cure\nmigraine.", "We cure migraine."),
        ("Title\n=====\nWords", "Title\n=====\nWords"),
        ("One\n\nTwo", "One\n\nTwo"),
        ("- one\n- two\n  more", "- one\n- two   more"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("25 people\n100 people", "25 people 100 people"),
    ],
)
def test_wrapped_lines_are_one_sentence_with_every_letter_in_place(text: str, joined: str) -> None:
    assert unwrapped(text) == joined
    assert len(joined) == len(text)


def test_c6_a_claim_with_a_source_is_not_told() -> None:
    lead = (Block(kind="paragraph", text=(Run("Acupuncture for insomnia was tried [1]."),)),)
    reference = Reference(number=1, text=(Run("A trial."),))
    bare = Article(slug="a", language="en", title="A", lead=lead)
    sourced = Article(slug="a", language="en", title="A", lead=lead, references=(reference,))
    made = material(post="Acupuncture for insomnia")
    for article, codes in ((bare, ["claim-implied"]), (sourced, [])):
        with_article = Material(made.issues, made.posts, made.configuration, (), article)
        assert [found.code for found in check_claims(with_article)] == codes


def test_c6_a_source_does_not_cover_a_cure() -> None:
    lead = (Block(kind="paragraph", text=(Run("We cure migraine [1]."),)),)
    reference = Reference(number=1, text=(Run("A trial."),))
    article = Article(slug="a", language="en", title="A", lead=lead, references=(reference,))
    made = material(post="We cure migraine [1].")
    (found,) = check_claims(Material(made.issues, made.posts, made.configuration, (), article))
    assert found.code == "claim-cure"


def test_the_language_is_the_articles_or_the_clinics() -> None:
    made = material(post="Alivia la ansiedad")
    article = Article(slug="a", language="es", title="A")
    assert check_claims(made) == ()
    spanish = Material(made.issues, made.posts, made.configuration, (), article)
    assert [found.code for found in check_claims(spanish)] != []


def test_c11_a_doctor_of_the_staff_without_a_degree_is_told() -> None:
    made = material(post="Dr. Ellison is away.")
    staff = (Practitioner(name="Mara Ellison", credentials=("L.Ac.",)),)
    settings = replace(configuration(), practitioners=staff)
    (found,) = check_claims(Material(made.issues, made.posts, settings))
    assert (found.code, found.level, found.span) == ("claim-title", "warning", (0, 11))
    assert found.words == "Dr. Ellison"


def test_a_claim_in_a_list_under_a_number_and_in_a_post_is_one() -> None:
    html = "<ul><li>Balances your hormones</li></ul>"
    text = "- Balances your hormones\n\n2. Balances your hormones\n"
    (found,) = claimed(html=html, text=text, post="• Balances your hormones")
    assert found.words == "Balances your hormones"
    (alone,) = claimed(text="- Balances your hormones")
    assert alone.words == "Balances your hormones"
