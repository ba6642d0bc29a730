"""Language packs as files."""

from typing import Any

import pytest

from pipeline.errors import SettingError
from pipeline.stages.check.claims.lookup import keys
from pipeline.stages.check.claims.pack import made, pack

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
    # With the words of all its forms, each pattern is whole.
    words = (word.forms.each for pattern in patterns for word in pattern.words if word.forms)
    text = " ".join(form for forms in words for form in forms)
    everything = keys(text, spaced=read.grammar.spaced)
    assert all(pattern.found(everything) for pattern in patterns)
