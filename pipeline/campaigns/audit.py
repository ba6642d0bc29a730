"""The trail of approval: who was asked, who said yes or no, to which hash, and what voided it."""

import datetime as dt
import hashlib
from dataclasses import asdict
from typing import Any

from pipeline.campaigns.headings import Renamed, headings, renamed
from pipeline.campaigns.log import note
from pipeline.campaigns.models import Approval, Issue, LogEntry
from pipeline.campaigns.texts import Text, language_of, part_of, told_text

# What an approval is given for, in the words the log tells a change by.
_TOLD = {
    "subject": "the subject",
    "trial": "the second subject",
    "preheader": "the preheader",
    "html": "the letter",
    "text": "the text part",
    "envelope": "the sender",
    "posts": "the posts",
    "cards": "the cards",
}
# How the log calls what `held` says of an issue that a person sent back.
SENT_BACK = "sent back by "


def contents(text: Text) -> dict[str, str]:
    """What is approved of a text, piece by piece: words as they are, all else by its hash.

    A variant has no posts, no cards and no second subject.
    """
    said = {
        "subject": text.subject,
        "preheader": text.preheader,
        "html": text.html_id,
        "text": text.text_id,
        "envelope": _hash(sorted(text.envelope.items())),
    }
    return said | _beside(text) if isinstance(text, Issue) else said


def _beside(issue: Issue) -> dict[str, str]:
    posts = issue.posts.order_by("pk").values_list("network", "handle", "text")
    cards = issue.cards.order_by("section").values_list("png_id", "alt")
    return {
        "trial": str(issue.trial.get("subject", "")),
        "posts": _hash(list(posts)),
        "cards": _hash(list(cards)),
    }


def _hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def note_approved(text: Text, *, approver: str, via: str, now: dt.datetime) -> None:
    """Write down who said yes, to what and how."""
    told = f"{told_text(text)} approved{f' by {via}' if via else '; nobody had to be asked'}"
    values: dict[str, Any] = {"hash": text.content_hash, "via": via, **_language(text)}
    values |= {"content": contents(text), "headings": headings(text)}
    note("approved", told, actor=approver, now=now, issue=part_of(text), **values)


def note_renewed(text: Text, *, before: str, actor: str, now: dt.datetime) -> None:
    """Write down what a new reading did to a yes or a no; what was sent back is let go.

    Args:
        text: As it is now.
        before: The hash it had.
        actor: Who had it read.
        now: The time.
    """
    if before in ("", text.content_hash):
        return
    issue = part_of(text)
    values: dict[str, Any] = {"hash": text.content_hash, "before": before, **_language(text)}
    if text.held.startswith(SENT_BACK):
        type(text).objects.filter(pk=text.pk).update(held="")
        told = f"{told_text(text)} has changed and is no longer {text.held}"
        note("renewed", told, actor=actor, now=now, issue=issue, **values)
        text.held = ""
    yes = Approval.objects.filter(issue=issue)
    voided = yes.filter(content_hash=before).first()
    if voided and not yes.filter(content_hash=text.content_hash).exists():
        changed, listed = changes(text, before=before), renamed_since(text, before=before)
        what = enumerated([_TOLD[piece] for piece in changed]) or "what was approved"
        told = f"{told_text(text)} waits for approval again: {what} changed since "
        told += f"{voided.approver} approved it"
        if listed:
            told += f"; of the parts that it lists, {enumerated([each.told for each in listed])}"
            values["renamed"] = [asdict(each) for each in listed]
        note("voided", told, actor=actor, now=now, issue=issue, changed=changed, **values)


def _language(text: Text) -> dict[str, str]:
    """As the log says of what language something is; nothing of the newsletter's own."""
    return {"language": language_of(text)} if language_of(text) else {}


def changes(text: Text, *, before: str) -> list[str]:
    """Which pieces of a text differ from what was approved under a hash."""
    was, now = _approved_as(text, before).get("content"), contents(text)
    if was is None:
        return []
    # In this order, whatever the database does to the keys of JSON.
    return [piece for piece in _TOLD if piece in now and was.get(piece, "") != now[piece]]


def renamed_since(text: Text, *, before: str) -> list[Renamed]:
    """What of the list of parts in a letter differs from when a hash was approved."""
    was = _approved_as(text, before).get("headings")
    return list(renamed(text, was)) if was is not None else []


def _approved_as(text: Text, hash_: str) -> dict[str, Any]:
    """What the log kept of a yes to these bytes; an older Meridian kept less."""
    given = LogEntry.objects.filter(issue_id=part_of(text).pk, kind="approved", values__hash=hash_)
    entry = given.last()
    values: dict[str, Any] = entry.values if entry else {}
    return values


def enumerated(words: list[str]) -> str:
    """``the letter, the posts and the sender``."""
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
