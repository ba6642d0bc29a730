"""What a search engine is told of an issue: who wrote it, who read it over, who answers for it."""

import json
from collections.abc import Iterable

from pipeline.campaigns.models import Approval
from pipeline.campaigns.publications import House, Publication
from pipeline.values import Clinic, Person, Practitioner
from pipeline.web.public.archive import addresses
from pipeline.web.public.archive.entries import Entry

# In a script element no markup may end it; to JSON it is all the same.
_SAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

Values = dict[str, object]


def structured(
    entry: Entry, publication: Publication, house: House, *, approval: Approval | None
) -> str:
    """The page as JSON-LD, in the terms of schema.org; may stand in a script element as it is.

    Args:
        entry: The issue.
        publication: Its newsletter.
        house: Who publishes it.
        approval: The yes it went out with. Whoever gave it is named only if the clinic names them
            itself, among its practitioners.
    """
    publisher = _clinic(house.clinic) if house.clinic else None
    told = {
        "@context": "https://schema.org",
        "@type": ["MedicalWebPage", "NewsArticle"],
        "@id": entry.url,
        "url": entry.url,
        "mainEntityOfPage": entry.url,
        "headline": entry.title,
        "description": entry.preheader,
        "inLanguage": entry.language,
        "datePublished": entry.moment,
        "timeRequired": f"PT{entry.minutes}M" if entry.minutes else "",
        "isAccessibleForFree": True,
        "author": _people(entry.authors, house) or publisher,
        **_review(entry, house, approval=approval),
        "publisher": publisher,
        "image": _picture(entry),
        "isPartOf": _whole(entry, publication),
        "position": entry.part if entry.of > 1 else None,
    }
    return json.dumps(_said(told), ensure_ascii=False).translate(_SAFE)


def _review(entry: Entry, house: House, *, approval: Approval | None) -> Values:
    """The reviewer of the byline, or a practitioner who approved what somebody else wrote."""
    if entry.reviewers:
        return {"reviewedBy": _people(entry.reviewers, house)}
    approver = _practitioner(approval.approver, house) if approval else None
    if approval is None or approver is None or approver.name in {p.name for p in entry.authors}:
        return {}
    person = Person(name=approver.name, credentials=approver.credentials)
    return {
        "reviewedBy": _people([person], house),
        "lastReviewed": approval.created_at.date().isoformat(),
    }


def _people(people: Iterable[Person], house: House) -> list[Values]:
    return [_person(person, _practitioner(person.name, house)) for person in people]


def _person(person: Person, known: Practitioner | None) -> Values:
    return _said(
        {
            "@type": "Person",
            "name": person.name,
            "honorificSuffix": ", ".join(person.credentials),
            "jobTitle": known.title if known else "",
        }
    )


def _practitioner(name: str, house: House) -> Practitioner | None:
    known = {practitioner.name.casefold(): practitioner for practitioner in house.practitioners}
    return known.get(name.casefold())


def _clinic(clinic: Clinic) -> Values:
    return _said(
        {
            "@type": "MedicalBusiness",
            "name": clinic.name,
            "url": clinic.website,
            "address": ", ".join(clinic.postal_address),
            "telephone": clinic.phone,
        }
    )


def _picture(entry: Entry) -> Values | None:
    if entry.picture is None:
        return None
    return {
        "@type": "ImageObject",
        "url": addresses.absolute(entry.picture.path),
        "width": entry.picture.width,
        "height": entry.picture.height,
    }


def _whole(entry: Entry, publication: Publication) -> list[Values]:
    """The newsletter, and the series if it is a part of one."""
    newsletter: Values = {"@type": "Periodical", "name": publication.name}
    if publication.archive == "public":
        newsletter["url"] = addresses.absolute(addresses.shelf(publication.key))
    series: Values = {"@type": "CreativeWorkSeries", "name": entry.series}
    return [newsletter, series] if entry.of > 1 else [newsletter]


def _said(values: Values) -> Values:
    """What is known; nothing is told as empty."""
    return {name: value for name, value in values.items() if value not in ("", None, [])}
