"""Feeds of a newsletter for feed readers: Atom (RFC 4287) and JSON Feed 1.1, with whole letters."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from lxml import etree

from pipeline.campaigns.archive import archived_variants, published, published_in
from pipeline.campaigns.models import Part
from pipeline.campaigns.publications import House, Publication, house
from pipeline.campaigns.texts import Text, language_of, part_of
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
    others: Mapping[str, Sequence[Entry]]
    language: str = ""

    @property
    def addresses(self) -> tuple[str, str]:
        """The whole addresses of its Atom and of its JSON form."""
        atom, json = addresses.feeds(self.publication.key, self.language)
        return addresses.absolute(atom), addresses.absolute(json)

    @property
    def spoken(self) -> str:
        """The language it is in."""
        return self.language or self.publication.language or "en"

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
def atom(request: HttpRequest, newsletter: str, language: str = "") -> HttpResponseBase:
    """The feed as Atom, in the newsletter's own language or in another.

    Raises:
        Http404: The newsletter has no archive for everybody, or nothing in this language.
    """
    feed = _feed(newsletter, language)
    content = etree.tostring(_atom(feed), encoding="utf-8", xml_declaration=True)
    kind = "application/atom+xml; charset=utf-8"
    return answered(request, content, content_type=kind, changed=feed.changed)


@require_safe
def json_feed(request: HttpRequest, newsletter: str, language: str = "") -> HttpResponseBase:
    """The feed as JSON Feed, in the newsletter's own language or in another.

    Raises:
        Http404: The newsletter has no archive for everybody, or nothing in this language.
    """
    feed = _feed(newsletter, language)
    content = json.dumps(_json(feed), ensure_ascii=False, indent=1).encode()
    kind = "application/feed+json; charset=utf-8"
    return answered(request, content, content_type=kind, changed=feed.changed)


def _feed(newsletter: str, language: str) -> _Feed:
    known = house()
    publication = public(newsletter, known)
    if "\x00" in language:
        raise Http404
    texts: list[Text] = (
        list(published_in(newsletter, language)[:NEWEST])
        if language
        else list(published(newsletter)[:NEWEST])
    )
    if language and not texts:
        raise Http404
    entries = [entry_of(text, publication) for text in texts]
    return _Feed(publication, known, entries, _others(texts, publication), language)


def _others(texts: Sequence[Text], publication: Publication) -> dict[str, list[Entry]]:
    """The same letters in other languages, by the path of each."""
    issues = {part_of(text).pk: part_of(text) for text in texts}
    together: dict[int, list[Text]] = {number: [issue] for number, issue in issues.items()}
    for variant in archived_variants().filter(issue__in=list(issues)).order_by("language"):
        together[variant.issue_id].append(variant)
    return {
        entry_of(text, publication).path: [
            entry_of(other, publication)
            for other in together[part_of(text).pk]
            if language_of(other) != language_of(text)
        ]
        for text in texts
    }


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
    itself, _ = feed.addresses
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
    root.set(_LANGUAGE, feed.spoken)
    _add(root, "id", itself)
    _add(root, "title", feed.publication.name)
    _add(root, "updated", f"{feed.changed.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}")
    _add(root, "link", rel="self", type="application/atom+xml", href=itself)
    page = addresses.absolute(addresses.shelf(key))
    _add(root, "link", rel="alternate", type="text/html", href=page)
    _add(_add(root, "author"), "name", feed.author)
    for entry in feed.entries:
        _add_entry(root, entry, feed.others[entry.path])
    return root


def _add_entry(root: etree._Element, entry: Entry, others: Sequence[Entry]) -> None:
    item = _add(root, "entry")
    item.set(_LANGUAGE, entry.language)
    _add(item, "id", entry.url)
    _add(item, "title", entry.title)
    _add(item, "link", rel="alternate", type="text/html", href=entry.url)
    for other in others:
        _add(
            item, "link", rel="alternate", type="text/html", hreflang=other.language, href=other.url
        )
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
        "feed_url": feed.addresses[1],
        "language": feed.spoken,
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
