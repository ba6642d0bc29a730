"""What can go wrong, as one tree.

    MeridianError                 has a place (file, line), a message and a mend
    ├── SettingError              the environment or clinic.toml does not say what is needed
    ├── SourceError               a file people wrote cannot be read
    ├── TemplateError             a template is broken, or made something that may not go out
    ├── CheckError                a check found an error, so nothing is made of it
    ├── ApprovalError             an approval is asked for something it cannot be given to
    ├── WaiverError               a waiver is asked for something it cannot be given to
    ├── StaffError                something is asked of the staff that may not be asked of them
    ├── OutboxError               the outbox cannot be written (disk full, no permission)
    └── SendError                 a channel did not take a batch
        ├── RefusedError          it certainly did not: trying again later is safe
        └── UnsureError           nobody can tell: trying again may double it

Every message is one line for a person: what happened, where, and what to do.
"""

import re
from datetime import timedelta
from pathlib import PurePath

# Line ends, orders to a terminal and turned writing in what is quoted from a file or is its name
# (S34); and halves of characters, which cannot be printed at all.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class MeridianError(Exception):
    """Something a person can mend.

    Attributes:
        message: What happened, without a full stop.
        mend: What to do about it, a whole sentence, or "".
        path: The file it happened in, or None.
        line: The 1-based line in that file, or 0 if no line is to blame.
    """

    def __init__(
        self, message: str, *, mend: str = "", path: PurePath | str | None = None, line: int = 0
    ) -> None:
        self.message = message
        self.mend = mend
        self.path = path
        self.line = line
        super().__init__(str(self))

    def __str__(self) -> str:
        """Give one line, as in ``file, line 3: what happened. What to do.``."""
        place = str(self.path) if self.path else ""
        if place and self.line:
            place += f", line {self.line}"
        message = self.message.rstrip(".")  # other programs' words often end with one
        told = f"{message}. {self.mend}" if self.mend else f"{message}."
        one_line = " ".join(told.split())
        return _printable(f"{place}: {one_line}" if place else one_line)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


class SettingError(MeridianError):
    """A setting is missing or wrong."""


class SourceError(MeridianError):
    """A file people wrote cannot be read."""


class TemplateError(MeridianError):
    """A template is broken, or what it made may not go out."""


class CheckError(MeridianError):
    """A check found an error, so nothing is made of it."""


class ApprovalError(MeridianError):
    """An approval is asked for something it cannot be given to."""


class WaiverError(MeridianError):
    """A waiver is asked for something it cannot be given to."""


class StaffError(MeridianError):
    """A test or a request to approve may not go to whom it should go."""


class OutboxError(MeridianError):
    """The outbox cannot be written."""


class SendError(MeridianError):
    """A channel did not take a batch."""


class RefusedError(SendError):
    """The channel certainly took nothing.

    Attributes:
        wait: How long the provider asked us to wait, or None if it did not say.
        final: True if no later try can succeed (a wrong key, a wrong address).
    """

    def __init__(self, message: str, *, wait: timedelta | None = None, final: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.final = final


class UnsureError(SendError):
    """Nobody can tell whether the channel took the batch: a time-out, a 5xx, a cut line.

    Attributes:
        final: True if asking again with the same key can tell no more (X4).
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final
