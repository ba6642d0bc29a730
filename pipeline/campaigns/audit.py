"""The trail of approval: who was asked, who said yes or no, to which hash, and what voided it."""

import datetime as dt
import hashlib
from typing import Any

from pipeline.campaigns.log import note
from pipeline.campaigns.models import Approval, Issue, LogEntry, Variant

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


def contents(issue: Issue) -> dict[str, str]:
    """What is approved of an issue, piece by piece: words as they are, all else by its hash."""
    posts = issue.posts.order_by("pk").values_list("network", "handle", "text")
    cards = issue.cards.order_by("section").values_list("png_id", "alt")
    return {
        "subject": issue.subject,
        "trial": str(issue.trial.get("subject", "")),
        "preheader": issue.preheader,
        "html": issue.html_id,
        "text": issue.text_id,
        "envelope": _hash(sorted(issue.envelope.items())),
        "posts": _hash(list(posts)),
        "cards": _hash(list(cards)),
    }


def _hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def note_approved(
    issue: Issue, variant: Variant | None = None, *, approver: str, via: str, now: dt.datetime
) -> None:
    """Write down who said yes, to what and how; to a variant of the issue, if there is one."""
    how = f" by {via}" if via else "; nobody had to be asked"
    if variant is not None:
        told = f"part {issue.part} in {variant.language} approved{how}"
        given: dict[str, Any] = {
            "hash": variant.content_hash,
            "via": via,
            "language": variant.language,
        }
        note("approved", told, actor=approver, now=now, issue=issue, **given)
        return
    told = f"part {issue.part} approved{how}"
    values: dict[str, Any] = {"hash": issue.content_hash, "via": via, "content": contents(issue)}
    note("approved", told, actor=approver, now=now, issue=issue, **values)


def note_renewed(issue: Issue, *, before: str, actor: str, now: dt.datetime) -> None:
    """Write down what a new reading did to a yes or a no; what was sent back is let go.

    Args:
        issue: As it is now.
        before: The hash it had.
        actor: Who had it read.
        now: The time.
    """
    if before in ("", issue.content_hash):
        return
    values: dict[str, Any] = {"hash": issue.content_hash, "before": before}
    if issue.held.startswith(SENT_BACK):
        Issue.objects.filter(pk=issue.pk).update(held="")
        told = f"part {issue.part} has changed and is no longer {issue.held}"
        note("renewed", told, actor=actor, now=now, issue=issue, **values)
        issue.held = ""
    yes = Approval.objects.filter(issue=issue)
    voided = yes.filter(content_hash=before).first()
    if voided and not yes.filter(content_hash=issue.content_hash).exists():
        changed = changes(issue, before=before)
        what = _listed([_TOLD[piece] for piece in changed]) or "what was approved"
        told = f"part {issue.part} waits for approval again: {what} changed since "
        told += f"{voided.approver} approved it"
        note("voided", told, actor=actor, now=now, issue=issue, changed=changed, **values)


def changes(issue: Issue, *, before: str) -> list[str]:
    """Which pieces of an issue differ from what was approved under a hash."""
    entry = LogEntry.objects.filter(issue_id=issue.pk, kind="approved", values__hash=before).last()
    if entry is None:
        return []
    was, now = entry.values["content"], contents(issue)
    # In this order, whatever the database does to the keys of JSON.
    return [piece for piece in _TOLD if was.get(piece, "") != now[piece]]


def _listed(words: list[str]) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
