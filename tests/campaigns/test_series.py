"""From an article to a campaign: issues, posts, cards, slots and approvals."""

import datetime as dt
from dataclasses import asdict, replace
from pathlib import PurePath

import pytest

from pipeline.campaigns.approval import sendable
from pipeline.campaigns.calendar import instant
from pipeline.campaigns.models import (
    Approval,
    ArticleRevision,
    Campaign,
    Card,
    Issue,
    Part,
    Post,
)
from pipeline.campaigns.revisions import sha256
from pipeline.campaigns.waivers import waive, withdraw
from pipeline.errors import CheckError, SourceError
from pipeline.values import Configuration, Edition, Finding
from tests.campaigns.desk import (
    CLINIC,
    EXAMPLE,
    EXAMPLE_CLINIC,
    NAME,
    OPEN,
    SLOTS,
    article,
    edition,
    everything,
    parts,
    slots,
    take,
)
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

AT_ONCE = replace(CLINIC, newsletters=(replace(CLINIC.newsletters[0], first_issue="at once"),))


# --- The example ----------------------------------------------------------------------------------


def test_the_example_becomes_a_campaign_and_again_changes_nothing() -> None:
    text = EXAMPLE.read_text("utf-8")
    made = edition(PurePath(EXAMPLE.name), text.encode(), clinic=EXAMPLE_CLINIC)
    taken = take(text, name=EXAMPLE.name, clinic=EXAMPLE_CLINIC)
    campaign = Campaign.objects.get()
    assert (taken.name, taken.campaign, taken.changed) == (EXAMPLE.name, campaign.pk, True)
    assert taken.findings == made.findings
    assert (campaign.article, campaign.newsletter) == ("how-acupuncture-eases-pain", "weekly")
    assert (campaign.title, campaign.state) == (made.article.title, "active")
    assert list(parts()) == [1, 2, 3, 4]
    assert Post.objects.count() == len(made.posts) == 24
    assert Card.objects.count() == len(made.cards) == 4
    assert Approval.objects.count() == 4
    assert slots("how-acupuncture-eases-pain") == ["2026-03-03T10:00", *SLOTS[:3]]

    before = everything()
    again = take(text, name=EXAMPLE.name, clinic=EXAMPLE_CLINIC, now=NOW + dt.timedelta(days=90))
    assert (again.campaign, again.changed, again.findings) == (campaign.pk, False, ())
    assert everything() == before


# --- What is kept ---------------------------------------------------------------------------------


def test_an_issue_holds_what_was_rendered_to_the_byte() -> None:
    take()
    made = edition(PurePath(NAME), article().encode(), clinic=CLINIC)
    for rendered, issue in zip(made.issues, parts().values(), strict=True):
        assert (issue.part, issue.of) == (rendered.part, rendered.of)
        assert (issue.subject, issue.preheader) == (rendered.subject, rendered.preheader)
        assert bytes(issue.html.content) == rendered.html.encode()
        assert bytes(issue.text.content) == rendered.text.encode()
        assert issue.html_id == sha256(rendered.html.encode())
        assert issue.state == "scheduled"
        assert issue.released_at is None
        assert str(issue) == f"Why warmth helps (weekly), part {issue.part} of 3"


def test_an_issue_holds_whom_it_comes_from() -> None:
    take()
    assert parts()[1].envelope == {
        "from_name": "Harbour Street Acupuncture",
        "from_address": "letter@clinic.example.com",
        "reply_to": "hello@clinic.example.com",
        "list_id": "weekly.clinic.example.com",
        "list_name": "The Harbour Letter",
    }


def test_an_issue_holds_what_the_archive_tells_of_it_and_is_approved_with_it() -> None:
    take(clinic=OPEN)
    issue = parts()[1]
    assert issue.about["language"] == "en"
    assert issue.about["minutes"] == 1
    assert issue.about["authors"] == issue.about["reviewers"] == []
    assert issue.about["why"].startswith("You get this letter")
    before = issue.content_hash
    take(article(matter="byline: Mara Ellison, L.Ac.\n"), clinic=OPEN)
    issue = parts()[1]
    assert issue.about["authors"] == [{"name": "Mara Ellison", "credentials": ["L.Ac."]}]
    assert issue.content_hash != before


def test_what_the_archive_tells_is_approved_with_the_rest() -> None:
    def later(*_: object, **__: object) -> Edition:
        made = edition(PurePath(NAME), article().encode() + b"\n", clinic=OPEN)
        issues = [replace(one, about=replace(one.about, minutes=9)) for one in made.issues]
        return replace(made, issues=tuple(issues))

    take(clinic=OPEN)
    before = parts()[1]
    take(article() + "\n", clinic=OPEN, make=later)
    after = parts()[1]
    assert after.html_id == before.html_id
    assert after.content_hash != before.content_hash


def test_d15_a_newsletter_keeps_its_list_id_under_a_new_name() -> None:
    take()
    before = parts()[1].envelope
    renamed = replace(CLINIC.newsletters[0], name="Letters from the Harbour")
    take(clinic=replace(CLINIC, newsletters=(renamed,)))
    after = parts()[1].envelope
    assert (before["list_id"], after["list_id"]) == ("weekly.clinic.example.com",) * 2
    assert after["list_name"] == "Letters from the Harbour"


def test_posts_and_cards_stand_with_the_issue_of_their_section() -> None:
    take()
    made = edition(PurePath(NAME), article().encode(), clinic=CLINIC)
    for planned, issue in zip(made.plan.issues, parts().values(), strict=True):
        posts = [post for post in made.posts if post.section in planned.sections]
        names = list(asdict(posts[0]))
        assert list(issue.posts.order_by("pk").values(*names)) == list(map(asdict, posts))
        cards = {card.section: card for card in made.cards if card.section in planned.sections}
        assert {card.section for card in issue.cards.all()} == set(cards)
        for card in issue.cards.all():
            assert bytes(card.png.content) == cards[card.section].png
            assert card.alt == cards[card.section].alt
    assert Post.objects.count() == len(made.posts)
    first = Post.objects.order_by("pk")[0]
    assert str(first) == f"post {first.pk} for mastodon"
    assert str(Card.objects.order_by("pk")[0]).startswith("card ")


def test_the_article_itself_is_kept_as_it_was_written() -> None:
    take()
    revision = ArticleRevision.objects.get()
    assert (revision.slug, revision.name, revision.source) == ("warmth", NAME, "file")
    assert bytes(revision.content).decode() == article()
    assert (revision.sha256, revision.created_at) == (sha256(article().encode()), NOW)


@pytest.mark.parametrize(
    ("sections", "folders"),
    [
        (1, ["2026-03-10-warmth"]),
        (2, ["2026-03-10-warmth-part-1", "2026-03-17-warmth-part-2"]),
    ],
)
def test_an_issue_has_a_folder_of_its_day_and_part(sections: int, folders: list[str]) -> None:
    take(article(sections))
    assert [issue.folder for issue in parts().values()] == folders


# --- Approval -------------------------------------------------------------------------------------


def test_a_newsletter_that_asks_for_a_practitioner_gets_no_yes_by_itself() -> None:
    take()
    assert not Approval.objects.exists()
    assert not sendable().exists()


def test_a_newsletter_that_asks_for_none_has_the_actor_as_approver() -> None:
    take(clinic=OPEN)
    rows = Approval.objects.order_by("issue__part").values_list("issue__part", "approver")
    assert list(rows) == [(1, "ana"), (2, "ana"), (3, "ana")]
    assert sendable().count() == 3


# --- Slots ----------------------------------------------------------------------------------------


def test_a_series_gets_the_next_weekly_slots_in_the_newsletters_zone() -> None:
    take()
    assert slots() == SLOTS[:3]
    assert {issue.time_zone for issue in parts().values()} == {"America/New_York"}


@pytest.mark.parametrize("clinic", [CLINIC, AT_ONCE])
def test_two_articles_share_no_slot(clinic: Configuration) -> None:
    take(article(2), clinic=clinic)
    take(article(2, title="Why cold helps"), name="cold.md", clinic=clinic)
    every = slots("warmth") + slots("cold")
    first = "2026-03-03T10:00"
    expected = SLOTS if clinic is CLINIC else [first, *SLOTS[:3]]
    assert every == expected


def test_another_newsletter_has_its_own_slots() -> None:
    take()
    take(article(title="Why cold helps", matter="newsletter: monthly\n"), name="cold.md")
    assert slots("warmth") == slots("cold") == SLOTS[:3]
    assert set(Campaign.objects.values_list("article", "newsletter")) == {
        ("warmth", "weekly"),
        ("cold", "monthly"),
    }


def test_a_slot_is_kept_as_wall_time_so_that_a_zones_rules_may_change() -> None:
    take()
    first = parts()[1]
    assert first.slot == "2026-03-10T10:00"
    moment = dt.datetime.fromisoformat(first.slot)
    assert instant(moment, first.time_zone) == dt.datetime(2026, 3, 10, 14, tzinfo=dt.UTC)


# --- What is refused changes nothing --------------------------------------------------------------


def flawed(*levels: str) -> Edition:
    """An edition with findings of these levels."""
    findings = tuple(
        Finding(
            code="size",
            level=level,  # type: ignore[arg-type] # the levels stand in the tests
            message=f"flaw {number} is there",
            suggestion="Mend it.",
            where=f"issue {number}, HTML",
        )
        for number, level in enumerate(levels, 1)
    )
    return replace(edition(PurePath(NAME), article().encode(), clinic=CLINIC), findings=findings)


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        (["error"], "warmth.md: issue 1, HTML: flaw 1 is there. Mend it."),
        (["info", "error", "warning"], "warmth.md: issue 2, HTML: flaw 2 is there. Mend it."),
        (["error"] * 3, "warmth.md: issue 1, HTML: flaw 1 is there (and 2 more). Mend it."),
    ],
)
def test_an_error_of_a_check_keeps_everything_out(levels: list[str], told: str) -> None:
    with pytest.raises(CheckError) as caught:
        take(make=lambda *_, **__: flawed(*levels))
    assert str(caught.value) == told
    assert everything() == [[]] * 7


def test_warnings_are_told_and_stop_nothing() -> None:
    taken = take(make=lambda *_, **__: flawed("warning", "info"))
    assert [finding.level for finding in taken.findings] == ["warning", "info"]
    assert Issue.objects.count() == 3


def test_c13_a_claim_somebody_answers_for_keeps_nothing_out() -> None:
    claiming = article() + "\nOur tea cures migraine.\n"
    with pytest.raises(CheckError, match="promises a cure"):
        take(claiming)
    claim = {"article": "warmth", "code": "claim-cure", "words": "Our tea cures migraine."}
    waive(**claim, waiver="Mara Ellison", reason="A proverb", now=NOW)
    taken = take(claiming)
    waived = [finding.waived[:22] for finding in taken.findings if finding.waived]
    assert waived == ["waived by Mara Ellison"]
    assert not take(claiming).changed
    withdraw(**claim, withdrawer="Mara Ellison", now=NOW)
    with pytest.raises(CheckError, match="promises a cure"):
        take(claiming)
    assert Issue.objects.count() == 3


def test_a_link_into_the_clinics_own_network_keeps_everything_out() -> None:
    with pytest.raises(CheckError, match="is on a private network"):
        take(article() + "\nRead [this](https://127.0.0.1/x).\n")
    assert everything() == [[]] * 7


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("---\ntitle: x\n", "the front matter has no closing fence"),
        ("\0", "this is not text"),
        (article(matter="newsletter: weakly\n"),
         "the front matter names a newsletter that is not there: weakly"),
    ],
)  # fmt: skip
def test_an_article_that_cannot_be_read_leaves_the_one_before(text: str, message: str) -> None:
    take()
    before = everything()
    with pytest.raises(SourceError) as caught:
        take(text)
    assert caught.value.message == message
    assert everything() == before


def test_a_failure_half_way_keeps_nothing() -> None:
    """An edition whose parts do not fit each other fails after some rows were written."""
    whole = edition(PurePath(NAME), article().encode(), clinic=CLINIC)
    with pytest.raises(ValueError, match="zip"):
        take(make=lambda *_, **__: replace(whole, issues=whole.issues[:2]))
    assert everything() == [[]] * 7
    assert not Part.objects.exists()
