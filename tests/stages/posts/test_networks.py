"""Lengths as each network counts them."""

import datetime as dt
from typing import Any, get_args

import pytest
import yaml

from pipeline.stages.posts.networks import (
    NETWORKS,
    graphemes,
    linkedin,
    little_text,
    mastodon,
    threads,
    utf16,
    weighted,
)
from pipeline.values import Network
from tests.samples import SHARED

SUITE = SHARED / "conformance" / "twitter-text" / "validate.yml"

FAMILY = "👨‍👩‍👧‍👦"
DOCTOR = "👩🏽‍⚕️"
SNOW = "❄️"
FLAG = "🇰🇷"
KEYCAP = "1️⃣"


def conformance(suite: str) -> list[dict[str, Any]]:
    """The cases of one suite of twitter-text, none where the files are not at hand."""
    if not SUITE.is_file():
        return []
    cases: list[dict[str, Any]] = yaml.safe_load(SUITE.read_text("utf-8"))["tests"][suite]
    return cases


@pytest.mark.skipif(
    not SUITE.is_file(), reason="the conformance cases of twitter-text are not here"
)
@pytest.mark.parametrize(
    ("suite", "cases"),
    [
        ("WeightedTweetsWithDiscountedEmojiCounterTest", 22),
        ("UnicodeDirectionalMarkerCounterTest", 2),
    ],
)
def test_weighted_counts_as_the_conformance_cases_say(suite: str, cases: int) -> None:
    expected = {c["description"]: c["expected"]["weightedLength"] for c in conformance(suite)}
    counted = {c["description"]: weighted(c["text"]) for c in conformance(suite)}
    assert len(expected) == cases
    assert counted == expected


def test_every_network_has_a_rule() -> None:
    assert set(NETWORKS) == set(get_args(Network))


@pytest.mark.parametrize("network", sorted(NETWORKS))
def test_a_rule_names_its_source(network: Network) -> None:
    rule = NETWORKS[network]
    assert rule.source.startswith("https://")
    assert rule.seen >= dt.date(2026, 11, 22)
    assert rule.unit


@pytest.mark.parametrize(
    ("network", "limit"),
    [
        ("bluesky", 300),
        ("facebook", 63206),
        ("instagram", 2200),
        ("linkedin", 3000),
        ("mastodon", 500),
        ("telegram", 4096),
        ("threads", 500),
        ("x", 280),
    ],
)
def test_a_post_fits_up_to_the_limit_and_not_beyond(network: Network, limit: int) -> None:
    rule = NETWORKS[network]
    assert rule.limit == limit
    assert rule.count("a" * limit) == limit
    assert rule.fits("a" * limit)
    assert not rule.fits("a" * (limit + 1))


@pytest.mark.parametrize("network", sorted(NETWORKS))
def test_an_empty_post_has_no_length(network: Network) -> None:
    assert NETWORKS[network].count("") == 0


def test_an_empty_hashtag_sign_is_no_hashtag() -> None:
    assert NETWORKS["threads"].fits("# 1 of 2, R&D#x and a #tag")


@pytest.mark.parametrize(("network", "most"), [("instagram", 5), ("threads", 1)])
def test_too_many_hashtags_do_not_fit(network: Network, most: int) -> None:
    tags = [f"#tag{n}" for n in range(most + 1)]
    assert NETWORKS[network].fits(" ".join(tags[:most]))
    assert not NETWORKS[network].fits(" ".join(tags))


def test_bluesky_has_a_second_limit_in_bytes() -> None:
    heavy = FAMILY * 120
    assert graphemes(heavy) == 120
    assert len(heavy.encode()) == 3000
    assert NETWORKS["bluesky"].fits(heavy)
    assert not NETWORKS["bluesky"].fits(heavy + "a")


@pytest.mark.parametrize(
    ("text", "length"),
    [("한글", 2), (FAMILY, 1), (DOCTOR, 1), (FLAG, 1), ("e\u0301", 1), ("a\r\nb", 3)],
)
def test_graphemes_counts_what_a_reader_sees(text: str, length: int) -> None:
    assert graphemes(text) == length


@pytest.mark.parametrize(("text", "length"), [("é", 1), ("한", 1), ("😀", 2), ("\ud800", 1)])
def test_utf16_counts_code_units(text: str, length: int) -> None:
    assert utf16(text) == length


def test_little_text_escapes_every_reserved_sign() -> None:
    assert little_text(r"a(b)_c*#d\e{f}|@[g]<h>~") == (r"a\(b\)\_c\*\#d\\e\{f\}\|\@\[g\]\<h\>\~")


def test_linkedin_counts_the_escapes() -> None:
    assert linkedin("plain") == 5
    assert linkedin("(see #1)") == 11
    assert not NETWORKS["linkedin"].fits("(" * 1501)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("see https://example.com/a/very/long/address/indeed?yes=1", 27),
        ("http://a.example", 23),
        ("hello @ana@social.example.com!", 11),
        ("write to ana@example.com", 24),
        (FAMILY, 1),
    ],
)
def test_mastodon_counts_links_and_mentions_short(text: str, length: int) -> None:
    assert mastodon(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [("plain", 5), ("한글", 2), (SNOW, 6), ("😀", 4), (FLAG, 8), ("e\u0301", 2), ("©", 1)],
)
def test_threads_counts_an_emoji_by_its_bytes(text: str, length: int) -> None:
    assert threads(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("a", 1),
        ("한", 2),
        ("é", 1),
        ("e\u0301", 1),
        ("“quoted” – yes…", 16),
        (FAMILY, 2),
        (DOCTOR, 2),
        (FLAG, 2),
        (KEYCAP, 2),
        (SNOW, 2),
        ("©", 1),
        ("12#*", 4),
        # Marks heaped upon an emoji count on their own.
        ("😀" + "\u0301" * 5, 7),
    ],
)
def test_weighted_counts_letters_and_emoji(text: str, length: int) -> None:
    assert weighted(text) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("https://example.com", 23),
        ("https://example.com/a/path?with=query#and-more-and-more", 23),
        ("https://example.com/path.", 24),
        ("(https://example.com)", 25),
        ("https://example.com:8080/x y", 25),
        ("clinic.kr", 23),
        ("병원.com", 8),
        ("https://병원.com/예약", 27),
        ("#example.com", 12),
        ("ana@example.com", 15),
        ("https://localhost", 17),
        ("https://" + "a" * 64 + ".com", 76),
        ("https://" + "가나다라마바사아자차카타파하" * 3 + ".com", 96),
        ("a.m. and 3.5 mg", 15),
    ],
)
def test_weighted_counts_links(text: str, length: int) -> None:
    assert weighted(text) == length


def test_weighted_never_counts_a_bare_name_short() -> None:
    long = "otorhinolaryngologist.Pneumonia"
    assert weighted(long) == len(long)
    assert weighted("end.Of") == 23


@pytest.mark.parametrize(
    "text", ["a" * 200_000, "a." * 50_000, "http://" * 20_000, "http://a.com/" + "(" * 50_000]
)
def test_a_hostile_text_is_counted(text: str) -> None:
    assert weighted(text) > 280
