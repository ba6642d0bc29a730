"""Finding the article on a page."""

from pathlib import PurePath

import pytest

from pipeline.stages.read import read
from pipeline.values import plain

PROSE = "<p>Long enough to be read, and to be weighed, as any paragraph of an article is.</p>"
TEXT = plain(read(PurePath("a.html"), PROSE.encode()).lines[0].text)


def texts(page: str) -> list[str]:
    """The words of each line."""
    return [plain(line.text) for line in read(PurePath("a.html"), page.encode()).lines]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>x</script>",
        "<style>x</style>",
        "<noscript><p>x</p></noscript>",
        "<template>x</template>",
        "<p hidden>x</p>",
        "<p style='color:red; display : none'>x</p>",
        "<p style='mso-hide:all'>x</p>",
        "<span style='font-size:0px'>x</span>",
        "<span class='sr-only'>x</span>",
        "<i aria-hidden=true>x</i>",
        "<svg><text>x</text></svg>",
        "<select><option>x</option></select>",
        "<button>x</button>",
        "<!-- x -->",
        "<?php x ?>",
    ],
)
def test_what_nobody_sees_is_not_read(hidden: str) -> None:
    assert texts(f"<p>a {hidden} b</p>{hidden}<p>c</p>") in (["a b", "c"], ["a", "b", "c"])


@pytest.mark.parametrize(
    "shown",
    ["<p hidden=until-found>x</p>", "<div aria-hidden=true><p>x</p></div>", "<form>x</form>"],
)
def test_what_somebody_sees_is_read(shown: str) -> None:
    assert texts(shown) == ["x"]


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>x</nav>",
        "<div class='share-buttons'>x</div>",
        "<div id=cookie-notice><p>x</p></div>",
        "<div class='post-related_posts related-posts'>x</div>",
        "<section id=comments>x</section>",
        "<ul role=menu><li>x</ul>",
        "<form>x</form>",
        "<aside><a href=/x>x</a></aside>",
        "<h3>Related posts:</h3><ul><li><a href=/x>x</a></ul>",
        "<h3>함께 보면 좋은 글</h3><p><a href=/x>x</a></p>",
    ],
)
def test_furniture_in_an_article_is_left(furniture: str) -> None:
    assert texts(f"<article><h1>T</h1>{PROSE}{furniture}</article>") == ["T", TEXT]


@pytest.mark.parametrize(
    "kept",
    [
        "<aside><p>x y</p></aside>",
        "<footer><p>x y</p></footer>",
        "<h2 id=comments>x y</h2>",
        "<div class='has-sidebar'>x y</div>",
        "<blockquote><footer>x y</footer></blockquote>",
    ],
)
def test_words_in_an_article_are_kept(kept: str) -> None:
    assert texts(f"<nav>n</nav><article><h1>T</h1>{PROSE}{kept}</article>")[-1] == "x y"


def test_related_posts_with_words_under_them_are_a_section() -> None:
    page = f"<nav>n</nav><article><h1>T</h1><h2>Read more</h2>{PROSE}<h2>B</h2></article>"
    assert texts(page) == ["T", "Read more", TEXT, "B"]


def test_a_name_that_would_drop_half_of_the_article_is_not_believed() -> None:
    page = f"<nav>n</nav><article><h1>T</h1><div class=sidebar>{PROSE}</div></article>"
    assert texts(page) == ["T", TEXT]


def test_the_greatest_article_is_the_article() -> None:
    teaser = "<article><h2>Teaser</h2></article>"
    page = f"{teaser}<article><h1>T</h1>{PROSE * 3}</article>{teaser}<footer>f</footer>"
    assert texts(page) == ["T", TEXT, TEXT, TEXT]
    comments = f"<div class=comments><article>{PROSE * 9}</article></div>"
    assert texts(f"<article><h1>T</h1>{PROSE}</article>{comments}") == ["T", TEXT]


def test_main_is_believed_where_there_are_many_articles() -> None:
    part = f"<article>{PROSE}</article>"
    page = f"<nav>n</nav><p>out</p><main><h1>T</h1>{part}{part}</main>"
    assert texts(page) == ["T", TEXT, TEXT]


def test_a_page_without_article_is_searched() -> None:
    frame = "<div id=nav><a href=/>Home</a></div>{}<div id=footer>f</div>"
    found = f"<div><h1>T</h1><div>{PROSE * 4}<h2>x</h2>{PROSE}</div></div>"
    assert texts(frame.format(found)) == ["T", *[TEXT] * 4, "x", TEXT]
    assert texts(frame.format("<div>Short words</div>")) == ["Short words"]
    many = "<p><b>w</b></p>" * 10_001
    assert len(texts(frame.format(many))) == 10_001


def test_a_fragment_is_taken_whole() -> None:
    assert texts("words <b>alone</b>") == ["words alone"]
    assert texts("<form><h1>T</h1><p>all</p></form><p>of it</p>") == ["T", "all", "of it"]
