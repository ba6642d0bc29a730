"""What links answer when they are tried: a value, so that the check stays without a network."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """What a public address answered when a person asked for its links to be tried.

    Attributes:
        status: The HTTP status at the end of all redirects; 0 if there was no answer.
        fault: Why there was none, in words that go on after "the address …"; else "".
        passing: Whether there may be one later.
        moved: Where it has moved to for good, or "".
        size: Its length in bytes, as far as the server tells it.
    """

    status: int = 0
    fault: str = ""
    passing: bool = False
    moved: str = ""
    size: int | None = None
