"""A language pack: what claims look like in a language, for a practitioner to read and mend.

A pack is ``packs/<language>.toml``: endings, word lists, what takes a claim back (``[scope]``), and
a table for each rule with the patterns it flags, those it lets pass, and softer words to say.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from pipeline.errors import SettingError
from pipeline.stages.check.claims.fold import folded
from pipeline.stages.check.claims.lookup import Forms, Lookup, keys
from pipeline.stages.check.claims.pattern import Grammar, Pattern, Patterns, compiled, entries
from pipeline.stages.check.claims.scope import Reach, Scope

_RULE_KEYS = frozenset({"flag", "warn", "pass", "unless", "softer", "only"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What one rule looks for in one language.

    Attributes:
        flag: Patterns of the rule's own level.
        warn: Patterns that are a warning at most.
        passes: Where one of these covers a match, there is none.
        unless: Where one of these stands anywhere in the sentence, the rule is silent.
        only: Patterns that count in one profile alone, by its name.
        softer: What may be said instead.
    """

    flag: Patterns = field(default_factory=Patterns)
    warn: Patterns = field(default_factory=Patterns)
    passes: Patterns = field(default_factory=Patterns)
    unless: Patterns = field(default_factory=Patterns)
    only: Mapping[str, Patterns] = field(default_factory=dict)
    softer: tuple[str, ...] = ()

    def groups(self) -> Iterator[tuple[str, Patterns]]:
        """The patterns that flag something: "flag", "warn", and a profile's own by its name."""
        yield from (("flag", self.flag), ("warn", self.warn), *self.only.items())


class Alarm(NamedTuple):
    """A pattern that flags something, its rule's table, and its group there."""

    pattern: Pattern
    table: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Pack:
    """All of one language."""

    language: str
    grammar: Grammar
    scope: Scope
    rules: Mapping[str, Wording]

    @cached_property
    def reach(self) -> Reach:
        """How far its negations reach."""
        return Reach.of(self.scope, spaced=self.grammar.spaced)

    @cached_property
    def alarms(self) -> tuple[Alarm, ...]:
        """Every pattern that flags something."""
        return tuple(
            Alarm(pattern, table, group)
            for table, wording in self.rules.items()
            for group, some in wording.groups()
            for pattern in some.each
        )

    @cached_property
    def _lookup(self) -> Lookup:
        return Lookup(alarm.pattern.needs for alarm in self.alarms)

    def alerts(self, text: str) -> tuple[int, ...]:
        """The places of those alarms whose patterns stand in a folded text; mostly none."""
        alarms = self.alarms
        found = keys(text, spaced=self.grammar.spaced)
        likely = self._lookup.likely(found)
        return tuple(sorted(p for p in likely if alarms[p].pattern.stands(text, found)))


@lru_cache
def pack(language: str) -> Pack:
    """The pack of a language: "en", "es" or "ko"."""
    path = files("pipeline.stages.check.claims").joinpath("packs", f"{language}.toml")
    return made(tomllib.loads(path.read_text("utf-8")), language)


def made(told: Mapping[str, Any], language: str) -> Pack:
    """A pack from what its file says.

    Raises:
        SettingError: A pattern names a list or endings that are not there, or a table of a rule
            holds a key that means nothing.
    """
    endings = {name: tuple(folded(f).split("|")) for name, f in told.get("endings", {}).items()}
    spaced = told["spaced"]
    lists: dict[str, Forms] = {}
    for name, words in told["words"].items():
        lists[name] = Forms(tuple(_with_lists(entries(words, endings), lists)), spaced=spaced)
    scope = told["scope"]
    stops = Forms(entries(scope.get("stops", ""), endings), spaced=spaced)
    grammar = Grammar(lists, endings, spaced, stops)
    known = {"spaced", "endings", "words", "scope"}
    return Pack(
        language=language,
        grammar=grammar,
        scope=_scope(scope, grammar),
        rules={name: _wording(name, t, grammar) for name, t in told.items() if name not in known},
    )


def _with_lists(words: Iterable[str], lists: Mapping[str, Forms]) -> Iterator[str]:
    """The words of a list; ``<name>`` as an entry takes in all of another list above it."""
    for word in words:
        yield from lists[word[1:-1]].each if word.startswith("<") else (word,)


def _scope(told: Mapping[str, Any], grammar: Grammar) -> Scope:
    def words(key: str) -> tuple[str, ...]:
        return entries(told.get(key, ""), grammar.endings)

    def patterns(key: str) -> Patterns:
        return _patterns(told.get(key, ()), grammar)

    return Scope(
        far=words("far"),
        near=words("near"),
        after=words("after"),
        breaks=words("breaks"),
        apparent=patterns("apparent"),
        unasked=patterns("unasked"),
        asking=patterns("asking"),
        debunked=patterns("debunked"),
        hedged=patterns("hedged"),
        denial=patterns("denial"),
        carries=patterns("carries"),
    )


def _wording(name: str, told: Mapping[str, Any], grammar: Grammar) -> Wording:
    unknown = told.keys() - _RULE_KEYS
    if unknown:
        raise SettingError(
            f"the pack's table [{name}] holds {', '.join(sorted(unknown))}",
            mend=f"Known here: {', '.join(sorted(_RULE_KEYS))}.",
        )
    return Wording(
        flag=_patterns(told.get("flag", ()), grammar),
        warn=_patterns(told.get("warn", ()), grammar),
        passes=_patterns(told.get("pass", ()), grammar),
        unless=_patterns(told.get("unless", ()), grammar),
        only={key: _patterns(some, grammar) for key, some in told.get("only", {}).items()},
        softer=tuple(told.get("softer", ())),
    )


def _patterns(told: Iterable[str], grammar: Grammar) -> Patterns:
    return Patterns(tuple(compiled(pattern, grammar) for pattern in told))
