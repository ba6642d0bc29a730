"""What a person sets over a proposal. It is kept beside it, and outlives every new reading."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from pipeline.campaigns.acts import find
from pipeline.campaigns.log import note
from pipeline.campaigns.models import Campaign, Issue, Post
from pipeline.errors import SettingError
from pipeline.stages import merge

# What of an issue a person may set by words, and how long it may be.
LONGEST = {"subject": 200, "preheader": 200}


@transaction.atomic
def edit_issue(
    *, article: str, part: int, values: Mapping[str, str], actor: str, now: dt.datetime
) -> Issue:
    """Set subject or preheader of a part that is not out. The next reading makes it so.

    Args:
        article: The article's slug.
        part: The part's number.
        values: The words by "subject" and "preheader".
        actor: Who sets them.
        now: The time.

    Raises:
        SettingError: There is no such part, it is out, nobody is named, or the words cannot stand
            in an inbox.
    """
    issue = _open_part(article, part)
    for field, value in values.items():
        issue.edits = issue.edits | {field: _edit(_words(field, value), actor, now)}
    _keep(issue)
    told = " and ".join(f"{field} “{fold_line(value)}”" for field, value in values.items())
    note("edited", f"Part {part} has the {told}.", actor=actor, now=now, issue=issue)
    return issue


@transaction.atomic
def undo_edits(*, article: str, part: int, actor: str, now: dt.datetime) -> Issue:
    """Give subject and preheader of a part back to the author's words.

    Raises:
        SettingError: There is no such part, it is out, or nothing was set.
    """
    issue = _open_part(article, part)
    kept = {field: edit for field, edit in issue.edits.items() if field not in LONGEST}
    if kept == issue.edits:
        raise SettingError(f"nobody set subject or preheader of part {part}")
    issue.edits = kept
    _keep(issue)
    told = f"Subject and preheader of part {part} are the author's words again."
    note("edited", told, actor=_name(actor), now=now, issue=issue)
    return issue


@transaction.atomic
def edit_post(*, post: int, slot: dt.datetime | None, actor: str, now: dt.datetime) -> Post:
    """Set when a post goes out, whatever its rhythm says; None gives it back to the rhythm.

    Args:
        post: Its number, as ``meridian campaign show`` tells it.
        slot: Wall time in the zone of its issue, naive.
        actor: Who sets it.
        now: The time.

    Raises:
        SettingError: There is no such post, or nobody is named.
    """
    row = Post.objects.select_for_update().filter(pk=post).first()
    if row is None:
        raise SettingError(
            f"there is no post {post}", mend="`meridian campaign show ARTICLE` lists them."
        )
    edits = {field: edit for field, edit in row.edits.items() if field != "slot"}
    told = f"Post {post} for {row.network} goes by the rhythm of its account again."
    if slot is not None:
        row.slot = slot.isoformat(timespec="minutes")
        edits["slot"] = _edit(row.slot, actor, now)
        told = f"Post {post} for {row.network} goes out on {row.slot.replace('T', ' ')}."
    row.edits = edits
    row.save(update_fields=["slot", "edits"])
    note("edited", told, actor=_name(actor), now=now, issue=row.issue)
    return row


@transaction.atomic
def group(
    *, article: str, groups: Sequence[Sequence[int]], actor: str, now: dt.datetime
) -> Campaign:
    """Say which sections make which issue; () leaves it to the article again.

    Args:
        article: The article's slug.
        groups: The numbers of the sections of each issue, as ``meridian campaign show`` tells them.
        actor: Who says so.
        now: The time.

    Raises:
        SettingError: A section is named twice or not at all, is not there, or is out.
    """
    campaign = Campaign.objects.select_for_update().get(pk=find(article).pk)
    open_keys = open_sections(campaign)
    named = [number for each in groups for number in each]
    wrong = sorted(set(named) ^ set(open_keys)) if groups else []
    if wrong or len(set(named)) < len(named):
        waiting = ", ".join(f"{number} {key}" for number, key in open_keys.items())
        raise SettingError(
            "each section that has not gone out is named once",
            mend=f"There is: {waiting}. Write it as in: 1+2 3.",
        )
    value = [[open_keys[number] for number in each] for each in groups]
    campaign.grouping = _edit(value, actor, now) if groups else {}
    campaign.made_from = ""
    # The form holds anew for what was put together, once nobody says otherwise.
    if not groups:
        campaign.outline = campaign.outline | {"form": ""}
    campaign.save(update_fields=["grouping", "made_from", "outline"])
    told = " ".join("+".join(map(str, each)) for each in groups) or "as the article says"
    told = f"Sections make issues: {told}."
    note("grouped", told, actor=_name(actor), now=now, campaign=campaign)
    return campaign


def open_sections(campaign: Campaign) -> dict[int, str]:
    """The sections that make the parts that wait, by the numbers people call them by."""
    waiting = campaign.issues.filter(state=Issue.State.SCHEDULED)
    keys = {key for issue in waiting for key in issue.sections}
    told = [each["key"] for each in campaign.outline.get("sections", ())]
    return {number: key for number, key in enumerate(told, 1) if key in keys}


def fold_line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _open_part(article: str, part: int) -> Issue:
    issue = find(article).issues.select_for_update().filter(part=part).first()
    if issue is None or issue.state != Issue.State.SCHEDULED:
        fault = "has gone out or was called off" if issue else "is not there"
        raise SettingError(
            f"part {part} {fault}", mend="`meridian campaign show ARTICLE` lists what waits."
        )
    return issue


def _keep(issue: Issue) -> None:
    issue.save(update_fields=["edits"])
    # What it was made from is forgotten, so that the next reading makes it anew.
    Campaign.objects.filter(pk=issue.campaign_id).update(made_from="")


def _edit(value: object, actor: str, now: dt.datetime) -> dict[str, Any]:
    return {"value": value, "by": _name(actor), "at": now.isoformat()}


def _name(actor: str) -> str:
    name = fold_line(actor)
    if not 0 < len(name) <= 200:
        raise SettingError(
            "the name is too long" if name else "nobody is named", mend="Say who: --by NAME."
        )
    return name


def _words(field: str, value: str) -> str:
    words = fold_line(value)
    if not words or len(words) > LONGEST[field]:
        raise SettingError(
            f"a {field} has 1 to {LONGEST[field]} characters, not {len(words)}",
            mend="--undo gives it back to the author's words.",
        )
    if merge.marks(words) or not words.isprintable():
        raise SettingError(
            f"the {field} holds signs that no letter may hold",
            mend="Write it anew, as plain words.",
        )
    return words
