"""The tables of people, of why they may be written to, and of lists.

``Consent``, ``Suppression`` and ``Rejoin`` are append-only: triggers refuse every other verb
(``audience/guards.py``). None of them holds an address, so erasing a person touches none of them.
"""

from django.db import models
from django.db.models import Q


class Subscriber(models.Model):
    """A person. Erasing one blanks this row; what refers to it by hash stays."""

    address = models.CharField(max_length=320, blank=True)
    address_hash = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=35, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    # What a newsletter asks beside these, by the key of its field in clinic.toml.
    fields = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    # It stays while who was erased has asked to join anew and not confirmed: the address is there
    # again, for that one mail.
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["time_zone"], name="subscriber_zone", condition=~Q(time_zone="")),
        ]

    def __str__(self) -> str:
        return f"subscriber {self.pk}"


class Subscription(models.Model):
    """The tie of a person to a newsletter.

    What the append-only tables say of it in many rows stands here once more as it is now, so that a
    million of them can be asked in one statement.
    """

    class State(models.TextChoices):
        """Where the tie stands."""

        PENDING = "pending", "asked for, not confirmed: never written to"
        ACTIVE = "active", "confirmed"
        LEFT = "left", "ended by the subscriber"
        ENDED = "ended", "ended by the clinic"

    class Frequency(models.TextChoices):
        """How often the subscriber wants to hear."""

        EVERY = "every", "every issue"
        MONTHLY = "monthly", "one digest a month, and no weekly issue"

    # No index of its own: that of the unique pair begins with it.
    subscriber = models.ForeignKey(
        Subscriber, models.CASCADE, related_name="subscriptions", db_index=False
    )
    newsletter = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices)
    changed_at = models.DateTimeField()
    # When it last became active; empty while it waits for a confirmation.
    joined_at = models.DateTimeField(null=True)
    # The end of an implied consent (L8); empty if it has none.
    until = models.DateTimeField(null=True)
    frequency = models.CharField(max_length=16, choices=Frequency.choices, default=Frequency.EVERY)
    paused_until = models.DateTimeField(null=True)
    # Whether the person agreed to be measured (P2), and when they last opened or clicked.
    tracking = models.BooleanField(default=False)
    engaged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "newsletter"], name="one_subscription_per_newsletter"
            )
        ]
        indexes = [
            models.Index(
                fields=["newsletter", "state", "subscriber"], name="subscription_audience"
            ),
            models.Index(
                fields=["changed_at"], name="subscription_pending", condition=Q(state="pending")
            ),
            models.Index(
                fields=["changed_at"],
                name="subscription_gone",
                # Not by a list of states: SQLite does not see that a query asks for the same.
                condition=~Q(state="active") & ~Q(state="pending"),
            ),
            models.Index(fields=["newsletter", "joined_at"], name="subscription_joined"),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk} to {self.newsletter}: {self.state}"


# Consents that are found by hash. Those that came with a list are found by number: whoever's number
# is gone had a withdrawal written, which tells it. An index of every hash would cost an import of a
# million a quarter of its time.
_BY_HASH = Q(import_id=None) | Q(given=False)


class Consent(models.Model):
    """Why a person may be written to, or measured. Append-only; holds no address (L5).

    Attributes:
        newsletter: The key of the newsletter it is for.
        given: False withdraws an earlier one.
        until: The end of what is only implied (L8).
        wording: What the person read before they agreed, word for word; its sha256 beside it.
        form: The address of the form, or "".
        source: How it came: "form", "import", "preferences", "staff", or a file's name.
        actor: Who did it: "subscriber", or a person of the clinic.
        asked_at: When the form was sent; ``created_at`` is when the link in the mail was used.
        batch: The import it came with.
    """

    append_only = True

    class Purpose(models.TextChoices):
        """What was agreed to."""

        LETTERS = "letters", "to be written to"
        TRACKING = "tracking", "to have opens and clicks measured"

    class Basis(models.TextChoices):
        """What the right to write rests on."""

        EXPRESS = "express", "the person asked for it"
        IMPLIED = "implied", "implied by an inquiry or a purchase, until a date"
        EXISTING = "existing", "an existing relationship"
        DEMO = "demo", "a made-up person of the example home"

    # A plain number, not a foreign key: the record outlives the person's row.
    subscriber_id = models.BigIntegerField(db_index=True)
    address_hash = models.CharField(max_length=64)
    newsletter = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16, choices=Purpose.choices, default=Purpose.LETTERS)
    basis = models.CharField(max_length=16, choices=Basis.choices)
    given = models.BooleanField(default=True)
    until = models.DateTimeField(null=True)
    wording = models.TextField(blank=True)
    wording_sha256 = models.CharField(max_length=64, blank=True)
    form = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=200)
    actor = models.CharField(max_length=200)
    import_id = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    BY_HASH = _BY_HASH

    class Meta:
        indexes = [
            models.Index(
                fields=["address_hash"],
                name="consent_hash",
                condition=_BY_HASH,
            )
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}: {self.basis}"


class ConsentOrigin(models.Model):
    """Where a consent was given from: a truncated IP address, which erasure deletes."""

    consent_id = models.BigIntegerField(primary_key=True)
    subscriber_id = models.BigIntegerField(db_index=True)
    network = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"origin of consent {self.consent_id}"


class Suppression(models.Model):
    """Who is never written to again. Append-only; holds no address.

    ``newsletter`` is the key of the one left, or "" for all of them. ``number`` counts how often a
    person left, so that whoever came back by their own act can leave again.
    """

    append_only = True

    class Reason(models.TextChoices):
        """What ended it."""

        UNSUBSCRIBED = "unsubscribed", "the subscriber left"
        COMPLAINED = "complained", "the subscriber called a mail spam"
        BOUNCED = "bounced", "the address does not exist"
        STAFF = "staff", "a person of the clinic asked for it"
        ERASED = "erased", "the person asked to be forgotten"

    address_hash = models.CharField(max_length=64)
    newsletter = models.CharField(max_length=64, blank=True)
    number = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=16, choices=Reason.choices)
    # The way it came: "one-click", "page", "preferences", "provider", "import", a person's name.
    source = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address_hash", "newsletter", "number"],
                name="one_suppression_per_newsletter",
            )
        ]

    def __str__(self) -> str:
        return f"suppression {self.pk}: {self.reason}"


class Rejoin(models.Model):
    """A person's own act that ends a suppression for one newsletter. Append-only.

    Nothing else ends one: no import, no restore, no member of staff (promise 4, D34).
    """

    append_only = True

    class How(models.TextChoices):
        """What the person did."""

        CONFIRMED = "confirmed", "used the link of a confirmation"
        UNDONE = "undone", "took the leaving back right after it"

    suppression = models.ForeignKey(Suppression, models.PROTECT, related_name="rejoins")
    newsletter = models.CharField(max_length=64)
    how = models.CharField(max_length=16, choices=How.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["suppression", "newsletter"], name="one_rejoin_per_suppression"
            )
        ]

    def __str__(self) -> str:
        return f"rejoin {self.pk}: {self.how}"


class SoftBounce(models.Model):
    """A mailing that came back for a reason that may pass (D29). Goes when one arrives.

    Attributes:
        mailing: Which one: "issue 12". It is counted once, whatever a provider repeats.
    """

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="soft_bounces")
    mailing = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "mailing"], name="one_soft_bounce_per_mailing"
            )
        ]

    def __str__(self) -> str:
        return f"soft bounce {self.pk}"


class Segment(models.Model):
    """A saved choice of subscribers of one newsletter; ``audience/segments.py`` reads it."""

    name = models.CharField(max_length=200)
    newsletter = models.CharField(max_length=64)
    definition = models.JSONField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "name"], name="one_segment_per_name")
        ]

    def __str__(self) -> str:
        return f"segment {self.name} of {self.newsletter}"


class Import(models.Model):
    """One list that was read in. Its changes can be taken back as one.

    Attributes:
        counts: What became of the rows: {"added": 3, "updated": 1, "suppressed": 2, "refused": 1}.
        progress: How far it is, so that the same command goes on after a crash: the last line whose
            outcome is committed, the bytes of the report up to there, the options, the owner.
    """

    newsletter = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    basis = models.CharField(max_length=16, choices=Consent.Basis.choices)
    actor = models.CharField(max_length=200)
    counts = models.JSONField(default=dict)
    progress = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"import {self.pk} into {self.newsletter}"


class ImportChange(models.Model):
    """What an import changed of one person, so that it can be taken back.

    Attributes:
        created: Whether the person was not there before.
        before: ``{"person": {"name": ["old", "new"]}, "subscription": {"state": ["ended",
            "active"]}}``: what was changed, from what, to what. None for a subscription that was
            not there. Erasing the person deletes this row.
    """

    source = models.ForeignKey(Import, models.CASCADE, related_name="changes", db_index=False)
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="+")
    created = models.BooleanField()
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "subscriber"], name="one_change_per_import_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"change {self.pk} of import {self.source_id}"
