"""Which of many patterns may stand in a text."""

import pytest

from pipeline.stages.check.claims.lookup import Forms, Lookup, keys


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
    assert Forms(forms, spaced=spaced).heads == expected


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("pain in my back", ("%", "back", "back pain")),
        ("back again", ("%", "back")),
        ("pain", ("%",)),
    ],
)
def test_of_many_forms_a_text_has_those_with_all_their_words(
    text: str, there: tuple[str, ...]
) -> None:
    forms = Forms(("gout", "back pain", "back", "%"), spaced=True)
    assert forms.among(keys(text, spaced=True)) == there


def test_of_korean_forms_a_text_has_those_with_all_their_letters() -> None:
    forms = Forms(("두통", "허리 통증", "편두통이다"), spaced=False)
    assert forms.among(keys("허리가 아픈 두통", spaced=False)) == ("두통",)
    assert forms.among(keys("허리 통증", spaced=False)) == ("허리 통증",)


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
