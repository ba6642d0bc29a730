"""The tables of what providers report. None of them holds an address: only the keyed hash."""

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One thing a provider told of one message. Told again, it is the same row; kept for a month.

    Opens and clicks leave no row: what they change is the same when it is told twice.

    Attributes:
        key: What it is recognised by (A6): see ``events/take.py``.
        address_hash: The keyed hash of the reader's address.
        batch: The key of the batch, if the provider gave it back.
        code: What a bounce means, as ``audience.complaints.bounce`` reads it.
        reason: The provider's words, without addresses; of what could not be read, its fields.
        error: What went wrong with it; "" if nothing did.
        retry_at: When it is looked at again; None if it is not.
    """

    class State(models.TextChoices):
        """What became of it."""

        APPLIED = "applied", "it has changed what it changes"
        ORPHAN = "orphan", "it is of no message that we know"
        POISON = "poison", "it could not be read or applied; the others were"

    key = models.CharField(max_length=64, primary_key=True)
    provider = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, blank=True)
    provider_id = models.CharField(max_length=255, blank=True)
    address_hash = models.CharField(max_length=64, blank=True)
    batch = models.CharField(max_length=32, blank=True)
    code = models.CharField(max_length=16, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=16, choices=State.choices)
    error = models.CharField(max_length=500, blank=True)
    tries = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state"], name="event_unsettled", condition=~Q(state="applied")),
            models.Index(
                fields=["retry_at"], name="event_retry", condition=Q(retry_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind or 'unread'} event of {self.provider}: {self.state}"


class EventFeed(models.Model):
    """How we hear from one provider: by its webhooks and, where these are silent, by asking.

    Attributes:
        heard_at: When a webhook of it came last, to the minute; None if none ever did.
        missed_since: From when on webhooks may have been lost; None if they were not.
        asked_at: When it was asked last.
        cursor: Up to when it has told everything it knew.
    """

    provider = models.CharField(max_length=32, primary_key=True)
    heard_at = models.DateTimeField(null=True)
    missed_since = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    cursor = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"events of {self.provider}"


class SpentToken(models.Model):
    """A token of a signed webhook that was used: a signature counts once. Kept for a day.

    Attributes:
        digest: The sha256 of provider and token.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    spent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"token spent at {self.spent_at}"
