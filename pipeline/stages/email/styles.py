"""The styles of an email, read as a browser reads them: sheets, selectors, declarations.

Only what decides how words look is kept; see :mod:`pipeline.stages.email.painted`. Rules that hold
on some screens only (``max-width``, ``print``) are left out, those of the dark scheme are marked.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache

import tinycss2
from lxml import etree

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


Matched = Mapping[etree._Element, list[tuple[tuple[int, ...], StyleRule]]]


Steps = tuple[tuple[str, tuple[str, ...]], ...]


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


def matched(root: etree._Element, rules: Iterable[StyleRule]) -> Matched:
    """The rules that hold for each element, with their weight: specificity, then place."""
    names = {element: frozenset(_names(element)) for element in root.iter(etree.Element)}
    by_name: dict[str, list[etree._Element]] = {}
    for element, own in names.items():
        for name in own:
            by_name.setdefault(name, []).append(element)
    found: dict[etree._Element, list[tuple[tuple[int, ...], StyleRule]]] = {}
    for place, rule in enumerate(rules):
        steps = _steps(rule.selector)
        if not all(name in by_name for _, step in steps for name in step):
            continue
        for element in _candidates(steps, by_name):
            if element in names and _is(element, steps, names):
                found.setdefault(element, []).append(((*_weight(steps), place), rule))
    return found


def _candidates(
    steps: Steps, by_name: Mapping[str, list[etree._Element]]
) -> Iterable[etree._Element]:
    """The elements a selector may name: by its id or class, else by its parent's, else its kind."""
    if not steps:
        return ()
    (how, (*_, own)), above = steps[-1], steps[-2][1][-1] if len(steps) > 1 else ""
    if how == ">" and own[0] not in ".#":
        return (child for parent in by_name[above] for child in parent)
    return by_name[own]


@lru_cache(maxsize=1024)
def _steps(selector: str) -> Steps:
    """A selector taken apart: ``.card > p`` is (("", (".card",)), (">", ("p",))).

    Empty if it holds what is told by more than names: a state, an attribute, a brother.
    """
    if not _SELECTOR.fullmatch(selector):
        return ()
    parts = _STEP.findall(selector)
    return tuple((how, tuple(_NAME.findall(names))) for how, names in parts)


def _names(element: etree._Element) -> Iterator[str]:
    yield str(element.tag)
    yield "*"
    for name in element.get("class", "").split():
        yield f".{name}"
    if element.get("id"):
        yield f"#{element.get('id')}"


def _is(element: etree._Element, steps: Steps, names: Mapping[etree._Element, Set[str]]) -> bool:
    how, own = steps[-1]
    if not names[element] >= set(own):
        return False
    if len(steps) == 1:
        return True
    above = element.iterancestors()
    nearest = itertools.islice(above, 1) if how == ">" else above
    return any(_is(one, steps[:-1], names) for one in nearest)


def _weight(steps: Steps) -> tuple[int, int, int]:
    names = [name[0] for _, names in steps for name in names]
    classes, ids = names.count("."), names.count("#")
    return ids, classes, len(names) - classes - ids - names.count("*")
