"""What the buttons of the page do: each is one POST, for the bytes that were on the page."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.db import transaction
from django.http import QueryDict

from pipeline.campaigns.approval import approve
from pipeline.campaigns.comments import LONGEST, LONGEST_REASON, cleaned, comment, send_back
from pipeline.campaigns.models import ApprovalRequest, Part
from pipeline.campaigns.requests import asked_about, may_approve
from pipeline.campaigns.review import paragraphs
from pipeline.campaigns.texts import Text, part_of, place_of
from pipeline.campaigns.variants import may_change, with_variants
from pipeline.errors import ApprovalError

Trouble = Literal["", "changed", "own", "empty", "long", "unreadable"]
ACTS = ("approve", "send-back", "comment")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as it was on the page a button was pressed on."""

    text: Text
    content_hash: str

    @property
    def is_current(self) -> bool:
        """Whether it still is what was read."""
        return self.text.content_hash == self.content_hash


def act(request: ApprovalRequest, typed: QueryDict, *, now: dt.datetime) -> Trouble:
    """Do what a button says, and tell why it could not be done, or ""."""
    shown = _shown(request, typed.getlist("shown"))
    name = typed.get("act", "")
    if not shown or name not in ACTS or (name != "approve" and len(shown) > 1):
        return "unreadable"
    if name == "approve":
        return _approve(shown, request.practitioner, now=now)
    words = cleaned(typed.get("text", ""))
    most = LONGEST if name == "comment" else LONGEST_REASON
    if not words or len(words) > most:
        return "long" if words else "empty"
    if name == "comment":
        return _comment(shown[0], words, typed.get("paragraph", ""), request, now=now)
    return _send_back(shown[0], words, request.practitioner, now=now)


def _shown(request: ApprovalRequest, told: list[str]) -> list[Shown]:
    """The texts a page names as "2:hash" or "2-ko:hash", if all are of its own request."""
    parts = asked_about(request)
    texts = {place_of(text): text for issue in parts for text in with_variants(issue)}
    pairs = [each.partition(":") for each in told]
    known = [Shown(texts[place], hash_) for place, _, hash_ in pairs if place in texts]
    fit = all(len(each.content_hash) == 64 and each.content_hash.isalnum() for each in known)
    return known if fit and len(known) == len(told) else []


def _approve(shown: list[Shown], name: str, *, now: dt.datetime) -> Trouble:
    """Say yes to all of them or to none."""
    if not all(may_approve(each.text, name) for each in shown):
        return "own"
    if not all(may_change(each.text) for each in shown):
        return "changed"
    try:
        with transaction.atomic():
            for each in shown:
                approve(
                    issue=part_of(each.text),
                    content_hash=each.content_hash,
                    approver=name,
                    now=now,
                    via="link",
                )
    except ApprovalError:
        return "changed"
    return ""


def _send_back(shown: Shown, reason: str, name: str, *, now: dt.datetime) -> Trouble:
    try:
        send_back(shown.text, content_hash=shown.content_hash, reason=reason, by=name, now=now)
    except ApprovalError:
        return "changed"
    return ""


def _comment(
    shown: Shown, words: str, paragraph: str, request: ApprovalRequest, *, now: dt.datetime
) -> Trouble:
    """A remark on a text that has changed meanwhile is kept for the whole: it is not lost."""
    quotation = _paragraph(shown.text, paragraph) if shown.is_current else ""
    try:
        comment(
            shown.text,
            text=words,
            author=request.practitioner,
            content_hash=shown.content_hash,
            quotation=quotation,
            now=now,
        )
    except ApprovalError:
        return "long"
    return ""


def _paragraph(text: Text, number: str) -> str:
    words = bytes(Part.objects.values_list("content", flat=True).get(pk=text.text_id)).decode()
    known = dict(enumerate(paragraphs(words, _Plain())))
    fit = number.isascii() and number.isdigit() and len(number) < 5
    return known.get(int(number), "") if fit else ""


class _Plain(dict[str, str]):
    """Nothing for any field, so that defaults stand in a quotation."""

    def __missing__(self, _field: str) -> str:
        return ""
