"""Which of many patterns may stand in a text."""

import pytest

from pipeline.stages.check.claims.lookup import Lookup, heads, keys, wholes


def test_a_text_is_looked_up_by_its_words() -> None:
    assert keys("we cure it: it", spaced=True) == {"we", "cure", "it"}


def test_korean_is_looked_up_by_each_few_letters() -> None:
    assert keys("두 통이", spaced=False) == {"두", "통", "이", "두통", "통이", "두통이"}


@pytest.mark.parametrize(
    ("forms", "spaced", "expected"),
    [
        (("back pain", "gout"), True, {"back", "gout"}),
        (("with ms", "for the"), True, {"ms", "for"}),
        (("두통", "허리 통증", "암", "편두통이"), False, {"두통", "허리", "암", "편두통"}),
        (("%",), True, set()),
        (("a", ""), True, set()),
        (("두통", "% 낫"), False, set()),
    ],
)
def test_a_form_without_a_key_lets_nothing_be_passed_by(
    forms: tuple[str, ...], spaced: bool, expected: set[str]
) -> None:
    assert heads(forms, spaced=spaced) == expected


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (("gout",), {"gout": (frozenset(),)}),
        (("back pain", "back"), {"back": (frozenset({"pain"}), frozenset())}),
        (("gout", "%"), {}),
    ],
)
def test_a_form_is_known_by_one_word_and_needs_its_others(
    forms: tuple[str, ...], expected: dict[str, tuple[frozenset[str], ...]]
) -> None:
    found = wholes(forms)
    assert {key: set(rests) for key, rests in found.items()} == {
        key: set(rests) for key, rests in expected.items()
    }


AILS, CURES = frozenset({"gout", "migraine"}), frozenset({"cure"})
NEEDS = ((AILS, CURES), (CURES,), (), (AILS,))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a cure for gout", [0, 1, 2, 3]),
        ("a cure", [1, 2]),
        ("migraine and gout", [2, 3]),
        ("", [2]),
    ],
)
def test_a_pattern_is_likely_where_each_of_its_words_is(text: str, places: list[int]) -> None:
    assert sorted(Lookup(NEEDS).likely(keys(text, spaced=True))) == places
