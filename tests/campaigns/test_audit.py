"""The trail: who approved which hash, and what voided it (S31)."""

from dataclasses import replace

import pytest

from pipeline.campaigns.acts import approve_issues
from pipeline.campaigns.approval import also_approved, approve, approved
from pipeline.campaigns.models import Approval, Issue, LogEntry
from pipeline.campaigns.trials import Trial, set_trial
from pipeline.values import Newsletter
from tests.campaigns.desk import CLINIC, article, parts, take
from tests.factories import NOW, configured, issue

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

_letter = CLINIC.newsletters[0]
PAIRS = replace(CLINIC, newsletters=(replace(_letter, four_eyes=True), *CLINIC.newsletters[1:]))


def trail(*kinds: str) -> list[tuple[str, str, str]]:
    """What the log says, the oldest first."""
    rows = LogEntry.objects.filter(kind__in=kinds).order_by("pk")
    return list(rows.values_list("kind", "actor", "told"))


def test_one_changed_letter_voids_the_parts_it_stands_in_and_the_log_says_which_s31() -> None:
    take()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    before = parts()[3].content_hash

    take(article().replace("spinal cord", "spinal chord"))

    assert set(Issue.objects.filter(approved()).values_list("part", flat=True)) == {1, 2}
    ((_, actor, told),) = trail("voided")
    assert actor == "ana"
    assert told.startswith("part 3 waits for approval again: the preheader, the letter, the")
    assert told.endswith(" changed since Mara Ellison approved it")
    values = LogEntry.objects.get(kind="voided").values
    assert (values["before"], values["hash"]) == (before, parts()[3].content_hash)


def test_a_heading_that_changes_voids_the_other_letters_and_the_log_says_which_s31() -> None:
    take()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)

    take(article().replace("1. Vessels", "1. Small vessels"))

    assert not Issue.objects.filter(approved()).exists()
    told = {entry.issue_id: entry for entry in LogEntry.objects.filter(kind="voided")}
    listed = "; of the parts that it lists, part 1 is “Small vessels” now, and was “Vessels”"
    for part, each in parts().items():
        assert told[each.pk].told.endswith(listed) is (part != 1)
        assert told[each.pk].values.get("renamed", []) == (
            [{"part": 1, "before": "Vessels", "after": "Small vessels"}] if part != 1 else []
        )


def test_a_new_and_a_lost_part_are_told_as_what_voided_the_others_s31() -> None:
    take()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)

    take(article(4).replace("## 3. Nerves", "## 3. Breath").replace("Warmth is a message", "Slow"))

    told = trail("voided")[0][2]
    assert "part 4, “Evenings”, is new" in told
    take(article(2))
    voided = LogEntry.objects.filter(kind="voided", issue_id=parts()[1].pk)
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    take(article(1))
    last = voided.latest("pk").told
    assert last.endswith("“Muscle” is no part any more")


def test_a_yes_of_which_an_older_meridian_kept_less_is_voided_without_a_reason_s31() -> None:
    take()
    first = parts()[1]
    approve(issue=first, content_hash=first.content_hash, approver="Mara Ellison", now=NOW)
    kept = LogEntry.objects.get(kind="approved")
    entry = LogEntry(kind="approved", actor="Mara Ellison", told="x", created_at=NOW)
    entry.issue_id, entry.values = first.pk, {"hash": kept.values["hash"]}
    entry.save()

    take(article().replace("Vessels", "Small vessels"))

    ((_, _, told),) = trail("voided")
    assert told.endswith("approval again: what was approved changed since Mara Ellison approved it")


def test_a_yes_is_told_with_who_how_and_which_bytes_s31() -> None:
    take()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW, part=1)
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW, part=1)

    entry = LogEntry.objects.get(kind="approved")
    first = parts()[1]
    assert (entry.actor, entry.told) == ("Mara Ellison", "part 1 approved by command line")
    assert (entry.values["hash"], entry.values["content"]["html"]) == (
        first.content_hash,
        first.html_id,
    )
    assert Approval.objects.get().via == "command line"


@pytest.mark.parametrize(
    "changed",
    [
        replace(_letter, from_name="Another"),
        replace(_letter, reply_to="b@example.com"),
        replace(_letter, name="Another"),
    ],
    ids=["sender", "answers", "list"],
)
def test_who_it_comes_from_is_part_of_what_was_approved_s31(changed: Newsletter) -> None:
    take()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    take(clinic=replace(CLINIC, newsletters=(changed, *CLINIC.newsletters[1:])))
    assert not Issue.objects.filter(approved()).exists()


def test_another_audience_and_who_must_approve_are_part_of_it_s31() -> None:
    made = issue(approved=False)
    assert also_approved(made, kind="series") == {}
    made.four_eyes = True
    assert also_approved(made, kind="welcome") == {"kind": "welcome", "four_eyes": True}


def test_a_yes_does_not_count_once_another_person_must_give_it_s31() -> None:
    take()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)

    take(clinic=PAIRS)

    assert not Issue.objects.filter(approved()).exists()
    assert len(trail("voided")) == 3


def test_findings_stand_with_the_parts_they_are_about() -> None:
    take(article().replace("A muscle that", "RE: [here](https://example.com/a) a muscle that"))
    found = {part: [each["where"] for each in issue.findings] for part, issue in parts().items()}
    assert any(where.startswith("issue 2") for where in found[2])
    for part, wheres in found.items():
        assert all(not w.startswith("issue") or w.startswith(f"issue {part}") for w in wheres)


def test_a_second_subject_voids_a_yes_and_the_log_says_so_s31() -> None:
    configured()
    take()
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW, part=2)
    trial = Trial(subject="Warm hands, again")
    set_trial(campaign=parts()[2].campaign, part=2, trial=trial, actor="ana", now=NOW)
    ((_, actor, told),) = trail("voided")
    waits = "part 2 waits for approval again: the second subject changed since"
    assert (actor, told) == ("ana", f"{waits} Mara Ellison approved it")
