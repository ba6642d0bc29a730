"""What an act would do to a campaign, before it is done. The acts do exactly this (X15)."""

import datetime as dt
from dataclasses import dataclass

from pipeline.campaigns.calendar import wall_time
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.slots import (
    Shift,
    cadence_of,
    overdue,
    shifts,
    told_issue,
    told_time,
)
from pipeline.errors import SettingError

State = Campaign.State
_SEE = "`meridian campaign show` says how it stands."


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an act changes.

    Attributes:
        state: The state the campaign has afterwards.
        stopped: The issues that do not go out when they were to.
        called_off: The issues that never go out.
        under_way: The issues of which some readers have theirs and some wait.
        moved: The issues that go out at another time, of other campaigns too.
    """

    campaign: Campaign
    state: str
    stopped: tuple[Issue, ...] = ()
    called_off: tuple[Issue, ...] = ()
    under_way: tuple[Issue, ...] = ()
    moved: tuple[Shift, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """A sentence for each change."""
        return (
            *(
                f"{told_issue(issue)} waits; it was to go out {_when(issue)}"
                for issue in self.stopped
            ),
            *(f"{told_issue(issue)} is called off" for issue in self.called_off),
            *(
                f"{told_issue(issue)} is on its way: at most the batches under way still go out"
                for issue in self.under_way
            ),
            *(shift.told for shift in self.moved),
        )


def effect_of_pause(campaign: Campaign) -> Effect:
    """What pausing changes.

    Raises:
        SettingError: The campaign is not active.
    """
    _ask_state(campaign, State.ACTIVE)
    return _stopped(campaign, State.PAUSED)


def effect_of_unschedule(campaign: Campaign) -> Effect:
    """What taking a campaign back to a proposal changes.

    Raises:
        SettingError: The campaign is a proposal already, or cancelled.
    """
    _ask_state(campaign, State.ACTIVE, State.PAUSED)
    return _stopped(campaign, State.PLANNED)


def effect_of_cancel(campaign: Campaign) -> Effect:
    """What calling a campaign off changes; it cannot be undone."""
    return Effect(
        campaign=campaign,
        state=State.CANCELLED,
        called_off=_waiting(campaign),
        under_way=_under_way(campaign),
    )


def effect_of_resume(campaign: Campaign, *, now: dt.datetime) -> Effect:
    """What going on changes: parts whose slot has passed take the next ones, one a week, in order.

    Raises:
        SettingError: The campaign is not paused.
    """
    _ask_state(campaign, State.PAUSED)
    return _active(campaign, "its slot passed while the campaign was paused", now=now)


def effect_of_move(campaign: Campaign, part: int, slot: dt.datetime, *, now: dt.datetime) -> Effect:
    """What setting the slot of one part changes: others yield to it.

    Args:
        campaign: The campaign.
        part: The part to move.
        slot: Naive wall time in the newsletter's zone.
        now: The time.

    Raises:
        SettingError: The part does not wait, or the slot has passed.
    """
    issue = waiting_part(campaign, part)
    rules = cadence_of(campaign.newsletter, now=now)
    zone = rules.newsletter.time_zone if rules else issue.time_zone
    if slot <= wall_time(now, zone):
        mend = "Choose a later one; `meridian campaign release` lets go what is held."
        raise SettingError(f"{told_time(slot)} has passed in {zone}", mend=mend)
    others = shifts(rules, now=now, fixed={issue.pk: slot}) if rules else []
    before = dt.datetime.fromisoformat(issue.slot) if issue.slot else None
    mine = Shift(issue=issue, before=before, after=slot, why="a person chose it")
    return Effect(campaign=campaign, state=campaign.state, moved=(mine, *others))


def waiting_part(campaign: Campaign, part: int) -> Issue:
    """A part that has not gone out.

    Raises:
        SettingError: There is none of this number.
    """
    waiting = campaign.issues.filter(state=Issue.State.SCHEDULED, part=part)
    issue = waiting.select_related("campaign").first()
    if issue is None:
        raise SettingError(f"part {part} of {campaign.article} does not wait", mend=_SEE)
    return issue


def _ask_state(campaign: Campaign, *states: str) -> None:
    if campaign.state not in states:
        told = f"the campaign is {campaign.state}, not {' or '.join(states)}"
        raise SettingError(told, mend=_SEE)


def _active(campaign: Campaign, why: str, *, now: dt.datetime) -> Effect:
    rules = cadence_of(campaign.newsletter, now=now)
    late = overdue(campaign, now=now)
    moved = shifts(rules, now=now, put_off=late, why=why) if rules else []
    return Effect(campaign=campaign, state=State.ACTIVE, moved=tuple(moved))


def _stopped(campaign: Campaign, state: str) -> Effect:
    """Stopping for a while: nothing is lost and nothing moves."""
    return Effect(
        campaign=campaign,
        state=state,
        stopped=_waiting(campaign) if campaign.state == State.ACTIVE else (),
        under_way=_under_way(campaign) if campaign.state == State.ACTIVE else (),
    )


def _waiting(campaign: Campaign) -> tuple[Issue, ...]:
    return _issues(campaign, Issue.State.SCHEDULED)


def _under_way(campaign: Campaign) -> tuple[Issue, ...]:
    return _issues(campaign, Issue.State.RELEASING, Issue.State.SENDING)


def _issues(campaign: Campaign, *states: str) -> tuple[Issue, ...]:
    found = campaign.issues.filter(state__in=states).select_related("campaign")
    return tuple(found.defer("html", "text").order_by("part"))


def _when(issue: Issue) -> str:
    return told_time(dt.datetime.fromisoformat(issue.slot)) if issue.slot else "in a free slot"
