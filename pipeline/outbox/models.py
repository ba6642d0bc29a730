"""The tables of the queue, and their states."""

from django.db import models
from django.db.models import Q

from pipeline.audience.models import Notice, Subscriber
from pipeline.campaigns.models import Issue
from pipeline.outbox.letter import Letter


class Batch(models.Model):
    """Deliveries, or one notice, handed to a channel in one call: a key, a lease, a frozen payload.

    Invariants (I1–I9 of docs/architecture.md): what will be sent is frozen when the batch is made;
    SUBMITTING is committed before the first byte leaves; every later write is fenced by owner and
    epoch; a batch that may have gone out is tried again only by the rule of its channel's safety.

    A channel of one message each goes through its readers in their frozen order: so many are
    ``done`` with, and so many behind them are ``in_flight``, so that after a crash nobody else is
    unsure (outbox/stepwise.py). Both are None for a channel that takes all readers in one call. A
    batch in RETRY with one in flight waits for the sake of that reader alone.

    It is of an issue or of a notice. One of neither is of a notice that is gone: its person was
    purged while it was on its way, which nobody may be kept from (L6).
    """

    class State(models.TextChoices):
        """How far it is."""

        CLAIMED = "claimed", "made, nothing sent"
        SUBMITTING = "submitting", "the call may be under way: it may have gone out"
        RETRY = "retry", "certainly refused: may be tried again after retry_at"
        UNKNOWN = "unknown", "nobody can tell yet"
        ACCEPTED = "accepted", "the channel took it"
        RECONCILED = "reconciled", "settled afterwards, by look-up or by a person"
        DISSOLVED = "dissolved", "taken apart before anything could have gone out"
        ABANDONED = "abandoned", "refused for good"

    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="batches")
    language = models.CharField(max_length=35, blank=True)
    arm = models.CharField(max_length=1, blank=True)
    notice = models.ForeignKey(Notice, models.SET_NULL, null=True, related_name="batches")
    channel = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=State.choices)
    key = models.CharField(max_length=32, unique=True)
    owner = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField(default=1)
    lease_until = models.DateTimeField()
    submissions = models.PositiveIntegerField(default=0)
    first_submit_at = models.DateTimeField(null=True)
    last_submit_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    look_ups = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(null=True)
    in_flight = models.PositiveIntegerField(null=True)
    # The frozen part: dropped when the batch is settled, for it holds addresses.
    frozen = models.JSONField(null=True)
    serializer = models.CharField(max_length=32)
    payload_sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    OPEN = (State.CLAIMED, State.SUBMITTING, State.RETRY, State.UNKNOWN)

    # What it was frozen from, while the process that froze it has it; no column.
    letter: Letter | None = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(issue__isnull=True) | Q(notice__isnull=True),
                name="batch_of_an_issue_or_a_notice",
            )
        ]
        indexes = [
            models.Index(fields=["created_at"], name="batch_made"),
            models.Index(
                fields=["lease_until"],
                name="batch_open",
                # Not by a list of states: SQLite does not see that a query asks for the same.
                condition=Q(settled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}: {self.state}"


class Wait(models.TextChoices):
    """Why a delivery was put off, as its reason says while it waits."""

    PAUSED = "paused", "the person pauses"
    WEEK = "week", "the person had a letter of the newsletter less than six days before"
    ORDER = "order", "something comes first for the person"


class Delivery(models.Model):
    """One issue for one subscriber: exactly one row.

    Attributes:
        language: Which variant of the issue it is; "" is the newsletter's own language.
        arm: Which subject of a trial: "a", "b", or "" where the winner, or the only one, is used.
        due_at: When it may go, for this person: waves, late joiners and pauses have their own.
        sent_at: When it was claimed to be sent; None again if it was given back. What counts as
            one of the week.
        clicked_at: When its reader first followed a link, if they agreed to be measured.
    """

    class State(models.TextChoices):
        """How far it is; every state belongs to one term of the sum in ``outbox/counts.py``."""

        PENDING = "pending", "waits for its turn"
        CLAIMED = "claimed", "in a batch"
        ACCEPTED = "accepted", "the channel took it"
        DELIVERED = "delivered", "the reader's server took it"
        COMPLAINED = "complained", "the reader called it spam"
        BOUNCED = "bounced", "the reader's server refused it"
        REFUSED = "refused", "the channel or our own header check refused it"
        ABANDONED = "abandoned", "tries used up, or given up by a person"
        SUPPRESSED = "suppressed", "the subscriber is not written to; the reason says why"
        CANCELLED = "cancelled", "called off before it could go out"
        UNKNOWN = "unknown", "nobody can tell whether it went out"

    # No index of its own: that of the unique pair begins with it.
    issue = models.ForeignKey(Issue, models.PROTECT, related_name="deliveries", db_index=False)
    subscriber = models.ForeignKey(Subscriber, models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=16, choices=State.choices)
    language = models.CharField(max_length=35, blank=True)
    arm = models.CharField(max_length=1, blank=True)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    clicked_at = models.DateTimeField(null=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="deliveries", db_index=False
    )
    provider_id = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "subscriber"], name="one_delivery_per_issue_and_subscriber"
            )
        ]
        indexes = [
            models.Index(
                fields=["issue", "due_at", "id"],
                name="delivery_pending",
                condition=Q(state="pending"),
            ),
            models.Index(fields=["issue", "state"], name="delivery_counts"),
            models.Index(fields=["batch"], name="delivery_batch", condition=Q(batch__isnull=False)),
            models.Index(
                fields=["due_at"],
                name="delivery_paused",
                condition=Q(state="pending", reason="paused"),
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}: {self.state}"


class SendingDay(models.Model):
    """What a sender's domain may send on one day of the clinic's calendar: one row for each.

    It is the lock, too, at which senders wait for each other where a number is not to be exceeded.

    Attributes:
        day: ``YYYY-MM-DD`` in the clinic's zone.
        cap: How many letters at most, by the domain's warm-up; 0 for as many as there are.
        over_by: Who let the domain send more that day, or "".
    """

    domain = models.CharField(max_length=255)
    day = models.CharField(max_length=10)
    cap = models.PositiveIntegerField(default=0)
    over_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["domain", "day"], name="one_row_per_domain_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.domain} on {self.day}"


class BounceMailbox(models.Model):
    """How far a mailbox is read that bounces come to.

    Attributes:
        name: The sha256 of user, host and folder.
        validity: The folder's UIDVALIDITY: with another one, its numbers have begun anew.
        read_up_to: The number of the last mail that was read.
        asked_at: When it was looked into last; None if it never was.
    """

    name = models.CharField(max_length=64, primary_key=True)
    validity = models.BigIntegerField(default=0)
    read_up_to = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"mailbox read up to {self.read_up_to}"
