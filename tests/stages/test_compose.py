"""Posts: within every limit, in the author's words, and fit to stand alone."""

import shutil
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.errors import SourceError, TemplateError
from pipeline.stages.compose import compose, hashtags
from pipeline.stages.posts.networks import NETWORKS
from pipeline.stages.templates import Templates, folders
from pipeline.values import (
    Account,
    Article,
    Block,
    ComposedPost,
    Configuration,
    Network,
    Reference,
    Run,
    Section,
    plain,
)
from tests.samples import article, block, configuration, section, templates

LINK = "https://clinic.example.com"


def on(*networks: Network) -> Configuration:
    """The sample clinic with an account on each of these networks, or on all."""
    accounts = tuple(Account(network=n, handle=f"@{n}") for n in networks or sorted(NETWORKS))
    return replace(configuration(), accounts=accounts)


def posts(of: Article, *networks: Network) -> tuple[ComposedPost, ...]:
    """The posts of an article."""
    return compose(of, configuration=on(*networks), templates=templates())


def only(of: Section, network: Network, *, tags: tuple[str, ...] = ("NeckPain",)) -> str:
    """The one post of an article of one section."""
    whole = replace(article(), sections=(of,), tags=tags)
    return posts(whole, network)[0].text


def words(of: Article) -> str:
    """All words of the sections, without the sample's markers, for looking sentences up."""
    said = []
    for part in of.sections:
        said.append(part.heading)
        for each in part.blocks:
            said += [plain(text) for text in (each.text, *each.items)]
    folded = " ".join(" ".join(said).split())
    return unicodedata.normalize("NFC", regex.sub(r"\s?\[[12]\]", "", folded))


def content(post: ComposedPost) -> Iterable[str]:
    """The paragraphs and items of a post without what its template adds."""
    for line in post.text.splitlines():
        if line and line != LINK and not line.startswith("#"):
            yield regex.sub(r"^(?:• |\d+\. )", "", line).strip("“”")


def test_each_section_makes_a_post_for_each_account() -> None:
    made = posts(article(), "mastodon", "x")
    assert [(post.section, post.network, post.handle) for post in made] == [
        (n, network, f"@{network}") for n in range(4) for network in ("mastodon", "x")
    ]


def test_a_post_is_heading_body_link_and_hashtags() -> None:
    assert posts(article(), "mastodon")[3].text == (
        "What to Do Tonight\n\nTake a warm towel, ten minutes, and nothing else to do.\n\n"
        f"{LINK}\n#NeckPain"
    )


@pytest.mark.parametrize("network", ["instagram", "x"])
def test_no_link_is_put_where_it_costs_or_does_not_work(network: Network) -> None:
    assert posts(article(), network)[3].text == (
        "What to Do Tonight\n\nTake a warm towel, ten minutes, and nothing else to do.\n\n#NeckPain"
    )


def test_facebook_has_a_link_and_no_hashtags() -> None:
    assert posts(article(), "facebook")[3].text.splitlines()[-1] == LINK


def test_a_long_network_says_the_whole_section() -> None:
    assert posts(article(), "facebook")[0].text == (
        "Small Vessels: Room for the Blood\n\n"
        "Under the skin lie vessels finer than a hair. Warmth lets them widen, and more blood "
        "passes through.\n\n"
        "The effect is modest, it differs from person to person, and it fades within hours. Read "
        "what we ask first before you try 42 °C at home.\n\n"
        "“Warmth brings no medicine with it. It makes room.”\n\n"
        "• a slow, spreading warmth around the neck, which usually passes within the hour\n"
        "• slower breathing, and shoulders that drop by themselves\n"
        "• now and then nothing at all, which is a normal answer too\n\n" + LINK
    )


def test_tables_pictures_and_code_are_not_said() -> None:
    assert posts(article(), "facebook")[2].text == (
        "Nerves: A Quieter Message\n\n"
        f"Warmth is a message too, and it reaches the spinal cord first.\n\n{LINK}"
    )


def test_steps_keep_their_numbers() -> None:
    text = posts(article(), "facebook")[1].text
    assert "\n1. Sit down.\n2. Warm the neck for ten minutes.\n3. Turn the head slowly.\n" in text


@pytest.mark.parametrize("network", sorted(NETWORKS))
def test_the_length_told_is_the_length_counted(network: Network) -> None:
    rule = NETWORKS[network]
    for post in posts(article(), network):
        assert (post.length, post.limit) == (rule.count(post.text), rule.limit)
        assert rule.fits(post.text)


def test_a_post_is_packed_up_to_its_limit() -> None:
    sentence = "Warmth lets the vessels widen and a little more blood passes. "
    text = only(section("Heading", sentence * 20), "x", tags=())
    assert text == "Heading\n\n" + (sentence * 4).strip()
    assert NETWORKS["x"].count(f"{text} {sentence.strip()}") > 280 >= NETWORKS["x"].count(text)


def test_hashtags_give_way_to_the_words() -> None:
    long = "A" + "a" * 225 + "."
    assert only(section("Heading", long), "x", tags=("T" * 60,)) == f"Heading\n\n{long}"


def test_the_link_gives_way_last() -> None:
    long = "A" + "a" * 250 + "."
    tags = ("Tag" * 10,)
    assert only(section("Heading", long), "bluesky", tags=tags) == f"Heading\n\n{long}\n\n{LINK}"
    longer = "A" + "a" * 280 + "."
    assert only(section("Heading", longer), "bluesky", tags=tags) == f"Heading\n\n{longer}"


def test_a_heading_stands_alone_where_no_sentence_fits() -> None:
    huge = "A" + "a" * 400 + "."
    assert only(section("Heading", huge), "bluesky") == f"Heading\n\n{LINK}\n#NeckPain"


def test_a_sentence_too_long_is_never_cut() -> None:
    huge = "Take 80 mg " + "and not more " * 40 + "a day."
    assert "80" not in only(section("Heading", huge, "Rest well."), "x")


def test_a_section_without_words_is_its_heading() -> None:
    assert only(section("Heading"), "x", tags=()) == "Heading"


def test_deeper_sections_belong_to_their_parent() -> None:
    whole = replace(
        article(), sections=(section("One", "A."), section("Two", "B.", level=2)), tags=()
    )
    assert [post.text for post in posts(whole, "x")] == ["One\n\nA.\n\nTwo\n\nB."]


def test_an_article_without_sections_makes_no_posts() -> None:
    assert posts(replace(article(), sections=())) == ()


def test_a_clinic_without_accounts_makes_no_posts() -> None:
    conf = replace(configuration(), accounts=())
    assert compose(article(), configuration=conf, templates=templates()) == ()


def test_a_heading_that_does_not_fit_is_an_error_and_not_cut() -> None:
    long = replace(section("A" * 281), line=7)
    with pytest.raises(SourceError) as told:
        only(long, "x")
    assert told.value.line == 7
    assert str(told.value) == (
        f"why-warmth-helps, line 7: the heading “{'A' * 60}…” is too long (281 of 280) "
        "for a post on x. Shorten it, or take the account out of clinic.toml."
    )


def test_a_template_that_does_not_fit_is_to_blame_itself(tmp_path: Path) -> None:
    (tmp_path / "social").mkdir()
    (tmp_path / "social" / "x.txt").write_text("{{ heading }}\n" + "Book now! " * 40, "utf-8")
    with pytest.raises(TemplateError) as told:
        compose(article(), configuration=on("x"), templates=Templates([tmp_path]))
    assert str(told.value) == (
        "social/x.txt: the words of the template alone are too long for a post on x "
        "(399 of 280). Shorten the template."
    )


def test_a_template_of_the_clinic_is_used(tmp_path: Path) -> None:
    (tmp_path / "social").mkdir()
    (tmp_path / "social" / "x.txt").write_text(
        "{{ number }}/{{ title }}/{{ clinic }}/{{ handle }}\n\n\n\n{{ body }}  \n", "utf-8"
    )
    made = compose(
        replace(article(), title="T"),
        configuration=on("x"),
        templates=Templates([tmp_path, *folders()]),
    )
    assert made[1].text.startswith("2/T/Harbour Street Acupuncture/@x\n\nA muscle that guards")


def test_a_missing_template_is_told(tmp_path: Path) -> None:
    shutil.copytree(folders()[0] / "social", tmp_path / "social")
    (tmp_path / "social" / "x.txt").unlink()
    with pytest.raises(TemplateError, match=r"there is no template social/x\.txt"):
        compose(article(), configuration=on("x"), templates=Templates([tmp_path]))


@pytest.mark.parametrize(
    ("tags", "made"),
    [
        (("NeckPain",), ["#NeckPain"]),
        (("back pain",), ["#BackPain"]),
        (("#ready", "a-b"), ["#ready", "#AB"]),
        (("한의원", "통증 관리"), ["#한의원", "#통증관리"]),
        (("Pain", "pain", "PAIN"), ["#Pain"]),
        (("2026", "", "!?"), []),
        (("2026goals",), ["#2026goals"]),
    ],
)
def test_hashtags_are_the_tags_of_the_author(tags: tuple[str, ...], made: list[str]) -> None:
    assert hashtags(tags) == made


def test_hashtags_are_not_more_than_a_network_takes() -> None:
    assert hashtags(("a", "b", "c"), 2) == ["#a", "#b"]
    tags = tuple(f"Tag{n}" for n in range(9))
    assert only(section("H", "B."), "instagram", tags=tags).count("#") == 5
    assert only(section("H", "B."), "threads", tags=tags).count("#") == 1


def test_a_hashtag_in_the_words_counts_too() -> None:
    own = "#one #two #three #four and more."
    text = only(section("H", own), "instagram", tags=("five", "six"))
    assert text == f"H\n\n{own}"


# --- Any article ----------------------------------------------------------------------------------

SAID = (
    "warmth needle rest pain 80 mg 3.5 not never it's café 침 통증 痛み 😷 👩🏽‍⚕️ (see) a.m. #1 @us "
    "https://example.com/x example.com _x_ *y* e\u0301"
)
WORD = st.sampled_from(SAID.split())
OPENING = st.sampled_from(
    [
        "Warmth",
        "But warmth",
        "It",
        "However,",
        "This",
        "Only rest",
        "Call us if",
        "하지만",
        "Dr. Kim",
    ]
)
CLOSING = st.sampled_from([".", "!", "?", "…", ":", " [1].", ".[2]", ".”", "다."])
SENTENCE = st.builds(
    lambda first, rest, last: " ".join([first, *rest]) + last,
    OPENING,
    st.lists(WORD, min_size=1, max_size=25),
    CLOSING,
)
PARAGRAPH = st.lists(SENTENCE, min_size=1, max_size=6).map(
    lambda some: block("paragraph", " ".join(some))
)
ITEMS = st.lists(SENTENCE, min_size=1, max_size=5).map(tuple)
LISTS = st.builds(
    lambda kind, items: Block(kind=kind, items=tuple((Run(item),) for item in items)),
    st.sampled_from(["bullets", "numbered"]),
    ITEMS,
)
TABLE = st.just(Block(kind="table", rows=(((Run("cell"),),),)))
QUOTATION = SENTENCE.map(lambda text: block("quotation", text))
SECTION = st.builds(
    Section,
    level=st.sampled_from([1, 1, 2]),
    number=st.sampled_from(["", "1", "IV"]),
    heading=st.lists(WORD, min_size=1, max_size=4).map(" ".join),
    blocks=st.lists(st.one_of(PARAGRAPH, LISTS, TABLE, QUOTATION), max_size=5).map(tuple),
)
ARTICLE = st.builds(
    lambda sections: replace(article(), sections=tuple(sections)),
    st.lists(SECTION, min_size=1, max_size=3),
)
SETTINGS = hypothesis_settings(max_examples=40)


@SETTINGS
@given(ARTICLE)
def test_no_post_of_any_article_is_too_long(of: Article) -> None:
    for post in posts(of):
        assert NETWORKS[post.network].fits(post.text)
        assert post.length <= post.limit


@SETTINGS
@given(ARTICLE)
def test_every_word_of_any_post_is_the_authors(of: Article) -> None:
    known = words(of)
    for post in posts(replace(of, tags=()), "facebook", "mastodon", "x"):
        for said in content(post):
            assert said in known


@SETTINGS
@given(ARTICLE)
def test_no_post_of_any_article_ends_on_a_promise(of: Article) -> None:
    for post in posts(replace(of, tags=()), "instagram", "x"):
        lines = post.text.splitlines()
        assert len(lines) == 1 or not lines[-1].endswith(":")


def test_references_are_known_by_their_number() -> None:
    whole = replace(
        article(),
        sections=(section("H", "It fades [3]."),),
        references=(Reference(number=3, text=()),),
        tags=(),
    )
    assert posts(whole, "x")[0].text == "H\n\nIt fades."


def test_a_numbered_heading_holds_no_hashtag() -> None:
    """Threads takes one hashtag: "Reason #1" and "#2" are numbers there, too."""
    section = Section(level=1, number="", heading="Reason #1, reason #2", blocks=())

    (post,) = posts(replace(article(), sections=(section,)), "threads")

    assert post.text.startswith("Reason #1, reason #2")


def test_a_heading_with_more_hashtags_than_a_network_takes_says_so() -> None:
    section = Section(level=1, number="", heading="Why #rest and #warmth help", blocks=())

    with pytest.raises(SourceError, match="has too many hashtags for a post on threads"):
        posts(replace(article(), sections=(section,)), "threads")
