"""What a practitioner is shown of a part before they say yes: everything their yes is given to."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from pipeline.audience.reading import offered, readers_by_language
from pipeline.audience.segments import Filter, Sum, count
from pipeline.campaigns.approval import approval_of
from pipeline.campaigns.audit import changes, renamed_since
from pipeline.campaigns.four_eyes import folded
from pipeline.campaigns.headings import Renamed
from pipeline.campaigns.models import (
    Approval,
    Campaign,
    Card,
    Comment,
    Issue,
    LogEntry,
    Part,
    Post,
)
from pipeline.campaigns.requests import may_approve
from pipeline.campaigns.texts import Text, language_of, part_of
from pipeline.campaigns.variants import may_change, with_variants
from pipeline.stages.merge import merge
from pipeline.stages.text.wrap import COLUMNS, columns
from pipeline.values import Newsletter

_RULED = re.compile(r"[=\-_*~]{3,}")
# What a finding that is kept may leave out.
_UNSAID = {"words": "", "waived": "", "suggestion": ""}
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
    """One text of a part, ready to be shown: in the newsletter's language, or a variant.

    Attributes:
        text: The issue, or the variant.
        subject: With sample values, as its preheader.
        second_subject: What is tried on a sample of its readers, or "".
        approval: The yes it has as it stands, or None.
        own: True if the practitioner had a hand in it and another must approve it.
        changed: The pieces that differ from what they approved last; () if nothing does.
        renamed: What of the list of parts in it differs from then.
        seen_before: Whether they approved this text before.
        readers: How many of those who get the part now read this language.
    """

    text: Text
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
    renamed: Sequence[Renamed]
    seen_before: bool
    readers: int

    @property
    def waits(self) -> bool:
        """True while it can be approved: it has not gone out, and nobody has yet."""
        return self.approval is None and may_change(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One part in all its languages.

    Attributes:
        texts: The newsletter's own language first.
        lacking: The languages its newsletter lists in which there is no text, each with how many
            of those who get the part now read it.
        audience: Who gets it now; None of a welcome, whose readers come later, and if its
            newsletter is gone.
    """

    issue: Issue
    texts: Sequence[Review]
    lacking: Mapping[str, int]
    audience: Sum | None


# The values that stand for merge fields in a text of a language.
Samples = Callable[[str], Mapping[str, str]]


def review(
    issue: Issue,
    *,
    practitioner: str,
    newsletter: Newsletter | None,
    samples: Samples,
    now: dt.datetime,
) -> Reviewed:
    """Gather what is shown of a part.

    Args:
        issue: The part.
        practitioner: Who looks.
        newsletter: Its newsletter; None if it is gone.
        samples: What stands for each merge field.
        now: The time.
    """
    kind = issue.campaign.kind
    digest, welcome = kind == Campaign.Kind.DIGEST, kind == Campaign.Kind.WELCOME
    readers: dict[str, int] = {}
    if newsletter and not welcome:
        readers = readers_by_language(newsletter, now=now, digest=digest)
    elif newsletter:
        readers = dict.fromkeys(offered(newsletter), 0)
    texts = [
        _reviewed(text, practitioner=practitioner, samples=samples, readers=readers)
        for text in with_variants(issue)
    ]
    there = {language_of(text.text) for text in texts}
    counted = count(Filter(), newsletter, now=now, digest=digest) if newsletter else None
    return Reviewed(
        issue=issue,
        texts=texts,
        lacking={tag: number for tag, number in readers.items() if tag and tag not in there},
        audience=None if welcome else counted,
    )


def _reviewed(
    text: Text, *, practitioner: str, samples: Samples, readers: Mapping[str, int]
) -> Review:
    issue, values = part_of(text), samples(text.about.get("language", ""))
    before = _last_yes(text, practitioner)
    words = paragraphs(_content(text.text_id), values)
    old = paragraphs(_content(before.values["content"]["text"]), values) if before else words
    own = isinstance(text, Issue)
    hash_ = before.values["hash"] if before else ""
    return Review(
        text=text,
        subject=merge(text.subject, values),
        second_subject=merge(issue.trial.get("subject", ""), values) if own else "",
        preheader=merge(text.preheader, values),
        paragraphs=list(_compared(old, words)),
        posts=list(issue.posts.order_by("section", "pk")) if own else (),
        cards=list(issue.cards.order_by("section")) if own else (),
        findings=[{**_UNSAID, **each} for each in text.findings if each["level"] != "info"],
        comments=list(issue.comments.filter(language=language_of(text)).order_by("pk")),
        approval=approval_of(text),
        own=not may_approve(text, practitioner),
        changed=changes(text, before=hash_) if before else (),
        renamed=renamed_since(text, before=hash_) if before else (),
        seen_before=before is not None,
        readers=readers.get(language_of(text), 0),
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


def _last_yes(text: Text, practitioner: str) -> LogEntry | None:
    """What this practitioner approved of a text last, by the log."""
    entries = LogEntry.objects.filter(issue_id=part_of(text).pk, kind="approved").order_by("-pk")
    mine = (each for each in entries if folded(each.actor) == folded(practitioner))
    return next((each for each in mine if _is_to(each, text)), None)


def _is_to(entry: LogEntry, text: Text) -> bool:
    """Whether a yes was to this text, and the log kept what it was to; once it kept too little."""
    return entry.values.get("language", "") == language_of(text) and "content" in entry.values


def _content(sha256: str) -> str:
    return bytes(Part.objects.values_list("content", flat=True).get(pk=sha256)).decode()
