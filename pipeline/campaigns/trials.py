"""Trials: a second subject that is tried on a sample; the rest gets the one that won.

A trial stands in ``Issue.trial`` as JSON. Its subject is part of what is approved: the issue's hash
covers it.
"""

import datetime as dt
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self, get_args

from django.db import transaction

from pipeline.campaigns.approval import content_hash
from pipeline.campaigns.audit import note_renewed
from pipeline.campaigns.letters import kept_letter
from pipeline.campaigns.log import note
from pipeline.campaigns.models import Campaign, Issue
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.waivers import applied
from pipeline.errors import CheckError, SettingError
from pipeline.stages.merge import unmarked
from pipeline.stages.second_subject import SECOND, check_second_subject

# How the winner is found: by the clicks of who agreed to be measured, or by a person's word, given
# beforehand or asked for.
Rule = Literal["clicks", "first", "second", "ask"]
Arm = Literal["a", "b"]
SHARES = (2, 80)
HOURS = (1, 72)
LONGEST_SUBJECT = 200
# What begins a merge field, or the mark of one: a subject that is typed here has none.
_FIELDS = ("{{", "@@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A second subject and how it is tried.

    Attributes:
        subject: The second subject; the issue's own is the first.
        share: Percent of the readers who get one of the two, half of them each.
        hours: How long the rest waits.
        rule: How the winner is found.
        otherwise: The rule where there are no clicks to count.
    """

    subject: str
    share: int = 20
    hours: int = 4
    rule: Rule = "ask"
    otherwise: Rule = "ask"

    @classmethod
    def of(cls, issue: Issue) -> Self | None:
        """The trial of an issue; None if it has none."""
        if not issue.trial:
            return None
        names = cls.__slots__
        return cls(**{name: issue.trial[name] for name in names if name in issue.trial})


def winner_of(issue: Issue) -> str:
    """The arm that won, "a" or "b"; "" while nobody knows, or where nothing is tried."""
    return str(issue.trial.get("winner", ""))


def with_trial(content: str, issue: Issue) -> str:
    """The hash of an issue with its trial, by the hash of its content alone."""
    trial = Trial.of(issue)
    if trial is None:
        return content
    issue.trial = {**issue.trial, "content": content}
    return content_hash({"content": content, "trial": asdict(trial)})


@transaction.atomic
def set_trial(
    *, campaign: Campaign, part: int, trial: Trial | None, actor: str, now: dt.datetime
) -> Issue:
    """Try a second subject with a part, or, with None, no longer. An approval is void by it.

    Raises:
        SettingError: The part has gone out, or the trial cannot be held.
        CheckError: A check found an error in the second subject.
    """
    issue = _alone(campaign, part)
    if issue.state != Issue.State.SCHEDULED:
        raise SettingError(f"part {part} is {issue.state}", mend="Try it with a later part.")
    if trial is not None:
        check_trial(trial, subject=issue.subject)
    issue.findings = [each for each in issue.findings if not _is_second(each)]
    issue.findings += second_findings(issue, trial)
    before = issue.content_hash
    content = issue.trial.get("content") or before
    issue.trial = asdict(trial) if trial else {}
    issue.content_hash = with_trial(content, issue)
    issue.save(update_fields=["trial", "content_hash", "findings"])
    told = f"a second subject is tried: {trial.subject}" if trial else "no second subject is tried"
    note("trial", told, actor=actor, now=now, issue=issue, **(asdict(trial) if trial else {}))
    note_renewed(issue, before=before, actor=actor, now=now)
    return issue


def second_findings(issue: Issue, trial: Trial | None) -> list[dict[str, Any]]:
    """What is remarked of a second subject, as JSON, for whoever approves.

    Raises:
        CheckError: There is an error that nobody has waived in the article.
    """
    if trial is None:
        return []
    found = check_second_subject(
        trial.subject, kept_letter(issue), configuration=current_configuration()
    )
    found = applied(found, article=issue.campaign.article)
    for finding in found:
        if finding.stops:
            raise CheckError(f"{finding.where}: {finding.message}", mend=finding.suggestion)
    return [asdict(finding) for finding in found]


def _is_second(finding: dict[str, Any]) -> bool:
    return str(finding["where"]).endswith(f", {SECOND}")


def check_trial(trial: Trial, *, subject: str) -> None:
    """Refuse a trial that cannot be held.

    Raises:
        SettingError: Says what is wrong.
    """
    text = trial.subject
    odd = any(sign in text for sign in _FIELDS) or _breaks(text)
    if not text.strip() or len(text) > LONGEST_SUBJECT or odd:
        raise SettingError(
            "the second subject is no subject",
            mend=f"Write one line of at most {LONGEST_SUBJECT} characters.",
        )
    if text.strip() == unmarked(subject).strip():
        raise SettingError("both subjects are the same", mend="Write another one.")
    for name, (least, most) in (("share", SHARES), ("hours", HOURS)):
        if not least <= getattr(trial, name) <= most:
            told = f"{getattr(trial, name)} is no {name} of a trial"
            raise SettingError(told, mend=f"Choose {least} to {most}.")
    if trial.rule not in get_args(Rule) or trial.otherwise not in get_args(Rule)[1:]:
        raise SettingError("there is no such rule", mend=f"Choose {', '.join(get_args(Rule))}.")


@transaction.atomic
def choose(*, campaign: Campaign, part: int, arm: Arm, actor: str, now: dt.datetime) -> Issue:
    """Say which subject the rest gets. What went out went out.

    Raises:
        SettingError: Nothing is tried with this part, or its winner is known.
    """
    issue = _alone(campaign, part)
    if Trial.of(issue) is None or winner_of(issue):
        raise SettingError(
            f"nothing is to be chosen for part {part}",
            mend="`meridian campaign show` says how it stands.",
        )
    return decide(issue, arm, told=f"chosen by {actor}", actor=actor, now=now)


def decide(
    issue: Issue, arm: str, *, told: str, actor: str, now: dt.datetime, **values: Any
) -> Issue:
    """Write down which arm won, and why."""
    issue.trial = {**issue.trial, "winner": arm}
    issue.save(update_fields=["trial"])
    said = f"the rest gets the {'first' if arm == 'a' else 'second'} subject: {told}"
    note("chosen", said, actor=actor, now=now, issue=issue, arm=arm, **values)
    return issue


def _alone(campaign: Campaign, part: int) -> Issue:
    issues = campaign.issues.select_for_update(of=("self",)).select_related("campaign")
    issue = issues.filter(part=part).first()
    if issue is None:
        raise SettingError(
            f"{campaign.article} has no part {part}", mend="`meridian campaign show` lists them."
        )
    return issue


def _breaks(text: str) -> bool:
    """Whether a text would end a header early (S14)."""
    return any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text)
