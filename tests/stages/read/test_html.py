"""Reading HTML: whole pages and fragments by hand, and what a page says of itself."""

import json
from pathlib import Path, PurePath

import pytest
from lxml.html import document_fromstring

from pipeline.errors import SourceError
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.stages.text.runs import fold
from pipeline.values import plain

EXAMPLES = Path(__file__).parents[2] / "examples/html"
PAGES = sorted(EXAMPLES.glob("*.html"))
INPUTS = Path(__file__).parents[3] / "../shared/split/dev/inputs/html"


def example(path: Path) -> dict[str, object]:
    """What a page is read as, in the form the expected files have."""
    source = read(path, path.read_bytes())
    article = split(source, language="en")
    return {
        "title": article.title,
        "byline": article.byline,
        "date_line": article.date_line,
        "language": article.language,
        "lines": [
            [line.kind, line.level, line.marker, plain(line.text), *map(plain, line.cells)]
            for line in source.lines
        ],
        "links": [run.link for line in source.lines for run in line.text if run.link],
        "pictures": [line.target for line in source.lines if line.target],
        "bold": [run.text for line in source.lines for run in line.text if run.bold],
        "italic": [run.text for line in source.lines for run in line.text if run.italic],
    }


def matter(head: str, body: str = "<p>Words.</p>", lang: str = "") -> dict[str, object]:
    """What a page says of itself."""
    page = f"<html{lang}><head>{head}</head><body>{body}</body></html>"
    return dict(read(PurePath("a.html"), page.encode()).matter)


def texts(page: str) -> list[str]:
    """The words of each line."""
    return [plain(line.text) for line in read(PurePath("a.html"), page.encode()).lines]


def test_examples_exist() -> None:
    assert {path.stem for path in PAGES} == {path.stem for path in EXAMPLES.glob("*.json")}
    assert len(PAGES) == 8


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_read_html_gives_what_a_person_sees(path: Path) -> None:
    assert example(path) == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.no_cover
@pytest.mark.skipif(not INPUTS.is_dir(), reason="the benchmark of splitting is not here")
def test_read_html_keeps_every_letter_of_the_benchmark() -> None:
    for path in sorted(INPUTS.glob("*.html")):
        content = path.read_bytes()
        shown = fold("".join(document_fromstring(content.decode()).itertext()))
        lines = read(path, content).lines
        read_as = "".join(plain(line.text) for line in lines)
        assert "".join(read_as.split()) == "".join(shown.split()), path.name


def test_the_title_is_the_page_s_where_no_heading_says_it() -> None:
    assert matter("<title>Cold feet | Our clinic</title>") == {"title": "Cold feet"}
    named = '<meta property="og:site_name" content="Our clinic">'
    assert matter(f"<title>Cold feet - Our clinic</title>{named}") == {"title": "Cold feet"}
    assert matter("<title>Sleep – a guide</title>") == {"title": "Sleep – a guide"}
    assert matter("<title>Cold feet | Our clinic</title>", "<p>Cold feet</p><p>Words.</p>") == {}
    assert matter("<title>Cold feet | Our clinic</title>", "<h1>Warm feet</h1><p>Words.</p>") == {}


def test_the_author_counts_where_no_line_names_one() -> None:
    author = '<meta name="author" content="Ana Duarte">'
    assert matter(author) == {"byline": "Ana Duarte"}
    assert matter(author, "<p>Words by Ana Duarte.</p>") == {}
    assert matter(author, "<h1>T</h1><p>By Tom Reyes, DPT</p><p>Words.</p>") == {}
    assert matter('<meta name="author" content="admin">') == {}
    assert matter('<meta name="author" content="https://example.com/ana duarte">') == {}
    assert matter('<meta name="author" content="서하린">') == {"byline": "서하린"}


def test_the_day_counts_where_no_line_says_one() -> None:
    day = '<meta property="article:published_time" content="2026-03-03T10:00:00Z">'
    assert matter(day) == {"date": "2026-03-03"}
    assert matter(day, "<p>March 3, 2026</p><p>Words.</p>") == {}
    assert matter(day, "<p>Posted in spring 2026</p>") == {}
    assert matter(day.replace("2026-03-03T", "yesterday")) == {}


@pytest.mark.parametrize(
    ("written", "language"),
    [("en-US", "en-US"), ("KO", "ko"), ("pt_BR", "pt-BR"), ("english!", None), ("", None)],
)
def test_the_language_is_the_page_s(written: str, language: str | None) -> None:
    assert matter("", lang=f' lang="{written}"').get("language") == language


def test_a_title_above_the_article_is_its_title() -> None:
    page = (
        "<title>Cold feet | Our clinic</title><header><h1>Our clinic</h1></header>"
        "<header><h1>Cold feet</h1></header><article><p>Words.</p></article><footer>F</footer>"
    )
    assert texts(page) == ["Cold feet", "Words."]
    beside = "<nav>N</nav><main><h1>T</h1><p>By Ana</p><article><p>Words.</p></article></main>"
    assert texts(beside) == ["T", "By Ana", "Words."]


def test_links_are_relative_to_the_page_s_own_address() -> None:
    body = '<p>See <a href="/b">b</a></p>'
    for head, link in [
        ('<base href="https://example.com/a/">', "https://example.com/b"),
        ('<meta property="og:url" content="https://example.com/x">', "https://example.com/b"),
        ('<base href="http://[broken">', "/b"),
        ('<link rel="canonical" href="file:///etc/">', "/b"),
    ]:
        lines = read(PurePath("a.html"), f"<head>{head}</head>{body}".encode()).lines
        assert lines[0].text[-1].link == link


@pytest.mark.parametrize("content", [b"", b" \n", b"\xef\xbb\xbf", b"<!-- only this -->"])
def test_read_html_refuses_what_holds_no_page(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"^a\.htm: (the file is empty|there is no page)"):
        read(PurePath("a.htm"), content)
