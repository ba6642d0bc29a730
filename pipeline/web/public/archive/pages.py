"""The pages of the archive: the newsletters, the issues of one, and an issue itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe
from markupsafe import Markup

from pipeline.campaigns.approval import approval_of
from pipeline.campaigns.archive import (
    archived,
    archived_variants,
    in_language,
    neighbours,
    publication_of,
    published,
    shelves,
)
from pipeline.campaigns.models import Issue
from pipeline.campaigns.publications import House, Publication, house
from pipeline.stages.archive import ROOT
from pipeline.stages.web_version import policy, source, web_version
from pipeline.web.headers import CSP
from pipeline.web.public.archive import addresses
from pipeline.web.public.archive.answers import answered
from pipeline.web.public.archive.dates import told
from pipeline.web.public.archive.entries import Entry, entry_of
from pipeline.web.public.archive.structured import structured
from pipeline.web.public.archive.words import ArchiveWords, archive_words
from pipeline.web.public.preferring import own_name

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a list, with its small print in words."""

    entry: Entry
    day: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tongue:
    """An issue in one of its languages: its page, the language's tag, and what speakers call it."""

    entry: Entry
    tag: str
    called: str


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The newsletters of the clinic.

    Raises:
        Http404: None of them has an archive for everybody.
    """
    known = house()
    found = shelves(known)
    if known.clinic is None or not found:
        raise Http404
    words = archive_words(known.clinic.language)
    values = {
        "words": words,
        "clinic": known.clinic,
        "canonical": addresses.absolute(reverse("archive")),
        "shelves": [
            {
                "publication": shelf.publication,
                "path": addresses.shelf(shelf.publication.key),
                "count": words.count.format(count=shelf.issues),
                "row": shelf.latest and _row(entry_of(shelf.latest, shelf.publication), words),
            }
            for shelf in found
        ],
    }
    page = render_to_string("public/archive/index.html", values)
    times = [shelf.latest.released_at for shelf in found if shelf.latest]
    changed = max((at for at in (known.since, *times) if at), default=None)
    return answered(request, page.encode(), changed=changed, policy=CSP)


@require_safe
def shelf(request: HttpRequest, newsletter: str) -> HttpResponseBase:
    """The issues of a newsletter, newest first.

    Raises:
        Http404: It has no archive for everybody, or no such page.
    """
    known = house()
    publication = public(newsletter, known)
    issues = published(newsletter)
    page, pages = _page(request.GET.get("page", "1")), ceil(issues.count() / PER_PAGE) or 1
    if page > pages:
        raise Http404
    shown = list(issues[(page - 1) * PER_PAGE : page * PER_PAGE])
    words = words_of(publication, known)
    entries = [entry_of(issue, publication) for issue in shown]
    values = {
        **_frame(publication, known, words),
        "canonical": addresses.absolute(addresses.shelf(newsletter, page=page)),
        "groups": list(_groups(entries, words)),
        "page": words.page.format(page=page, pages=pages) if pages > 1 else "",
        "newer": addresses.shelf(newsletter, page=page - 1) if page > 1 else "",
        "older": addresses.shelf(newsletter, page=page + 1) if page < pages else "",
    }
    content = render_to_string("public/archive/shelf.html", values).encode()
    newest = issues.values_list("released_at", flat=True).first()
    changed = max((at for at in (known.since, newest) if at), default=None)
    return answered(request, content, changed=changed, policy=CSP)


@require_safe
def issue(
    request: HttpRequest, newsletter: str, article: str, part: int, *, language: str = ""
) -> HttpResponseBase:
    """Show an issue as everybody may read it, in the newsletter's own language or in another.

    A language that it does not come in leads to the newsletter's own.

    Raises:
        Http404: There is none, it has not begun to go out, it was called off, or its newsletter
            keeps no archive: one answer.
    """
    known = house()
    publication = _open(newsletter, known)
    found = _issue(publication, article, part)
    text = None if "\x00" in language else in_language(found, language)
    if text is None:
        return redirect(entry_of(found, publication).path)
    entry = entry_of(text, publication)
    letter = web_version(bytes(text.html.content).decode(), archive=ROOT, without=entry.why)
    around = neighbours(found) if publication.archive == "public" else (None, None)
    words = words_of(publication, known, language)
    data = structured(entry, publication, known, approval=approval_of(text))
    tongues = list(_tongues(found, publication))
    values = {
        **_frame(publication, known, words, language),
        "tongues": tongues if len(tongues) > 1 else [],
        "entry": entry,
        "letter": letter,
        "head": Markup(letter.head),  # noqa: S704 (the letter was let out by its guard)
        "body": Markup(letter.body),  # noqa: S704 (as above)
        "data": Markup(data),  # noqa: S704 (it holds no sign of markup)
        "picture": entry.picture and addresses.absolute(entry.picture.path),
        "previous": around[0] and _nearest(around[0], language, publication),
        "next": around[1] and _nearest(around[1], language, publication),
    }
    content = render_to_string("public/archive/issue.html", values).encode()
    newest = published(newsletter).values_list("released_at", flat=True).first()
    return answered(
        request,
        content,
        changed=max((at for at in (known.since, newest) if at), default=None),
        indexed=publication.archive == "public",
        policy=policy(
            styles=("'self'", *letter.styles),
            pictures=("'self'", *letter.origins),
            data=(source(data),),
        ),
    )


def public(newsletter: str, known: House) -> Publication:
    """The newsletter with this key, if everybody may find it.

    Raises:
        Http404: There is none, or its archive is not for everybody.
    """
    publication = _open(newsletter, known)
    if publication.archive != "public":
        raise Http404
    return publication


def words_of(publication: Publication, known: House, language: str = "") -> ArchiveWords:
    """The words in a language, else in that of a newsletter, else of the clinic."""
    clinic = known.clinic.language if known.clinic else ""
    return archive_words(*filter(None, [language]), publication.language, clinic)


def _tongues(issue: Issue, publication: Publication) -> Iterator[Tongue]:
    """The languages an issue comes in, the newsletter's own first."""
    own = entry_of(issue, publication)
    yield Tongue(own, own.language, own_name(own.language))
    for variant in archived_variants().filter(issue=issue).order_by("language"):
        yield Tongue(entry_of(variant, publication), variant.language, own_name(variant.language))


def _nearest(issue: Issue, language: str, publication: Publication) -> Entry:
    """An issue in a language, else in the newsletter's own."""
    return entry_of(in_language(issue, language) or issue, publication)


def _open(newsletter: str, known: House) -> Publication:
    # PostgreSQL takes no such letter, not even to look for it.
    publication = None if "\x00" in newsletter else publication_of(newsletter, known)
    if publication is None or publication.archive == "off":
        raise Http404
    return publication


def _issue(publication: Publication, article: str, part: int) -> Issue:
    if "\x00" in article:
        raise Http404
    kept = archived().filter(newsletter=publication.key, campaign__article=article, part=part)
    found = kept.select_related("campaign", "html").first()
    if found is None:
        raise Http404
    return found


def _page(asked: str) -> int:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 7 and int(asked) > 0):
        raise Http404
    return int(asked)


def _frame(
    publication: Publication, known: House, words: ArchiveWords, language: str = ""
) -> dict[str, object]:
    """What the pages of one newsletter share."""
    shown = publication.archive == "public"
    key = publication.key
    atom, json = addresses.feeds(key, language)
    return {
        "words": words,
        "clinic": known.clinic,
        "publication": publication,
        "shelf": addresses.shelf(key) if shown else "",
        "index": reverse("archive") if shown else "",
        "subscribe": addresses.subscribe(key) if publication.joinable else "",
        "atom": addresses.absolute(atom) if shown else "",
        "json": addresses.absolute(json) if shown else "",
    }


def _groups(entries: Sequence[Entry], words: ArchiveWords) -> Iterator[dict[str, object]]:
    """The entries with those of one series together, in their order."""
    for (series, of), group in groupby(entries, key=lambda entry: (entry.series, entry.of)):
        rows = [_row(entry, words) for entry in group]
        yield {"series": series if of > 1 else "", "lead": rows[0].entry, "rows": rows}


def _row(entry: Entry, words: ArchiveWords) -> Row:
    part = words.part.format(part=entry.part, of=entry.of) if entry.of > 1 else ""
    minutes = words.minutes.format(minutes=entry.minutes) if entry.minutes else ""
    return Row(entry, told(entry.day, words.language), tuple(filter(None, (part, minutes))))
