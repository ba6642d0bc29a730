"""The tables of what goes out and when."""

from django.db import models


class ConfigurationRevision(models.Model):
    """One reading of clinic.toml. The newest is what runs."""

    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"configuration {self.pk}"


class ArticleRevision(models.Model):
    """One text of an article. The newest of its slug is what runs."""

    class Source(models.TextChoices):
        """Where the text came from."""

        FILE = "file", "a file in content/articles"
        STUDIO = "studio", "written in the studio"

    slug = models.CharField(max_length=200, db_index=True)
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    source = models.CharField(max_length=16, choices=Source.choices)
    author = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.slug}, revision {self.pk}"


class Part(models.Model):
    """Bytes that were rendered, found by their hash. What is approved is what is stored here."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.sha256


class Campaign(models.Model):
    """The plan that turns one article into issues and posts with dates."""

    class State(models.TextChoices):
        """Whether it may send."""

        ACTIVE = "active", "sends what is due"
        PAUSED = "paused", "sends nothing until resumed"
        CANCELLED = "cancelled", "sends nothing any more"

    article = models.CharField(max_length=200)
    newsletter = models.CharField(max_length=64)
    title = models.CharField(max_length=500)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    # What it was last made from: article, configuration and template overrides, as one hash.
    made_from = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "newsletter"], name="one_campaign_per_article_and_newsletter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.newsletter})"


class Issue(models.Model):
    """One email of a newsletter, with everything that will be sent but the merge values.

    ``slot`` is wall time in ``time_zone``; it becomes UTC only when it is compared with now, so a
    change of the zone's rules moves the instant and not the hour on the reader's clock.
    """

    class State(models.TextChoices):
        """How far it is."""

        SCHEDULED = "scheduled", "waits for its slot and its approval"
        RELEASING = "releasing", "its deliveries are being queued"
        SENDING = "sending", "every delivery is queued; some are on their way"
        SENT = "sent", "nothing is left to do"
        CANCELLED = "cancelled", "will not go out"

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="issues")
    newsletter = models.CharField(max_length=64)
    part = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    folder = models.CharField(max_length=255)
    subject = models.CharField(max_length=998)
    preheader = models.CharField(max_length=998, blank=True)
    html = models.ForeignKey(Part, models.PROTECT, related_name="+")
    text = models.ForeignKey(Part, models.PROTECT, related_name="+")
    envelope = models.JSONField()
    # What the archive tells of it: the fields of pipeline.values.About.
    about = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    slot = models.CharField(max_length=19)
    time_zone = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices, default=State.SCHEDULED)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "part"], name="one_issue_per_part")
        ]

    def __str__(self) -> str:
        return f"{self.campaign}, part {self.part} of {self.of}"


class Post(models.Model):
    """One message for one account of a network, made from one section."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="posts")
    section = models.PositiveIntegerField()
    network = models.CharField(max_length=32)
    handle = models.CharField(max_length=255)
    text = models.TextField()
    length = models.PositiveIntegerField()
    limit = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "section", "network", "handle"],
                name="one_post_per_section_and_account",
            )
        ]

    def __str__(self) -> str:
        return f"post {self.pk} for {self.network}"


class Card(models.Model):
    """The picture of one section."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="cards")
    section = models.PositiveIntegerField()
    png = models.ForeignKey(Part, models.PROTECT, related_name="+")
    alt = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "section"], name="one_card_per_section")
        ]

    def __str__(self) -> str:
        return f"card {self.pk}"


class Waiver(models.Model):
    """A named person's word that a claim of an article may stand, and why. Rows stay for ever.

    It is bound to the sentence by its hash: one changed letter and the claim is found again. A
    withdrawal ends it by a second name and time; the row stays.
    """

    article = models.CharField(max_length=200)
    code = models.CharField(max_length=64)
    words = models.TextField()
    words_hash = models.CharField(max_length=64)
    waived_by = models.CharField(max_length=200)
    reason = models.TextField()
    created_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "code", "words_hash"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_standing_waiver_per_claim",
            )
        ]

    def __str__(self) -> str:
        return f"waiver of {self.code} in {self.article} by {self.waived_by}"


class Approval(models.Model):
    """A yes, bound to the hash of everything it was given for. Append-only.

    It counts for an issue only while the issue's own hash is the same: one changed character and
    the issue has none.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    approver = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "content_hash"], name="one_approval_per_hash")
        ]

    def __str__(self) -> str:
        return f"approval of issue {self.issue_id} by {self.approver}"
