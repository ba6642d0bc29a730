"""What stands in the tables, as a person wants to hear it."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count

from pipeline.audience.models import Notice
from pipeline.campaigns.approval import approved
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.counts import Counts, counts, notice_counts
from pipeline.outbox.models import Batch
from pipeline.outbox.notices import unmade
from pipeline.stages.merge import unmarked


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSummary:
    """One issue in one line.

    Attributes:
        slot: Wall time in ``time_zone``; None of an evergreen issue that waits for a free slot.
    """

    number: int
    part: int
    of: int
    subject: str
    slot: dt.datetime | None
    time_zone: str
    state: str
    approved: bool
    folder: str
    posts: int
    cards: int
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSummary:
    """One campaign with its issues in order."""

    number: int
    article: str
    title: str
    newsletter: str
    state: str
    issues: tuple[IssueSummary, ...]

    @property
    def sections(self) -> int:
        """The parts of the article: each has one card."""
        return sum(issue.cards for issue in self.issues)

    @property
    def posts(self) -> int:
        """The posts of all issues."""
        return sum(issue.posts for issue in self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSummary:
    """All notices of one kind in one line.

    Attributes:
        about: What the kind asks or tells, in a few words.
    """

    kind: str
    about: str
    counts: Counts


def campaigns() -> tuple[CampaignSummary, ...]:
    """Every campaign, oldest first. Three queries, however many there are."""
    sums = counts()
    issues = (
        Issue.objects.exclude(state=Issue.State.CANCELLED)
        .annotate(yes=approved(), n_posts=Count("posts", distinct=True))
        .annotate(n_cards=Count("cards", distinct=True))
        .defer("html", "text")
        .order_by("part")
    )
    by_campaign: dict[int, list[IssueSummary]] = {}
    for issue in issues:
        by_campaign.setdefault(issue.campaign_id, []).append(
            IssueSummary(
                number=issue.pk,
                part=issue.part,
                of=issue.of,
                subject=unmarked(issue.subject),
                slot=dt.datetime.fromisoformat(issue.slot) if issue.slot else None,
                time_zone=issue.time_zone,
                state=issue.state,
                approved=issue.yes,
                folder=issue.folder,
                posts=issue.n_posts,
                cards=issue.n_cards,
                counts=sums.get(issue.pk, Counts()),
            )
        )
    return tuple(
        CampaignSummary(
            number=campaign.pk,
            article=campaign.article,
            title=campaign.title,
            newsletter=campaign.newsletter,
            state=campaign.state,
            issues=tuple(by_campaign.get(campaign.pk, ())),
        )
        for campaign in Campaign.objects.order_by("pk")
    )


def notices() -> tuple[NoticeSummary, ...]:
    """Every kind of notice there is, with its sum."""
    return tuple(
        NoticeSummary(kind=kind, about=Notice.Kind(kind).label, counts=each)
        for kind, each in notice_counts().items()
    )


def troubles() -> tuple[str, ...]:
    """Why batches wait to be tried again or asked about, or notices to be made, each reason once.

    What stays unknown is no trouble of this run: it stands in the sums until a person decides.
    """
    waiting = Batch.objects.filter(
        state__in=[Batch.State.RETRY, Batch.State.UNKNOWN], settled_at__isnull=True
    )
    reasons = {reason.rstrip(".") for reason in waiting.values_list("reason", flat=True)}
    later = [f"{reason}. It is tried again at a later run." for reason in sorted(reasons)]
    return (*later, *unmade())
