"""What search engines are told."""

from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from pipeline.web.public.archive import crawlers
from pipeline.web.public.archive.addresses import subscribe
from tests.web.public.archive.desk import PATH, SITE, pictured, went_out
from tests.web.readers import configure, link, reader, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def named(address: str = "/sitemap.xml", root: str = "urlset") -> list[str]:
    answer = see(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    document = etree.fromstring(answer.content)
    assert document.tag == f"{{{NAMES['s']}}}{root}"
    return [str(loc) for loc in document.xpath("//s:loc/text()", namespaces=NAMES)]


def test_every_page_that_may_be_found_is_named_and_is_there() -> None:
    configure()
    went_out(1)
    went_out(2, weeks=1, article="온기")
    pages = named()
    assert pages == [
        f"{SITE}/archive/",
        f"{SITE}/archive/weekly/",
        SITE + PATH,
        f"{SITE}/archive/weekly/%EC%98%A8%EA%B8%B0/2/",
    ]
    for page in pages:
        answer = see(page.removeprefix(SITE))
        assert (answer.status_code, answer.headers["X-Robots-Tag"]) == (200, "all")
        assert f'rel="canonical" href="{page}"' in answer.text
    days = etree.fromstring(see("/sitemap.xml").content).xpath(
        "//s:lastmod/text()", namespaces=NAMES
    )
    assert days == ["2026-03-03", "2026-03-10"]


@pytest.mark.parametrize("archive", ["unlisted", "off"])
def test_what_is_not_for_everybody_is_not_named(archive: str) -> None:
    went_out()
    configure(('archive = "public"', f'archive = "{archive}"'))
    assert named() == []


def test_before_anything_was_read_it_is_empty() -> None:
    assert named() == []


def test_what_is_too_much_for_one_file_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    configure()
    for part in (1, 2, 3):
        went_out(part, of=3, weeks=part)
    whole = named()
    monkeypatch.setattr(crawlers, "MOST", 5)
    assert named() == whole
    monkeypatch.setattr(crawlers, "MOST", 2)
    files = named(root="sitemapindex")
    assert files == [f"{SITE}/sitemap-{number}.xml" for number in (1, 2, 3)]
    assert [page for file in files for page in named(file.removeprefix(SITE))] == whole
    for number in (0, 4, 10**30):
        assert see(f"/sitemap-{number}.xml").status_code == 404


def test_no_file_is_larger_than_the_format_allows() -> None:
    """Fifty thousand pages of the longest names stay below 50 MB."""
    entry = "<url><loc></loc><lastmod>2026-03-03</lastmod></url>"
    longest = f"{SITE}{'x' * 100}/archive/{'x' * 64}/{'%EC' * 200}/9999999/"
    assert crawlers.MOST <= 50_000
    assert crawlers.MOST * len(entry + longest) < 50 * 1024 * 1024


def test_crawlers_may_read_the_archive_and_nothing_of_one_person() -> None:
    configure()
    sha256 = pictured(went_out())
    answer = see("/robots.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    lines = answer.text.splitlines()
    assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"
    # This parser takes the first rule that fits; crawlers the longest (RFC 9309).
    rules.parse(sorted(lines[:-2], key=lambda line: (line[:4] != "User", line == "Disallow: /")))
    for address in (
        PATH,
        "/archive/",
        "/archive/weekly/feed.atom",
        f"/pictures/{sha256}.png",
        subscribe("weekly"),
        "/sitemap-2.xml",
        "/static/letter.css",
    ):
        assert rules.can_fetch("*", SITE + address), address
    for address in (link(reader()), "/p/x", "/", "/confirm/x", "/studio/"):
        assert not rules.can_fetch("*", SITE + address), address


def test_both_may_be_kept_for_an_hour() -> None:
    for address in ("/robots.txt", "/sitemap.xml"):
        answer = see(address)
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert see(address, if_none_match=answer.headers["ETag"]).status_code == 304
