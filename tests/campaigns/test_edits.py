"""What a person sets stays, whatever becomes of the article."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from pipeline.campaigns.acts import approve_issues
from pipeline.campaigns.approval import sendable
from pipeline.campaigns.edits import edit_issue, edit_post, group, undo_edits
from pipeline.campaigns.models import Campaign, LogEntry, Post
from pipeline.campaigns.scheduling import schedule
from pipeline.campaigns.series import Wish
from pipeline.errors import SettingError
from tests.campaigns.desk import CLINIC, OPEN, article, parts, send, slots, take
from tests.factories import NOW

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

edit = partial(edit_issue, article="warmth", actor="Ana", now=NOW)


def subjects() -> list[str]:
    """The subjects of the parts that are not called off."""
    return [issue.subject for issue in parts().values() if issue.state != "cancelled"]


def test_a_subject_somebody_set_outlives_every_reading_s31() -> None:
    take(article(3))
    approve_issues(article="warmth", approver="Mara Ellison", now=NOW)
    edit(part=2, values={"subject": "Why it  lets go, {{ first_name }}", "preheader": "Until warm"})
    assert take(article(3)).changed
    # Each letter names the others, so that one that is called otherwise asks for a yes again.
    assert not sendable().exists()
    issue = parts()[2]
    assert issue.edits["subject"] | {"at": ""} == {
        "value": "Why it lets go, {{ first_name }}",
        "by": "Ana",
        "at": "",
    }
    assert "@@" in issue.subject
    assert issue.preheader == "Until warm"
    assert b"Until warm" in bytes(issue.html.content)
    # The section moves, is renamed and edited, and another comes before it.
    new = "## 0. Hands\n\nA hand gives warmth as well as any towel, and knows where to stay.\n\n"
    text = article(3).replace("## 1. V", new + "## 1. V").replace("2. Muscle", "2. How it eases")
    take(text.replace("until it is warm", "until it is truly warm"))
    assert [s.partition(",")[0] for s in subjects()] == [
        "Hands",
        "Vessels",
        "Why it lets go",
        "Nerves",
    ]
    undo_edits(article="warmth", part=3, actor="Ana", now=NOW)
    take(text)
    assert subjects() == ["Hands", "Vessels", "How it eases", "Nerves"]
    assert set(LogEntry.objects.filter(actor="Ana").values_list("kind", flat=True)) == {"edited"}


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (partial(edit, part=1, values={"subject": "x"}), "has gone out"),
        (partial(edit, part=7, values={"subject": "x"}), "is not there"),
        (partial(edit, part=2, values={"subject": " "}), "1 to 200 characters"),
        (partial(edit, part=2, values={"subject": "x" * 201}), "not 201"),
        (partial(edit, part=2, values={"subject": "@@view_url@@"}), "signs that no letter may"),
        (partial(edit, part=2, values={"subject": "x\u202ey"}), "signs that no letter may"),
        (partial(edit, part=2, values={"subject": "x"}, actor=" "), "nobody is named"),
        (partial(undo_edits, article="warmth", part=2, actor="Ana", now=NOW), "nobody set"),
        (partial(edit_post, post=10**6, slot=None, actor="Ana", now=NOW), "no post"),
        (partial(group, article="warmth", groups=[[1, 2], [3]], actor="A", now=NOW), "2 muscle"),
        (partial(group, article="warmth", groups=[[2, 2, 3]], actor="A", now=NOW), "named once"),
        (partial(group, article="warmth", groups=[[2]], actor="A", now=NOW), "named once"),
    ],
)
def test_what_cannot_be_set_is_refused_and_changes_nothing(
    act: Callable[[], object], told: str
) -> None:
    take(article(3))
    send(1)
    before = list(Campaign.objects.values()), [issue.edits for issue in parts().values()]
    with pytest.raises(SettingError, match=told):
        act()
    after = list(Campaign.objects.values()), [issue.edits for issue in parts().values()]
    assert (after, LogEntry.objects.count()) == (before, 0)


def test_a_person_says_which_sections_make_which_issue() -> None:
    take(article(4))
    rows = [issue.pk for issue in parts().values()]
    group(article="warmth", groups=[[1], [2, 3], [4]], actor="Ana", now=NOW)
    take(article(4))
    waiting = [issue for issue in parts().values() if issue.state == "scheduled"]
    assert [issue.sections for issue in waiting] == [
        ["vessels"],
        ["muscle", "nerves"],
        ["evenings"],
    ]
    assert [issue.pk for issue in waiting] == [rows[0], rows[1], rows[3]]
    assert len(slots()) == 3
    # It outlives a reading; and posts keep the issue their section is in.
    take(article(4).replace("until it is warm", "until it is truly warm"))
    assert len(slots()) == 3
    assert Post.objects.filter(issue=rows[1], network="x").count() == 2
    group(article="warmth", groups=[], actor="Ana", now=NOW)
    take(article(4))
    assert subjects() == ["Vessels", "Muscle", "Nerves", "Evenings"]
    assert {issue.pk for issue in parts().values()} == set(rows)


def test_a_form_a_person_wishes_regroups_what_is_not_out() -> None:
    take(article(3))
    send(1)
    take(article(3), wish=Wish(form="one"))
    assert [issue.sections for issue in parts().values()][:2] == [["vessels"], ["muscle", "nerves"]]
    assert not take(article(3)).changed
    assert len(slots()) == 2


def test_a_proposal_sends_nothing_and_misses_nothing_until_it_is_scheduled() -> None:
    late = NOW + dt.timedelta(days=15)
    take(article(2), clinic=OPEN, wish=Wish())
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.planned_by) == ("planned", "ana")
    assert not sendable().exists()
    assert slots() == ["2026-03-10T10:00", "2026-03-17T10:00"]
    # Read again when its slots have passed, it gets the next; nothing was due.
    take(article(2), clinic=OPEN, wish=Wish(), now=late)
    assert slots() == ["2026-03-24T10:00", "2026-03-31T10:00"]
    schedule(article="warmth", newsletter=OPEN.newsletters[0], actor="Ana", now=late)
    assert sendable().count() == 2
    assert LogEntry.objects.get(kind="scheduled").values["hashes"].keys() == {"1", "2"}
    with pytest.raises(SettingError, match="is active, not planned"):
        schedule(article="warmth", newsletter=CLINIC.newsletters[0], actor="Ana", now=late)
