"""How much one filling of a template may make (S2).

Every step of a loop, every call, every text made is paid for out of one sum, and what would cost
more than is left is refused before it is made. So time and memory have a bound that hangs on
neither the machine nor a clock: the same template with the same values is filled or refused for
ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# A letter takes some 50,000, one of ten thousand words 500,000; no machine needs a second for all.
WORK = 10_000_000
# All templates of one filling together, in characters: reading them takes time as well.
MOST_SOURCE = 160_000
_TOO_MUCH = "it repeats too much, or makes too long a text"


class TooMuchError(Exception):
    """A template asks for more than one filling may make."""


class Budget:
    """What is left for one filling."""

    __slots__ = ("_sources", "left")

    def __init__(self, work: int = WORK) -> None:
        self.left = work
        self._sources: dict[str, int] = {}

    def spend(self, cost: int) -> None:
        """Pay for something that is about to be made.

        Raises:
            TooMuchError: Less is left than that.
        """
        self.left -= cost
        if self.left < 0:
            raise TooMuchError(_TOO_MUCH)

    def read(self, name: str, length: int) -> None:
        """Note a template that is part of the filling, once however often it is included."""
        self._sources[name] = length
        if sum(self._sources.values()) > MOST_SOURCE:
            raise TooMuchError(f"its parts are longer than {MOST_SOURCE:,} characters together")


_CURRENT: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def budget(work: int = WORK) -> Iterator[Budget]:
    """A new budget for what is filled inside; a filling within a filling has the outer one."""
    outer = _CURRENT.get()
    if outer is not None:
        yield outer
        return
    token = _CURRENT.set(Budget(work))
    try:
        yield current()
    finally:
        _CURRENT.reset(token)


def current() -> Budget:
    """The budget of the filling under way; outside of one, a new one."""
    return _CURRENT.get() or Budget()


def spend(cost: int) -> None:
    """Pay for something that is about to be made, in the filling under way.

    Raises:
        TooMuchError: Less is left than that.
    """
    paying = _CURRENT.get() or Budget()
    # As the budget does it, without a call more: this is asked for all that a template does.
    paying.left -= cost
    if paying.left < 0:
        raise TooMuchError(_TOO_MUCH)
