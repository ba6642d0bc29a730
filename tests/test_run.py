"""The way in: pure, the same twice, and whole in what it returns."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePath

import pytest

from pipeline.errors import SourceError, TemplateError
from pipeline.run import run
from pipeline.stages.read.configuration import read_configuration
from pipeline.stages.templates import Templates
from pipeline.values import Configuration, Edition
from tests.home import CHECKOUT
from tests.samples import templates

CONTENT = CHECKOUT / "content"
ARTICLE = CONTENT / "articles/how-acupuncture-eases-pain.md"
CONFIGURATION = read_configuration(PurePath("clinic.toml"), (CONTENT / "clinic.toml").read_bytes())
MONTHLY = replace(CONFIGURATION.newsletters[0], key="monthly", name="The Long Letter")


def edition(
    text: str | bytes = ARTICLE.read_bytes(),
    *,
    configuration: Configuration = CONFIGURATION,
    name: str = ARTICLE.name,
) -> Edition:
    """What becomes of a text under the name of a file that is nowhere."""
    content = text.encode() if isinstance(text, str) else text
    return run(PurePath(name), content, configuration, templates())


@pytest.fixture(scope="module")
def example() -> Edition:
    """The example article, made once."""
    return edition()


def test_the_example_becomes_issues_posts_and_cards(example: Edition) -> None:
    assert example.article.title == "How acupuncture may ease pain"
    assert example.newsletter == CONFIGURATION.newsletters[0]
    assert [issue.part for issue in example.issues] == [1, 2, 3, 4]
    assert {issue.of for issue in example.issues} == {4}
    assert len(example.plan.issues) == len(example.issues)
    accounts = {(account.network, account.handle) for account in CONFIGURATION.accounts}
    assert {(post.network, post.handle) for post in example.posts} == accounts
    assert len(example.posts) == 4 * len(accounts)
    assert [card.section for card in example.cards] == [0, 1, 2, 3]
    assert not [finding for finding in example.findings if finding.level == "error"]


def test_every_section_is_in_one_issue(example: Edition) -> None:
    planned = [section for issue in example.plan.issues for section in issue.sections]
    assert planned == list(range(len(example.article.sections)))


def test_the_same_comes_out_twice_to_the_byte(example: Edition) -> None:
    assert edition() == example


def test_a_newsletter_is_the_one_the_article_names() -> None:
    configuration = replace(CONFIGURATION, newsletters=(MONTHLY, *CONFIGURATION.newsletters))
    text = "---\ntitle: Warm hands\nnewsletter: weekly\n---\n\nA cup of tea, and time.\n"
    assert edition(text, configuration=configuration).newsletter.key == "weekly"
    text = text.replace("newsletter: weekly\n", "")
    assert edition(text, configuration=configuration).newsletter.key == "monthly"


def test_an_unknown_newsletter_is_told_with_those_known() -> None:
    text = ARTICLE.read_text("utf-8").replace("newsletter: weekly", "newsletter: weakly")
    configuration = replace(CONFIGURATION, newsletters=(*CONFIGURATION.newsletters, MONTHLY))
    with pytest.raises(SourceError) as caught:
        edition(text, configuration=configuration)
    assert str(caught.value) == (
        f"{ARTICLE.name}: the front matter names a newsletter that is not there: weakly. "
        "Write one of these, or put it into clinic.toml: weekly, monthly."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b"\0\0", "this is not text"),
        (b"%PDF-1.7", "this is a PDF, not text"),
        (b"---\ntitle: x\n", "the front matter has no closing fence"),
    ],
)
def test_what_is_no_article_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        edition(content)
    assert caught.value.message == message
    assert str(caught.value).startswith(ARTICLE.name)


def test_what_a_stage_refuses_is_told_by_the_file() -> None:
    text = ARTICLE.read_text("utf-8").replace("\n## 1. ", f"\n## 1. {'W' * 600}", 1)
    with pytest.raises(SourceError) as caught:
        edition(text)
    assert str(caught.value).startswith(f"{ARTICLE.name}, line 16: the heading “WWW")
    assert "is too long (641 of 500) for a post on mastodon" in caught.value.message


def test_a_format_nobody_knows_is_refused() -> None:
    with pytest.raises(SourceError, match="no reader knows files ending in"):
        edition(name="a.pages")


def test_a_home_without_templates_is_told(tmp_path: Path) -> None:
    with pytest.raises(TemplateError):
        run(PurePath(ARTICLE.name), ARTICLE.read_bytes(), CONFIGURATION, Templates([tmp_path]))


@pytest.mark.parametrize("module", ["run", "values", "errors", "stages.read.configuration"])
def test_it_knows_no_django_and_no_network(module: str) -> None:
    code = (
        f"import pipeline.{module}, sys;"
        "print(sorted({'django', 'requests', 'sqlite3', 'http.client'} & set(sys.modules)))"
    )
    assert child(code) == "[]\n"


def test_it_writes_nothing_and_asks_no_clock(tmp_path: Path) -> None:
    """In a process that may neither write, connect nor look at a clock, it does all the same."""
    code = f"""
import sys, time
from pathlib import Path, PurePath
from pipeline.run import run
from pipeline.stages.read.configuration import read_configuration
from pipeline.stages.templates import Templates, folders
content = Path({str(CONTENT)!r})
article = (content / "articles" / {ARTICLE.name!r}).read_bytes()
settings = (content / "clinic.toml").read_bytes()
run(PurePath("warm.md"), article, read_configuration(PurePath("c"), settings), Templates(folders()))
seen = []
def look(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event.split(".")[0] in ("socket", "sqlite3", "subprocess", "shutil"):
        seen.append((event, arguments))
sys.addaudithook(look)
del time.time, time.time_ns
made = run(PurePath("cold.md"), article, read_configuration(PurePath("c"), settings),
    Templates(folders()))
print(len(made.issues), seen)
"""
    assert child(code, cwd=tmp_path) == "4 []\n"
    assert not list(tmp_path.iterdir())


def child(code: str, *, cwd: Path = CHECKOUT) -> str:
    """What a Python process of its own prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env={"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout
