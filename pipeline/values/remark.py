"""What a look at the house found."""

from dataclasses import dataclass
from typing import Literal

Health = Literal["good", "advice", "wrong"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One line of ``meridian doctor``.

    Attributes:
        check: Which look it is of: ``spf``.
        health: Only ``wrong`` stops anything; ``advice`` is for a person to weigh.
        message: What was found, without a full stop.
        mend: What to do about it, a whole sentence; "" where nothing is to be done.
    """

    check: str
    health: Health
    message: str
    mend: str = ""
