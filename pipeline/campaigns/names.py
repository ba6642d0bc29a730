"""The names of an article, file and slug: it goes out once, however it is called."""

from pathlib import Path, PurePath

from pipeline.campaigns.models import ArticleRevision, Campaign, Issue
from pipeline.campaigns.revisions import newest_revision, sha256
from pipeline.errors import SourceError
from pipeline.values import Edition

# A slug is part of a folder's name, and folders end at 255 bytes.
LONGEST_SLUG = 200
LONGEST_TITLE = 500
LONGEST_SUBJECT = 998


def refuse_names(path: PurePath, content: bytes, edition: Edition) -> None:
    """Refuse names that cannot be kept, or under which readers would get an article again.

    Raises:
        SourceError: A name is too long; another file has the slug; the slug is another than when
            the article went out; or the article is there already under another slug.
    """
    refuse_long(path, edition)
    _refuse_shared_slug(path, edition.article.slug)
    _refuse_new_slug(path, edition)
    _refuse_copy(path, content, edition.article.slug)


def folder(slug: str, issue: Issue) -> str:
    """The name of an issue's folder in the outbox: its day, its article, its part."""
    part = f"-part-{issue.part}" if issue.of > 1 else ""
    return f"{issue.slot[:10] or issue.campaign.kind}-{slug}{part}"


def call_off_elsewhere(path: PurePath, campaign: Campaign) -> None:
    """Call off what the article waits to send under the slug or newsletter it had before."""
    earlier = newest_revision(path.name)
    slugs = {campaign.article, earlier.slug if earlier else campaign.article}
    others = Campaign.objects.filter(article__in=slugs).exclude(pk=campaign.pk)
    waiting = Issue.objects.filter(campaign__in=others, state=Issue.State.SCHEDULED)
    waiting.update(state=Issue.State.CANCELLED)
    # What they were made from is forgotten, so that an article that moves back is made anew.
    others.update(made_from="")


def refuse_long(path: PurePath, edition: Edition) -> None:
    """Refuse names that are too long to be kept.

    Raises:
        SourceError: It says which, and how long it may be.
    """
    names = [
        *(
            ("subject", len(issue.subject), "characters", LONGEST_SUBJECT)
            for issue in edition.issues
        ),
        ("slug", len(edition.article.slug.encode()), "bytes", LONGEST_SLUG),
        ("title", len(edition.article.title), "characters", LONGEST_TITLE),
    ]
    for name, length, unit, longest in names:
        if length > longest:
            raise SourceError(
                f"a {name} of {length} {unit} is too long",
                mend=f"Make it {longest} at most; an empty line ends a title.",
                path=path,
            )


def _refuse_shared_slug(path: PurePath, slug: str) -> None:
    other = ArticleRevision.objects.filter(slug=slug).exclude(name=path.name).order_by("pk").last()
    if other is None or not Path(path).with_name(other.name).exists():
        return
    newest = newest_revision(other.name)
    if newest is not None and newest.slug == slug:
        raise SourceError(
            f"{other.name} has the same slug, {slug}",
            mend="Write another slug: into the front matter of one of them.",
            path=path,
        )


def _refuse_new_slug(path: PurePath, edition: Edition) -> None:
    earlier = newest_revision(path.name)
    if earlier is None or earlier.slug == edition.article.slug:
        return
    gone = Issue.objects.filter(
        campaign__article=earlier.slug,
        newsletter=edition.newsletter.key,
        released_at__isnull=False,
    )
    if gone.exists():
        raise SourceError(
            f"its slug was {earlier.slug} when it began to go out",
            mend=f"Write slug: {earlier.slug} again: under a new one, readers would get it twice.",
            path=path,
        )


def _refuse_copy(path: PurePath, content: bytes, slug: str) -> None:
    same = ArticleRevision.objects.filter(sha256=sha256(content)).exclude(slug=slug)
    for twin in same.order_by("slug").values_list("slug", flat=True).distinct():
        newest = ArticleRevision.objects.filter(slug=twin).order_by("pk").last()
        planned = Campaign.objects.filter(article=twin).exclude(state=Campaign.State.CANCELLED)
        if newest is not None and newest.sha256 == sha256(content) and planned.exists():
            raise SourceError(
                f"it is word for word the article {twin}",
                mend=f"Remove it; or, if you renamed its file, write slug: {twin} into it.",
                path=path,
            )
