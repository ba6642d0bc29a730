"""What is written as Markdown reads as the same article again."""

from dataclasses import replace
from pathlib import Path, PurePath

import pytest
from hypothesis import HealthCheck, given, settings

from pipeline.stages.format import to_markdown
from pipeline.stages.read import read
from pipeline.stages.split import split
from pipeline.stages.splitting.byline import people
from pipeline.values import Article, Block, Reference, Run, Section
from tests.stages.strategies import articles
from tests.stages.words import words

EXAMPLES = Path(__file__).parents[1] / "examples/split"
INPUTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix != ".json")


def again(article: Article) -> Article:
    """The article written and read."""
    path = PurePath(f"{article.slug}.md")
    return split(read(path, to_markdown(article).encode()), language="xx")


def without_lines(article: Article) -> Article:
    """The article without the places in its source."""
    return replace(
        article,
        lead=_bare(article.lead),
        sections=tuple(replace(s, line=0, blocks=_bare(s.blocks)) for s in article.sections),
        call_to_action=_bare(article.call_to_action),
        disclaimer=_bare(article.disclaimer),
    )


def _bare(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return tuple(replace(block, line=0) for block in blocks)


def paragraph(*runs: Run) -> Block:
    """A paragraph of these runs."""
    return Block(kind="paragraph", text=runs)


def article(*blocks: Block, **values: object) -> Article:
    """A small article with these blocks in its one section."""
    section = Section(level=1, number="", heading="Heading", blocks=blocks)
    made = Article(slug="small", language="en", title="Title", sections=(section,))
    return replace(made, **values)  # type: ignore[arg-type]  # each test names the fields


def body(made: Article) -> str:
    """What stands under the heading of a small article."""
    return to_markdown(made).split("## Heading\n\n")[1].removesuffix("\n")


@pytest.mark.no_cover
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(articles)
def test_to_markdown_reads_as_the_same_article(made: Article) -> None:
    made = replace(made, people=people(made.byline))
    back = again(made)
    assert without_lines(back) == made
    assert words(back) == words(made)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.name)
def test_to_markdown_of_an_example_reads_as_the_same_article(path: Path) -> None:
    first = split(read(path, path.read_bytes()), language="en")
    assert without_lines(again(first)) == without_lines(first)


def test_to_markdown_writes_front_matter_with_a_value_only() -> None:
    made = article(tags=("pain",), byline="Jiwon Bae, DC", evergreen=True, season="pollen")
    front = to_markdown(made).split("---\n")[1]
    assert (
        front == "title: Title\nbyline: Jiwon Bae, DC\nlanguage: en\ntags:\n- pain\n"
        "evergreen: true\nseason: pollen\n"
    )


def test_to_markdown_quotes_what_yaml_would_read_otherwise() -> None:
    made = article(title="Sleep: yes", date_line="2026-03-01", byline="no")
    assert "title: 'Sleep: yes'\nbyline: 'no'\ndate: '2026-03-01'\n" in to_markdown(made)


def test_to_markdown_without_sections_declares_its_title_as_heading() -> None:
    made = Article(slug="small", language="en", title="Only *this*", lead=(paragraph(Run("Why?")),))
    assert to_markdown(made) == "---\nlanguage: en\n---\n\n# Only \\*this\\*\n\nWhy?\n"
    assert without_lines(again(made)) == made


def test_to_markdown_without_any_front_matter_has_no_fences() -> None:
    made = Article(slug="small", language="", title="Title", lead=(paragraph(Run("Word")),))
    assert to_markdown(made) == "# Title\n\nWord\n"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("1", "## 1. Heading"),
        ("IV", "## IV. Heading"),
        ("①", "## ① Heading"),
        ("Step 3", "## Step 3: Heading"),
        ("First", "## First: Heading"),
        ("셋째", "## 셋째: Heading"),
        ("1.2", "## 1.2 Heading"),
        ("2단계", "## 2단계 Heading"),
        ("#4", "## #4 Heading"),
        ("Étape 3", "## Étape 3: Heading"),
        ("제1장", "## 제1장: Heading"),
        ("두 번째", "## 두 번째: Heading"),
        ("나", "## 나. Heading"),
        ("Reason No. 2", "## Reason No. 2: Heading"),
    ],
)
def test_to_markdown_writes_a_number_that_reads_as_the_same(number: str, written: str) -> None:
    section = Section(level=1, number=number, heading="Heading")
    made = Article(
        slug="small",
        language="en",
        title="Title",
        lead=(paragraph(Run("Word")),),
        sections=(section,),
    )
    assert written in to_markdown(made).splitlines()
    assert without_lines(again(made)) == made


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# no heading", r"\# no heading"),
        ("1. no list", r"1\. no list"),
        ("1) no list", r"1\) no list"),
        ("- no bullet", r"\- no bullet"),
        ("+ no bullet", r"\+ no bullet"),
        ("> no quotation", r"\> no quotation"),
        ("--- a rule", "--- a rule"),
        ("---", r"\---"),
        ("~~~", r"\~~~"),
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("snake_case and _mark_", r"snake_case and \_mark\_"),
        ("[not] a link", r"\[not\] a link"),
        ("a < b <b>", r"a < b \<b>"),
        ("AT&T &amp;", r"AT&T \&amp;"),
        ("-5 °C", "-5 °C"),
    ],
)
def test_to_markdown_escapes_only_what_means_something(text: str, written: str) -> None:
    made = article(paragraph(Run(text)))
    assert body(made) == written
    assert without_lines(again(made)) == made


@pytest.mark.parametrize(
    ("runs", "written"),
    [
        ((Run("a "), Run("b", bold=True)), "a **b**"),
        ((Run("침", bold=True), Run("은")), "**침**은"),
        ((Run("“침”", bold=True), Run("은")), "**“침”**<!-- -->은"),
        ((Run("은"), Run("“침”", bold=True)), "은<!-- -->**“침”**"),
        ((Run("a", bold=True), Run("b", italic=True)), "**a**<!-- -->_b_"),
        ((Run("a ", bold=True), Run("b", bold=True, italic=True)), "**a _b_**"),
        ((Run("a", code=True),), "`a`"),
        ((Run("`a", code=True),), "`` `a ``"),
        ((Run("hey!"), Run("you", link="/u")), r"hey\![you](/u)"),
        ((Run("a", link="/b c"),), "[a](</b c>)"),
    ],
)
def test_to_markdown_writes_styles(runs: tuple[Run, ...], written: str) -> None:
    assert body(article(paragraph(*runs))) == written


def test_to_markdown_writes_a_link_that_is_no_definition() -> None:
    made = article(paragraph(Run("]:", code=True, link="/a")))
    assert body(made) == "&#8203;[`]:`](/a)"
    assert without_lines(again(made)) == made


def test_to_markdown_keeps_a_row_of_hashes_at_the_end_of_a_heading() -> None:
    section = Section(level=2, number="", heading="C ##")
    made = article(paragraph(Run("Word")))
    made = replace(made, sections=(*made.sections, section))
    assert r"### C \#\#" in to_markdown(made)
    assert without_lines(again(made)) == made


def test_to_markdown_parts_two_numbered_lists_that_touch() -> None:
    one = Block(kind="numbered", items=((Run("a"),),))
    made = article(one, one, one)
    assert body(made) == "1. a\n\n1) a\n\n1. a"
    assert without_lines(again(made)) == made


def test_to_markdown_fences_code_with_more_than_it_holds() -> None:
    made = article(Block(kind="code", text=(Run("```\nx\n```"),)))
    assert body(made) == "````\n```\nx\n```\n````"
    assert without_lines(again(made)) == made


def test_to_markdown_writes_references_and_disclaimer_in_the_articles_language() -> None:
    references = (
        Reference(number=1, text=(Run("One."),)),
        Reference(number=2, text=(Run("Two."),)),
        Reference(number=7, text=(Run("Seven."),)),
    )
    disclaimer = (paragraph(Run("Ask first.")),)
    made = article(references=references, disclaimer=disclaimer, language="ko-KR")
    assert to_markdown(made).endswith(
        "## 참고문헌\n\n1. One.\n2. Two.\n\n7) Seven.\n\n## 면책 조항\n\nAsk first.\n"
    )
