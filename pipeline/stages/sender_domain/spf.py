"""SPF: which servers may send for a domain (RFC 7208)."""

import re
from collections.abc import Iterator

from pipeline.stages.sender_domain.records import Ask
from pipeline.values.remark import Remark

MOST_LOOKUPS = 10
MOST_VOID = 2
_TERM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?P<rest>[:/].*)?"
    r"|(?P<modifier>[A-Za-z][A-Za-z0-9_.-]*)=(?P<value>.*)",
    re.IGNORECASE,
)
_LOOKS_UP = {"include", "a", "mx", "ptr", "exists"}


class _Count:
    """What a receiver would have to ask for, and what it would stumble over."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.lookups = 0
        self.void = 0
        self.faults: list[str] = []

    def follow(self, record: str, domain: str) -> None:
        """Count the lookups of a record, and those of the records it names."""
        for word in record.split()[1:]:
            found = _TERM.fullmatch(word)
            if found is None:
                self.faults.append(f"{domain} has {word!r} in its SPF record, which is no term")
                continue
            if found["name"] and found["name"].lower() in _LOOKS_UP:
                self._look_up(found["name"].lower(), (found["rest"] or "").lstrip(":"), domain)
            elif (found["modifier"] or "").lower() == "redirect":
                self._look_up("redirect", found["value"], domain)

    def _look_up(self, name: str, target: str, domain: str) -> None:
        self.lookups += 1
        # Past the limit a receiver asks no more; and a record may name itself.
        if self.lookups > MOST_LOOKUPS or "%" in target:
            return
        target = target.partition("/")[0] or domain
        if name in {"include", "redirect"}:
            self._include(target)
        elif name in {"a", "mx"} and not any(self.ask(target, each) for each in _types(name)):
            self.void += 1

    def _include(self, target: str) -> None:
        records = _records(target, self.ask)
        if len(records) == 1:
            self.follow(records[0], target)
        else:
            self.void += not records
            self.faults.append(f"it names {target}, which has {len(records) or 'no'} SPF records")


def look(domain: str, ask: Ask) -> Iterator[Remark]:
    """Whether a domain says who may send for it, so that a receiver can follow it.

    Raises:
        NoAnswerError: DNS does not answer.
    """
    records = _records(domain, ask)
    if len(records) != 1:
        yield _count_of_records(domain, len(records))
        return
    count = _Count(ask)
    count.follow(records[0], domain)
    remarks = [*_faults(domain, count), *_all(domain, records[0])]
    yield from remarks or [
        Remark(
            check="spf",
            health="good",
            message=f"{domain} has an SPF record, of {count.lookups} lookups out of {MOST_LOOKUPS}",
        )
    ]


def _records(domain: str, ask: Ask) -> list[str]:
    return [text for text in ask(domain, "TXT") if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]


def _types(name: str) -> tuple[str, ...]:
    return ("MX",) if name == "mx" else ("A", "AAAA")


def _count_of_records(domain: str, number: int) -> Remark:
    if number:
        message, mend = f"{domain} has {number} SPF records, so none counts", "Make one of them."
    else:
        message = f"{domain} has no SPF record"
        mend = f"Put the TXT record at {domain} that your mail provider shows: v=spf1 … ~all."
    return Remark(check="spf", health="wrong", message=message, mend=mend)


def _faults(domain: str, count: _Count) -> Iterator[Remark]:
    for fault in count.faults:
        yield Remark(
            check="spf",
            health="wrong",
            message=f"the SPF record of {domain} cannot be followed: {fault}",
            mend="Mend the term, or take it out: until then receivers take the record for none.",
        )
    if count.lookups > MOST_LOOKUPS:
        yield Remark(
            check="spf",
            health="wrong",
            message=f"the SPF record of {domain} takes more than {MOST_LOOKUPS} lookups",
            mend="Take out what you no longer send by: receivers stop there and count it as none.",
        )
    if count.void > MOST_VOID:
        yield Remark(
            check="spf",
            health="advice",
            message=f"the SPF record of {domain} names {count.void} hosts that are not there",
            mend=f"Take them out: some receivers stop after {MOST_VOID}.",
        )


def _all(domain: str, record: str) -> Iterator[Remark]:
    """How the record ends: what of all other servers?"""
    words = record.lower().split()[1:]
    if {"all", "+all"} & set(words):
        yield Remark(
            check="spf",
            health="wrong",
            message=f"the SPF record of {domain} lets everybody send for it",
            mend="Write ~all or -all at its end.",
        )
    elif not {"~all", "-all"} & set(words) and not any(w.startswith("redirect=") for w in words):
        yield Remark(
            check="spf",
            health="advice",
            message=f"the SPF record of {domain} says nothing of servers it does not name",
            mend="Write ~all at its end.",
        )
