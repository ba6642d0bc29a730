"""Language packs as files."""

from collections.abc import Iterable
from typing import Any

import pytest

from pipeline.errors import SettingError
from pipeline.stages.check.claims.lookup import keys
from pipeline.stages.check.claims.pack import made, pack
from pipeline.stages.check.claims.pattern import Pattern, Word

PLAIN: dict[str, Any] = {
    "spaced": True,
    "endings": {"e": "e|ed"},
    "words": {"pain": "ache, pain", "all": "<pain>, itch"},
    "scope": {"far": "not", "hedged": ["may"]},
    "cure": {"flag": ["cur{e} <all>"], "softer": ["may ease"], "only": {"uk-cap": ["ease <pain>"]}},
}


def test_a_pack_is_read_as_it_is_written() -> None:
    read = made(PLAIN, "xx")
    assert read.language == "xx"
    lists = {name: forms.each for name, forms in read.grammar.lists.items()}
    assert lists == {"pain": ("ache", "pain"), "all": ("ache", "pain", "itch")}
    assert read.scope.far == ("not",)
    assert read.rules.keys() == {"cure"}
    assert read.rules["cure"].softer == ("may ease",)
    assert read.rules["cure"].only.keys() == {"uk-cap"}


def test_an_unknown_key_of_a_rule_is_told() -> None:
    with pytest.raises(SettingError) as caught:
        made({**PLAIN, "cure": {"flags": []}}, "xx")
    assert str(caught.value) == (
        "the pack's table [cure] holds flags. Known here: flag, only, pass, softer, unless, warn."
    )


def test_a_pack_is_read_once() -> None:
    assert pack("en") is pack("en")


@pytest.mark.no_cover
@pytest.mark.parametrize("language", ["en", "es", "ko"])
def test_every_expression_of_a_pack_can_be_made(language: str) -> None:
    read = pack(language)
    scope = read.scope
    groups = [scope.apparent, scope.unasked, scope.asking, scope.debunked, scope.hedged]
    for wording in read.rules.values():
        groups += [wording.flag, wording.warn, wording.passes, wording.unless]
        groups += wording.only.values()
    patterns = [pattern for group in groups for pattern in group.each]
    lists = {word.forms for pattern in patterns for word in pattern.words if word.forms}
    # Each pattern with a few of the forms of each of its words, and each list of forms by itself:
    # all of all together would take minutes.
    few = keys_of((forms.each[:2] for forms in lists), spaced=read.grammar.spaced)
    assert all(pattern.found(few) for pattern in patterns)
    for forms in lists:
        alone = Pattern((Word(forms, maybe=False, gap=0),), (), read.grammar)
        assert alone.found(keys_of([forms.each], spaced=read.grammar.spaced))


def keys_of(forms: Iterable[tuple[str, ...]], *, spaced: bool) -> frozenset[str]:
    """What a text of these forms can be looked up by."""
    return keys(" ".join(form for some in forms for form in some), spaced=spaced)
