"""What search engines are told of who wrote an issue, who read it over, who answers for it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pipeline.campaigns.approval import approval_of, approve
from pipeline.campaigns.archive import publication_of
from pipeline.campaigns.models import Issue
from pipeline.campaigns.publications import House, house
from pipeline.values import Person
from pipeline.web.public.archive.entries import entry_of
from pipeline.web.public.archive.structured import structured
from tests.web.public.archive.desk import ABOUT, HOSTILE, PATH, SITE, pictured, went_out
from tests.web.readers import NOW, configure

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

MARA = {
    "@type": "Person",
    "name": "Mara Ellison",
    "honorificSuffix": "DAcOM, L.Ac.",
    "jobTitle": "Licensed acupuncturist",
}
TOM = Person(name="Tom Reyes")


def told(issue: Issue, known: House | None = None) -> dict[str, Any]:
    known = known or house()
    publication = publication_of(issue.newsletter, known)
    assert publication is not None
    entry = entry_of(issue, publication)
    data = structured(entry, publication, known, approval=approval_of(issue))
    made: dict[str, Any] = json.loads(data)
    return made


def test_a_part_of_a_series_by_a_practitioner() -> None:
    configure()
    issue = went_out(preheader="Soon.")
    sha256 = pictured(issue)
    assert told(issue) == {
        "@context": "https://schema.org",
        "@type": ["MedicalWebPage", "NewsArticle"],
        "@id": SITE + PATH,
        "url": SITE + PATH,
        "mainEntityOfPage": SITE + PATH,
        "headline": "Letter 1",
        "description": "Soon.",
        "inLanguage": "en",
        "datePublished": "2026-03-03T15:00:00Z",
        "timeRequired": "PT3M",
        "isAccessibleForFree": True,
        "author": [MARA],
        "publisher": {
            "@type": "MedicalBusiness",
            "name": "Harbour Street Acupuncture",
            "url": "https://harbour-street.example.com",
            "address": "12 Harbour Street, Fairhaven 00000",
            "telephone": "555-0142",
        },
        "image": {
            "@type": "ImageObject",
            "url": f"{SITE}/pictures/{sha256}.png",
            "width": 1080,
            "height": 1350,
        },
        "isPartOf": [
            {
                "@type": "Periodical",
                "name": "The Harbour Letter",
                "url": f"{SITE}/archive/weekly/",
            },
            {"@type": "CreativeWorkSeries", "name": "Why Warmth Helps"},
        ],
        "position": 1,
    }


def test_a_practitioner_who_approved_what_another_wrote_has_read_it_over() -> None:
    configure()
    made = told(went_out(about=replace(ABOUT, authors=(TOM,))))
    assert made["author"] == [{"@type": "Person", "name": "Tom Reyes"}]
    assert made["reviewedBy"] == [MARA]
    assert made["lastReviewed"] == "2026-03-03"


def test_staff_who_approve_are_not_named() -> None:
    configure()
    issue = went_out(about=replace(ABOUT, authors=(TOM,)), approver="ana")
    assert "reviewedBy" not in told(issue)
    assert "ana" not in json.dumps(told(issue)).replace("Mara", "")


def test_only_the_yes_for_the_bytes_that_went_out_counts() -> None:
    configure()
    issue = went_out(approved=False, about=replace(ABOUT, authors=(TOM,)))
    approve(issue=issue, content_hash=issue.content_hash, approver="mara ellison", now=NOW)
    assert told(issue)["reviewedBy"] == [MARA]
    issue.content_hash = "0" * 64
    issue.save()
    assert approval_of(issue) is None
    assert "reviewedBy" not in told(issue)


def test_the_reviewer_of_a_byline_is_no_author() -> None:
    configure()
    made = told(went_out(about=replace(ABOUT, authors=(), reviewers=ABOUT.authors)))
    assert made["reviewedBy"] == [MARA]
    assert made["author"]["name"] == "Harbour Street Acupuncture"
    assert "lastReviewed" not in made


def test_a_letter_of_its_own_is_no_part_of_a_series() -> None:
    configure()
    made = told(went_out(of=1))
    assert [whole["@type"] for whole in made["isPartOf"]] == ["Periodical"]
    assert "position" not in made
    assert "image" not in made


def test_without_a_clinic_less_is_told() -> None:
    made = told(went_out(about=replace(ABOUT, authors=())))
    assert "publisher" not in made
    assert "author" not in made
    assert made["isPartOf"][0] == {"@type": "Periodical", "name": "The Harbour Letter"}


def test_nothing_in_it_can_end_the_element_it_stands_in_s3() -> None:
    known = house()
    issue = went_out(subject=HOSTILE, preheader=HOSTILE)
    publication = publication_of("weekly", known)
    assert publication is not None
    data = structured(entry_of(issue, publication), publication, known, approval=None)
    assert not set(data) & set("<>&\u2028\u2029")
    assert json.loads(data)["headline"] == HOSTILE
