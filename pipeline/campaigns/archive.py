"""Which issues everybody may read: those that have begun to go out, as they were approved."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from pipeline.campaigns.approval import approved
from pipeline.campaigns.models import Issue, Variant
from pipeline.campaigns.publications import House, Publication, former
from pipeline.campaigns.texts import Text
from pipeline.campaigns.variants import approved_variants

_BEGUN = (Issue.State.RELEASING, Issue.State.SENDING, Issue.State.SENT)
# What the archive shows of an issue beside the letter itself.
_SHOWN = (
    "newsletter",
    "part",
    "of",
    "subject",
    "preheader",
    "about",
    "html_id",
    "content_hash",
    "time_zone",
    "released_at",
    "campaign__article",
    "campaign__title",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A newsletter everybody may see, and what stands there of it.

    Attributes:
        issues: How many.
        latest: The newest; None if none has gone out yet.
    """

    publication: Publication
    issues: int
    latest: Issue | None


def archived() -> QuerySet[Issue]:
    """The issues that are in readers' hands already; one called off is taken out of them."""
    return Issue.objects.filter(approved(), state__in=_BEGUN)


def archived_variants() -> QuerySet[Variant]:
    """What of these issues there is in other languages, each as it was approved."""
    return approved_variants().filter(issue__in=archived()).select_related("issue__campaign")


def in_language(issue: Issue, language: str) -> Text | None:
    """An archived issue in a language, "" for the newsletter's own; None if it is not there."""
    if not language:
        return issue
    return archived_variants().filter(issue=issue, language=language).first()


def published_in(newsletter: str, language: str) -> QuerySet[Variant]:
    """The archived variants of a newsletter in a language, the newest issues first."""
    mine = archived_variants().filter(issue__newsletter=newsletter, language=language)
    return mine.order_by("-issue__released_at", "-issue__pk")


def published(newsletter: str) -> QuerySet[Issue]:
    """The archived issues of a newsletter, newest first: all but the letters themselves."""
    return (
        archived()
        .filter(newsletter=newsletter)
        .select_related("campaign")
        .only(*_SHOWN)
        .prefetch_related("cards")
        .order_by("-released_at", "-pk")
    )


def neighbours(issue: Issue) -> tuple[Issue | None, Issue | None]:
    """The issues of the same newsletter that went out just before and just after this one."""
    others, at = published(issue.newsletter), issue.released_at
    earlier = others.filter(Q(released_at__lt=at) | Q(released_at=at, pk__lt=issue.pk))
    later = others.filter(Q(released_at__gt=at) | Q(released_at=at, pk__gt=issue.pk))
    return earlier.first(), later.reverse().first()


def shelves(house: House) -> list[Shelf]:
    """Every newsletter with an archive everybody may see: those of now, then former ones."""
    counted = archived().values_list("newsletter").annotate(Count("pk")).order_by("newsletter")
    issues = dict(counted)
    known = [*house.publications, *(key for key in issues if key not in house.publications)]
    found = [publication for key in known if (publication := publication_of(key, house))]
    return [
        Shelf(
            publication=publication,
            issues=issues.get(publication.key, 0),
            latest=published(publication.key).first() if publication.key in issues else None,
        )
        for publication in found
        if publication.archive == "public"
    ]


def publication_of(newsletter: str, house: House) -> Publication | None:
    """The newsletter with this key; None if there never was one.

    One of which only its letters are left may still be read by who has their addresses.
    """
    known = house.publications.get(newsletter) or former(newsletter)
    if known is not None:
        return known
    last = archived().filter(newsletter=newsletter).order_by("-pk").first()
    if last is None:
        return None
    return Publication(
        key=newsletter,
        name=last.envelope["list_name"],
        language=last.about.get("language", ""),
        archive="unlisted",
        ended=True,
    )
