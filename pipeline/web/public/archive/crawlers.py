"""What search engines are told: which pages there are, and which are none of theirs."""

import datetime as dt
from collections.abc import Iterator
from math import ceil

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe
from lxml import etree

from pipeline.campaigns.archive import archived, archived_variants, shelves
from pipeline.campaigns.publications import house
from pipeline.stages import archive
from pipeline.web.public.archive import addresses
from pipeline.web.public.archive.answers import answered

MOST = 50_000
"""How many pages one sitemap may name. With slugs of 200 bytes that stays below its 50 MB, too."""

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HOUR = "public, max-age=3600"

_Page = tuple[str, str]


@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """The pages of the archive; if they are too many for one file, the files that name them."""
    pages = list(_pages())
    if len(pages) <= MOST:
        return _answer(request, _document("urlset", "url", pages))
    files = range(1, ceil(len(pages) / MOST) + 1)
    named = [(reverse("sitemap-part", args=[file]), "") for file in files]
    return _answer(request, _document("sitemapindex", "sitemap", named))


@require_safe
def sitemap_part(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of several files, from 1.

    Raises:
        Http404: There is no such file.
    """
    pages = list(_pages())
    named = pages[(number - 1) * MOST : number * MOST] if number else []
    if not named:
        raise Http404
    return _answer(request, _document("urlset", "url", named))


@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """What crawlers may ask for: the archive. All else is for one person or for staff."""
    paths = ("/archive/", "/subscribe/", "/pictures/", "/static/", "/sitemap")
    lines = [
        "User-agent: *",
        "Disallow: /",
        *(f"Allow: {path}" for path in paths),
        "",
        f"Sitemap: {addresses.absolute(reverse('sitemap'))}",
    ]
    content = "\n".join(lines).encode() + b"\n"
    return answered(request, content, content_type="text/plain; charset=utf-8", keep=_HOUR)


def _pages() -> Iterator[_Page]:
    """Path and day of the last change of every page, always in the same order."""
    found = shelves(house())
    if found:
        yield reverse("archive"), ""
    for shelf in found:
        yield addresses.shelf(shelf.publication.key), ""
    public = [shelf.publication.key for shelf in found]
    rows = (
        archived()
        .filter(newsletter__in=public)
        .order_by("pk")
        .values_list("newsletter", "campaign__article", "part", "released_at")
    )
    for newsletter, article, part, released in rows.iterator():
        yield archive.path(newsletter, article, part), _day(released)
    issue = ("newsletter", "campaign__article", "part", "released_at")
    variants = (
        archived_variants()
        .filter(issue__newsletter__in=public)
        .order_by("pk")
        .values_list(*(f"issue__{field}" for field in issue), "language")
    )
    for newsletter, article, part, released, language in variants.iterator():
        yield archive.path(newsletter, article, part, language=language), _day(released)


def _day(released: dt.datetime | None) -> str:
    return f"{released:%Y-%m-%d}" if released else ""


def _document(root: str, each: str, pages: list[_Page]) -> bytes:
    made = etree.Element(f"{{{_SITEMAP}}}{root}", nsmap={None: _SITEMAP})
    for path, day in pages:
        entry = etree.SubElement(made, f"{{{_SITEMAP}}}{each}")
        etree.SubElement(entry, f"{{{_SITEMAP}}}loc").text = addresses.absolute(path)
        if day:
            etree.SubElement(entry, f"{{{_SITEMAP}}}lastmod").text = day
    return bytes(etree.tostring(made, encoding="utf-8", xml_declaration=True))


def _answer(request: HttpRequest, content: bytes) -> HttpResponseBase:
    kind = "application/xml; charset=utf-8"
    return answered(request, content, content_type=kind, indexed=False, keep=_HOUR)
