"""What other programs say of a person: only who is subscribed there is subscribed here.

Who left, complained or could not be reached there is never written to here either (PAINS of many:
a list read in again that brought everybody back). A word that is not known subscribes nobody.
"""

from dataclasses import dataclass

from pipeline.audience.models import Suppression

_REASON = Suppression.Reason


@dataclass(frozen=True, slots=True)
class OptOut:
    """That somebody is never written to, as a list says.

    Attributes:
        reason: As a suppression has it.
        everything: Whether it holds for all newsletters, not for this list alone.
    """

    reason: str
    everything: bool


LEFT = OptOut(_REASON.UNSUBSCRIBED, everything=False)
LEFT_ALL = OptOut(_REASON.UNSUBSCRIBED, everything=True)
BOUNCED = OptOut(_REASON.BOUNCED, everything=True)
COMPLAINED = OptOut(_REASON.COMPLAINED, everything=True)

_SUBSCRIBED = frozenset({"subscribed", "active", "confirmed", "enabled", "opted in", "opted-in"})
_OUT = {
    "unsubscribed": LEFT, "unsubscribe": LEFT, "cancelled": LEFT, "canceled": LEFT, "left": LEFT,
    "opted out": LEFT, "opted-out": LEFT, "opt-out": LEFT, "removed": LEFT, "suppressed": LEFT,
    "archived": LEFT,
    "blocklisted": LEFT_ALL, "blocked": LEFT_ALL, "blacklisted": LEFT_ALL, "erased": LEFT_ALL,
    "cleaned": BOUNCED, "bounced": BOUNCED, "bounce": BOUNCED, "hard bounce": BOUNCED,
    "hard bounced": BOUNCED, "undeliverable": BOUNCED, "invalid": BOUNCED,
    "complained": COMPLAINED, "complaint": COMPLAINED, "spam": COMPLAINED, "abuse": COMPLAINED,
    "marked as spam": COMPLAINED,
}  # fmt: skip
_UNREADY = frozenset(
    {"unconfirmed", "pending", "inactive", "disabled", "non-subscribed", "nonsubscribed",
     "not subscribed", "transactional", "expired", "ended", "deleted", "never subscribed"}
)  # fmt: skip
_YES = frozenset({"true", "yes", "y", "t", "1", "on", "x", "sí", "si", "예", "네"})
_NO = frozenset({"false", "no", "n", "f", "0", "off", "아니요", "아니오"})

Verdict = OptOut | str
"""An opt-out, "" for who is subscribed, or why the row cannot count."""


def by_word(said: str) -> Verdict:
    """The verdict of a column that names a state."""
    word = " ".join(said.lower().replace("_", " ").split())
    if word in _SUBSCRIBED or word in _YES:
        return ""
    if word in _NO:
        return LEFT
    if word in _OUT:
        return _OUT[word]
    if word in _UNREADY:
        return f"is “{word}” there"
    return f"its status {said[:40]!r} is not known" if word else "its status is empty"


def by_yes(said: str) -> Verdict:
    """The verdict of a column that asks: gets mail? Nothing but a yes subscribes."""
    word = said.strip().lower()
    if word in _YES:
        return ""
    return LEFT if word in _NO else by_word(said)


def by_no(said: str) -> Verdict:
    """The verdict of a column that asks: mail switched off?"""
    word = said.strip().lower()
    if word in _YES:
        return LEFT
    return "" if not word or word in _NO else by_word(said)


def by_left(said: str) -> Verdict:
    """The verdict of a column that holds when somebody left, if they did."""
    return LEFT if said.strip() else ""


def by_cleaned(said: str) -> Verdict:
    """The verdict of a column that holds since when an address cannot be reached."""
    return BOUNCED if said.strip() else ""


def by_why(said: str) -> Verdict:
    """The verdict of a column that holds why somebody left."""
    word = said.lower()
    if not word.strip():
        return ""
    return COMPLAINED if "spam" in word or "abuse" in word or "complain" in word else LEFT


KINDS = {
    "status": by_word,
    "subscribed": by_yes,
    "switched_off": by_no,
    "left_at": by_left,
    "cleaned_at": by_cleaned,
    "left_why": by_why,
}


def verdict(said: list[Verdict]) -> Verdict:
    """What several columns say together: the gravest opt-out, then what is in doubt."""
    outs = [each for each in said if isinstance(each, OptOut)]
    if outs:
        gravest = (_REASON.COMPLAINED, _REASON.BOUNCED, _REASON.UNSUBSCRIBED)
        return min(outs, key=lambda out: (gravest.index(_REASON(out.reason)), not out.everything))
    return next((each for each in said if each), "")
