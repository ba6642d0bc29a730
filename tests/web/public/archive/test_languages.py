"""Each language of an issue has a page of its own, and they name each other.

What is told of them follows Google's page on localized versions: each names all, itself too, and a
default (https://developers.google.com/search/docs/specialty/international/localized-versions).
"""

import json

import pytest
from lxml import etree, html

from pipeline.campaigns.models import Issue, Variant
from pipeline.campaigns.parts import store
from pipeline.outbox.frozen import view_url
from tests import factories
from tests.outbox.test_languages import change, variant
from tests.web.public.archive.desk import PATH, SITE, pictured, went_out
from tests.web.readers import configure, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

KOREAN = f"{PATH}ko/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def korean(issue: Issue) -> Variant:
    """The Korean text of an issue, which says nothing else."""
    made = variant(issue, "ko")
    Variant.objects.filter(pk=made.pk).update(
        subject="온기가 하는 일",
        preheader="작은 것 셋",
        about={"language": "ko", "minutes": 2},
        html_id=store('<html lang="ko"><body><p>온기가 도움이 됩니다.</p></body></html>'.encode()),
    )
    made.refresh_from_db()
    return made


def links(path: str, rel: str) -> dict[str, str]:
    """The links of a page's head of a kind, by their language."""
    page = html.document_fromstring(see(path).content.decode())
    found = page.xpath(f"//head/link[@rel='{rel}']")
    return {each.get("hreflang", ""): each.get("href") for each in found}


def test_each_language_has_its_page_and_is_its_own_canonical() -> None:
    configure()
    korean(went_out())
    own, other = see(PATH), see(KOREAN)
    assert (own.status_code, other.status_code) == (200, 200)
    told = other.content.decode()
    assert '<html lang="ko"' in told
    assert "온기가 도움이 됩니다." in told
    assert "다른 언어로 읽기" in told
    assert "온기가 도움이 됩니다." not in own.content.decode()
    assert links(PATH, "canonical") == {"": SITE + PATH}
    assert links(KOREAN, "canonical") == {"": SITE + KOREAN}
    data = html.document_fromstring(told).xpath("//script")[0].text
    said = json.loads(data)
    assert (said["inLanguage"], said["url"], said["headline"]) == (
        "ko",
        SITE + KOREAN,
        "온기가 하는 일",
    )


def test_the_pages_of_an_issue_name_each_other() -> None:
    configure()
    issue = went_out()
    korean(issue)
    wanted = {"en": SITE + PATH, "ko": SITE + KOREAN, "x-default": SITE + PATH}
    for path in (PATH, KOREAN):
        named = {tag: href for tag, href in links(path, "alternate").items() if tag}
        assert named == wanted
    there = html.document_fromstring(see(PATH).content.decode()).xpath("//nav/a[@hreflang='ko']")
    assert [(a.get("href"), a.text) for a in there] == [(KOREAN, "한국어")]
    back = html.document_fromstring(see(KOREAN).content.decode()).xpath("//nav/a[@hreflang='en']")
    assert [(a.get("href"), a.text) for a in back] == [(PATH, "English")]


def test_an_issue_in_one_language_names_no_other() -> None:
    configure()
    went_out()
    assert set(links(PATH, "alternate")) == {""}
    assert "hreflang" not in see(PATH).content.decode()


@pytest.mark.parametrize("language", ["ko", "es", "KO", "x" * 300, "%00", "%2e%2e"])
def test_a_language_that_is_not_there_leads_to_the_newsletters_own(language: str) -> None:
    configure()
    change(korean(went_out()))
    answer = see(f"{PATH}{language}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, PATH)


def test_what_has_not_gone_out_has_no_page_in_any_language() -> None:
    configure()
    korean(factories.issue(state=Issue.State.SCHEDULED))
    assert see(KOREAN).status_code == 404


def test_the_next_letter_is_in_the_same_language_where_there_is_one() -> None:
    configure()
    korean(went_out(1))
    went_out(2, weeks=1)
    third = went_out(3, weeks=2)
    korean(third)
    second = PATH.replace("/1/", "/2/")
    assert f'rel="next" href="{second}"' in see(KOREAN).content.decode()
    assert f'rel="prev" href="{second}"' in see(PATH.replace("/1/", "/3/ko/")).content.decode()
    Issue.objects.filter(part=2).update(state=Issue.State.CANCELLED)
    assert f'rel="next" href="{PATH.replace("/1/", "/3/ko/")}"' in see(KOREAN).content.decode()


def test_cards_are_of_the_newsletters_own_language() -> None:
    configure()
    issue = went_out()
    pictured(issue)
    korean(issue)
    assert "og:image" in see(PATH).content.decode()
    assert "og:image" not in see(KOREAN).content.decode()


def test_the_sitemap_names_the_pages_of_all_languages() -> None:
    configure()
    issue = went_out()
    korean(issue)
    variant(issue, "es", approved=False)
    root = etree.fromstring(see("/sitemap.xml").content)
    found = [each.text for each in root.iter("{*}loc")]
    assert found[-2:] == [SITE + PATH, SITE + KOREAN]
    assert root.findtext("{*}url[last()]/{*}lastmod") == "2026-03-03"


def test_each_language_has_feeds_and_their_entries_name_the_others() -> None:
    configure()
    korean(went_out(1))
    went_out(2, weeks=1)
    own = etree.fromstring(see("/archive/weekly/feed.atom").content)
    other = etree.fromstring(see("/archive/weekly/ko/feed.atom").content)
    assert own.xpath("count(//a:entry)", namespaces=ATOM) == 2
    assert other.get("{http://www.w3.org/XML/1998/namespace}lang") == "ko"
    assert other.xpath("//a:entry/a:id/text()", namespaces=ATOM) == [SITE + KOREAN]
    named = "//a:entry/a:link[@hreflang='{}']/@href"
    assert own.xpath(named.format("ko"), namespaces=ATOM) == [SITE + KOREAN]
    assert other.xpath(named.format("en"), namespaces=ATOM) == [SITE + PATH]
    itself = "/a:feed/a:link[@rel='self']/@href"
    assert other.xpath(itself, namespaces=ATOM) == [f"{SITE}/archive/weekly/ko/feed.atom"]

    said = json.loads(see("/archive/weekly/ko/feed.json").content)
    assert (said["language"], said["feed_url"]) == ("ko", f"{SITE}/archive/weekly/ko/feed.json")
    assert [item["title"] for item in said["items"]] == ["온기가 하는 일"]
    assert "온기가 도움이 됩니다." in said["items"][0]["content_html"]
    assert links(KOREAN, "alternate")[""] == f"{SITE}/archive/weekly/ko/feed.json"


@pytest.mark.parametrize("language", ["es", "%00", "en"])
def test_a_language_without_a_letter_has_no_feed(language: str) -> None:
    configure()
    korean(went_out())
    for kind in ("atom", "json"):
        assert see(f"/archive/weekly/{language}/feed.{kind}").status_code == 404


@pytest.mark.parametrize("archive", ["unlisted", "off"])
def test_what_is_not_for_everybody_is_not_in_any_language(archive: str) -> None:
    configure(('archive = "public"', f'archive = "{archive}"'))
    korean(went_out())
    answer = see(KOREAN)
    assert answer.status_code == (404 if archive == "off" else 200)
    assert "all" not in answer.headers.get("X-Robots-Tag", "")
    assert see("/archive/weekly/ko/feed.atom").status_code == 404
    assert b"/ko/" not in see("/sitemap.xml").content


def test_view_in_browser_leads_to_the_page_of_the_readers_language() -> None:
    issue = factories.issue()
    assert view_url(issue) == SITE + PATH
    assert view_url(issue, "ko") == SITE + KOREAN
