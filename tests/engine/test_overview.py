"""The outbox as a person opens it: every link leads somewhere, nothing is asked of anybody."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.campaigns.models import Campaign, Issue
from pipeline.channels.folder import FolderChannel
from pipeline.engine.overview import write_overview
from pipeline.engine.passes import send_until_empty, tick
from pipeline.errors import OutboxError, TemplateError
from pipeline.stages.templates import PACKAGE
from tests import factories
from tests.factories import NOW
from tests.home import Home
from tests.management.steps import SHORT, files, write

pytestmark = pytest.mark.database

VOID = {"meta", "img", "br", "hr", "link", "input"}


class Page(HTMLParser):
    """Tags that are open, links, ids, and whatever is not well-formed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.folder = path.parent
        self.source = path.read_text("utf-8")
        self.tags: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.links: list[str] = []
        self.without_words: list[str] = []
        self.feed(self.source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what opens."""
        values = dict(attrs)
        self.tags.append(tag)
        self.links += [value for name in ("href", "src") if (value := values.get(name))]
        if tag == "img" and not values.get("alt"):
            self.without_words.append(str(values))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what closes itself, as the shapes of an SVG do."""
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note what closes and was not the last to open."""
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    @property
    def text(self) -> str:
        """What a person reads, white space folded."""
        body = self.source[self.source.index("<body>") :]
        return " ".join(re.sub(r"<[^>]*>", " ", body).split())


@pytest.fixture
def run(small: Home) -> Home:
    """The small home with its first part delivered."""
    tick(now=NOW, actor="Mara Ellison")
    send_until_empty(FolderChannel(small.outbox), clock=lambda: NOW)
    return small


def overview(home: Home) -> Page:
    write_overview(home.path)
    return Page(home.outbox / "index.html")


def test_every_link_leads_to_a_file_beside_it(run: Home) -> None:
    page = overview(run)

    assert len(page.links) > 10
    for link in page.links:
        parts = urlsplit(link)
        assert (parts.scheme, parts.netloc, link.startswith("/")) == ("", "", False)
        assert (page.folder / unquote(parts.path)).exists(), link


def test_every_file_that_goes_out_is_linked(run: Home) -> None:
    page = overview(run)

    linked = {unquote(link) for link in page.links}
    names = [name for name in files(run.outbox) if name != "index.html"]
    beside = {name for name in names if "/messages/" in name or re.search(r"cards/\d+\.txt", name)}
    assert set(names) - beside <= linked


def test_the_page_is_well_formed_and_asks_nobody_for_anything(run: Home) -> None:
    page = overview(run)

    assert (page.open, page.faults, page.without_words) == ([], [], [])
    assert set(page.tags) & {"script", "link", "iframe", "object", "form", "base"} == set()
    assert re.findall(r"https?:|url\(|@import|\son\w+=", page.source) == []
    assert page.source.lower().count("<!doctype html>") == 1
    assert page.tags.count("h1") == 1


def test_a_sum_and_a_state_stand_beside_each_part(run: Home) -> None:
    text = overview(run).text

    assert "Outbox of Harbour Street Acupuncture" in text
    assert "This is a demo." in text
    assert "Times are wall time in America/New York." in text
    assert "Part 1 of 2 · Tue 3 Mar 2026, 10:00 · Sent Why they cool" in text
    zeros = "0 excluded + 0 waiting + 24 sent + 0 failed + 0 not confirmed + 0 cancelled"
    assert f"24 planned = {zeros}" in text
    assert "24 delivered emails" in text
    assert "Part 2 of 2 · Tue 10 Mar 2026, 10:00 · Scheduled What helps" in text
    assert "1 posts" not in text


def test_what_needs_a_person_says_so_and_what_is_stopped_too(careful: Home) -> None:
    tick(now=NOW, actor="Mara Ellison")
    assert overview(careful).text.count("Waits for approval") == 2

    Campaign.objects.update(state=Campaign.State.PAUSED)
    assert "Warm hands paused" in overview(careful).text


def test_what_is_called_off_is_neither_shown_nor_written(run: Home) -> None:
    Issue.objects.filter(part=2).update(state=Issue.State.CANCELLED)

    assert "What helps" not in overview(run).text
    assert list(run.outbox.glob("*-part-2")) == []


def test_written_again_no_file_changes(run: Home) -> None:
    assert write_overview(run.path) > 0
    before = files(run.outbox)

    assert write_overview(run.path) == 0
    assert files(run.outbox) == before


def test_an_emptied_outbox_is_written_again(run: Home) -> None:
    write_overview(run.path)
    before = {name for name in files(run.outbox) if not name.endswith(".eml")}
    for path in run.outbox.rglob("*"):
        if path.is_file():
            path.unlink()

    write_overview(run.path)

    assert set(files(run.outbox)) == before


def test_notices_stand_below_with_their_sum_and_their_emails(run: Home) -> None:
    assert "Notices" not in overview(run).text
    factories.notice("ben@example.com")
    factories.notice("mina@example.com", name="Mina", language="ko")
    send_until_empty(FolderChannel(run.outbox), clock=lambda: NOW)

    page = overview(run)

    zeros = "0 excluded + 0 waiting + 2 sent + 0 failed + 0 not confirmed + 0 cancelled"
    assert f"Confirm asks whether somebody wants a newsletter 2 planned = {zeros}" in page.text
    assert "2 delivered emails" in page.text
    assert "notices/" in page.links
    assert (run.outbox / "notices").is_dir()
    assert (page.open, page.faults) == ([], [])


def test_a_title_is_text_and_not_markup(small: Home) -> None:
    write(small, "articles/warm-hands.md", SHORT.replace("Warm hands", "<b>Warm</b> & 'hands'"))
    tick(now=NOW, actor="Mara Ellison")

    page = overview(small)

    assert "&lt;b&gt;Warm&lt;/b&gt; &amp; &#39;hands&#39;" in page.source
    assert (page.open, page.faults) == ([], [])


def test_a_home_without_articles_has_a_page_too(small: Home) -> None:
    (small.path / "content" / "articles" / "warm-hands.md").unlink()
    tick(now=NOW, actor="Mara Ellison")

    page = overview(small)

    assert (page.open, page.faults) == ([], [])
    assert "Nothing is planned yet." in page.text


def test_a_page_that_cannot_be_written_is_told(run: Home) -> None:
    (run.outbox / "index.html").mkdir()

    with pytest.raises(OutboxError, match="the file cannot be written"):
        write_overview(run.path)


def test_a_broken_override_of_the_page_is_told_with_its_line(run: Home) -> None:
    override = run.path / "templates" / "outbox" / "index.html"
    override.parent.mkdir(parents=True)
    override.write_text("\n\n{{ nobody.knows }}", "utf-8")

    with pytest.raises(TemplateError) as caught:
        write_overview(run.path)

    assert (caught.value.path, caught.value.line) == (str(override), 3)


def test_the_colours_of_the_page_can_be_read() -> None:
    """WCAG 2.2: 4.5 to 1 for text, light and dark."""
    source = (PACKAGE.parent / "templates" / "outbox" / "index.html").read_text("utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", source)
    colours = {name: shades for name, *shades in pairs}

    for ground in ("paper", "surface"):
        for ink in ("ink", "ink-2", "jade", "ochre"):
            for shade in (0, 1):
                assert _contrast(colours[ink][shade], colours[ground][shade]) >= 4.5


def _contrast(first: str, second: str) -> float:
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
