"""The page a practitioner approves on: what it shows, and for which bytes its buttons are (S31)."""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.utils import timezone

from pipeline.campaigns.approval import approve
from pipeline.campaigns.models import (
    Approval,
    ApprovalRequest,
    Comment,
    Issue,
    LogEntry,
    Post,
)
from pipeline.campaigns.parts import store
from pipeline.campaigns.requests import request_approval
from pipeline.campaigns.revisions import current_configuration
from pipeline.web.public.approving.words import approving_words
from tests.campaigns.asking import clinic, path, waiting
from tests.web.public.archive.desk import pictured
from tests.web.readers import ask, everything, reader, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

WORDS = approving_words("en")
NEW_TEXT = "Warmth may help.\n\nUnsubscribe: @@unsubscribe_url@@\n"


def asked(*, ago: dt.timedelta = dt.timedelta(0)) -> ApprovalRequest:
    """Mara Ellison was asked a moment ago, by the clock of the page."""
    return request_approval(
        article="why-warmth-helps",
        practitioner_name="Mara Ellison",
        configuration=current_configuration(),
        actor="ana",
        now=timezone.now() - ago,
    )


def press(there: str, act: str, *shown: Issue, **fields: str) -> HttpResponse:
    """A button pressed on the page as it is for these parts."""
    told = [("shown", f"{issue.part}:{issue.content_hash}") for issue in shown]
    return ask("POST", there, urlencode([("act", act), *told, *fields.items()]).encode())


def change(issue: Issue, *, text: str = NEW_TEXT) -> Issue:
    """A new reading gives other bytes."""
    new = {"content_hash": "f" * 64, "text_id": store(text.encode())}
    Issue.objects.filter(pk=issue.pk).update(**new)
    return Issue.objects.get(pk=issue.pk)


def page(answer: HttpResponse) -> str:
    """What stands on a page, spaces folded."""
    return " ".join(answer.content.decode().split())


# --- What is shown --------------------------------------------------------------------------------


def test_the_page_shows_everything_the_yes_is_given_to_s31() -> None:
    clinic()
    made = waiting(
        subject="Warmth for @@first_name.667269656e64@@",
        preheader="Three small things.",
        trial={"subject": "Warm hands, again"},
        findings=[
            {"code": "claim-cure", "level": "error", "message": "says too much",
             "suggestion": "Say less.", "where": "issue 1, HTML", "words": "Warmth cures.",
             "waived": "waived by Tom Field on 2026-03-01: a quotation"},
            # What nobody waived, and what is no claim, is kept without these words.
            {"code": "link-text", "level": "warning", "message": "says nothing",
             "suggestion": "Say where it leads.", "where": "issue 1, HTML"},
        ],
    )  # fmt: skip
    Post.objects.create(
        issue=made, section=0, network="mastodon", handle="@a", text="Warm <b>", length=1, limit=9
    )
    pictured(made)
    reader("ana@example.com")
    shown = page(see(path(asked())))
    for words in (
        "You are reading as Mara Ellison.",
        "letter@harbour-street.example.com",
        "Warmth for Alex",
        "Three small things.",
        "Warm hands, again",
        "who gets the letters of The Harbour Letter<br>1 now, of 1 who were ever on the list.",
        "Warmth helps.",
        "Warm &lt;b&gt;",
        "says too much.",
        "Say where it leads.",
        "waived by Tom Field on 2026-03-01: a quotation",
        'Read aloud in its place: <span lang="en">A card in words</span>',
        f'value="1:{made.content_hash}"',
        "Approve part 1 as Mara Ellison",
    ):
        assert words in shown, words
    assert "@@" not in shown


def test_the_letter_is_the_stored_bytes_and_can_do_nothing_s33() -> None:
    clinic()
    waiting()
    there = path(asked())
    answer = see(f"{there}letter/1")
    html = answer.content.decode()
    assert html.startswith("<p>Warmth helps. <a href=")
    assert html.count("/sample/") == 1
    policy = answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in policy
    assert policy.endswith("sandbox")
    assert "https:" not in policy
    around = see(there).headers["Content-Security-Policy"]
    assert around.endswith("frame-src 'self'")
    assert "script" not in around
    assert see("/sample/").status_code == 200


@pytest.mark.parametrize("below", ["", "letter/1", f"card/{'a' * 64}.png", "card/x.png"])
def test_nothing_is_shown_by_a_link_that_is_none_of_ours_or_of_other_parts_s19(below: str) -> None:
    clinic()
    waiting(2)
    there = path(asked())
    token = there.split("/")[2]
    assert (
        see(f"/approve/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}/{below}").status_code == 404
    )
    if below:
        assert see(f"{there}{below}").status_code == 404


@pytest.mark.parametrize("language", ["en", "ko", "es"])
def test_a_link_that_has_ended_says_so_in_plain_words(language: str) -> None:
    words = approving_words(language)
    clinic(language=language)
    waiting()
    old = asked(ago=dt.timedelta(days=15))
    ended = see(path(old))
    assert (ended.status_code, words.ended.title in page(ended)) == (410, True)
    first, _ = asked(), asked()
    assert words.replaced.title in page(see(path(first)))
    clinic(email='email = "other@example.com"')
    last = see(path(ApprovalRequest.objects.latest("pk")))
    assert (last.status_code, see(f"{path(first)}letter/1").status_code) == (410, 404)
    assert press(path(first), "approve", Issue.objects.get()).status_code == 410
    assert not Approval.objects.exists()


def test_what_changed_since_this_practitioners_last_yes_is_marked() -> None:
    clinic()
    made = waiting()
    approve(
        issue=made, content_hash=made.content_hash, approver="Dr. Mara Ellison", now=timezone.now()
    )
    change(made)
    shown = page(see(path(asked())))
    assert re.search(r"Changed since you approved it last:</dt>\s*<dd>text part", shown)
    gone, new = shown.index("No longer there"), shown.index(">New<")
    assert gone < shown.index("Warmth helps.") < new < shown.index("Warmth may help.")


# --- What the buttons do --------------------------------------------------------------------------


def test_a_yes_is_one_post_for_the_bytes_on_the_page_s31() -> None:
    clinic()
    first, second = waiting(1), waiting(2)
    there = path(asked())

    answer = press(there, "approve", first, second)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{there}?done=approve")
    assert list(Approval.objects.values_list("issue", "content_hash", "approver", "via")) == [
        (each.pk, each.content_hash, "Mara Ellison", "link") for each in (first, second)
    ]
    after = page(see(f"{there}?done=approve"))
    assert WORDS.done["approve"] in after
    assert WORDS.nothing_left.title in after
    assert "<button" not in after


def test_a_text_that_changed_meanwhile_is_shown_anew_and_none_is_approved_s31() -> None:
    clinic()
    first, second = waiting(1), waiting(2)
    there = path(asked())
    change(second)

    answer = press(there, "approve", first, second)

    assert (answer.status_code, Approval.objects.count()) == (409, 0)
    shown = page(answer)
    assert WORDS.troubles["changed"] in shown
    assert WORDS.changed_since in shown
    assert f'value="2:{"f" * 64}"' in shown
    assert press(there, "approve", Issue.objects.get(part=2)).status_code == 303


def test_who_wrote_it_sees_no_button_and_cannot_press_one_s31() -> None:
    clinic()
    made = waiting()
    there = path(asked())
    Issue.objects.update(four_eyes=True, about={"authors": [{"name": "Mara Ellison"}]})
    assert WORDS.own in page(see(there))
    assert 'value="approve"' not in page(see(there))
    assert (press(there, "approve", made).status_code, Approval.objects.count()) == (409, 0)


def test_a_comment_stands_with_its_paragraph_and_is_never_lost() -> None:
    clinic()
    made = waiting()
    there = path(asked())

    answer = press(there, "comment", made, text="Say <may>", paragraph="0")

    assert answer.headers["Location"] == f"{there}?done=comment#part-1"
    assert "Say &lt;may&gt;" in page(see(there))
    change(made)
    press(there, "comment", made, text="About the old text", paragraph="0")
    assert list(Comment.objects.order_by("pk").values_list("quotation", "author", "text")) == [
        ("Warmth helps.", "Mara Ellison", "Say <may>"),
        ("", "Mara Ellison", "About the old text"),
    ]
    long = press(there, "comment", made, text="x" * 4001)
    assert (long.status_code, "x" * 4001 in page(long)) == (422, True)


def test_what_is_sent_back_is_held_with_the_reason() -> None:
    clinic()
    made = waiting()
    there = path(asked())
    assert press(there, "send-back", made, text=" \r\n").status_code == 422
    assert press(there, "send-back", made, text="Too\r\nbold").status_code == 303
    assert Issue.objects.get().held == "sent back by Mara Ellison: Too bold"
    assert "Sent back by Mara Ellison: Too bold" in page(see(there))
    assert LogEntry.objects.filter(kind="sent back", actor="Mara Ellison").count() == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"act=approve", b"act=approve&shown=1", b"act=approve&shown=9:" + b"a" * 64,
     b"act=delete&shown=1:" + b"a" * 64, b"act=comment&text=a&shown=1:" + b"\x00" * 64],
)  # fmt: skip
def test_what_no_button_of_ours_says_changes_nothing(body: bytes) -> None:
    clinic()
    waiting()
    there = path(asked())
    before = everything()
    answer = ask("POST", there, body)
    assert (answer.status_code, WORDS.troubles["unreadable"] in page(answer)) == (422, True)
    assert everything() == before


def test_every_language_says_the_same_things() -> None:
    english = approving_words("en")
    for language in ("ko", "es"):
        words = approving_words(language)
        for field in english.__slots__:
            one, other = getattr(english, field), getattr(words, field)
            assert bool(one) == bool(other)
            assert sorted(re.findall(r"{\w+}", str(one))) == sorted(
                re.findall(r"{\w+}", str(other))
            )
            assert not isinstance(one, dict) or one.keys() == other.keys()
