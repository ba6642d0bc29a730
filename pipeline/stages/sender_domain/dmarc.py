"""DMARC: what a receiver does with a letter that is not the domain's own (RFC 7489)."""

from collections.abc import Iterator

from pipeline.stages.sender_domain.records import Ask, domains_above, is_dmarc, tags
from pipeline.values.remark import Remark

POLICIES = ("none", "quarantine", "reject")


def look(domain: str, ask: Ask) -> Iterator[Remark]:
    """Whether a domain, or one above it, has a policy.

    Raises:
        NoAnswerError: DNS does not answer.
    """
    for place in domains_above(domain):
        records = [text for text in ask(f"_dmarc.{place}", "TXT") if is_dmarc(text)]
        if len(records) > 1:
            message = f"{place} has {len(records)} DMARC records, so none counts"
            yield Remark(check="dmarc", health="wrong", message=message, mend="Keep one of them.")
        if records:
            if len(records) == 1:
                yield from _record(records[0], place)
            return
    yield Remark(
        check="dmarc",
        health="wrong",
        message=f"{domain} has no DMARC record",
        mend=f"Put a TXT record at _dmarc.{domain}: v=DMARC1; p=none; rua=mailto:… with an "
        "address of yours for reports.",
    )


def _record(record: str, domain: str) -> Iterator[Remark]:
    told = tags(record)
    policy = told.get("p", "").lower()
    if policy not in POLICIES:
        yield Remark(
            check="dmarc",
            health="wrong",
            message=f"the DMARC record of {domain} has no policy that there is",
            mend="Write p=none, p=quarantine or p=reject behind v=DMARC1;.",
        )
        return
    yield Remark(check="dmarc", health="good", message=f"{domain} has a DMARC record: p={policy}")
    if not told.get("rua"):
        yield Remark(
            check="dmarc",
            health="advice",
            message=f"nobody is sent the reports about {domain}",
            mend="Write rua=mailto: and an address of yours into its DMARC record.",
        )
