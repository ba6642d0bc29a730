"""Feeds: read by a real parser, whole, without a reader's data, safe."""

import json
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree, html

from pipeline.stages.archive import path
from pipeline.values import About, Person
from pipeline.web.public.archive import feeds
from tests.stages.letters import first
from tests.web.public.archive.desk import ABOUT, HOSTILE, PATH, SITE, pictured, went_out
from tests.web.readers import NOW, configure, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

ATOM = "/archive/weekly/feed.atom"
JSON = "/archive/weekly/feed.json"
NAMES = {"a": "http://www.w3.org/2005/Atom"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def atom() -> Any:
    answer = see(ATOM)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    strict = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    return etree.fromstring(answer.content, strict)


def texts(element: Any, query: str) -> list[str]:
    return [str(found) for found in element.xpath(query, namespaces=NAMES)]


def json_feed() -> dict[str, Any]:
    answer = see(JSON)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed: dict[str, Any] = json.loads(answer.content)
    return feed


def fits(feed: dict[str, Any]) -> None:
    """Hold a feed to JSON Feed 1.1: what must be there is, and nothing unknown or empty."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title", "items"} <= set(feed)
    known = {"version", "title", "home_page_url", "feed_url", "language", "authors", "items"}
    assert set(feed) <= known
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        known = {"id", "url", "title", "content_html", "summary", "image", "date_published"}
        assert set(item) <= known | {"authors", "language"}
        assert all(item.values())
        for author in item.get("authors", []):
            assert set(author) <= {"name", "url", "avatar"}


def test_a_feed_says_what_it_is() -> None:
    configure()
    went_out(1, preheader="Soon.")
    went_out(2, weeks=1)
    feed = atom()
    assert texts(feed, "/a:feed/a:id/text()") == [SITE + ATOM]
    assert texts(feed, "/a:feed/a:title/text()") == ["The Harbour Letter"]
    assert texts(feed, "/a:feed/a:updated/text()") == ["2026-03-10T15:00:00Z"]
    assert texts(feed, "/a:feed/a:link[@rel='self']/@href") == [SITE + ATOM]
    assert texts(feed, "/a:feed/a:link[@rel='alternate']/@href") == [f"{SITE}/archive/weekly/"]
    assert texts(feed, "/a:feed/a:author/a:name/text()") == ["Harbour Street Acupuncture"]
    assert texts(feed, "//a:entry/a:title/text()") == ["Letter 2", "Letter 1"]
    assert texts(feed, "//a:entry/a:id/text()")[1] == SITE + PATH
    assert texts(feed, "//a:entry[2]/a:link/@href") == [SITE + PATH]
    assert texts(feed, "//a:entry[2]/a:published/text()") == ["2026-03-03T15:00:00Z"]
    assert texts(feed, "//a:entry[2]/a:author/a:name/text()") == ["Mara Ellison, DAcOM, L.Ac."]
    assert texts(feed, "//a:entry/a:summary/text()") == ["Soon."]
    assert {entry.get(LANGUAGE) for entry in feed.findall("a:entry", NAMES)} == {"en"}


def test_both_feeds_say_the_same() -> None:
    configure()
    sha256 = pictured(went_out(1, preheader="Soon.", html=first().html))
    feed, other = json_feed(), atom()
    fits(feed)
    assert feed["home_page_url"] == f"{SITE}/archive/weekly/"
    assert feed["feed_url"] == SITE + JSON
    (item,) = feed["items"]
    assert item["image"] == f"{SITE}/pictures/{sha256}.png"
    assert [item["id"]] == texts(other, "//a:entry/a:id/text()")
    assert [item["title"]] == texts(other, "//a:entry/a:title/text()")
    assert [item["content_html"]] == texts(other, "//a:entry/a:content/text()")
    assert [item["date_published"]] == texts(other, "//a:entry/a:published/text()")
    assert texts(other, "//a:entry/a:content/@type") == ["html"]


def test_the_letter_is_whole_and_knows_no_reader() -> None:
    configure()
    letter = first()
    went_out(html=letter.html, about=letter.about)
    content = json_feed()["items"][0]["content_html"]
    seen = html.fragment_fromstring(content, create_parent="div")
    assert "Under the skin lie vessels finer than a hair." in seen.text_content()
    assert "You get this letter on Tuesdays" not in seen.text_content()
    assert all("://" in a or a.startswith("tel:") for a in seen.xpath("//@href | //@src"))
    assert seen.xpath("//@style | //@class | //style | //script") == []
    assert "@@" not in content


@pytest.mark.parametrize(
    "words", [HOSTILE, "a & b < c > d \"e\" 'f' ]]>", "x\x0by\x00", "가" * 998, "👩‍⚕️🌡️", "לְטִיפוּ"]
)
def test_words_of_any_kind_come_through_s3(words: str) -> None:
    configure()
    if "\x00" in words:  # PostgreSQL keeps no such letter
        words = words.replace("\x00", "")
    person = Person(name=words[:80], credentials=(words[:80],))
    went_out(subject=words, preheader=words, about=replace(ABOUT, authors=(person,)))
    clean = words.replace("\x0b", "")
    feed = atom()
    assert texts(feed, "//a:entry/a:title/text()") == [clean]
    assert texts(feed, "//a:entry/a:summary/text()") == [clean]
    fits(json_feed())
    assert json_feed()["items"][0]["title"] == words


def test_a_reviewer_is_no_author() -> None:
    configure()
    went_out(about=replace(ABOUT, authors=(), reviewers=ABOUT.authors))
    assert texts(atom(), "//a:entry/a:author") == []
    assert "authors" not in json_feed()["items"][0]


def test_an_issue_in_another_language_says_so() -> None:
    configure()
    went_out(about=About(language="ko"))
    assert [entry.get(LANGUAGE) for entry in atom().findall("a:entry", NAMES)] == ["ko"]
    assert json_feed()["items"][0]["language"] == "ko"
    assert json_feed()["language"] == "en"


def test_a_feed_holds_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "NEWEST", 2)
    configure()
    for part in (1, 2, 3):
        went_out(part, of=3, weeks=part)
    assert [item["url"] for item in json_feed()["items"]] == [
        SITE + path("weekly", "why-warmth-helps", part) for part in (3, 2)
    ]


def test_a_newsletter_without_issues_has_an_empty_feed() -> None:
    configure()
    fits(json_feed())
    assert texts(atom(), "/a:feed/a:updated/text()") == [f"{NOW:%Y-%m-%dT%H:%M:%SZ}"]


def test_a_feed_may_be_asked_for_often() -> None:
    configure()
    went_out()
    for address in (ATOM, JSON):
        answer = see(address)
        assert answer.headers["X-Robots-Tag"] == "all"
        again = see(address, if_none_match=answer.headers["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        since = see(address, if_modified_since=answer.headers["Last-Modified"])
        assert since.status_code == 304
