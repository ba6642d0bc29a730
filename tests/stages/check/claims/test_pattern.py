"""The small language of the packs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingError
from pipeline.stages.check.claims.lookup import Forms, keys
from pipeline.stages.check.claims.pattern import (
    Grammar,
    Patterns,
    compiled,
    entries,
    expand,
    trie,
)

ENDINGS = {"e": ("e", "es", "ed", "ing"), "n": ("", "s")}
LISTS = {"cure": ("cure", "cures"), "ail": ("migraine", "back pain")}
ENGLISH = Grammar(
    {name: Forms(forms, spaced=True) for name, forms in LISTS.items()},
    ENDINGS,
    spaced=True,
    stops=Forms(("but", "if"), spaced=True),
)
KOREAN = Grammar(
    {"ail": Forms(("허리 통증", "두통"), spaced=False)},
    {"p": ("을", "이", "")},
    spaced=False,
    stops=Forms((), spaced=False),
)


def found(pattern: str, text: str, grammar: Grammar = ENGLISH) -> list[str]:
    made = compiled(pattern, grammar)
    spans = made.spans(text, keys(text, spaced=grammar.spaced))
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("entry", "forms"),
    [
        ("cur{e}", ("cure", "cures", "cured", "curing")),
        ("(a|b)c", ("ac", "bc")),
        ("a( b|)", ("a b", "a")),
        ("a(b(c|d)|e){n}", ("abc", "abcs", "abd", "abds", "ae", "aes")),
    ],
)
def test_an_entry_has_every_form(entry: str, forms: tuple[str, ...]) -> None:
    assert expand(entry, ENDINGS) == forms


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("a{x}", "the pack has no endings x"),
        ("(a|b", "a bracket is not closed"),
        ("a)b", "a bracket is not closed"),
    ],
)
def test_a_broken_entry_is_told(entry: str, message: str) -> None:
    with pytest.raises(SettingError) as caught:
        expand(entry, ENDINGS)
    assert caught.value.message == message


def test_a_list_is_parted_by_commas_and_has_no_form_twice() -> None:
    assert entries("a,\n  b  c, a,", ENDINGS) == ("a", "b c")


def test_a_list_is_read_without_accents() -> None:
    assert entries("Curación, ácid(o|a)", ENDINGS) == ("curacion", "acido", "acida")


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("<cure> <ail>", "it cures migraine", ["cures migraine"]),
        ("<cure> <ail>", "it cures back-pain", ["cures back-pain"]),
        ("<cure> <ail>", "it cures  migraine", ["cures  migraine"]),
        ("<cure> <ail>", "it cures 'migraine'", ["cures 'migraine"]),
        ("<cure> <ail>", "secures migraine", []),
        ("<cure> <ail>", "cures migraines", []),
        ("<cure> <ail>", "cures your migraine", []),
        ("<cure> ..2 <ail>", "cures your bad migraine", ["cures your bad migraine"]),
        ("<cure> ..2 <ail>", "cures your very bad migraine", []),
        ("<cure> ..4 <ail>", "cures you but migraine stays", []),
        ("<cure> ..4 <ail>", "cures it. migraine is", []),
        ("<cure> ..4 <ail>", "cures it; migraine is", []),
        ("<cure> ..4 <ail>", "cures gout, colds and migraine", ["cures gout, colds and migraine"]),
        ("<cure> ...3 <ail> today", "cures of migraine-today", ["cures of migraine-today"]),
        ("<cure> [your|the] <ail>", "cure your migraine", ["cure your migraine"]),
        ("<cure> [your|the] <ail>", "cure migraine", ["cure migraine"]),
        ("[big] <ail>", "big migraine", ["big migraine"]),
        ("[big] <ail>", "migraine", ["migraine"]),
        ("(the|) <ail>", "the migraine", ["the migraine"]),
        ("(the|) <ail>", "migraine", ["migraine"]),
        ("^ <cure>", "  «cure it", ["  «cure"]),
        ("^ <cure>", "we cure", []),
        ("<cure> $", "we cure!", ["cure!"]),
        ("<cure> $", "we cure it", []),
        ("100% safe", "100 % safe", ["100 % safe"]),
        ("100% safe", "100 percent safe", ["100 percent safe"]),
        ("side effect{n}", "side-effects", ["side-effects"]),
        ("migraine-free", "migraine free", ["migraine free"]),
    ],
)
def test_a_pattern_finds_its_words_in_order(pattern: str, text: str, words: list[str]) -> None:
    assert found(pattern, text) == words


@pytest.mark.parametrize(
    ("pattern", "text", "words"),
    [
        ("<ail>{p} 낫", "두통이 낫는다", ["두통이 낫"]),
        ("<ail>{p} 낫", "두통 낫는다", ["두통 낫"]),
        ("<ail> 치료", "허리통증치료", ["허리통증치료"]),
        ("<ail>{p}..4 낫", "두통이 금방 낫는다", ["두통이 금방 낫"]),
        ("<ail>{p}..2 낫", "두통이 정말로 낫는다", []),
        ("<ail>{p}..9 낫", "두통이다. 낫는다", []),
    ],
)
def test_in_korean_letters_are_counted(pattern: str, text: str, words: list[str]) -> None:
    assert found(pattern, text, KOREAN) == words


def test_a_pattern_with_an_unknown_list_is_told() -> None:
    with pytest.raises(SettingError) as caught:
        compiled("<nothing> here", ENGLISH)
    assert str(caught.value) == "the pack has no list nothing. Mend the pattern '<nothing> here'."


def test_a_text_without_a_needed_word_is_passed_by() -> None:
    made = compiled("<cure> ..2 <ail>", ENGLISH)
    assert made.needs == (frozenset({"migraine", "back"}), frozenset({"cure", "cures"}))
    assert not list(made.spans("cures colds", keys("cures colds", spaced=True)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("it goes away", True), ("it goes on", False), ("far away it goes", True), ("away", False)],
)
def test_an_expression_is_made_where_a_text_has_a_whole_form_of_each_word(
    text: str, expected: bool
) -> None:
    made = compiled("[well] it (goes away|leaves) $", ENGLISH)
    assert (made.found(keys(text, spaced=True)) is not None) is expected


def test_an_expression_holds_only_what_the_text_has_the_words_of() -> None:
    made = compiled("<cure> ..2 <ail>", ENGLISH).found(keys("if it cures pain, back", spaced=True))
    assert made is not None
    assert [word in made.pattern for word in ("cures", "back", "if", "but", "migraine")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_word_in_emphasis_is_a_word() -> None:
    assert found("<cure> <ail>", "_cures_ migraine today") == []
    assert found("it <cure> <ail>", "it _cures_ migraine today") == ["it _cures_ migraine"]


def test_some_patterns_stand_where_one_of_them_does() -> None:
    some = Patterns((compiled("<cure>", ENGLISH), compiled("<ail>", ENGLISH)))
    text = "no cure for migraine"
    found_keys = keys(text, spaced=True)
    assert [text[slice(*span)] for span in some.spans(text, found_keys)] == ["cure", "migraine"]
    assert some.stand(text, found_keys)
    assert not Patterns().stand(text, found_keys)


@given(st.sets(st.text(alphabet="ab c", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_a_trie_takes_each_word_whole_and_no_other(words: set[str]) -> None:
    made = re.compile(trie(tuple(words)))
    assert all(made.fullmatch(word) for word in words)
    assert all(
        (made.fullmatch(other) is not None) == (other in words) for other in ("a", "ab", "b")
    )


def test_a_trie_of_nothing_is_nothing() -> None:
    assert trie(()) == ""


def test_a_wide_gap_crosses_marks_and_other_clauses() -> None:
    text = "migraine: but if it stays, we cure it"
    assert found("<ail> ...6 <cure> it", text) == [text]
    assert found("<ail> ..6 <cure> it", text) == []


def test_a_wide_gap_has_its_length() -> None:
    assert found("<ail> ...2 cure", "migraine, you say? cure") == ["migraine, you say? cure"]
    assert found("<ail> ...1 cure", "migraine, you say? cure") == []


def test_what_may_be_missing_takes_its_wide_gap_with_it() -> None:
    assert found("<ail> ...3 [well] gone", "migraine gone") == ["migraine gone"]
