"""The issues of a campaign, kept as they were made: a row stays, and what is out stays whole."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import TypeVar

from django.db.models import F, QuerySet

from pipeline.campaigns.approval import also_approved, approve, content_hash
from pipeline.campaigns.arranging import is_out, out_states
from pipeline.campaigns.audit import note_renewed
from pipeline.campaigns.calendar import wall_time
from pipeline.campaigns.findings import findings_of
from pipeline.campaigns.letters import keep_letter
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import Campaign, Card, Issue, Post
from pipeline.campaigns.names import folder
from pipeline.campaigns.parts import store
from pipeline.campaigns.rhythm import place_posts
from pipeline.campaigns.trials import Trial, second_findings, with_trial
from pipeline.stages.arrange import Arrangement
from pipeline.stages.merge import unmarked
from pipeline.values import Card as Picture
from pipeline.values import ComposedPost, Edition, Newsletter, PlannedIssue, RenderedIssue

State = Issue.State
# Numbers of parts out of the way of others while they are dealt out anew.
_ASIDE = 1_000_000

_Row = TypeVar("_Row", Post, Card)
FreeSlots = Callable[[list[int]], dict[int, str]]


def keep_issues(
    campaign: Campaign,
    edition: Edition,
    arrangement: Arrangement,
    *,
    free_slots: FreeSlots,
    actor: str,
    now: dt.datetime,
) -> None:
    """Make and renew the issues of a campaign; what is out is left as it is.

    Args:
        campaign: Whose row is locked, and its issues too.
        edition: What was made by this arrangement.
        arrangement: Which rows the parts have.
        free_slots: Gives a slot to each of some new parts.
        actor: Who is recorded as approver where nobody else is asked.
        now: The time.
    """
    rows = {row.pk: row for row in campaign.issues.all()}
    made = [_row(campaign, rows, arrangement, planned) for planned in edition.plan.issues]
    surplus = _surplus(rows, made)
    before = {issue.pk: issue.slot for issue in made if issue.state != State.CANCELLED}
    hashes = [issue.content_hash for issue in made]
    if campaign.state == Campaign.State.PLANNED:
        _free_passed(rows.values(), edition.newsletter, now=now)
    slots = _dealt(edition.plan.issues, [*made, *surplus], campaign, free_slots)
    _number(made, edition.plan.issues, surplus, rows)
    content = _Content(edition, arrangement.keys)
    for planned, rendered, issue in zip(edition.plan.issues, edition.issues, made, strict=True):
        if issue.slot != slots[planned.part] or not issue.time_zone:
            # The scheduler changes the zone of one that keeps its slot, with a word in the log.
            issue.slot, issue.time_zone = slots[planned.part], edition.newsletter.time_zone
        _fill(issue, planned, rendered, content)
    _keep_posts(campaign, content, made)
    _keep_cards(campaign, content, made)
    place_posts(campaign, edition.accounts)
    _call_off(surplus, now=now)
    if rows:
        _tell(made, before, now=now)
    if campaign.state != Campaign.State.PLANNED:
        approve_unasked(made, edition.newsletter, actor=actor, now=now)
    for issue, known in zip(made, hashes, strict=True):
        note_renewed(issue, before=known, actor=actor, now=now)


def free_proposed(campaign: Campaign) -> None:
    """Take the slots of a proposal away, but those a person set: it gets others."""
    waiting = campaign.issues.filter(state=State.SCHEDULED)
    free = [row.pk for row in waiting.only("edits") if "slot" not in row.edits]
    Issue.objects.filter(pk__in=free).update(slot="")


def approve_unasked(
    issues: Sequence[Issue], newsletter: Newsletter, *, actor: str, now: dt.datetime
) -> None:
    """Record the actor as approver where the newsletter asks for no other."""
    if newsletter.approval == "none":
        for issue in issues:
            approve(issue=issue, content_hash=issue.content_hash, approver=actor, now=now)
            for hash_ in issue.variants.values_list("content_hash", flat=True):
                approve(issue=issue, content_hash=hash_, approver=actor, now=now)


def _row(
    campaign: Campaign, rows: dict[int, Issue], arrangement: Arrangement, planned: PlannedIssue
) -> Issue:
    known = arrangement.rows.get(planned.part)
    return rows[known] if known is not None else Issue(campaign=campaign, part=planned.part)


def _surplus(rows: dict[int, Issue], made: Sequence[Issue]) -> list[Issue]:
    """Rows that are neither out nor needed any more."""
    needed = {issue.pk for issue in made}
    return [row for row in rows.values() if not is_out(row) and row.pk not in needed]


# --- Slots and numbers ----------------------------------------------------------------------------


def _free_passed(rows: Iterable[Issue], newsletter: Newsletter, *, now: dt.datetime) -> None:
    """Take the slots that have passed from a proposal: it missed nothing, it never was to send."""
    here = wall_time(now, newsletter.time_zone).isoformat(timespec="minutes")
    passed = [row for row in rows if "" < row.slot < here and "slot" not in row.edits]
    for row in passed:
        row.slot = ""
    Issue.objects.filter(pk__in=[row.pk for row in passed]).update(slot="")


def _dealt(
    planned: Sequence[PlannedIssue],
    rows: Sequence[Issue],
    campaign: Campaign,
    free_slots: FreeSlots,
) -> dict[int, str]:
    """A slot for each part: those the series has, in order, then new ones behind them.

    The rows are those of the parts, in their order, and then those that are needed no more.
    """
    parts = [each.part for each in planned]
    fixed = {part: row.slot for part, row in zip(parts, rows, strict=False) if "slot" in row.edits}
    open_parts = [part for part in parts if part not in fixed]
    if campaign.kind not in (Campaign.Kind.SERIES, Campaign.Kind.DIGEST):
        return fixed | dict.fromkeys(open_parts, "")
    # One called off has lost its slot: another series may have been given it.
    own = [row for row in rows if row.state == State.SCHEDULED and row.slot]
    have = sorted(row.slot for row in own if "slot" not in row.edits)
    dealt = dict(zip(open_parts, have, strict=False))
    return fixed | dealt | free_slots(open_parts[len(have) :])


def _number(
    made: Sequence[Issue],
    planned: Sequence[PlannedIssue],
    surplus: Sequence[Issue],
    rows: dict[int, Issue],
) -> None:
    """Give the rows their numbers; those that are called off stand behind all others."""
    out = [row.part for row in rows.values() if is_out(row)]
    last = max((*out, *(each.part for each in planned)), default=0)
    wanted = {row.pk: each.part for row, each in zip(made, planned, strict=True) if row.pk}
    behind = sorted(surplus, key=lambda row: row.part)
    wanted |= {row.pk: number for number, row in enumerate(behind, last + 1)}
    moved = [pk for pk, part in wanted.items() if rows[pk].part != part]
    # No two may have one number at any moment: all step aside first.
    Issue.objects.filter(pk__in=moved).update(part=F("part") + _ASIDE)
    for pk in moved:
        Issue.objects.filter(pk=pk).update(part=wanted[pk])
        rows[pk].part = wanted[pk]


# --- What an issue holds --------------------------------------------------------------------------


class _Content:
    """An edition by the keys of its sections."""

    def __init__(self, edition: Edition, keys: Sequence[str]) -> None:
        self.edition = edition
        self.keys = keys
        self.pngs = {card.section: store(card.png) for card in edition.cards}

    def posts(self, sections: Sequence[str]) -> list[tuple[str, ComposedPost]]:
        own = [(self.keys[post.section], post) for post in self.edition.posts]
        return [(key, post) for key, post in own if key in sections]

    def cards(self, sections: Sequence[str]) -> list[tuple[str, str, Picture]]:
        own = [(self.keys[c.section], self.pngs[c.section], c) for c in self.edition.cards]
        return [(key, png, card) for key, png, card in own if key in sections]


def _fill(issue: Issue, planned: PlannedIssue, rendered: RenderedIssue, content: _Content) -> None:
    newsletter = content.edition.newsletter
    issue.state = State.SCHEDULED
    issue.newsletter = newsletter.key
    issue.of = planned.of
    issue.sections = [content.keys[index] for index in planned.sections]
    issue.folder = folder(content.edition.article.slug, issue)
    keep_letter(issue, rendered, envelope_of(newsletter))
    issue.four_eyes = newsletter.four_eyes and newsletter.approval != "none"
    issue.findings = findings_of(planned, content.edition)
    issue.findings += second_findings(issue, Trial.of(issue))
    issue.content_hash = with_trial(_hash(issue, content), issue)
    issue.save()


def _hash(issue: Issue, content: _Content) -> str:
    """The hash of all that is approved. A section goes by its key: its place may change."""
    newsletter = content.edition.newsletter
    return content_hash(
        {
            "subject": issue.subject,
            "preheader": issue.preheader,
            "html": issue.html_id,
            "text": issue.text_id,
            "envelope": issue.envelope,
            "about": issue.about,
            "posts": [asdict(p) | {"section": key} for key, p in content.posts(issue.sections)],
            "cards": [[key, png, card.alt] for key, png, card in content.cards(issue.sections)],
            "audience": newsletter.key,
            # A yes that nobody was asked for does not count once somebody must be asked.
            "approval": newsletter.approval,
            **also_approved(issue, kind=issue.campaign.kind),
        }
    )


def envelope_of(newsletter: Newsletter) -> dict[str, str]:
    """Who it comes from: approved with the rest, for a reader judges a letter by it."""
    domain = newsletter.from_address.rpartition("@")[2]
    return {
        "from_name": newsletter.from_name,
        "from_address": newsletter.from_address,
        "reply_to": newsletter.reply_to,
        "list_id": f"{newsletter.key}.{domain}",
        "list_name": newsletter.name,
    }


def _waiting(rows: QuerySet[_Row], campaign: Campaign) -> QuerySet[_Row]:
    return rows.filter(issue__campaign=campaign).exclude(issue__state__in=out_states(campaign))


def _keep_posts(campaign: Campaign, content: _Content, made: Sequence[Issue]) -> None:
    """The posts of these issues: a post keeps its row, also when its section changes its issue."""
    waiting = _waiting(Post.objects.all(), campaign)
    known = {(post.key, post.network, post.handle): post for post in waiting}
    new: list[Post] = []
    old: list[Post] = []
    for issue in made:
        for key, post in content.posts(issue.sections):
            row = known.pop((key, post.network, post.handle), None)
            (old if row else new).append(row := row or Post(key=key))
            row.issue = issue
            for field, value in asdict(post).items():
                setattr(row, field, value)
    Post.objects.filter(pk__in=_left(known.values(), made)).delete()
    Post.objects.bulk_update(old, ["issue", "section", "text", "length", "limit"])
    Post.objects.bulk_create(new)


def _keep_cards(campaign: Campaign, content: _Content, made: Sequence[Issue]) -> None:
    waiting = _waiting(Card.objects.all(), campaign)
    known = {card.key: card for card in waiting}
    new: list[Card] = []
    old: list[Card] = []
    for issue in made:
        for key, png, card in content.cards(issue.sections):
            row = known.pop(key, None)
            (old if row else new).append(row := row or Card(key=key))
            row.issue, row.section, row.png_id, row.alt = issue, card.section, png, card.alt
    Card.objects.filter(pk__in=_left(known.values(), made)).delete()
    Card.objects.bulk_update(old, ["issue", "section", "png", "alt"])
    Card.objects.bulk_create(new)


def _left(rows: Iterable[Post | Card], made: Sequence[Issue]) -> list[int]:
    """Of rows nobody needs, those of issues that go on; an issue called off keeps its own."""
    going_on = {issue.pk for issue in made}
    return [row.pk for row in rows if row.issue_id in going_on]


# --- The log --------------------------------------------------------------------------------------


def _call_off(surplus: Sequence[Issue], *, now: dt.datetime) -> None:
    for issue in surplus:
        if issue.state == State.SCHEDULED:
            Issue.objects.filter(pk=issue.pk).update(state=State.CANCELLED)
            told = f"“{unmarked(issue.subject)}” is called off: no section is left for it."
            note("called off", told, actor=SCHEDULER, now=now, issue=issue)


def _tell(made: Sequence[Issue], before: dict[int, str], *, now: dt.datetime) -> None:
    """What became of the order: new parts, and slots that others have now."""
    for issue in made:
        named, slot = f"“{unmarked(issue.subject)}”", issue.slot.replace("T", " ")
        if issue.pk not in before:
            told = f"{named} became part {issue.part} of {issue.of}, on {slot}."
            note("added", told, actor=SCHEDULER, now=now, issue=issue)
        elif before[issue.pk] != issue.slot:
            was = before[issue.pk].replace("T", " ")
            told = f"{named} moved from {was} to {slot}: the series has other parts."
            note("moved", told, actor=SCHEDULER, now=now, issue=issue)
