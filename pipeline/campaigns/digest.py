"""The monthly digest: an issue that Meridian makes of a month's issues, for who wants one a month.

It is made when the month is over, approved like any other, and goes out in the newsletter's first
slot of the next month.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import PurePath

from django.db import transaction
from django.db.models import Q

from pipeline.campaigns.approval import also_approved, approve, content_hash
from pipeline.campaigns.archive import archived
from pipeline.campaigns.audit import SENT_BACK, note_renewed
from pipeline.campaigns.calendar import instant, wall_time
from pipeline.campaigns.digest_slot import Placed, placed, tell
from pipeline.campaigns.keeping import envelope_of
from pipeline.campaigns.letters import keep_letter
from pipeline.campaigns.models import Campaign, Issue, Variant
from pipeline.campaigns.series import Taken, refuse_errors
from pipeline.campaigns.texts import Text, language_of, part_of
from pipeline.campaigns.variants import approved_variants, is_of
from pipeline.campaigns.waivers import applied, fingerprint
from pipeline.stages import archive
from pipeline.stages.days import Days
from pipeline.stages.digest import Told
from pipeline.values import Edition, Finding, Newsletter

# :func:`pipeline.run.gather` with configuration and templates filled in.
Gather = Callable[..., Edition]

_KINDS = (Campaign.Kind.WELCOME, Campaign.Kind.DIGEST)


def months(newsletter: Newsletter, *, now: dt.datetime) -> list[dt.date]:
    """The months to look at, by their first day: the last that is over, and those since the last.

    None of a newsletter without a digest.
    """
    if not newsletter.digest:
        return []
    today = wall_time(now, newsletter.time_zone).date()
    over = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    made = Campaign.objects.filter(newsletter=newsletter.key, kind=Campaign.Kind.DIGEST)
    latest = made.order_by("article").values_list("article", flat=True).last()
    month = dt.date.fromisoformat(f"{latest[-7:]}-01") if latest else over
    found = []
    while month <= over:
        found.append(month)
        month = _next(month)
    return found


def _next(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1)


def take_month(
    newsletter: Newsletter,
    month: dt.date,
    *,
    days: Days,
    gather: Gather,
    surroundings: str,
    actor: str,
    now: dt.datetime,
) -> Taken | None:
    """Make or renew the digest of a month; None if nothing went out in it.

    Args:
        newsletter: The newsletter.
        month: Its first day.
        days: The days the clinic does not send.
        gather: See :data:`Gather`.
        surroundings: A hash of what the rendering depends on beside the letters.
        actor: Who schedules; recorded as approver where the newsletter asks for no other.
        now: The time.

    Raises:
        CheckError: A check found an error. Nothing is changed.
    """
    issues = list(_issues(newsletter, month))
    if not issues:
        return None
    slug = f"digest-{newsletter.key}-{month:%Y-%m}"
    ready = approved_variants().filter(issue__in=issues).select_related("issue__campaign")
    variants = list(ready.order_by("pk"))
    articles = _articles(issues, variants)
    hashes = [issue.content_hash for issue in issues]
    hashes += [variant.content_hash for variant in variants]
    waivers = [fingerprint(article=article) for article in articles]
    told = " ".join([*hashes, surroundings, *filter(None, waivers)])
    made_from = hashlib.sha256(told.encode()).hexdigest()
    known = Campaign.objects.filter(article=slug, newsletter=newsletter.key).first()
    if known and (known.made_from == made_from or not _is_open(known)):
        return Taken(name=slug, campaign=known.pk, changed=False)
    editions = [
        gather(_told(letters, newsletter), newsletter, month, slug=slug, language=language)
        for language, letters in _by_language(issues, variants, newsletter)
    ]
    editions = [_waived(edition, articles) for edition in editions]
    for edition in editions:
        refuse_errors(PurePath(slug), edition.findings)
    with transaction.atomic():
        campaign = _keep_campaign(editions[0], made_from=made_from, now=now)
        issue = _issue(campaign, newsletter)
        if issue.state == Issue.State.SCHEDULED:
            found = placed(issue, newsletter, days, month=_next(month), now=now)
            _place(issue, found, newsletter)
            _keep(issue, editions, made_from=made_from, actor=actor, now=now)
            tell(issue, found, now=now)
    findings = editions[0].findings
    return Taken(name=slug, campaign=campaign.pk, changed=True, findings=findings)


def _articles(issues: Sequence[Issue], variants: Sequence[Variant]) -> list[str]:
    """The articles the letters of a month were made of, translations too."""
    articles = {issue.campaign.article for issue in issues}
    return sorted(articles | {variant.article for variant in variants if variant.article})


def _waived(edition: Edition, articles: Sequence[str]) -> Edition:
    """The same edition, where what may stand in an article may stand here too."""
    findings = edition.findings
    for article in articles:
        findings = applied(findings, article=article)
    return replace(edition, findings=findings)


def _issues(newsletter: Newsletter, month: dt.date) -> Iterator[Issue]:
    """What of the newsletter began to go out in a month of its own zone."""
    first, end = (
        instant(dt.datetime.combine(day, dt.time()), newsletter.time_zone)
        for day in (month, _next(month))
    )
    sent = archived().filter(newsletter=newsletter.key, released_at__gte=first, released_at__lt=end)
    rest = sent.exclude(campaign__kind__in=_KINDS).select_related("campaign")
    yield from rest.defer("html", "text").order_by("released_at", "pk")


def _is_open(campaign: Campaign) -> bool:
    waits = Q(state=Issue.State.SCHEDULED)
    ended = campaign.state == Campaign.State.CANCELLED
    return not ended and (campaign.issues.filter(waits).exists() or not campaign.issues.exists())


def _by_language(
    issues: Sequence[Issue], variants: Sequence[Variant], newsletter: Newsletter
) -> Iterator[tuple[str, Sequence[Text]]]:
    """The month's letters in the newsletter's language, and in each that none of them lacks."""
    yield newsletter.language, issues
    for language in newsletter.languages:
        theirs = {each.issue_id: each for each in variants if each.language == language}
        if language != newsletter.language and len(theirs) == len(issues):
            yield language, [theirs[issue.pk] for issue in issues]


def _told(letters: Sequence[Text], newsletter: Newsletter) -> list[Told]:
    shown = newsletter.archive != "off"
    return [
        Told(
            subject=letter.subject,
            preheader=letter.preheader,
            link=_link(letter, newsletter) if shown else "",
        )
        for letter in letters
    ]


def _link(letter: Text, newsletter: Newsletter) -> str:
    """The page of a letter, in its own language."""
    issue, language = part_of(letter), language_of(letter)
    return archive.link(newsletter.key, issue.campaign.article, issue.part, language=language)


def _keep_campaign(edition: Edition, *, made_from: str, now: dt.datetime) -> Campaign:
    made = {"made_from": made_from, "title": edition.article.title, "kind": Campaign.Kind.DIGEST}
    campaign, _ = Campaign.objects.update_or_create(
        article=edition.article.slug,
        newsletter=edition.newsletter.key,
        defaults=made,
        create_defaults={**made, "created_at": now},
    )
    return campaign


def _issue(campaign: Campaign, newsletter: Newsletter) -> Issue:
    """The one issue of a digest."""
    kept = campaign.issues.select_for_update(of=("self",)).first()
    return kept or Issue(campaign=campaign, newsletter=newsletter.key, part=1, of=1)


def _place(issue: Issue, found: Placed, newsletter: Newsletter) -> None:
    """Give a digest its slot, or hold it where there is none until the calendar leaves one."""
    if found.held or (issue.slot == "" and not issue.held.startswith(SENT_BACK)):
        issue.held = found.held
    issue.slot = found.slot
    issue.time_zone = newsletter.time_zone
    issue.folder = "-".join(filter(None, [issue.slot[:10], issue.campaign.article]))


def _keep(
    issue: Issue, editions: Sequence[Edition], *, made_from: str, actor: str, now: dt.datetime
) -> None:
    own, *others = editions
    newsletter = own.newsletter
    issue.four_eyes = newsletter.four_eyes and newsletter.approval != "none"
    beside: dict[str, object] = {"audience": newsletter.key, "approval": newsletter.approval}
    beside |= also_approved(issue, kind=Campaign.Kind.DIGEST)
    before = {"": issue.content_hash}
    letter = keep_letter(issue, own.issues[0], envelope_of(newsletter))
    issue.content_hash = content_hash({**letter, **beside})
    issue.findings = _kept(own.findings)
    issue.save()
    texts: list[Text] = [issue]
    issue.variants.exclude(language__in=[each.article.language for each in others]).delete()
    for edition in others:
        language = edition.article.language
        known = issue.variants.filter(language=language).first()
        variant = known or Variant(issue=issue, language=language)
        before[language] = variant.content_hash
        letter = keep_letter(variant, edition.issues[0], envelope_of(newsletter))
        variant.content_hash = content_hash({**letter, **beside, "language": language})
        variant.findings = _kept(edition.findings)
        variant.made_from = made_from
        variant.save()
        texts.append(variant)
    for text in texts:
        if newsletter.approval == "none":
            approve(issue=issue, content_hash=text.content_hash, approver=actor, now=now)
        note_renewed(text, before=before[language_of(text)], actor=actor, now=now)


def _kept(findings: tuple[Finding, ...]) -> list[dict[str, object]]:
    return [asdict(each) for each in findings if is_of(each, 1)]
