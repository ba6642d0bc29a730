"""Feeds of a newsletter for feed readers: Atom (RFC 4287) and JSON Feed 1.1, with whole letters."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe
from lxml import etree

from pipeline.campaigns.archive import published
from pipeline.campaigns.models import Part
from pipeline.campaigns.publications import House, Publication, house
from pipeline.stages.archive import ROOT
from pipeline.stages.readable import readable, writable
from pipeline.web.public.archive import addresses
from pipeline.web.public.archive.answers import answered
from pipeline.web.public.archive.entries import Entry, entry_of
from pipeline.web.public.archive.pages import public

NEWEST = 20
"""How many issues a feed holds."""

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class _Feed:
    publication: Publication
    house: House
    entries: Sequence[Entry]

    @property
    def changed(self) -> dt.datetime:
        """When something of it last changed."""
        times = [entry.released for entry in self.entries[:1]]
        return max(
            [*times, *filter(None, [self.house.since])],
            default=dt.datetime.fromtimestamp(0, dt.UTC),
        )

    @property
    def author(self) -> str:
        """Who answers for it."""
        return self.house.clinic.name if self.house.clinic else self.publication.name


@require_safe
def atom(request: HttpRequest, newsletter: str) -> HttpResponseBase:
    """The feed as Atom.

    Raises:
        Http404: The newsletter has no archive for everybody.
    """
    feed = _feed(newsletter)
    content = etree.tostring(_atom(feed), encoding="utf-8", xml_declaration=True)
    kind = "application/atom+xml; charset=utf-8"
    return answered(request, content, content_type=kind, changed=feed.changed)


@require_safe
def json_feed(request: HttpRequest, newsletter: str) -> HttpResponseBase:
    """The feed as JSON Feed.

    Raises:
        Http404: The newsletter has no archive for everybody.
    """
    feed = _feed(newsletter)
    content = json.dumps(_json(feed), ensure_ascii=False, indent=1).encode()
    kind = "application/feed+json; charset=utf-8"
    return answered(request, content, content_type=kind, changed=feed.changed)


def _feed(newsletter: str) -> _Feed:
    known = house()
    publication = public(newsletter, known)
    issues = published(newsletter)[:NEWEST]
    return _Feed(publication, known, [entry_of(issue, publication) for issue in issues])


def _content(entry: Entry) -> str:
    return _readable(entry.letter, addresses.absolute(ROOT), entry.why)


@lru_cache(maxsize=128)
def _readable(sha256: str, archive: str, without: str) -> str:
    """The readable form of a letter; under its hash it never changes."""
    letter = Part.objects.values_list("content", flat=True).get(pk=sha256)
    return readable(bytes(letter).decode(), archive=archive, without=without)


# --- Atom -----------------------------------------------------------------------------------------


def _atom(feed: _Feed) -> etree._Element:
    key = feed.publication.key
    itself = addresses.absolute(reverse("atom", args=[key]))
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    root.set(_LANGUAGE, feed.publication.language or "en")
    _add(root, "id", itself)
    _add(root, "title", feed.publication.name)
    _add(root, "updated", f"{feed.changed.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}")
    _add(root, "link", rel="self", type="application/atom+xml", href=itself)
    page = addresses.absolute(addresses.shelf(key))
    _add(root, "link", rel="alternate", type="text/html", href=page)
    _add(_add(root, "author"), "name", feed.author)
    for entry in feed.entries:
        _add_entry(root, entry)
    return root


def _add_entry(root: etree._Element, entry: Entry) -> None:
    item = _add(root, "entry")
    item.set(_LANGUAGE, entry.language)
    _add(item, "id", entry.url)
    _add(item, "title", entry.title)
    _add(item, "link", rel="alternate", type="text/html", href=entry.url)
    _add(item, "published", entry.moment)
    _add(item, "updated", entry.moment)
    for person in entry.authors:
        _add(_add(item, "author"), "name", ", ".join((person.name, *person.credentials)))
    if entry.preheader:
        _add(item, "summary", entry.preheader)
    _add(item, "content", _content(entry), type="html")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = writable(text) or None
    return made


# --- JSON Feed ------------------------------------------------------------------------------------


def _json(feed: _Feed) -> dict[str, object]:
    key = feed.publication.key
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.publication.name,
        "home_page_url": addresses.absolute(addresses.shelf(key)),
        "feed_url": addresses.absolute(reverse("json-feed", args=[key])),
        "language": feed.publication.language or "en",
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }


def _item(entry: Entry) -> dict[str, object]:
    told: dict[str, object] = {
        "id": entry.url,
        "url": entry.url,
        "title": entry.title,
        "content_html": _content(entry),
        "date_published": entry.moment,
        "language": entry.language,
    }
    if entry.preheader:
        told["summary"] = entry.preheader
    if entry.picture:
        told["image"] = addresses.absolute(entry.picture.path)
    if entry.authors:
        told["authors"] = [
            {"name": ", ".join((person.name, *person.credentials))} for person in entry.authors
        ]
    return told
