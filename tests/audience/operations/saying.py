"""What people said, and whom that lets a clinic write to: plain Python that asks no table.

It is told each act beside the code under test, and knows none of its tables or rules but what
docs/audience.md promises.
"""

import copy
import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.audience.tokens import ConfirmLink

DAY, HOUR, WEEK = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(days=7)
FOR_EVER = dt.datetime.max.replace(tzinfo=dt.UTC)

NEWSLETTERS = ("weekly", "monthly")
# A person has one mailbox and spells it as they like: in any case, any Unicode form, either form
# of the domain.
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "ana": ("ana@example.com", "ANA@Example.COM", " Ana@example.com "),
    "josé": ("jos\u00e9@example.com", "jose\u0301@example.com", "JOSE\u0301@EXAMPLE.com"),
    "gil": (
        "gil@b\u00fccher.example.com", "gil@xn--bcher-kva.example.com",
        "Gil@BU\u0308CHER.example.com",
    ),
    "han": ("han@example.com", "Han@example.com", "han@EXAMPLE.COM"),
}  # fmt: skip
PEOPLE = tuple(SPELLINGS)

COMPLAINED, LEFT = "complained", "unsubscribed"

Tie = tuple[str, str]


def _folded(address: str) -> str:
    local, _, domain = unicodedata.normalize("NFC", address).strip().casefold().partition("@")
    return f"{local}@{domain.encode('idna').decode()}"


_MAILBOXES = {_folded(each): who for who, spelt in SPELLINGS.items() for each in spelt}


def whose(address: str) -> str:
    """Whose mailbox an address is, however the code spells it."""
    return _MAILBOXES[_folded(address)]


@dataclass(slots=True)
class Asked:
    """A mail that asks whether somebody wants a newsletter, and when its link was used."""

    tie: Tie
    at: dt.datetime
    used: bool = False


@dataclass(slots=True)
class Said:
    """What a backup knows, too: what goes back with it.

    Attributes:
        rights: On what each tie rests, and until when: "form", "import 3".
        silence: Until when somebody wants nothing.
        monthly: Who wants the digest alone.
        asked: The mails that ask, by their link.
        returned: When mailings came back, by person and mailing.
    """

    rights: dict[Tie, dict[str, dt.datetime]] = field(default_factory=dict)
    silence: dict[Tie, dt.datetime] = field(default_factory=dict)
    monthly: set[Tie] = field(default_factory=set)
    asked: dict[ConfirmLink, Asked] = field(default_factory=dict)
    returned: dict[str, dict[str, dt.datetime]] = field(default_factory=dict)


class Model:
    """What was ever said of each person.

    What bars somebody stays through any restore; of the rest, a restore brings back what the
    backup knew. Where a promise leaves it open, nobody is called barred: the model finds a mail too
    many, never one too few.
    """

    def __init__(self) -> None:
        self.said = Said()
        self._kept: Said | None = None
        # What bars a tie, as (reason, scope): only what ends one of them takes it out.
        self._bars: dict[Tie, set[tuple[str, str]]] = {}
        # When a tie was barred last, and when a list said so that may be older than the bar.
        self._barred_at: dict[Tie, dt.datetime] = {}
        self._doubted_at: dict[Tie, dt.datetime] = {}
        self._came_back: set[str] = set()

    def bar(self, who: str, newsletter: str, why: str, now: dt.datetime) -> None:
        """Somebody is never written to by one newsletter, or by any ("")."""
        for key in NEWSLETTERS:
            if newsletter in {"", key}:
                self._bars.setdefault((who, key), set()).add((why, newsletter))
                self._barred_at[who, key] = self._doubted_at[who, key] = now
        if newsletter == "":
            self.said.returned.pop(who, None)

    def opt_out(self, who: str, newsletter: str, why: str, now: dt.datetime) -> None:
        """A list says that somebody left: old news of who is barred, or came back by their own act.

        Only a complaint always counts.
        """
        ties = [(who, key) for key in NEWSLETTERS if newsletter in {"", key}]
        if why == COMPLAINED or not (who in self._came_back or any(map(self.is_barred, ties))):
            self.bar(who, newsletter, why, now)
        self._doubted_at.update(dict.fromkeys(ties, now))

    def is_barred(self, tie: Tie) -> bool:
        """Whether the person is never written to by this newsletter."""
        return bool(self._bars.get(tie))

    def complained(self, who: str) -> bool:
        """Whether the person ever called a mail spam."""
        return any((COMPLAINED, "") in self._bars.get((who, key), ()) for key in NEWSLETTERS)

    def may_be_written_to(self, tie: Tie, now: dt.datetime) -> bool:
        """Whether an issue may go there now."""
        until = max(self.said.rights.get(tie, {}).values(), default=now)
        silent = self.said.silence.get(tie, now) > now or tie in self.said.monthly
        return not self.is_barred(tie) and until > now and not silent

    def may_be_on_list(self, tie: Tie, now: dt.datetime) -> bool:
        """The same of somebody who may pause."""
        until = max(self.said.rights.get(tie, {}).values(), default=now)
        return not self.is_barred(tie) and until > now

    def grant(self, tie: Tie, source: str, until: dt.datetime = FOR_EVER) -> None:
        """There is a right to write to somebody; it brings nobody back who is barred."""
        self.said.rights.setdefault(tie, {})[source] = until

    def withdraw(self, source: str) -> None:
        """A right is taken back; who has another keeps what they have."""
        for rights in self.said.rights.values():
            if rights.keys() == {source}:
                rights.clear()

    def may_confirm(self, link: ConfirmLink, now: dt.datetime) -> bool:
        """Whether the link of a mail may still bring somebody onto the list."""
        asked = self.said.asked.get(link)
        if asked is None or asked.used or now >= asked.at + WEEK:
            return False
        ended = self._barred_at.get(asked.tie)
        return not self.complained(asked.tie[0]) and (ended is None or ended <= asked.at)

    def must_confirm(self, link: ConfirmLink, now: dt.datetime) -> bool:
        """Whether nothing at all was said against it since it was asked for."""
        doubted = self._doubted_at.get(self.said.asked[link].tie)
        settled = doubted is None or doubted <= self.said.asked[link].at
        return settled and self.may_confirm(link, now)

    def confirm(self, link: ConfirmLink, *, was_reader: bool) -> None:
        """The person wants it: all that barred them from this newsletter is over."""
        asked = self.said.asked[link]
        asked.used = True
        self._bars.pop(asked.tie, None)
        self._came_back.add(asked.tie[0])
        self.grant(asked.tie, "form")
        if not was_reader:
            self.said.silence.pop(asked.tie, None)
            self.said.monthly.discard(asked.tie)

    def take_back(self, who: str, newsletter: str, *, returned: list[str]) -> None:
        """The person takes one leaving back, and nothing else that bars them."""
        for key in returned:
            self._bars.get((who, key), set()).discard((LEFT, newsletter))
            self._came_back.add(who)

    def forget(self, who: str) -> None:
        """What somebody had chosen is gone with them."""
        for key in NEWSLETTERS:
            for known in (self.said.rights, self.said.silence):
                known.pop((who, key), None)
            self.said.monthly.discard((who, key))

    def mail_returned(self, who: str, mailing: str, now: dt.datetime) -> bool:
        """Count a full mailbox; true of the one that is one too many (D29)."""
        times = self.said.returned.setdefault(who, {})
        times.setdefault(mailing, now)
        return len(times) >= 3 and max(times.values()) - min(times.values()) >= 14 * DAY

    def back_up(self) -> None:
        """A backup is made."""
        self._kept = copy.deepcopy(self.said)

    def restore(self) -> None:
        """The backup is put back; who left since stays out (L10)."""
        if self._kept is not None:
            self.said = copy.deepcopy(self._kept)
