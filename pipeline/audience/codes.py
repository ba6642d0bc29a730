"""What a mail that came back means, by its status code alone (D29). No table is asked."""

import re
from enum import Enum, auto

# What a provider says of an address that it keeps on a list of its own, in place of a code.
REFUSED_BY_LIST = "suppressed"
# RFC 3463: no such mailbox, no such domain, a domain that takes no mail.
_GONE = {(5, 1, 1), (5, 1, 2), (5, 1, 10)}
# Codes by which servers say "slow down" or "prove who you are", although they begin with a 4.
_THROTTLED = range(23, 33)
_TOO_LARGE = (5, 3, 4)
_CODE = re.compile(r"([45])\.([0-9]{1,3})\.([0-9]{1,3})")


class Verdict(Enum):
    """What a mail that came back means.

    Attributes:
        ENDED: The address is never written to again.
        COUNTED: It may be better tomorrow: it is counted, and the person stays on the list.
        SENDER: The sender or the letter was refused, whoever it was for. Nothing changes for the
            person; the caller pauses the campaign and tells a person of the clinic.
    """

    ENDED = auto()
    COUNTED = auto()
    SENDER = auto()


def weigh(code: str) -> Verdict:
    """What one status code says by itself; see ``bounce`` for its forms."""
    if code == REFUSED_BY_LIST:
        return Verdict.ENDED
    read = _CODE.fullmatch(code.strip())
    if read is None:
        return Verdict.COUNTED
    kind, subject, detail = (int(part) for part in read.groups())
    if (kind, subject, detail) in _GONE:
        return Verdict.ENDED
    throttled = (kind, subject) == (4, 7) and detail in _THROTTLED
    refused = kind == 5 and subject in {6, 7}
    if throttled or refused or (kind, subject, detail) == _TOO_LARGE:
        return Verdict.SENDER
    return Verdict.COUNTED
