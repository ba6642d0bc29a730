"""Whether a sender's domain is the clinic's to send from (D17)."""

import re
from collections.abc import Iterator

from pipeline.values.remark import Remark

# Providers of mailboxes whose DMARC policy or rules let nobody else send for them.
_MAILBOXES = re.compile(
    r"(?:gmail|googlemail|outlook|hotmail|live|msn|aol|icloud|me|mac|proton|protonmail|naver|daum"
    r"|hanmail|qq|163|126)\.(?:com|net|me)|pm\.me"
    r"|(?:yahoo|ymail|rocketmail|gmx|hotmail|outlook|live|web|t-online|mail|yandex)"
    r"\.[a-z]{2,3}(?:\.[a-z]{2})?",
    re.IGNORECASE,
)


def look(domain: str) -> Iterator[Remark]:
    """Whether anybody but its provider may send from a domain."""
    if _MAILBOXES.fullmatch(domain):
        yield Remark(
            check="owner",
            health="wrong",
            message=f"letters come from {domain}, from which its owner alone may send",
            mend="Send from an address at your clinic's own domain; answers may go to the mailbox "
            "by reply_to.",
        )
