"""The tables of the audience. The clear address lives in ``Subscriber`` and nowhere else."""

from django.db import models


class Subscriber(models.Model):
    """A person. Erasing one blanks this row; what refers to it by hash stays."""

    address = models.CharField(max_length=320, blank=True)
    address_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=35, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class Subscription(models.Model):
    """The tie of a person to a newsletter."""

    class State(models.TextChoices):
        """Where the tie stands."""

        PENDING = "pending", "asked for, not confirmed: never written to"
        ACTIVE = "active", "confirmed"
        LEFT = "left", "ended by the subscriber"

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    newsletter = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "newsletter"], name="one_subscription_per_newsletter"
            )
        ]
        indexes = [
            models.Index(fields=["newsletter", "state", "subscriber"], name="subscription_audience")
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk} to {self.newsletter}: {self.state}"


class Consent(models.Model):
    """Why a person may be written to. Append-only; holds no address (L5)."""

    class Basis(models.TextChoices):
        """What the right to write rests on."""

        EXPRESS = "express", "the person asked for it"
        DEMO = "demo", "a made-up person of the example home"

    # A plain number, not a foreign key: the record outlives the person's row.
    subscriber_id = models.BigIntegerField(db_index=True)
    address_hash = models.CharField(max_length=64, db_index=True)
    newsletter = models.CharField(max_length=64)
    basis = models.CharField(max_length=16, choices=Basis.choices)
    wording = models.TextField(blank=True)
    source = models.CharField(max_length=200)
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"consent {self.pk}: {self.basis}"


class Suppression(models.Model):
    """Who is never written to again. Append-only; holds no address.

    ``newsletter`` is the key of the one left, or "" for all of them.
    """

    class Reason(models.TextChoices):
        """What ended it."""

        UNSUBSCRIBED = "unsubscribed", "the subscriber left"
        COMPLAINED = "complained", "the subscriber called a mail spam"
        BOUNCED = "bounced", "the address does not exist"
        STAFF = "staff", "a person of the clinic asked for it"

    address_hash = models.CharField(max_length=64)
    newsletter = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "newsletter"], name="one_suppression_per_newsletter"
            )
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}: {self.reason}"
