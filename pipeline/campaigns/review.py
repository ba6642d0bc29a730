"""What a practitioner is shown of a part before they say yes: everything their yes is given to."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from pipeline.audience.segments import Filter, Sum, count
from pipeline.campaigns.approval import approval_of
from pipeline.campaigns.audit import changes
from pipeline.campaigns.four_eyes import folded
from pipeline.campaigns.models import Approval, Card, Comment, Issue, LogEntry, Part, Post
from pipeline.campaigns.requests import may_approve
from pipeline.stages.merge import merge
from pipeline.stages.text.wrap import COLUMNS, columns
from pipeline.values import Newsletter

_RULED = re.compile(r"[=\-_*~]{3,}")
_OWN_LINE = re.compile(r"([-*•–]|\d+[.)]|\[\d+\]|https?://)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the text part.

    Attributes:
        number: Its place in the text as it is; -1 of one that is no longer there.
        told: Whether the practitioner has approved it before; "same" where they approved nothing.
    """

    number: int
    text: str
    told: Literal["same", "new", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One part, ready to be shown.

    Attributes:
        subject: With sample values, as its preheader.
        second_subject: What is tried on a sample of its readers, or "".
        approval: The yes it has as it stands, or None.
        own: True if the practitioner had a hand in it and another must approve it.
        changed: The pieces that differ from what they approved last; () if nothing does.
        seen_before: Whether they approved this part before.
        audience: Who gets it now; None if its newsletter is gone.
    """

    issue: Issue
    subject: str
    second_subject: str
    preheader: str
    paragraphs: Sequence[Paragraph]
    posts: Sequence[Post]
    cards: Sequence[Card]
    findings: Sequence[Mapping[str, Any]]
    comments: Sequence[Comment]
    approval: Approval | None
    own: bool
    changed: Sequence[str]
    seen_before: bool
    audience: Sum | None

    @property
    def waits(self) -> bool:
        """True while it can be approved: it has not gone out, and nobody has yet."""
        return self.issue.state == Issue.State.SCHEDULED and self.approval is None


def review(
    issue: Issue,
    *,
    practitioner: str,
    newsletter: Newsletter | None,
    values: Mapping[str, str],
    now: dt.datetime,
) -> Review:
    """Gather what is shown of a part.

    Args:
        issue: The part.
        practitioner: Who looks.
        newsletter: Its newsletter; None if it is gone.
        values: What stands for each merge field.
        now: The time.
    """
    before = _last_yes(issue, practitioner)
    text = paragraphs(_text(issue.text_id), values)
    old = paragraphs(_text(before.values["content"]["text"]), values) if before else text
    return Review(
        issue=issue,
        subject=merge(issue.subject, values),
        second_subject=merge(issue.trial.get("subject", ""), values),
        preheader=merge(issue.preheader, values),
        paragraphs=list(_compared(old, text)),
        posts=list(issue.posts.order_by("section", "pk")),
        cards=list(issue.cards.order_by("section")),
        findings=[finding for finding in issue.findings if finding["level"] != "info"],
        comments=list(issue.comments.order_by("pk")),
        approval=approval_of(issue),
        own=not may_approve(issue, practitioner),
        changed=changes(issue, before=before.values["hash"]) if before else (),
        seen_before=before is not None,
        audience=count(Filter(), newsletter, now=now) if newsletter else None,
    )


def paragraphs(text: str, values: Mapping[str, str]) -> list[str]:
    """The paragraphs of a text part, each line of prose put together again."""
    blocks = re.split(r"\n[ \t]*\n", merge(text, values))
    return [joined for block in blocks if (joined := _joined(block.splitlines()))]


def _joined(lines: Sequence[str]) -> str:
    """Lines of one paragraph: those that only the width of the text broke are one again."""
    joined, before = "", ""
    for line in filter(str.strip, lines):
        words = line.strip()
        if _RULED.fullmatch(words):
            continue
        broken = columns(before) + 1 + columns(words.split()[0]) > COLUMNS
        between = " " if broken and not _OWN_LINE.match(words) else "\n"
        joined += f"{between}{words}" if joined else words
        before = line
    return joined


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Paragraph]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (Paragraph(-1, text, "gone") for text in old[i1:i2])
        told: Literal["same", "new"] = "same" if tag == "equal" else "new"
        yield from (Paragraph(place, new[place], told) for place in range(j1, j2))


def _last_yes(issue: Issue, practitioner: str) -> LogEntry | None:
    """What this practitioner approved of the part last, by the log."""
    entries = LogEntry.objects.filter(issue_id=issue.pk, kind="approved").order_by("-pk")
    same = folded(practitioner)
    return next((entry for entry in entries if folded(entry.actor) == same), None)


def _text(sha256: str) -> str:
    return bytes(Part.objects.values_list("content", flat=True).get(pk=sha256)).decode()
