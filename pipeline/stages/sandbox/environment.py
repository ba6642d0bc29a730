"""The environment itself: what a template may reach, call and make."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any

from jinja2 import StrictUndefined, Template, Undefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from pipeline.stages.sandbox.budget import budget, current, spend
from pipeline.stages.sandbox.filters import FILTERS, TESTS, joined, printable, size
from pipeline.stages.sandbox.loader import ConfinedLoader
from pipeline.stages.sandbox.rewrite import rewrite

MOST_STEPS = 100_000
LARGEST = 10**15
# In letters: what it costs to print something, to call something, to begin a step of a loop.
_PRINT = 10
_CALL = 60
_BEGIN = 10
_LONG = 200
_FEW = 100
_HOLDS = (list, tuple, dict, Namespace)
_TEXT_METHODS = frozenset({"capitalize", "endswith", "format", "lower", "lstrip", "removeprefix"})
_TEXT_METHODS |= {"removesuffix", "rstrip", "startswith", "strip", "title", "upper"}
_DICT_METHODS = frozenset({"get", "items", "keys", "values"})
_OF_DICTS = frozenset(dir(dict))
_DATE = re.compile(r"(?:[^%]|%[A-Za-z%]){0,80}")
_FORMAT_FIELD = re.compile(r"\{(\w*)\}")


class Budgeted(Template):
    """A template that is filled within a budget."""

    def render(self, *args: Any, **values: Any) -> str:
        """Fill it.

        Raises:
            TooMuchError: It makes too much.
        """
        with budget():
            return super().render(*args, **values)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for templates that others may change (S1, S2, S23).

    An unknown name is an error; attributes that begin with ``_`` do not exist; nothing can be
    changed, and only what is on a list can be called; what is made is counted.
    """

    template_class = Budgeted
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, folders: Sequence[str | Path], **options: Any) -> None:
        self._loader = ConfinedLoader(folders)
        super().__init__(
            loader=self._loader,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_printed,
            optimized=False,
            **options,
        )
        self.filters = dict(FILTERS)
        self.tests = dict(TESTS)
        self.globals = {"range": steps, "namespace": Namespace}
        # Jinja2 puts pieces together by this.
        self.concat = _concat  # type: ignore[method-assign]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        return rewrite(super()._parse(source, name, filename), name, filename)

    def _load_template(self, name: str, globals: Any) -> Template:  # noqa: A002 (as Jinja2 calls it)
        spend(_CALL)
        found = super()._load_template(name, globals)
        current().read(name, self._loader.lengths[name])
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``value.name``; of a dict, what it holds under that name."""
        # As Jinja2 does it, without an error for each value on the way: most are found here.
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICTS:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, /, *args: Any, **named: Any) -> Any:
        """Call what a template calls, if it may."""
        if getattr(obj, "__self__", None) is self:
            return obj(*args)
        if isinstance(obj, Undefined):
            obj()  # it says what is undefined
        if isinstance(getattr(obj, "__self__", None), dt.date):
            return _dated(obj, *args)
        if isinstance(getattr(obj, "__self__", None), str) and obj.__name__ == "replace":
            return FILTERS["replace"](context.eval_ctx, obj.__self__, *args)
        if not self.is_safe_callable(obj):
            name = getattr(obj, "__name__", type(obj).__name__)
            raise SecurityError(f"a template may not call {name}")
        lengths = sorted(size(value) for value in (*args, *named.values()))
        # It may set one text before each line of another.
        if isinstance(obj, FunctionType) and len(lengths) > 1 and lengths[-2] > _LONG:
            raise SecurityError("a function takes one long text, not two")
        spend(_CALL + sum(lengths))
        made = super().call(context, obj, *args, **named)
        spend(size(made))
        return made

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether a template may call it: macros, what it was given, and a few methods."""
        if isinstance(obj, Macro | BlockReference | FunctionType) or obj is Namespace:
            return super().is_safe_callable(obj)
        owner, name = getattr(obj, "__self__", None), getattr(obj, "__name__", "")
        if isinstance(owner, str):
            spend(len(owner))
            return name in _TEXT_METHODS
        if isinstance(owner, dict):
            return name in _DICT_METHODS
        return isinstance(owner, LoopContext) and isinstance(obj, MethodType)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """``"{name}".format(name=…)``, without any other field."""
        found = super().wrap_str_format(value)
        if found is not None:
            pattern = str(value.__self__)
            if "{" in _FORMAT_FIELD.sub("", pattern):
                raise SecurityError("format takes {name}, and nothing behind the name")
            fields = len(_FORMAT_FIELD.findall(pattern))
            return _counting(found, length=len(pattern), fields=fields)
        return found

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Do the sum a template does."""
        _pay(operator, left, right)
        made = super().call_binop(context, operator, left, right)
        if isinstance(made, int) and abs(made) > LARGEST:
            raise SecurityError("the number is too large")
        return made

    # --- What rewritten templates call ------------------------------------------------------------

    def step(self, weight: int) -> None:
        """Pay for a body that is run."""
        spend(weight)

    def counted(self, values: Iterable[Any], weight: int) -> Iterator[Any]:
        """The values of a loop, each paid for as it is reached."""
        for value in values:
            spend(_BEGIN + weight)
            yield value

    def joined(self, *parts: Any) -> str:
        """``a ~ b``."""
        return joined(parts, escaping=bool(self.autoescape))

    def sliced(self, value: Any, start: Any, stop: Any, step: Any) -> Any:
        """``value[start:stop:step]``."""
        made = value[start:stop:step]
        spend(size(made))
        return made

    def weighed(self, value: Any) -> Any:
        """A value that is about to be compared, or searched."""
        spend(size(value))
        return value

    def flat(self, value: Any) -> Any:
        """A list or dict a template makes: in lists of lists of lists, little soon holds much."""
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        if not all(map(_fits_in, parts)) or (isinstance(value, dict) and _dicts(parts)):
            raise SecurityError("a template makes no deeper lists than lists of a few words")
        spend(size(value))
        return value


def _fits_in(part: Any) -> bool:
    if isinstance(part, list | tuple):
        return len(part) <= _FEW and not any(isinstance(word, _HOLDS) for word in part)
    return not isinstance(part, Namespace)


def _dicts(parts: Iterable[Any]) -> bool:
    return any(isinstance(part, dict) for part in parts)


def _dated(method: Callable[[str], str], pattern: Any = "") -> str:
    """``date.strftime("%d %b")``."""
    # Some systems take a width here: "%999999999d".
    if getattr(method, "__name__", "") != "strftime" or not _DATE.fullmatch(str(pattern)):
        raise SecurityError('a template may ask a date for strftime("%d %b %Y"), and no more')
    return method(pattern)


def steps(*ends: int) -> range:
    """``range``, for a loop of a hundred thousand steps at most."""
    made = range(*ends)
    if len(made) > MOST_STEPS:
        raise SecurityError(f"a range has {MOST_STEPS:,} steps at most")
    return made


def _printed(value: Any) -> Any:
    spend(_PRINT)
    return printable(value)


def _concat(pieces: Iterable[str]) -> str:
    made, left = [], current()
    for piece in pieces:
        left.left -= 1 + len(piece)
        if left.left < 0:
            left.spend(0)
        made.append(piece)
    return "".join(made)


def _counting(made: Callable[..., str], *, length: int, fields: int) -> Callable[..., str]:
    def formatted(*args: Any, **named: Any) -> str:
        values = [printable(value) for value in (*args, *named.values())]
        spend(length + fields * max((len(str(value)) for value in values), default=0))
        return made(*args, **named)

    return formatted


def _pay(operator: str, left: Any, right: Any) -> None:
    """Refuse a sum that would make too much, and pay for what it makes."""
    if operator == "%" and isinstance(left, str):
        raise SecurityError("a text is filled by format, not by %")
    if operator == "**" and not (abs(left) <= 1000 and abs(right) <= 4):
        raise SecurityError("the power is too large")
    if operator == "*" and not isinstance(left, int | float):
        spend(size(left) * max(int(right), 0))
    elif operator == "*" and not isinstance(right, int | float):
        spend(size(right) * max(int(left), 0))
    else:
        spend(1 + size(left) + size(right))
