"""Acts that are drawn: what can be done, how often, and with what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Act = Callable[..., None]
Chosen = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An act by its name, how often it is drawn, and what each argument is drawn from."""

    name: str
    weight: int
    choices: Mapping[str, Sequence[Any]]


ACTS: list[Drawn] = []


def act(*, weight: int, **choices: Sequence[Any]) -> Callable[[Act], Act]:
    """Have a method drawn so often, each argument from its choices."""

    def note(method: Act) -> Act:
        ACTS.append(Drawn(method.__name__, weight, choices))
        return method

    return note
