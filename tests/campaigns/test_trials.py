"""A second subject is part of what is approved, and what cannot be tried is refused."""

import pytest

from pipeline.campaigns.approval import approve, approved
from pipeline.campaigns.models import Issue, LogEntry
from pipeline.campaigns.trials import Trial, choose, set_trial, winner_of
from pipeline.campaigns.waivers import waive
from pipeline.errors import CheckError, SettingError
from tests import factories
from tests.campaigns.desk import article, parts, take
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SECOND = Trial(subject="What warmth does")


def setting(trial: Trial | None, *, part: int = 1) -> Issue:
    factories.configured()
    campaign = factories.campaign()
    return set_trial(campaign=campaign, part=part, trial=trial, actor="Ana", now=NOW)


def is_approved(issue: Issue) -> bool:
    return Issue.objects.filter(approved(), pk=issue.pk).exists()


def test_a_second_subject_voids_the_approval_and_taking_it_back_gives_it_back_s31() -> None:
    issue = factories.issue(state=Issue.State.SCHEDULED)
    assert is_approved(issue)
    changed = setting(SECOND)
    assert not is_approved(issue)
    assert changed.content_hash != issue.content_hash
    approve(issue=issue, content_hash=changed.content_hash, approver="Mara Ellison", now=NOW)
    again = setting(Trial(subject="What warmth does."))
    assert again.content_hash not in {issue.content_hash, changed.content_hash}
    assert setting(SECOND).content_hash == changed.content_hash
    assert setting(None).content_hash == issue.content_hash
    assert is_approved(issue)
    assert LogEntry.objects.filter(kind="trial").count() == 4


def test_every_word_of_a_trial_is_part_of_the_hash_s31() -> None:
    factories.issue(state=Issue.State.SCHEDULED)
    trials = [
        SECOND,
        Trial(subject=SECOND.subject, share=30),
        Trial(subject=SECOND.subject, hours=5),
        Trial(subject=SECOND.subject, rule="second"),
        Trial(subject=SECOND.subject, otherwise="first"),
    ]
    assert len({setting(trial).content_hash for trial in trials}) == len(trials)


def test_a_new_reading_of_the_article_keeps_the_trial() -> None:
    factories.configured()
    campaign = take().campaign
    first = parts()[1]
    kept = set_trial(campaign=first.campaign, part=1, trial=SECOND, actor="Ana", now=NOW)
    take(article() + "\n")
    assert (parts()[1].content_hash, parts()[1].campaign_id) == (kept.content_hash, campaign)
    take(article(title="Why warmth does help"))
    assert Trial.of(parts()[1]) == SECOND
    changed = parts()[1].content_hash
    assert set_trial(
        campaign=first.campaign, part=1, trial=None, actor="Ana", now=NOW
    ).content_hash not in {kept.content_hash, changed}


@pytest.mark.parametrize(
    ("trial", "told"),
    [
        (Trial(subject=" "), "the second subject is no subject"),
        (Trial(subject="x" * 201), "the second subject is no subject"),
        (Trial(subject="a\r\nBcc: b@example.com"), "the second subject is no subject"),
        (Trial(subject="Hello @@first_name@@"), "the second subject is no subject"),
        (Trial(subject="Hello {{first_name}}"), "the second subject is no subject"),
        (Trial(subject="Why Warmth Helps: 1. Vessels"), "both subjects are the same"),
        (Trial(subject="x", share=1), "1 is no share of a trial"),
        (Trial(subject="x", share=81), "81 is no share of a trial"),
        (Trial(subject="x", hours=0), "0 is no hours of a trial"),
        (Trial(subject="x", otherwise="clicks"), "there is no such rule"),
        (Trial(subject="x", rule="opens"), "there is no such rule"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_tried_is_refused(trial: Trial, told: str) -> None:
    issue = factories.issue(state=Issue.State.SCHEDULED)
    with pytest.raises(SettingError) as caught:
        setting(trial)
    assert caught.value.message == told
    assert is_approved(issue)


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("Acupuncture cures migraine", "issue 1, second subject: “cures migraine”"),
        ("Re: your visit", "issue 1, second subject: the subject begins with “Re:”"),
    ],
)
def test_what_no_subject_may_say_no_second_one_may(subject: str, told: str) -> None:
    """It runs through the rules of claims and of subjects before anybody can approve it."""
    issue = factories.issue(state=Issue.State.SCHEDULED)
    with pytest.raises(CheckError) as caught:
        setting(Trial(subject=subject))
    assert caught.value.message.startswith(told)
    assert caught.value.mend
    issue.refresh_from_db()
    assert (issue.trial, issue.findings, is_approved(issue)) == ({}, [], True)


def test_what_is_remarked_of_a_second_subject_stands_there_for_who_approves() -> None:
    issue = factories.issue(state=Issue.State.SCHEDULED, preheader="What warmth does ✓")
    Issue.objects.update(findings=[{"code": "x", "level": "warning", "where": "issue 1, HTML"}])
    set_ = setting(Trial(subject="What warmth does ✓"))
    codes = [(each["code"], each["where"]) for each in set_.findings]
    second = "issue 1, second subject"
    assert codes == [
        ("x", "issue 1, HTML"),
        ("preheader-repeats-subject", second),
        ("subject-sign", second),
    ]
    assert [each["code"] for each in setting(Trial(subject="Warm hands")).findings] == ["x"]
    assert [each["code"] for each in setting(None).findings] == ["x"]
    assert issue.pk == set_.pk


def test_a_claim_that_is_waived_in_the_article_may_stand_in_its_second_subject() -> None:
    factories.issue(state=Issue.State.SCHEDULED)
    words = "Acupuncture cures migraine"
    waive(
        article="why-warmth-helps", code="claim-cure", words=words, waiver="Tom Field",
        reason="a quotation", now=NOW,
    )  # fmt: skip
    (finding,) = setting(Trial(subject=words)).findings
    assert finding["waived"].startswith("waived by Tom Field")


def test_a_new_reading_looks_at_the_second_subject_again() -> None:
    factories.configured()
    take()
    Issue.objects.filter(part=1).update(trial={"subject": "Warm hands ✓"})
    take(article() + "\n")
    assert [each["code"] for each in parts()[1].findings if "second" in each["where"]] == [
        "subject-sign"
    ]
    Issue.objects.filter(part=1).update(trial={"subject": "Warmth cures migraine"})
    before = parts()[1].content_hash
    with pytest.raises(CheckError, match="issue 1, second subject"):
        take(article() + "\n\n")
    assert parts()[1].content_hash == before


def test_what_has_gone_out_or_is_not_there_cannot_be_tried() -> None:
    factories.issue(state=Issue.State.SENDING)
    for part in (1, 2):
        with pytest.raises(SettingError):
            setting(SECOND, part=part)


def test_a_winner_is_chosen_once_and_changes_nothing_that_was_approved() -> None:
    issue = factories.issue(state=Issue.State.SCHEDULED)
    with pytest.raises(SettingError, match="nothing is to be chosen"):
        choose(campaign=issue.campaign, part=1, arm="a", actor="Ana", now=NOW)
    before = setting(SECOND).content_hash
    chosen = choose(campaign=issue.campaign, part=1, arm="b", actor="Ana", now=NOW)
    assert (winner_of(chosen), chosen.content_hash) == ("b", before)
    with pytest.raises(SettingError, match="nothing is to be chosen"):
        choose(campaign=issue.campaign, part=1, arm="a", actor="Ana", now=NOW)
    assert LogEntry.objects.get(kind="chosen").actor == "Ana"
