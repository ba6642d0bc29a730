"""The small language that packs are written in, and how it becomes regular expressions.

A word list is one string, its entries parted by commas. In an entry ``{e}`` stands for the endings
the pack lists under that name, ``(a|b)`` for either, ``(a|)`` for a or nothing. A pattern is words
in order; beside the same signs it knows

    <condition>     any entry of the pack's list of that name
    ..4             up to four other words in between, but none that begins another clause
    ...9            up to nine of any words, and marks: "El bruxismo: aquí sabemos eliminarlo"
    [your|the]      a word that may be missing
    ^ $             the start and the end of the sentence

In Korean, where words carry their particles, ``..4`` counts letters and spaces may be missing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.errors import SettingError
from pipeline.stages.check.claims.fold import folded
from pipeline.stages.check.claims.lookup import Forms, among

_TOKEN = re.compile(
    r"(?P<edge>[\^$])|<(?P<list>\w+)>|\.\.(?P<wide>\.?)(?P<gap>\d+)|\[(?P<maybe>[^\]]+)\]"
    r"|(?P<words>(?:\((?:[^()]|\([^()]*\))*\)|(?!\.{2,3}\d)[^\s\[<(])+)"
)
_SIGNS = frozenset("()|{")
_LETTERS = re.compile(r"[^()|{]+")
# "side effects" is also written "side-effects", "100%" also "100 %"; what is loose may be missing.
_LOOSE = {" ": "~", "-": "~", "%": " ?(?:%|percent|per cent)"}
Span = tuple[int, int]
_Node = dict[str, "_Node"]


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """How a language joins its words.

    Attributes:
        lists: The pack's word lists, expanded.
        endings: The pack's endings by name.
        spaced: Whether words stand apart (English), or carry particles (Korean).
        stops: Words no gap may cross: "but", "if".
    """

    lists: Mapping[str, Forms]
    endings: Mapping[str, tuple[str, ...]]
    spaced: bool
    stops: Forms


@dataclass(frozen=True, slots=True)
class Word:
    """One place of a pattern.

    Attributes:
        forms: What may stand there; none for the sentence's start, or with a gap of -1 its end.
        maybe: Whether it may be missing.
        gap: How many other words may stand before it.
        wide: Whether these may be any, and of another clause.
    """

    forms: Forms | None
    maybe: bool
    gap: int
    wide: bool = False


@dataclass(frozen=True)
class Pattern:
    """A pattern ready to be searched for.

    Attributes:
        needs: For each of its words, the keys one of which a text must have; else it is passed by.
    """

    words: tuple[Word, ...]
    needs: tuple[frozenset[str], ...]
    grammar: Grammar

    def likely(self, keys: frozenset[str]) -> bool:
        """Whether a text with these keys has each of its words."""
        return not any(map(keys.isdisjoint, self.needs))

    def found(self, keys: frozenset[str]) -> re.Pattern[str] | None:
        """Its expression for texts with these keys; None where it cannot stand in one.

        Only what the text has the words of is in it: made of whole lists, it would take longer to
        make than hundreds of sentences take to read.
        """
        expression = _expression(self.words, self.grammar, keys)
        return None if expression is None else re.compile(expression)

    def stands(self, text: str, keys: frozenset[str]) -> bool:
        """Whether it stands in a folded text with these keys."""
        found = self.found(keys)
        return found is not None and found.search(text) is not None

    def spans(self, text: str, keys: frozenset[str]) -> Iterator[Span]:
        """Where it stands in a folded text with these keys."""
        if self.likely(keys) and (found := self.found(keys)):
            yield from (match.span() for match in found.finditer(text))


@dataclass(frozen=True)
class Patterns:
    """Some patterns, any of which may stand in a text."""

    each: tuple[Pattern, ...] = ()

    @cached_property
    def _by_key(self) -> tuple[dict[str, list[int]], frozenset[str], list[int]]:
        """The patterns that need a key, by that key; all keys; and those that need none."""
        needing: dict[str, list[int]] = {}
        always = []
        for place, pattern in enumerate(self.each):
            # The word with the fewest forms is the one that fewest texts have.
            for key in min(pattern.needs, key=len, default=()):
                needing.setdefault(key, []).append(place)
            if not pattern.needs:
                always.append(place)
        return needing, frozenset(needing), always

    def near(self, keys: frozenset[str]) -> list[int]:
        """The places of those that a text with these keys has at least one word of."""
        needing, known, always = self._by_key
        places = {place for key in keys & known for place in needing[key]}
        return sorted(places.union(always))

    def spans(self, text: str, keys: frozenset[str]) -> Iterator[Span]:
        """Where any of them stands."""
        for place in self.near(keys):
            yield from self.each[place].spans(text, keys)

    def stand(self, text: str, keys: frozenset[str]) -> bool:
        """Whether any of them stands there."""
        return next(self.spans(text, keys), None) is not None


def expand(entry: str, endings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Every form of an entry, which is folded already: ``cur{e}`` is cure, cures, cured, curing.

    Raises:
        SettingError: The pack has no endings of that name, or a bracket is not closed.
    """
    if _SIGNS.isdisjoint(entry):
        return (entry.strip(),)
    forms, rest = _alternatives(entry, endings)
    if rest:
        raise SettingError("a bracket is not closed", mend=f"Mend the entry {entry!r}.")
    return tuple(form.strip() for form in forms)


def _alternatives(text: str, endings: Mapping[str, tuple[str, ...]]) -> tuple[list[str], str]:
    """The forms up to the bracket that closes this group, and what stands behind it."""
    done: list[str] = []
    forms = [""]
    while text and text[0] != ")":
        if plain := _LETTERS.match(text):
            forms = [form + plain[0] for form in forms]
            text = text[plain.end() :]
            continue
        sign, text = text[0], text[1:]
        if sign == "|":
            done, forms = done + forms, [""]
            continue
        if sign == "(":
            inner, text = _alternatives(text, endings)
            if not text:
                return [], "("
            text = text[1:]
        else:
            name, _, text = text.partition("}")
            if name not in endings:
                raise SettingError(
                    f"the pack has no endings {name}", mend="Write them under [endings]."
                )
            inner = list(endings[name])
        forms = [form + more for form in forms for more in inner]
    return done + forms, text


def entries(told: str, endings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """A word list, folded and expanded."""
    parts = (part.strip() for part in folded(told).split(","))
    return tuple(dict.fromkeys(form for part in parts if part for form in expand(part, endings)))


def compiled(pattern: str, grammar: Grammar) -> Pattern:
    """Make a pattern ready.

    Raises:
        SettingError: It names a list or endings the pack has not.
    """
    words: list[Word] = []
    gap, wide = 0, False
    for token in _TOKEN.finditer(folded(pattern)):
        if token["gap"]:
            gap, wide = int(token["gap"]), bool(token["wide"])
        elif token["edge"]:
            words.append(Word(None, maybe=True, gap=-1 if token["edge"] == "$" else 0))
        else:
            forms = _forms(token, pattern, grammar)
            maybe = bool(token["maybe"]) or "" in forms.each
            words.append(Word(forms, maybe=maybe, gap=gap, wide=wide))
            gap, wide = 0, False
    needs = [word.forms.heads for word in words if word.forms and not word.maybe]
    # The rarest is what a pattern is looked up by: asked again last, it seldom is asked at all.
    needs = sorted(filter(None, needs), key=len)
    return Pattern(tuple(words), tuple(needs[1:] + needs[:1]), grammar)


def _expression(words: Iterable[Word], grammar: Grammar, keys: frozenset[str]) -> str | None:
    joint = _joint(grammar)
    stops = among(grammar.stops, keys)
    expression, begun = "", False
    for word in words:
        if not word.forms:
            expression += r"\W*$" if word.gap else r"^\W*"
            continue
        there = among(word.forms, keys)
        if not there:
            if word.maybe:
                continue
            return None
        one = f"(?:{trie(there, spaced=grammar.spaced)})"
        before = _before(word, grammar, stops)
        if word.maybe:
            # At the start it brings its own joint: nothing is left of it when it is missing.
            expression += f"(?:{before}{one})?" if begun else f"(?:{one}{joint})?"
        else:
            expression += f"{before}{one}" if begun else one
            begun = True
    bounds = (r"(?<!\w)", r"(?!\w)") if grammar.spaced else ("", "")
    return expression.join(bounds)


def _forms(token: re.Match[str], pattern: str, grammar: Grammar) -> Forms:
    if not token["list"]:
        written = f"({token['maybe']})" if token["maybe"] else token["words"]
        return _written_out(written, grammar)
    if token["list"] not in grammar.lists:
        raise SettingError(
            f"the pack has no list {token['list']}", mend=f"Mend the pattern {pattern!r}."
        )
    return grammar.lists[token["list"]]


@lru_cache(maxsize=4096)
def _written_out(words: str, grammar: Grammar) -> Forms:
    """What a place of a pattern says itself; many patterns say the same."""
    return Forms(expand(words, grammar.endings), spaced=grammar.spaced)


def _joint(grammar: Grammar) -> str:
    return r"[ \"'*_,:?-]{1,3}" if grammar.spaced else r"[ \"'*_-]{0,2}"


def _before(word: Word, grammar: Grammar, stops: tuple[str, ...]) -> str:
    if word.wide:
        return rf"[^\w\s]{{0,3}} (?:\S{{1,40}} ){{0,{word.gap}}}?"
    return _joint(grammar) + (_gap(word.gap, stops, spaced=grammar.spaced) if word.gap else "")


def _gap(most: int, stops: tuple[str, ...], *, spaced: bool) -> str:
    if not spaced:
        return rf"[^.!?;:\n]{{0,{most}}}?"
    stop = rf"(?!(?:{trie(stops)})(?!\w))" if stops else ""
    return rf"(?:{stop}[^\s;:!?—]{{1,40}}(?<!\.)[ ]){{0,{most}}}?"


@lru_cache(maxsize=4096)
def trie(words: tuple[str, ...], *, spaced: bool = True) -> str:
    """An expression for any of these words that looks at each letter once."""
    return _branches(_tree(words), "[ -]" if spaced else "[ -]?")


def _tree(words: Iterable[str]) -> _Node:
    root: _Node = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return root


def _branches(node: _Node, space: str) -> str:
    """An expression for what follows a node."""
    branches = [
        _written(letter, space) + _branches(rest, space) for letter, rest in node.items() if letter
    ]
    body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})" if branches else ""
    return f"(?:{body})?" if body and "" in node else body


def _written(letter: str, space: str) -> str:
    if letter.isalnum():
        return letter
    return _LOOSE.get(letter, re.escape(letter)).replace("~", space)
