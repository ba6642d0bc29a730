"""Variants: the parts of a campaign in other languages than its newsletter's.

Each has a hash and an approval of its own: a changed variant voids its own alone.
"""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import PurePath

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from pipeline.campaigns.approval import also_approved, approve, content_hash
from pipeline.campaigns.arranging import arranged, form_of
from pipeline.campaigns.audit import note_renewed
from pipeline.campaigns.letters import keep_letter
from pipeline.campaigns.models import Approval, ArticleRevision, Campaign, Issue, Variant
from pipeline.campaigns.names import refuse_long
from pipeline.campaigns.revisions import newest_revision, sha256
from pipeline.campaigns.series import Making, Taken, keep_revision, refuse_errors
from pipeline.campaigns.texts import Text, language_of
from pipeline.campaigns.waivers import applied, fingerprint
from pipeline.errors import ApprovalError, SourceError
from pipeline.values import Edition, Finding, RenderedIssue

# :func:`pipeline.run.translate` with configuration and templates filled in.
Translate = Callable[..., Edition]

# A part that is out may still lack a language, and who waits for it gets it when it comes.
_OPEN = (Issue.State.SCHEDULED, Issue.State.RELEASING, Issue.State.SENDING)


def approved_variants() -> QuerySet[Variant]:
    """The variants that may go out: approved for the very hash they have now, and not held."""
    return Variant.objects.filter(_has_yes(), held="")


def waiting_variants() -> QuerySet[Variant]:
    """The variants that nobody has approved as they are now, of parts not wholly out."""
    return Variant.objects.filter(~_has_yes(), issue__state__in=_OPEN)


def _has_yes() -> Exists:
    yes = Approval.objects.filter(issue=OuterRef("issue"), content_hash=OuterRef("content_hash"))
    return Exists(yes)


def with_variants(issue: Issue) -> list[Text]:
    """An issue, and what there is of it in other languages."""
    return [issue, *issue.variants.select_related("issue__campaign").order_by("language")]


def text_of(issue: Issue, language: str) -> Text:
    """An issue in a language; "" is the newsletter's own.

    Raises:
        ApprovalError: There is none.
    """
    for text in with_variants(issue):
        if language_of(text) == language:
            return text
    raise ApprovalError(
        f"part {issue.part} has no text in {language}",
        mend="`meridian campaign show` lists what there is.",
    )


def ready_languages(issue: Issue) -> list[str]:
    """The languages an issue may go out in beside its newsletter's own."""
    ready = approved_variants().filter(issue=issue).order_by("language")
    return list(ready.values_list("language", flat=True))


def lacking_approval() -> QuerySet[Variant, int]:
    """The issues that are on their way and have a variant that nobody has approved as it is now."""
    begun = Variant.objects.filter(issue__state__in=_OPEN[1:])
    return begun.exclude(pk__in=approved_variants()).values_list("issue", flat=True)


def approve_variants(issue: Issue, *, approver: str, now: dt.datetime, via: str = "") -> None:
    """Give a yes to each variant of an issue, as it is now."""
    for hash_ in issue.variants.order_by("language").values_list("content_hash", flat=True):
        approve(issue=issue, content_hash=hash_, approver=approver, now=now, via=via)


def take_variant(
    path: PurePath,
    content: bytes,
    *,
    of: tuple[str, str],
    translate: Translate,
    making: Making,
    actor: str,
    now: dt.datetime,
) -> Taken:
    """Make or renew the variants of a campaign from the file of a translation.

    What somebody was sent already stays as it was sent.

    Args:
        path: The file's name.
        content: Its bytes.
        of: The slug of the original, and the file's language.
        translate: See :data:`Translate`.
        making: How originals become editions.
        actor: Who schedules; recorded as approver where the newsletter asks for no other.
        now: The time.

    Raises:
        SourceError: The file cannot be read as an article, there is no such original, or its
            newsletter does not list the language.
        CheckError: A check found an error, or it has not as many parts as the original. Nothing
            is changed.
    """
    slug, language = of
    original, campaign = _original(path, slug)
    made_from = _made_from(path, content, original, making.surroundings)
    if newest_revision(path.name) and not _lacking(campaign, language, made_from).exists():
        return Taken(name=path.name, campaign=campaign.pk, changed=False)
    outline = making.begin(
        PurePath(original.name), bytes(original.content), newsletter=campaign.newsletter
    )
    form = form_of(campaign, outline.article, outline.newsletter.series)
    parts = arranged(campaign, outline.article, form).arrangement.parts
    edition = translate(path, content, original=outline, form=form, parts=parts)
    findings = applied(edition.findings, article=edition.article.slug)
    refuse_errors(path, findings)
    refuse_long(path, edition)
    with transaction.atomic():
        keep_revision(path, content, edition, now=now)
        made_from = _made_from(path, content, original, making.surroundings)
        kept = [
            _keep(issue, rendered, edition, findings, made_from=made_from, actor=actor, now=now)
            for issue, rendered in _pairs(campaign, edition)
        ]
        # Each lists the parts of its series: what changed is told when all are made.
        for variant, before in kept:
            note_renewed(variant, before=before, actor=actor, now=now)
    changed = any(variant.content_hash != before for variant, before in kept)
    return Taken(name=path.name, campaign=campaign.pk, changed=changed, findings=findings)


def _original(path: PurePath, slug: str) -> tuple[ArticleRevision, Campaign]:
    revision = ArticleRevision.objects.filter(slug=slug).order_by("pk").last()
    planned = Campaign.objects.filter(article=slug).exclude(made_from="")
    campaign = planned.order_by("pk").last()
    if revision is None or campaign is None:
        raise SourceError(
            f"it is a translation of {slug}, and there is no such article",
            mend="Write the slug of an article that can be sent: translation_of: its-slug.",
            path=path,
        )
    return revision, campaign


def _made_from(path: PurePath, content: bytes, original: ArticleRevision, surroundings: str) -> str:
    own = newest_revision(path.name)
    waivers = fingerprint(article=own.slug) if own else ""
    told = f"{sha256(content)} {original.sha256} {surroundings} {waivers}"
    return hashlib.sha256(told.encode()).hexdigest()


def _lacking(campaign: Campaign, language: str, made_from: str) -> QuerySet[Issue]:
    """The parts that have no variant made from this."""
    same = Variant.objects.filter(issue=OuterRef("pk"), language=language, made_from=made_from)
    return campaign.issues.filter(~Exists(same), state__in=_OPEN)


def _pairs(campaign: Campaign, edition: Edition) -> list[tuple[Issue, RenderedIssue]]:
    # Locked, so that a part does not begin to go out between the look at it and the renewal.
    issues = campaign.issues.filter(state__in=_OPEN).select_for_update().order_by("pk")
    rendered = {each.part: each for each in edition.issues}
    return [(issue, rendered[issue.part]) for issue in issues if issue.part in rendered]


def _keep(
    issue: Issue,
    rendered: RenderedIssue,
    edition: Edition,
    findings: tuple[Finding, ...],
    *,
    made_from: str,
    actor: str,
    now: dt.datetime,
) -> tuple[Variant, str]:
    """Keep one variant, and tell the hash it had before."""
    language = edition.article.language
    locked = Variant.objects.select_for_update(of=("self",))
    variant = locked.filter(issue=issue, language=language).first()
    if variant and went_out(variant):
        Variant.objects.filter(pk=variant.pk).update(made_from=made_from)
        return variant, variant.content_hash
    variant = variant or Variant(issue=issue, language=language)
    before = variant.content_hash
    newsletter = edition.newsletter
    letter = keep_letter(variant, rendered, issue.envelope)
    beside: dict[str, object] = {
        "audience": newsletter.key,
        "approval": newsletter.approval,
        "language": language,
    }
    beside |= also_approved(issue, kind=issue.campaign.kind)
    variant.content_hash = content_hash({**letter, **beside})
    variant.findings = [asdict(each) for each in findings if is_of(each, issue.part)]
    variant.article = edition.article.slug
    variant.made_from = made_from
    variant.save()
    planned = issue.campaign.state == Campaign.State.PLANNED
    if newsletter.approval == "none" and not planned:
        approve(issue=issue, content_hash=variant.content_hash, approver=actor, now=now)
    return variant, before


def went_out(variant: Variant) -> bool:
    """Whether somebody was sent it, or is being sent it."""
    theirs = variant.issue.deliveries.filter(language=variant.language)
    taken: bool = theirs.exclude(sent_at=None).exists()
    return taken


def may_change(text: Text) -> bool:
    """Whether a text can still be kept back: nobody was sent it, or is being sent it."""
    if isinstance(text, Issue):
        return text.state == Issue.State.SCHEDULED
    return text.issue.state in _OPEN and not went_out(text)


def is_of(finding: Finding, part: int) -> bool:
    """Whether a finding is about this part, or about all of them."""
    where = finding.where
    return not where.startswith("issue ") or where.partition(",")[0] == f"issue {part}"
