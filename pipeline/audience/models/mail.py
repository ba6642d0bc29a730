"""The tables of mail to one person: who asked to join, and what is written to them."""

from django.db import models
from django.db.models import Q

from pipeline.audience.models.people import Subscriber


class JoinRequest(models.Model):
    """That somebody asked to join: kept 30 days, to bound how often anybody is written to (S16).

    What the link in the mail needs stands here too, until it is used or has ended.

    Attributes:
        origin_hash: The keyed hash of the truncated network the request came from.
        mailed: Whether it took one of the places the limits give: a mail went out for it, or none
            did because the person once complained, which nobody may see from outside (S18).
        wording: What the form said, word for word; "" once the link is used or has ended.
        form: The address of the form, or "".
        details: What was typed beside the address: name, language and fields, as JSON. It is the
            person's only when they confirm, for anybody may have typed it.
        confirmed_at: When the link was used. It is used once.
    """

    address_hash = models.CharField(max_length=64)
    origin_hash = models.CharField(max_length=64)
    newsletter = models.CharField(max_length=64)
    mailed = models.BooleanField()
    wording = models.TextField(blank=True)
    form = models.CharField(max_length=500, blank=True)
    details = models.JSONField(default=dict, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address_hash", "created_at"], name="join_request_address"),
            models.Index(fields=["origin_hash", "created_at"], name="join_request_origin"),
            models.Index(fields=["newsletter", "created_at"], name="join_request_newsletter"),
            models.Index(fields=["created_at"], name="join_request_age"),
        ]

    def __str__(self) -> str:
        return f"join request {self.pk}"


class Notice(models.Model):
    """One transactional mail to one person: confirm, approve, alarm, test, password.

    Unique by (kind, subscriber, cause): what is asked for twice is written once. It goes out by the
    queue's own machine, one to a batch, ahead of issues. It has no List-Unsubscribe, and a sender
    apart from newsletters (D14).

    Attributes:
        cause: What it is for, in a word that never comes twice: "weekly 2026-03-03".
        values: What its template is filled with, as JSON; it holds no address.
    """

    class Kind(models.TextChoices):
        """What it asks or tells."""

        CONFIRM = "confirm", "asks whether somebody wants a newsletter"
        KNOWN = "known", "tells somebody who asked that they get it already"
        APPROVE = "approve", "asks a practitioner to approve what is to go out"
        TEST = "test", "shows an issue to the staff before it goes out"

    class State(models.TextChoices):
        """How far it is: the states of a delivery that one mail can have."""

        PENDING = "pending", "waits for its turn"
        CLAIMED = "claimed", "in a batch"
        ACCEPTED = "accepted", "the channel took it"
        DELIVERED = "delivered", "the reader's server took it"
        COMPLAINED = "complained", "the reader called it spam"
        BOUNCED = "bounced", "the reader's server refused it"
        REFUSED = "refused", "the channel or our own header check refused it"
        ABANDONED = "abandoned", "tries used up, or too late to be of use"
        SUPPRESSED = "suppressed", "the person is not written to"
        CANCELLED = "cancelled", "called off before it could go out"
        UNKNOWN = "unknown", "nobody can tell whether it went out"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="notices")
    newsletter = models.CharField(max_length=64, blank=True)
    cause = models.CharField(max_length=200)
    language = models.CharField(max_length=35, blank=True)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=16, choices=State.choices, default=State.PENDING)
    # After this it would be of no use: a link that has ended.
    useful_until = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subscriber", "cause"], name="one_notice_per_cause"
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="notice_pending", condition=Q(state="pending")),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}: {self.kind}"
