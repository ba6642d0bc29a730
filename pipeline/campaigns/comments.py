"""What who reads before sending says: of a paragraph, of the whole, or that it must not go out."""

import datetime as dt
import unicodedata

from django.db import transaction

from pipeline.campaigns.audit import SENT_BACK
from pipeline.campaigns.log import note
from pipeline.campaigns.models import Comment, Issue, Variant
from pipeline.campaigns.texts import Text, language_of, part_of, told_text
from pipeline.campaigns.variants import may_change
from pipeline.errors import ApprovalError

LONGEST = 4000
# So much of a reason fits beside a name into what an issue says of itself.
LONGEST_REASON = 250
# Nobody says more of one issue; who does is a machine.
MOST = 200


@transaction.atomic
def comment(
    about: Text,
    *,
    text: str,
    author: str,
    content_hash: str,
    now: dt.datetime,
    quotation: str = "",
) -> Comment:
    """Write down a remark on an issue, or on a variant of it.

    Args:
        about: The issue, or the variant.
        text: The remark.
        author: Who makes it.
        content_hash: The hash of what they read.
        now: The time.
        quotation: The paragraph they mean; "" for the whole.

    Raises:
        ApprovalError: There are no words, too many, or too many remarks.
    """
    words, issue = cleaned(text), part_of(about)
    if not words:
        raise ApprovalError("the comment has no words", mend="Write what you would change.")
    if len(words) > LONGEST or issue.comments.count() >= MOST:
        raise ApprovalError(
            f"a comment has at most {LONGEST} characters, and an issue {MOST} comments",
            mend="Write less, or settle some: meridian campaign comments --settle.",
        )
    made = Comment.objects.create(
        issue=issue,
        language=language_of(about),
        content_hash=content_hash,
        quotation=cleaned(quotation),
        text=words,
        author=author[:200],
        created_at=now,
    )
    told = f"{told_text(about)} commented on"
    note("commented", told, actor=author, now=now, issue=issue, comment=made.pk, hash=content_hash)
    return made


@transaction.atomic
def send_back(text: Text, *, content_hash: str, reason: str, by: str, now: dt.datetime) -> None:
    """Keep an issue, or a variant, from going out until it has changed, or a person releases it.

    Raises:
        ApprovalError: No reason is given, it has changed since it was read, or has gone out.
    """
    why, who = " ".join(cleaned(reason).split()), " ".join(by.split())
    if not why or not who:
        raise ApprovalError("no reason is given, or no name", mend='Say why: --reason "…" --by.')
    if len(why) > LONGEST_REASON or len(who) > 200:
        raise ApprovalError(
            f"a reason has at most {LONGEST_REASON} characters", mend="Put the rest into comments."
        )
    held = f"{SENT_BACK}{who}: {why}"
    if not (may_change(text) and _hold(text, content_hash, held)):
        raise ApprovalError(
            f"{text} has changed since it was read, or has gone out", mend="Read it again."
        )
    told = f"{told_text(text)} sent back: {why}"
    note("sent back", told, actor=who, now=now, issue=part_of(text), hash=content_hash)


def _hold(text: Text, content_hash: str, held: str) -> bool:
    """Hold what was read; False if it is another by now."""
    if isinstance(text, Issue):
        waiting = Issue.objects.filter(pk=text.pk, state=Issue.State.SCHEDULED)
        return bool(waiting.filter(content_hash=content_hash).update(held=held))
    same = Variant.objects.filter(pk=text.pk, content_hash=content_hash)
    return bool(same.update(held=held))


@transaction.atomic
def settle(comment_id: int, *, article: str, actor: str, now: dt.datetime) -> Comment:
    """Mark a remark as dealt with; it stays.

    Raises:
        ApprovalError: The article has no such remark.
    """
    found = Comment.objects.select_related("issue__campaign").filter(
        pk=comment_id, issue__campaign__article=article
    )
    made = found.first()
    if made is None:
        raise ApprovalError(
            f"{article} has no comment {comment_id}",
            mend="`meridian campaign comments` lists them.",
        )
    found.filter(settled_at=None).update(settled_at=now)
    note("settled", f"comment {comment_id} settled", actor=actor, now=now, issue=made.issue)
    return made


def cleaned(text: str) -> str:
    """What a person typed, without what no database or terminal takes; line ends stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})
    return "".join(kept).strip()
