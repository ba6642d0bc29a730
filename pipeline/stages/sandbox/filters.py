"""The filters and tests a template may use: a closed list, each paid for by what it makes.

Left out is what reads anything (there is none), what differs from one filling to the next, and what
makes much of little: ``center``, ``wordwrap``, ``batch``, ``tojson`` and their like.
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from jinja2 import Undefined
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as ALL_FILTERS
from jinja2.tests import TESTS as ALL_TESTS
from markupsafe import Markup

from pipeline.stages.merge import Mark
from pipeline.stages.sandbox.budget import spend

# In letters: what an item of a list takes beside its words, and what using a filter costs.
_ITEM = 10
_USE = 20
_WIDEST_INDENT = 80
_DIRECTIVE = re.compile(r"%(?:%|[-+ 0#]{0,3}\d{0,2}(?:\.\d{1,2})?[sdif])")
_NAMES = re.compile(r"\S+")
_OF_TEXT = _NAMES.findall(
    "capitalize e escape lower safe string title trim truncate upper urlencode wordcount"
)
_OF_VALUES = _NAMES.findall(
    "abs count dictsort first float int items last length list map max min reject rejectattr "
    "reverse select selectattr sort unique"
)
_TESTS = _NAMES.findall(
    "boolean defined divisibleby equalto even false float ge greaterthan gt in integer iterable le "
    "lessthan lower lt mapping ne none number odd sameas sequence string true undefined upper eq "
    "== != < <= > >="
)

Function = Callable[..., Any]


def size(value: object) -> int:
    """What reading a value through costs."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list | tuple):
        return sum(_ITEM + _room(item) for item in value)
    return _ITEM * len(value) if isinstance(value, dict) else 1


def _room(item: object) -> int:
    if isinstance(item, str):
        return len(item)
    return _ITEM * len(item) if isinstance(item, list | tuple | dict) else 0


def printable(value: Any) -> Any:
    """The value, if it is a text or a number: a list printed whole is a mistake, or an attack.

    Raises:
        SecurityError: It is something else.
    """
    # What is undefined says so itself, by its name.
    if value is None or isinstance(value, str | int | float | Undefined):
        return value
    raise SecurityError(f"a {type(value).__name__} cannot be printed")


def default(value: Any, words: str = "") -> Any:
    """The value, or these words where it is empty; of a merge field, the field with this default.

    Unlike Jinja2's own, it does not pass over a name nobody knows: that is a slip of the pen.
    """
    if isinstance(value, Mark):
        return value.default(words)
    return value if str(value) else words


def indent(text: Any, width: int = 4, first: bool = False, blank: bool = False) -> Any:
    """Jinja2's own, for a text that is set in by some columns."""
    if int(width) > _WIDEST_INDENT:
        raise SecurityError(f"a text is set in by {_WIDEST_INDENT} columns at most")
    spend(_USE + len(text) + (1 + text.count("\n")) * width)
    return ALL_FILTERS["indent"](text, int(width), first, blank)


def join(context: Any, parts: Iterable[Any], between: str = "", attribute: Any = None) -> Any:
    """Jinja2's own, paid for before the text is made."""
    listed = list(parts)
    if attribute is None:
        lengths = (len(str(printable(part))) for part in listed)
        spend(_USE + sum(lengths) + len(between) * len(listed))
    else:
        spend(_USE + len(between) * len(listed))
    return ALL_FILTERS["join"](context, listed, between, attribute)


def replace(context: Any, text: Any, old: str, new: str) -> Any:
    """Jinja2's own, paid for before the text is made."""
    text = printable(text)
    spend(_USE + len(str(text)) + str(text).count(str(old)) * len(str(new)))
    return ALL_FILTERS["replace"](context, text, old, new)


def format_(pattern: Any, *values: Any) -> Any:
    """``" %2d. " | format(number)``: widths of two digits, and nothing starred or named."""
    if "%" in _DIRECTIVE.sub("", str(printable(pattern))):
        raise SecurityError("format takes %s, %d and %f with at most two digits before them")
    spend(_USE + size(pattern) + sum(size(printable(value)) + 100 for value in values))
    return ALL_FILTERS["format"](pattern, *values)


def _paid(function: Any, *, of_text: bool = False) -> Function:
    """The same function, paid for by what it is given and what it makes."""
    # Jinja2 hands some of its functions a context before the value.
    place = int(hasattr(function, "jinja_pass_arg"))

    @wraps(function)
    def paid(*args: Any, **named: Any) -> Any:
        if of_text:
            printable(args[place])
        spend(_USE + sum(map(size, args[place:])) + sum(map(size, named.values())))
        made = function(*args, **named)
        spend(size(made))
        return made

    return paid


def _like(name: str, function: Function) -> Function:
    """Mark a function of ours to be handed what Jinja2's own of this name is."""
    function.jinja_pass_arg = ALL_FILTERS[name].jinja_pass_arg  # type: ignore[attr-defined]
    return function


FILTERS: dict[str, Function] = {
    **{name: _paid(ALL_FILTERS[name]) for name in _OF_VALUES},
    **{name: _paid(ALL_FILTERS[name], of_text=True) for name in _OF_TEXT},
    "default": default,
    "d": default,
    "format": format_,
    "indent": indent,
    "join": _like("join", join),
    "replace": _like("replace", replace),
}
TESTS: dict[str, Function] = {name: _paid(ALL_TESTS[name]) for name in _TESTS}


def joined(parts: Iterable[Any], *, escaping: bool) -> str:
    """``a ~ b``: texts and numbers, one behind the other."""
    listed = [printable(part) for part in parts]
    for part in listed:
        str(part)  # what is undefined is told before anything is made
    spend(sum(len(str(part)) for part in listed))
    if escaping and any(hasattr(part, "__html__") for part in listed):
        return Markup("").join(listed)
    return "".join(map(str, listed))
