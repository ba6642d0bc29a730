"""The pages of the archive: newsletters, issues, one issue."""

import json
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from lxml import html

from pipeline.campaigns.acts import cancel
from pipeline.campaigns.models import Campaign, Issue
from pipeline.outbox.frozen import view_url
from pipeline.stages.archive import path
from pipeline.values import About, Person
from pipeline.web.headers import CSP
from pipeline.web.public.archive import pages
from pipeline.web.public.archive.addresses import subscribe
from tests import factories
from tests.factories import NOW
from tests.stages.letters import first
from tests.web.public.archive.desk import ABOUT, HOSTILE, PATH, SITE, pictured, went_out
from tests.web.readers import ask, configure, everything, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

SHELF = "/archive/weekly/"
KEY = 'key = "weekly" '


def shown(answer: HttpResponse) -> html.HtmlElement:
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def hidden(how: str) -> None:
    configure(('archive = "public"', f'archive = "{how}"'))


# --- An issue -------------------------------------------------------------------------------------


def test_the_address_in_a_letter_leads_to_the_page() -> None:
    with override_settings(MERIDIAN_URL="https://letters.example.com"):
        assert view_url(factories.issue()) == f"https://letters.example.com{PATH}"
    assert see(PATH).status_code == 200
    for spelling in (PATH.rstrip("/"), PATH.replace("/1/", "%2f1%2F"), PATH.replace("w", "%77")):
        assert see(spelling).content == see(PATH).content


def test_the_page_is_the_letter_without_its_reader() -> None:
    letter = first()
    went_out(html=letter.html, about=letter.about)
    answer = see(PATH)
    assert "Under the skin lie vessels" in answer.text
    assert "@@" not in answer.text
    assert "/u/" not in answer.text
    assert "You get this letter on Tuesdays" in letter.html
    assert "You get this letter on Tuesdays" not in answer.text


def test_its_headers_are_strict_and_it_sets_no_cookie_s33() -> None:
    factories.issue(html=first().html)
    answer = see(PATH)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert re.search(r"script-src 'sha256-[\w+/]+='; style-src 'self' 'sha256-", policy)
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not answer.cookies


@pytest.mark.parametrize("state", [Issue.State.SCHEDULED, Issue.State.CANCELLED])
def test_what_has_not_begun_or_was_called_off_looks_like_nothing(state: Issue.State) -> None:
    factories.issue(state=state)
    assert see(PATH).content == see("/archive/weekly/nothing/1/").content
    assert see(PATH).status_code == 404


def test_what_has_gone_out_stays_when_the_rest_is_called_off() -> None:
    configure()
    went_out(1)
    went_out(2, weeks=1, state=Issue.State.SCHEDULED)
    cancel(article="why-warmth-helps", actor="ana", now=NOW)
    assert see(PATH).status_code == 200
    assert "Letter 2" not in see(SHELF).text


@pytest.mark.parametrize(
    "address",
    [
        "/archive/weekly/why-warmth-helps/2/",
        "/archive/monthly/why-warmth-helps/1/",
        "/archive/weekly/../1/",
        "/archive/weekly/why-warmth-helps/-1/",
        "/archive/weekly/why-warmth-helps/x/",
        "/archive/weekly/%00/1/",
        "/archive/%00/why-warmth-helps/1/",
        f"/archive/weekly/why-warmth-helps/{10**30}/",
        "/archive//weekly/why-warmth-helps/1/",
        "/archive/weekly/why-warmth-helps/1//",
        "/archive/weekly/%2e%2e/weekly/why-warmth-helps/1/",
        "/archive/weekly;x=1/why-warmth-helps/1/",
        "/ARCHIVE/weekly/why-warmth-helps/1/",
        "/archive/WEEKLY/why-warmth-helps/1/",
        "/archive/weekly/why-warmth-helps/",
        "/archive/weekly%20/",
        "/archive/%ff%fe/",
        "/archive/%00/",
        "/archive/%00/feed.atom",
        "/archive/%00/feed.json",
        "/archive/weekly/feed.xml",
        "/archive/weekly/feed.atom/",
        "/archive/nothing/",
        "/archive/weekly/?page=0",
        "/archive/weekly/?page=2",
        "/archive/weekly/?page=-1",
        "/archive/weekly/?page=x",
        "/archive/weekly/?page=%D9%A1",
        "/archive/weekly/?page=99999999999999999999",
        "/archive/weekly/?page=",
    ],
)
def test_no_other_address_leads_to_a_page_s8(address: str) -> None:
    configure()
    factories.issue()
    assert see(address).status_code == 404
    assert see(PATH).status_code == 200


def test_a_slug_of_any_script_has_an_address() -> None:
    issue = factories.issue()
    issue.campaign.article = "온기"
    issue.campaign.save()
    assert see(path("weekly", "온기", 1)).status_code == 200


def test_it_leads_to_its_neighbours_the_list_and_to_joining() -> None:
    configure()
    for week, part in enumerate((1, 2, 3)):
        went_out(part, weeks=week)
    page = shown(see(path("weekly", "why-warmth-helps", 2)))
    assert page.xpath("//a[@rel='prev']/@href") == [PATH]
    assert page.xpath("//a[@rel='next']/@href") == [path("weekly", "why-warmth-helps", 3)]
    assert "Letter 1" in page.xpath("//a[@rel='prev']")[0].text_content()
    assert page.xpath(f"//a[@href='{SHELF}']/text()") == ["All letters"]
    assert page.xpath(f"//a[@href='{subscribe('weekly')}']/text()") == [
        "Subscribe",
        "Subscribe to The Harbour Letter",
    ]
    assert page.xpath("//main")[0].text_content().strip().startswith("Warmth helps.")


def test_search_engines_and_feed_readers_find_what_they_look_for() -> None:
    configure()
    went_out()
    answer = see(PATH)
    page = shown(answer)
    assert page.xpath("//link[@rel='canonical']/@href") == [SITE + PATH]
    assert page.xpath("//link[@rel='alternate']/@href") == [
        f"{SITE}{SHELF}feed.atom",
        f"{SITE}{SHELF}feed.json",
    ]
    assert answer.headers["X-Robots-Tag"] == "all"


def test_a_link_to_it_has_a_picture() -> None:
    """Open Graph: title, words and the card."""
    configure()
    issue = went_out(preheader="Most pain begins\nwith a message.")
    sha256 = pictured(issue, section=1)
    page = shown(see(PATH))
    said = {meta.get("property"): meta.get("content") for meta in page.iter("meta")}
    assert said["og:title"] == "Letter 1"
    assert said["og:url"] == SITE + PATH
    assert said["og:description"] == "Most pain begins\nwith a message."
    assert said["og:image"] == f"{SITE}/pictures/{sha256}.png"
    assert (said["og:image:width"], said["og:image:height"]) == ("1080", "1350")
    assert said["og:image:alt"] == "A card\nin words"
    assert said["article:published_time"] == "2026-03-03T15:00:00Z"
    assert page.xpath("//meta[@name='twitter:card']/@content") == ["summary"]


def test_a_wide_card_is_shown_large() -> None:
    configure()
    issue = went_out()
    pictured(issue, section=2)
    pictured(issue, section=1, width=1200, height=630)
    page = shown(see(PATH))
    assert page.xpath("//meta[@name='twitter:card']/@content") == ["summary_large_image"]
    assert page.xpath("//meta[@property='og:image:width']/@content") == ["1200"]


def test_an_issue_from_before_its_facts_were_kept_has_a_page_and_stands_in_the_list() -> None:
    configure()
    factories.issue()
    assert see(PATH).status_code == 200
    assert "Why Warmth Helps: 1. Vessels" in see(SHELF).text
    assert "min read" not in see(SHELF).text


def test_what_the_engines_are_told_is_whole_json_whatever_it_says_s3() -> None:
    configure()
    went_out(subject=HOSTILE, about=replace(ABOUT, authors=(Person(name=HOSTILE),)))
    answer = see(PATH)
    data = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text, re.DOTALL)
    assert len(data) == 1
    told = json.loads(data[0])
    assert told["headline"] == HOSTILE
    assert told["author"][0]["name"] == HOSTILE
    assert answer.text.count("<script") == 1
    page = shown(answer)
    assert page.xpath("//img | //*[@onerror]") == []


# --- The issues of a newsletter -------------------------------------------------------------------


def test_its_issues_stand_newest_first_by_series() -> None:
    configure()
    went_out(1, preheader="Soon.")
    went_out(2, weeks=1)
    went_out(1, of=1, article="one", weeks=2, subject="Alone")
    Campaign.objects.filter(article="one").update(title="A title of its own")
    page = shown(see(SHELF))
    assert page.xpath("//h1")[0].text_content() == "The Harbour Letter"
    assert [h.text_content() for h in page.xpath("//h2 | //h3")] == [
        "Alone",
        "Why Warmth Helps",
        "Letter 2",
        "Letter 1",
    ]
    items = page.xpath("//ul[contains(@class, 'line')]/li")
    told = [" ".join(item.text_content().split()) for item in items]
    assert told == [
        "Alone March 17, 2026 3 min read",
        "Letter 2 March 10, 2026 Part 2 of 2 3 min read",
        "Letter 1 March 3, 2026 Part 1 of 2 3 min read Soon.",
    ]
    assert items[2].xpath(".//a/@href") == [PATH]
    assert items[2].xpath(".//time/@datetime") == ["2026-03-03"]


def test_its_cards_are_shown_with_their_own_measure() -> None:
    configure()
    sha256 = pictured(went_out())
    (picture,) = shown(see(SHELF)).xpath("//img")
    assert picture.get("src") == f"/pictures/{sha256}.png"
    assert (picture.get("width"), picture.get("height")) == ("1080", "1350")
    # The title beside it says it all.
    assert picture.get("alt") == ""


def test_a_merge_field_is_told_with_its_default() -> None:
    configure()
    issue = went_out(subject="For @@first_name.796f75@@", preheader="Hi @@first_name.796f75@@")
    Campaign.objects.update(title='Hello {{ first_name | default("you") }}')
    text = see(SHELF).text
    assert "For you" in text
    assert "Hi you" in text
    assert "Hello you" in text
    assert "@@" not in text
    assert issue.of == 2


def test_a_list_is_cut_into_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    configure()
    for part in range(1, 6):
        went_out(part, of=5, weeks=part)
    newest = shown(see(SHELF))
    assert [h.text_content() for h in newest.xpath("//h3")] == ["Letter 5", "Letter 4"]
    assert newest.xpath("//a[@rel='next']/@href") == [f"{SHELF}?page=2"]
    assert newest.xpath("//a[@rel='prev']") == []
    middle = shown(see(f"{SHELF}?page=2"))
    assert middle.xpath("//link[@rel='canonical']/@href") == [f"{SITE}{SHELF}?page=2"]
    assert middle.xpath("//a[@rel='prev']/@href") == [SHELF]
    # A series that goes on from the page before is named again.
    assert [h.text_content() for h in middle.xpath("//h2")] == ["Why Warmth Helps"]
    last = shown(see(f"{SHELF}?page=3"))
    assert [h.text_content() for h in last.xpath("//h3")] == ["Letter 1"]
    assert last.xpath("//a[@rel='next']") == []
    assert "Page 3 of 3" in last.text_content()
    assert see(f"{SHELF}?page=4").status_code == 404


@pytest.mark.parametrize("issues", [1, 10])
def test_a_list_asks_the_database_no_more_often_for_more_issues(issues: int) -> None:
    configure()
    for part in range(1, issues + 1):
        pictured(went_out(part, of=issues, weeks=part))
    see(SHELF)
    with CaptureQueriesContext(connection) as asked:
        see(SHELF)
    assert len(asked) <= 6


def test_a_newsletter_that_has_sent_nothing_says_so() -> None:
    configure()
    page = shown(see(SHELF))
    assert "The first letter will be here once it has gone out." in page.text_content()
    assert page.xpath(f"//a[@href='{subscribe('weekly')}']")


def test_a_newsletter_that_has_ended_says_so() -> None:
    went_out()
    configure()
    configure((KEY, 'key = "monthly" '))
    page = shown(see(SHELF))
    assert "This newsletter has ended." in page.text_content()
    assert page.xpath("//a[starts-with(@href, '/subscribe')]") == []
    assert shown(see(PATH)).xpath("//a[starts-with(@href, '/subscribe')]") == []


@pytest.mark.parametrize(
    ("language", "direction", "words", "day"),
    [
        ("ko", "ltr", "구독하기", "2026년 3월 3일"),
        ("es", "ltr", "Suscribirse", "3 de marzo de 2026"),
        ("ar", "rtl", "اشترك", "3 مارس 2026"),
        ("he", "rtl", "הרשמה", "3 במרץ 2026"),
        ("fr", "ltr", "Subscribe", "March 3, 2026"),
    ],
)
def test_it_speaks_the_language_of_the_newsletter(
    language: str, direction: str, words: str, day: str
) -> None:
    configure(('language = "en"', f'language = "{language}"'))
    went_out(about=About(language=language))
    page = shown(see(SHELF))
    assert page.get("lang") == (language if language != "fr" else "en")
    assert page.get("dir") == direction
    assert words in page.text_content()
    assert page.xpath("//time/text()") == [day]
    assert page.xpath("//h3/@lang") == [language]
    frame = shown(see(PATH)).xpath("//div[contains(@class, 'around-top')]")[0]
    assert (frame.get("lang"), frame.get("dir")) == (page.get("lang"), direction)


# --- All newsletters ------------------------------------------------------------------------------


def test_the_newsletters_of_the_clinic() -> None:
    configure()
    sha256 = pictured(went_out(1))
    went_out(2, weeks=1)
    page = shown(see("/archive/"))
    assert page.xpath("//h2//a/@href") == [SHELF]
    text = " ".join(page.xpath("//main")[0].text_content().split())
    assert text == (
        "Newsletters The Harbour Letter Latest: Letter 2 March 10, 2026 Part 2 of 2 3 min read "
        "Letters so far: 2"
    )
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{SITE}/archive/"]
    assert see("/archive").content == see("/archive/").content
    assert sha256 not in see("/archive/").text


def test_a_newsletter_without_issues_is_named() -> None:
    configure()
    assert "The first letter will be here" in see("/archive/").text


def test_without_a_clinic_or_a_public_newsletter_there_is_no_archive() -> None:
    assert see("/archive/").status_code == 404
    hidden("unlisted")
    assert see("/archive/").status_code == 404


# --- Who may see it -------------------------------------------------------------------------------


def test_an_unlisted_newsletter_is_read_by_who_has_the_address() -> None:
    hidden("unlisted")
    for part in (1, 2):
        pictured(went_out(part, weeks=part))
    answer = see(PATH)
    page = shown(answer)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert page.xpath("//link[@rel='alternate'] | //a[@rel]") == []
    assert page.xpath(f"//a[@href='{SHELF}']") == []
    assert page.xpath(f"//a[@href='{subscribe('weekly')}']")
    assert SHELF + '"' not in answer.text
    for address in (SHELF, f"{SHELF}feed.atom", f"{SHELF}feed.json"):
        assert see(address).status_code == 404


def test_a_newsletter_without_an_archive_has_no_page() -> None:
    hidden("off")
    sha256 = pictured(went_out())
    for address in (PATH, SHELF, f"{SHELF}feed.atom", "/archive/", f"/pictures/{sha256}.png"):
        assert see(address).status_code == 404


# --- Looking --------------------------------------------------------------------------------------


def test_reading_changes_nothing_and_nothing_else_is_taken_s6() -> None:
    configure()
    sha256 = pictured(went_out())
    before = everything()
    for address in (
        PATH,
        SHELF,
        "/archive/",
        f"{SHELF}feed.atom",
        f"{SHELF}feed.json",
        "/sitemap.xml",
        "/robots.txt",
        f"/pictures/{sha256}.png",
    ):
        for _ in range(20):
            assert see(address).status_code == 200
        head = ask("HEAD", address)
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["Content-Length"]) == len(see(address).content)
        for method in ("POST", "PUT", "DELETE"):
            assert ask(method, address).status_code == 405
        assert not see(address).cookies
    assert everything() == before


@pytest.mark.parametrize("address", [SHELF, "/archive/"])
def test_lists_have_the_strict_headers_s33(address: str) -> None:
    configure()
    answer = see(address)
    assert answer.headers["Content-Security-Policy"] == CSP
    assert answer.headers["X-Robots-Tag"] == "all"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("address", [PATH, SHELF, "/archive/"])
def test_who_has_the_page_is_not_sent_it_again(address: str) -> None:
    configure()
    went_out()
    page = see(address)
    kept = see(address, if_none_match=page.headers["ETag"])
    assert (kept.status_code, kept.content) == (304, b"")
    # A browser puts these headers in the place of those it has.
    for name in ("Content-Security-Policy", "X-Robots-Tag", "Cache-Control", "ETag"):
        assert kept.headers[name] == page.headers[name]
    went_out(2, weeks=1, subject="News")
    assert see(address, if_none_match=page.headers["ETag"]).status_code == 200
    stale = page.headers["Last-Modified"]
    assert see(address, if_modified_since=stale).status_code == 200
    assert see(address, if_modified_since=see(address).headers["Last-Modified"]).status_code == 304
