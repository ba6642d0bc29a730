"""The styles of an email, read as a browser reads them: sheets, selectors, declarations.

Only what decides how words look is kept; see :mod:`pipeline.stages.email.painted`. Rules that hold
on some screens only (``max-width``, ``print``) are left out, those of the dark scheme are marked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

import tinycss2

WANTED = frozenset(
    {
        *("color", "background", "background-color", "font", "font-size", "font-weight"),
        *("display", "visibility", "opacity", "position", "left", "right", "top", "text-indent"),
        *("overflow", "max-height", "height", "max-width", "width", "clip", "clip-path"),
        *("margin-left", "margin-top", "color-scheme"),
    }
)
_DARK = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_ONE = r"(?:\*|[a-zA-Z][\w-]*)?(?:[.#][\w-]+)*"
_SELECTOR = re.compile(rf"(?=[\w*.#]){_ONE}(?:(?:\s*>\s*|\s+)(?=[\w*.#]){_ONE})*")
_STEP = re.compile(r"(?:^|\s*(>)\s*|\s+)([\w*.#-]+)")
_NAME = re.compile(r"[.#]?[\w-]+|\*")
_EVERY_SCREEN = re.compile(r"(?:only\s+)?(?:all|screen)?")

Declarations = tuple[tuple[str, str, bool], ...]


# A rule is known by where it stands: to compare two by all they say would take longer than to read.
@dataclass(frozen=True, slots=True, eq=False)
class StyleRule:
    """What a sheet says of the elements that one selector names.

    Attributes:
        declarations: Property, value and whether it is ``!important``.
        dark: True if it holds in the dark scheme only.
    """

    selector: str
    declarations: Declarations
    dark: bool


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where an element stands, as selectors see it.

    Attributes:
        names: What it can be called by: ``p``, ``.card``, ``#top``, ``*``. The page has no name.
        around: The place around it, or None around the page.
    """

    names: frozenset[str] = frozenset()
    around: "Place | None" = None

    def inner(self, tag: str, attributes: Mapping[str, str]) -> "Place":
        """The place of an element that stands in this one."""
        classes = (f".{name}" for name in attributes.get("class", "").split())
        own = (f"#{attributes['id']}",) if attributes.get("id") else ()
        return Place(frozenset((tag, "*", *classes, *own)), self)


Steps = tuple[tuple[str, tuple[str, ...]], ...]
# The same from the element outwards: ``.card > p`` is one chain, ``.card p`` are two.
Chains = tuple[tuple[frozenset[str], ...], ...]


class Sheets:
    """The rules of all style sheets of a page, to be asked which of them hold in a place."""

    def __init__(self, rules: Iterable[StyleRule]) -> None:
        # By a name that a rule asks of the element itself, so that few are asked in each place.
        self._by_name: dict[str, list[tuple[tuple[int, ...], Chains, StyleRule]]] = {}
        for number, rule in enumerate(rules):
            steps = _steps(rule.selector)
            if steps:
                entry = ((*_weight(steps), number), _chains(steps), rule)
                self._by_name.setdefault(steps[-1][1][-1], []).append(entry)

    def holding(self, place: Place) -> tuple[StyleRule, ...]:
        """The rules for an element, the weightiest last: by specificity, then by their order."""
        asked = (entry for name in place.names for entry in self._by_name.get(name, ()))
        found = [(weight, rule) for weight, chains, rule in asked if _names_it(chains, place)]
        return tuple(rule for _, rule in sorted(found, key=itemgetter(0)))


@lru_cache(maxsize=4096)
def declared(style: str) -> Declarations:
    """The declarations of a ``style`` attribute that decide how words look."""
    return _kept(tinycss2.parse_blocks_contents(style, skip_comments=True, skip_whitespace=True))


@lru_cache(maxsize=64)
def sheet(css: str) -> tuple[StyleRule, ...]:
    """The rules of a style sheet, in order."""
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return tuple(_rules(nodes, dark=False))


def _rules(nodes: Iterable[object], *, dark: bool) -> Iterator[StyleRule]:
    for node in nodes:
        kind, content = getattr(node, "type", ""), getattr(node, "content", None)
        prelude = tinycss2.serialize(getattr(node, "prelude", None) or []).strip()
        if kind == "qualified-rule":
            kept = _kept(tinycss2.parse_blocks_contents(content))
            if kept:
                yield from (
                    StyleRule(selector.strip(), kept, dark) for selector in prelude.split(",")
                )
        elif kind == "at-rule" and getattr(node, "lower_at_keyword", "") == "media" and content:
            rest, times = _DARK.subn("", prelude.lower())
            # "screen and (prefers-color-scheme: dark)" is every dark screen.
            if _EVERY_SCREEN.fullmatch(rest.replace(" and ", " ").strip()):
                inner = tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True)
                yield from _rules(inner, dark=dark or bool(times))


def _kept(nodes: Iterable[object]) -> Declarations:
    return tuple(
        (name, tinycss2.serialize(getattr(node, "value", [])).strip().lower(), bool(important))
        for node in nodes
        if (name := getattr(node, "lower_name", "")) in WANTED
        for important in [getattr(node, "important", False)]
    )


@lru_cache(maxsize=1024)
def _steps(selector: str) -> Steps:
    """A selector taken apart: ``.card > p`` is (("", (".card",)), (">", ("p",))).

    Empty if it holds what is told by more than names: a state, an attribute, a brother.
    """
    if not _SELECTOR.fullmatch(selector):
        return ()
    parts = _STEP.findall(selector)
    return tuple((how, tuple(_NAME.findall(names))) for how, names in parts)


def _chains(steps: Steps) -> Chains:
    chains: list[list[frozenset[str]]] = []
    inner = ""
    for how, names in reversed(steps):
        if inner != ">":
            chains.append([])
        chains[-1].append(frozenset(names))
        inner = how
    return tuple(map(tuple, chains))


def _names_it(chains: Chains, place: Place) -> bool:
    """Whether a selector names the element in a place.

    Each chain is looked for as near as can be, for that leaves the most room to those around it.
    """
    own, *others = chains
    found = _beyond(place, own)
    for chain in others:
        above = (_beyond(one, chain) for one in _outwards(found))
        found = next(filter(None, above), None)
    return found is not None


def _beyond(place: Place | None, chain: tuple[frozenset[str], ...]) -> Place | None:
    """The place around a chain whose innermost element stands here, or None if it does not."""
    for names in chain:
        if place is None or not names <= place.names:
            return None
        place = place.around
    return place


def _outwards(place: Place | None) -> Iterator[Place]:
    while place is not None:
        yield place
        place = place.around


def _weight(steps: Steps) -> tuple[int, int, int]:
    names = [name[0] for _, names in steps for name in names]
    classes, ids = names.count("."), names.count("#")
    return ids, classes, len(names) - classes - ids - names.count("*")
