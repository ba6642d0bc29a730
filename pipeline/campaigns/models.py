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
    """The plan that turns one article into issues and posts with dates.

    Attributes:
        kind: What its dates come from.
        form: What a person chose for the article to become; "" leaves it to the article.
        start: The first day an issue may go out, ``YYYY-MM-DD`` in the newsletter's zone, or "".
        season: The season of clinic.toml an evergreen article is written for, or "".
        planned_by: Who planned it; they may not approve where another person must.
        outline: The form it has, and its sections as they were read last, by which they are known
            again: ``{"form": "grouped", "sections": [{"key": …, "heading": …, "text": …}]}``.
        grouping: Which sections a person put together, by their keys, with who and when:
            ``{"value": [["vessels", "muscle"], ["nerves"]], "by": "…", "at": "…"}``.
    """

    class Kind(models.TextChoices):
        """What its dates come from."""

        SERIES = "series", "takes the newsletter's slots, week after week"
        EVERGREEN = "evergreen", "takes a slot that nothing else claims"
        WELCOME = "welcome", "goes to each new subscriber once, when they join"
        DIGEST = "digest", "gathers a month's issues for who wants one letter a month"

    class State(models.TextChoices):
        """Whether it may send."""

        PLANNED = "planned", "a proposal: sends nothing until it is scheduled"
        ACTIVE = "active", "sends what is due"
        PAUSED = "paused", "sends nothing until resumed"
        CANCELLED = "cancelled", "sends nothing any more"

    article = models.CharField(max_length=200)
    newsletter = models.CharField(max_length=64)
    title = models.CharField(max_length=500)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.SERIES)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    form = models.CharField(max_length=16, blank=True)
    start = models.CharField(max_length=10, blank=True)
    season = models.CharField(max_length=100, blank=True)
    planned_by = models.CharField(max_length=200, blank=True)
    outline = models.JSONField(default=dict)
    grouping = models.JSONField(default=dict)
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
    change of the zone's rules moves the instant and not the hour on the reader's clock. It is "" of
    an issue that has none yet: an evergreen one that waits for a free slot, a welcome.

    Attributes:
        sections: The keys of the sections it is made of, in order.
        edits: What a person set, by the field's name, with who and when: ``{"subject": {"value":
            "…", "by": "…", "at": "…"}}``. It outlives every new reading of the article.
        held: Why it does not go out though its time may have come; "" if nothing holds it.
        findings: What the checks remarked, as JSON, for whoever approves.
        trial: A second subject to be tried on a sample; {} if there is none. See
            ``outbox/trials.py``.
        joined_until: Up to when it is known who joined after it was released; None of an issue
            that nobody was given later.
        four_eyes: Whether only another person than its authors, planner and editors may approve it.
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
    sections = models.JSONField(default=list)
    edits = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    trial = models.JSONField(default=dict)
    four_eyes = models.BooleanField(default=False)
    slot = models.CharField(max_length=19, blank=True)
    time_zone = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State.choices, default=State.SCHEDULED)
    held = models.CharField(max_length=500, blank=True)
    released_at = models.DateTimeField(null=True)
    joined_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "part"], name="one_issue_per_part")
        ]

    def __str__(self) -> str:
        return f"{self.campaign}, part {self.part} of {self.of}"


class Variant(models.Model):
    """An issue in another language than its newsletter's, with a hash and approvals of its own.

    Attributes:
        article: The slug of the translation it was made from; "" of what Meridian put together.
        held: Why nobody gets it though it may be approved; "" if nothing holds it.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="variants")
    language = models.CharField(max_length=35)
    subject = models.CharField(max_length=998)
    preheader = models.CharField(max_length=998, blank=True)
    html = models.ForeignKey(Part, models.PROTECT, related_name="+")
    text = models.ForeignKey(Part, models.PROTECT, related_name="+")
    envelope = models.JSONField()
    about = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    content_hash = models.CharField(max_length=64)
    article = models.CharField(max_length=200, blank=True)
    held = models.CharField(max_length=500, blank=True)
    made_from = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "language"], name="one_variant_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.issue}, in {self.language}"


class Post(models.Model):
    """One message for one account of a network, made from one section.

    ``slot`` is wall time in the issue's zone; "" while the issue has none. ``key`` is the key of
    the section, ``section`` where it stands in the article now.
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="posts")
    section = models.PositiveIntegerField()
    key = models.CharField(max_length=80, blank=True)
    network = models.CharField(max_length=32)
    handle = models.CharField(max_length=255)
    text = models.TextField()
    length = models.PositiveIntegerField()
    limit = models.PositiveIntegerField()
    slot = models.CharField(max_length=19, blank=True)
    edits = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "key", "network", "handle"],
                name="one_post_per_section_and_account",
            )
        ]

    def __str__(self) -> str:
        return f"post {self.pk} for {self.network}"


class Card(models.Model):
    """The picture of one section; ``key`` and ``section`` as a post has them."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="cards")
    section = models.PositiveIntegerField()
    key = models.CharField(max_length=80, blank=True)
    png = models.ForeignKey(Part, models.PROTECT, related_name="+")
    alt = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "key"], name="one_card_per_section")
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

    It counts for an issue, or for one of its variants, only while that hash is the same: one
    changed character and there is none.
    """

    append_only = True

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="approvals")
    content_hash = models.CharField(max_length=64)
    approver = models.CharField(max_length=200)
    # How it was given: "command line", "link", "studio", or "" where nobody was asked.
    via = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issue", "content_hash"], name="one_approval_per_hash")
        ]

    def __str__(self) -> str:
        return f"approval of issue {self.issue_id} by {self.approver}"


class ApprovalRequest(models.Model):
    """That a practitioner was asked to approve parts of a campaign: what a link is for.

    Attributes:
        practitioner: Their name in clinic.toml; it stands in the approval.
        subscriber_id: The row that holds their address.
        content_hashes: What they were asked about: the hash of each issue by its number, as text,
            and of each variant by ``12-ko``.
        asked_by: A person's name, or "scheduler".
        until: When the link ends.
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="requests")
    practitioner = models.CharField(max_length=200)
    subscriber_id = models.BigIntegerField()
    content_hashes = models.JSONField()
    asked_by = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"request {self.pk} to approve {self.campaign_id}"


class Comment(models.Model):
    """What a reader before sending says of one paragraph, or of the whole."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="comments")
    # Of which variant; "" of the newsletter's own language.
    language = models.CharField(max_length=35, blank=True)
    content_hash = models.CharField(max_length=64)
    # The paragraph as it read then; "" for the whole.
    quotation = models.TextField(blank=True)
    text = models.TextField()
    author = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"comment {self.pk} on issue {self.issue_id}"


class LogEntry(models.Model):
    """Who did what, when, or what the scheduler decided and why. Append-only.

    Attributes:
        kind: A word for programs: "approved", "held", "skipped", "moved".
        actor: A person's name, or "scheduler".
        told: One sentence for people. No address stands in it (P8).
        values: What programs want beside it, such as the hash of what was approved.
    """

    append_only = True

    campaign_id = models.BigIntegerField(null=True, db_index=True)
    issue_id = models.BigIntegerField(null=True, db_index=True)
    newsletter = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=32)
    actor = models.CharField(max_length=200)
    told = models.TextField()
    values = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"log entry {self.pk}: {self.kind}"


class Instance(models.Model):
    """Which Meridian this database belongs to: one row. See ``campaigns/instance.py``.

    Attributes:
        key: Made once, kept here and in ``instance.toml``.
        epoch: Rises while things go out; a copy from before knows a lower one than the file.
        machine: The machine and folder it ran at last.
        heartbeat_at: When a scheduler last looked.
        stopped: Why nothing goes out until a person confirms; "" if all is well.
    """

    key = models.CharField(max_length=32)
    epoch = models.PositiveBigIntegerField(default=1)
    machine = models.CharField(max_length=64, blank=True)
    path = models.CharField(max_length=4096, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    stopped = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"instance {self.key}, epoch {self.epoch}"
