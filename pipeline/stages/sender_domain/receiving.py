"""Whether an address that letters come from can be answered (D18).

Source: Microsoft, "Strengthening Email Ecosystem: Outlook's New Requirements for High-Volume
Senders": From and Reply-To must be able to receive.
"""

from collections.abc import Iterator

from pipeline.stages.sender_domain.records import Ask
from pipeline.values.remark import Remark


def look(domain: str, ask: Ask) -> Iterator[Remark]:
    """Whether a domain takes mail.

    Raises:
        NoAnswerError: DNS does not answer.
    """
    servers = [record.split()[-1].rstrip(".") for record in ask(domain, "MX")]
    if any(servers):
        yield Remark(check="receiving", health="good", message=f"{domain} takes answers")
        return
    mend = "Write a reply_to into clinic.toml that somebody reads, or give the domain a mailbox."
    if servers:
        # RFC 7505: a single "." for the server.
        message = f"{domain} says that it takes no mail, so nobody can answer a letter"
    elif ask(domain, "A") or ask(domain, "AAAA"):
        message = f"{domain} names no mail server; some senders try its web server, others do not"
    else:
        message = f"{domain} takes no mail, so nobody can answer a letter"
    yield Remark(check="receiving", health="advice", message=message, mend=mend)
