"""What a reader before sending says: kept, bound to the bytes, and "no" stops the issue."""

from functools import partial

import pytest

from pipeline.campaigns.acts import approve_issues
from pipeline.campaigns.approval import approve, sendable
from pipeline.campaigns.comments import LONGEST, cleaned, comment, send_back, settle
from pipeline.campaigns.models import Comment, Issue, LogEntry
from pipeline.errors import ApprovalError
from tests.campaigns.asking import waiting
from tests.campaigns.desk import article, parts, take
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def no(issue: Issue, *, by: str = "Mara Ellison", reason: str = "Too bold.") -> None:
    """It is sent back."""
    send_back(issue, content_hash=issue.content_hash, reason=reason, by=by, now=NOW)


def test_what_was_sent_back_does_not_go_out_until_it_has_changed_s31() -> None:
    take()
    approve_issues(article="warmth", approver="Jiwon Bae", now=NOW)
    no(parts()[3])
    assert sendable().count() == 2
    assert parts()[3].held == "sent back by Mara Ellison: Too bold."

    take(article().replace("spinal cord", "spinal chord"))

    assert parts()[3].held == ""
    kinds = list(LogEntry.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[-3:] == ["sent back", "renewed", "voided"]


@pytest.mark.parametrize(("approver", "free"), [("mara  ELLISON", True), ("Jiwon Bae", False)])
def test_who_sent_it_back_may_think_better_of_it_and_nobody_else(approver: str, free: bool) -> None:
    made = waiting()
    no(made)
    approve(issue=made, content_hash=made.content_hash, approver=approver, now=NOW)
    assert sendable().exists() is free


@pytest.mark.parametrize("fields", [{"content_hash": "f" * 64}, {"state": "sent"}])
def test_only_what_was_read_and_has_not_gone_out_is_sent_back(fields: dict[str, str]) -> None:
    made = waiting()
    Issue.objects.update(**fields)
    with pytest.raises(ApprovalError, match="has changed since it was read, or has gone out"):
        no(made)
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("reason", ["", " \n\0", "x" * 251])
def test_a_no_has_a_reason(reason: str) -> None:
    with pytest.raises(ApprovalError):
        no(waiting(), reason=reason)


def test_a_comment_stands_with_its_paragraph_and_hash_until_it_is_settled() -> None:
    made = waiting()
    say = partial(comment, made, author="Mara Ellison", content_hash=made.content_hash, now=NOW)
    kept = say(text="Say\r\n“may help”.\x00 ", quotation="Warmth helps.")
    assert (kept.text, kept.quotation) == ("Say\n“may help”.", "Warmth helps.")
    for text in ("\n ", "x" * (LONGEST + 1)):
        with pytest.raises(ApprovalError):
            say(text=text)
    settle(kept.pk, article="why-warmth-helps", actor="ana", now=NOW)
    assert Comment.objects.get().settled_at == NOW
    with pytest.raises(ApprovalError, match="has no comment"):
        settle(kept.pk, article="another", actor="ana", now=NOW)


def test_control_characters_are_left_out_and_line_ends_kept() -> None:
    assert cleaned(" a\x1b[31m\r\nb\0\ud800c ") == "a[31m\nbc"
