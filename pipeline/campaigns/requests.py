"""Asking a practitioner to approve: one mail with one link, bound to them and to what it shows.

The link ends after fourteen days, with the practitioner's name or address in clinic.toml, and when
a newer mail asks about the same parts. A yes is still only to the bytes that were on the page.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable
from enum import Enum

from django.db import transaction
from django.db.models import Q, QuerySet

from pipeline.audience.models import Notice, Subscriber
from pipeline.audience.notices import post
from pipeline.audience.tokens import approve_token, read_approve_token
from pipeline.campaigns.acts import find
from pipeline.campaigns.approval import approval_of, approved
from pipeline.campaigns.calendar import due_at
from pipeline.campaigns.four_eyes import folded, parts_in
from pipeline.campaigns.log import SCHEDULER, note
from pipeline.campaigns.models import ApprovalRequest, Campaign, Issue
from pipeline.campaigns.revisions import current_configuration
from pipeline.campaigns.staff import is_still, practitioner, row_of
from pipeline.campaigns.texts import Text, key_of, part_of
from pipeline.campaigns.variants import waiting_variants, with_variants
from pipeline.errors import ApprovalError
from pipeline.values import Configuration, Practitioner

GOOD_FOR = dt.timedelta(days=14)
# A part that goes out within these days and has no approval is asked about by itself.
AHEAD = dt.timedelta(days=7)


class Standing(Enum):
    """How a link stands."""

    OPEN = "there is something to approve"
    SETTLED = "all of it was approved, or has gone out, or will not"
    REPLACED = "a newer mail asks about the same parts"
    ENDED = "its fourteen days are over"
    WITHDRAWN = "the practitioner is none any more, or has another address"


@transaction.atomic
def request_approval(
    *,
    article: str,
    practitioner_name: str,
    configuration: Configuration,
    actor: str,
    now: dt.datetime,
    part: int | None = None,
) -> ApprovalRequest:
    """Ask a practitioner to approve one part, or all parts that wait for it.

    Raises:
        ApprovalError: There is no such part, all are approved, or they had a hand in all of them.
        SettingError: There is no such article or practitioner, or no address of theirs is known.
    """
    campaign = find(article)
    asked = practitioner(configuration, practitioner_name)
    waiting = _waiting(campaign.issues.all())
    issues = list(waiting if part is None else waiting.filter(part=part))
    if not issues:
        what = f"part {part}" if part is not None else "no part of this article"
        told = f"{what} does not wait" if part is not None else f"{what} waits"
        mend = "`meridian campaign show` lists what does."
        raise ApprovalError(f"{told} for approval", mend=mend)
    theirs = [issue for issue in issues if may_approve(issue, asked.name)]
    if not theirs:
        raise ApprovalError(
            f"{asked.name} {next(parts_in(issues[0], asked.name))}, and this newsletter wants four"
            " eyes",
            mend="Ask another practitioner.",
        )
    return _ask(campaign, theirs, asked, configuration=configuration, actor=actor, now=now)


def ask_for_what_is_due(*, now: dt.datetime) -> list[ApprovalRequest]:
    """Ask about every part that goes out within a week unapproved: once for each hash.

    The article's reviewers are asked if they can be written to, else every practitioner who can.
    """
    soon = [issue for issue in _waiting(Issue.objects.all()) if _is_near(issue, now=now)]
    if not soon:
        return []
    configuration = current_configuration()
    asked = []
    for campaign in dict.fromkeys(issue.campaign for issue in soon):
        mine = [issue for issue in soon if issue.campaign_id == campaign.pk]
        for each in _whom(mine[0], configuration):
            with transaction.atomic():
                # Two schedulers at once: the second waits here, and finds that it was asked.
                list(Campaign.objects.select_for_update().filter(pk=campaign.pk))
                new = [issue for issue in mine if _is_new(issue, each, now=now)]
                if new:
                    asked.append(_ask(campaign, new, each, configuration=configuration, now=now))
    return asked


def token_of(request: ApprovalRequest) -> str:
    """The token of a request's link."""
    return approve_token(request.pk, bound=_bound(request))


def request_of(token: str) -> ApprovalRequest | None:
    """The request a token of ours was made for; None for any other text."""
    meant = read_approve_token(token)
    if meant is None:
        return None
    known = ApprovalRequest.objects.select_related("campaign").filter(pk=meant[0]).first()
    return known if known is not None and _bound(known) == meant[1] else None


def standing(
    request: ApprovalRequest, *, configuration: Configuration, now: dt.datetime
) -> Standing:
    """How a request's link stands now."""
    person = Subscriber.objects.filter(pk=request.subscriber_id).exclude(address="").first()
    if not is_still(configuration, request.practitioner, person):
        return Standing.WITHDRAWN
    if request.until <= now:
        return Standing.ENDED
    if any(_asked(request) <= _asked(newer) for newer in _newer(request)):
        return Standing.REPLACED
    return Standing.OPEN if _waiting(asked_about(request)).exists() else Standing.SETTLED


def asked_about(request: ApprovalRequest) -> QuerySet[Issue]:
    """The issues of a request, in order, as they are now."""
    return Issue.objects.filter(pk__in=_asked(request), campaign=request.campaign_id).order_by(
        "part"
    )


def may_approve(text: Text, name: str) -> bool:
    """Whether this person's yes would count: anybody's, unless four eyes are wanted."""
    return not part_of(text).four_eyes or not any(parts_in(text, name))


def _waiting(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    """Those that have not gone out and have no yes as they stand, or have a variant without one."""
    alive = [Campaign.State.ACTIVE, Campaign.State.PLANNED, Campaign.State.PAUSED]
    own = ~approved() & Q(state=Issue.State.SCHEDULED)
    lacking = waiting_variants().values("issue")
    return (
        issues.filter(own | Q(pk__in=lacking), campaign__state__in=alive)
        .select_related("campaign")
        .order_by("campaign", "part")
    )


def _is_near(issue: Issue, *, now: dt.datetime) -> bool:
    """Whether it is to go out within a week, or could at any time, and nobody has sent it back."""
    if issue.campaign.state != Campaign.State.ACTIVE or issue.held:
        return False
    if not issue.slot:
        return issue.campaign.kind in (Campaign.Kind.WELCOME, Campaign.Kind.EVERGREEN)
    return due_at(issue) <= now + AHEAD


def _whom(issue: Issue, configuration: Configuration) -> list[Practitioner]:
    able = [
        each for each in configuration.practitioners if each.email and may_approve(issue, each.name)
    ]
    reviewers = {folded(person["name"]) for person in issue.about.get("reviewers", ())}
    return [each for each in able if folded(each.name) in reviewers] or able


def _is_new(issue: Issue, asked: Practitioner, *, now: dt.datetime) -> bool:
    """Whether the scheduler never asked them about these bytes, nor anybody by an open link."""
    before = ApprovalRequest.objects.filter(campaign=issue.campaign_id, practitioner=asked.name)
    asked_by = [each for each in before if each.asked_by == SCHEDULER or each.until > now]
    return any(
        all(each.content_hashes.get(key_of(text)) != text.content_hash for each in asked_by)
        for text in _texts_that_wait(issue)
    )


def _texts_that_wait(issue: Issue) -> list[Text]:
    """What of a part nobody has approved or sent back."""
    own = issue.state == Issue.State.SCHEDULED and approval_of(issue) is None
    return [*([issue] if own else []), *waiting_variants().filter(issue=issue, held="")]


def _ask(
    campaign: Campaign,
    issues: Collection[Issue],
    asked: Practitioner,
    *,
    configuration: Configuration,
    now: dt.datetime,
    actor: str = SCHEDULER,
) -> ApprovalRequest:
    person = row_of(asked.email, now=now)
    request = ApprovalRequest.objects.create(
        campaign=campaign,
        practitioner=asked.name,
        subscriber_id=person.pk,
        content_hashes={
            key_of(text): text.content_hash for issue in issues for text in with_variants(issue)
        },
        asked_by=actor[:200],
        created_at=now,
        until=now + GOOD_FOR,
    )
    post(
        kind=Notice.Kind.APPROVE,
        subscriber=person,
        newsletter=campaign.newsletter,
        cause=f"request {request.pk}",
        language=asked.language or configuration.clinic.language,
        values={"token": token_of(request), "article": campaign.title},
        useful_until=request.until,
        now=now,
    )
    for issue in issues:
        told = f"{asked.name} was asked to approve part {issue.part}"
        note("requested", told, actor=actor, now=now, issue=issue, hash=issue.content_hash)
    return request


def _asked(request: ApprovalRequest) -> set[int]:
    return {int(key.partition("-")[0]) for key in request.content_hashes}


def _newer(request: ApprovalRequest) -> Iterable[ApprovalRequest]:
    return ApprovalRequest.objects.filter(
        campaign=request.campaign_id, practitioner=request.practitioner, pk__gt=request.pk
    )


def _bound(request: ApprovalRequest) -> str:
    """A digest of whom and what a request is about, 128 bits in hexadecimal."""
    about = [
        request.practitioner,
        request.subscriber_id,
        request.campaign_id,
        sorted(request.content_hashes.items()),
        request.until.astimezone(dt.UTC).isoformat(),
    ]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]
