"""`meridian campaign request-approval, send-back, comments, log` and `meridian test`."""

import json

import pytest

from pipeline.audience.models import Notice
from pipeline.campaigns.models import Comment, Issue
from tests.factories import NOW
from tests.home import Home
from tests.management.steps import Meridian

pytestmark = pytest.mark.database

ARTICLE = "warm-hands"


@pytest.fixture
def asking(careful: Home) -> Home:
    """The careful home, with an address of Mara Ellison, and an article by somebody else."""
    name = 'name = "Mara Ellison"'
    careful.change("clinic.toml", name, f'{name}\nemail = "mara@harbour-street.example.com"')
    careful.change("articles/warm-hands.md", "Mara Ellison, L.Ac.", "Jiwon Bae, L.Ac.")
    return careful


def test_asked_by_mail_sent_back_and_told_by_the_log_s31(asking: Home, meridian: Meridian) -> None:
    meridian("tick")
    # The first part goes out at once, so it was asked about by itself.
    assert Notice.objects.count() == 1

    said = meridian("campaign", "request-approval", ARTICLE, "--to", "mara ellison", "--by", "Ana")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("Mara Ellison is asked to approve 2 parts of Warm hands; the mail")
    back = ("campaign", "send-back", ARTICLE, "--part", "2", "--by", "Mara Ellison")
    assert meridian(*back, "--reason", "Too bold.").out.startswith("sent back by Mara Ellison: ")
    assert meridian("send", "--until-empty").status == 0
    (first, second) = sorted((asking.outbox / "notices").glob("*mara*.eml"))
    assert "/approve/" in second.read_text("utf-8").replace("=\n", "")
    assert "List-Unsubscribe" not in first.read_text("utf-8")

    entries = json.loads(meridian("campaign", "log", ARTICLE, "--json").out)
    by_people = [entry for entry in entries if entry["kind"] != "waits"]
    assert [(entry["kind"], entry["who"], entry["part"]) for entry in by_people] == [
        ("requested", "scheduler", 1),
        ("requested", "Ana", 1),
        ("requested", "Ana", 2),
        ("sent back", "Mara Ellison", 2),
    ]
    second_hash = Issue.objects.get(part=2).content_hash
    assert entries[-1]["values"]["hash"] == second_hash
    assert second_hash[:12] in meridian("campaign", "log", ARTICLE).out
    assert (
        "there is no part 9"
        in meridian("campaign", "send-back", ARTICLE, "--part", "9", "--reason", "x").refusal()
    )


def test_comments_are_listed_and_settled(asking: Home, meridian: Meridian) -> None:
    meridian("tick")
    assert meridian("campaign", "comments", ARTICLE).out == "Nobody has said anything yet.\n"
    issue = Issue.objects.get(part=2)
    comment = Comment.objects.create(
        issue=issue, content_hash="a" * 64, text="[bold]", author="Mara", created_at=NOW
    )
    assert "[bold]" in meridian("campaign", "comments", ARTICLE).out
    settled = meridian("campaign", "comments", ARTICLE, "--settle", str(comment.pk), "--json")
    (told,) = json.loads(settled.out)
    assert (told["part"], told["text"], told["settled_at"] is not None) == (2, "[bold]", True)


def test_a_test_goes_to_the_folder_with_the_subject_readers_get_s35(
    asking: Home, meridian: Meridian
) -> None:
    meridian("tick")
    sent = meridian("test", f"{ARTICLE}/2", "--to", "mara@harbour-street.example.com")
    assert (sent.status, sent.err) == (0, "")
    stranger = meridian("test", ARTICLE, "--to", "ana@example.com")
    assert "this address is none of theirs" in stranger.refusal()
    assert "ana@example.com" not in stranger.err

    meridian("send", "--until-empty")

    mail = max((asking.outbox / "notices").glob("*mara*.eml")).read_text("utf-8")
    subject = Issue.objects.get(part=2).subject
    assert f"Subject: {subject}\n" in mail.replace("\r\n", "\n")
    assert '"[Test] Harbour Street Acupuncture"' in mail
    assert "/sample/" in mail
