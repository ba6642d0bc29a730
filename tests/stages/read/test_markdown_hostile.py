"""Hostile Markdown: what it says is read, what it would do is not there (S25)."""

import re
from pathlib import PurePath

import pytest

from pipeline.stages.addressing import for_reader
from pipeline.stages.email.page import page
from pipeline.stages.plan import plan
from pipeline.stages.read import read
from pipeline.stages.render import render
from pipeline.stages.split import split
from tests.samples import configuration, templates

TEMPLATES = templates()


def letter(markdown: str) -> tuple[str, str]:
    """HTML and text of the one issue of an article."""
    source = read(PurePath("a.md"), f"# A title\n\nBefore.\n\n{markdown}\n\nAfter.\n".encode())
    made = for_reader(split(source, language="en"), configuration().clinic)
    issue = render(
        made,
        plan(made),
        configuration().newsletters[0],
        configuration=configuration(),
        templates=TEMPLATES,
    )[0]
    return issue.html, issue.text


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script> word",
        "word <img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">word</a>',
        "<iframe src=//evil.test></iframe> word",
        "<style>@import '//evil.test'</style> word",
        "<svg onload=alert(1)> word",
        "<math><mi xlink:href=javascript:alert(1)>word</mi></math>",
        "[word](javascript:alert(1))",
        "[word](JaVaScRiPt:alert(1))",
        "[word](java\tscript:alert(1))",
        "[word](<java script:alert(1)>)",
        "[word](&#106;avascript:alert(1))",
        "[word](&#x6A&#x61vascript:alert(1))",
        "[word](javascript&colon;alert(1))",
        "[word](%6aavascript:alert(1))",
        "[word](vbscript:x)",
        "[word](data:text/html;base64,PHNjcmlwdD4=)",
        "[word](file:///etc/passwd)",
        "[word][r]\n\n[r]: javascript:alert(1)",
        "[word][r]\n\n[r]: data:text/html,x 'title'",
        "<javascript:alert(1)> word",
        "<JAVASCRIPT:alert(1)> word",
        '[word](https://x.example.com "a\\" onmouseover=\\"alert(1)")',
        "![word](javascript:alert(1))",
        "![word](data:image/svg+xml,<svg/onload=alert(1)>)",
        '![word" onerror="alert(1)](https://clinic.example.com/a.png)',
        "[word](https://x.example.com/\"onclick=alert(1))",
        "`word<script>`",
        "```html\n<script>word</script>\n```",
    ],
)  # fmt: skip
def test_what_it_would_do_is_not_there_s25(markdown: str) -> None:
    html, _ = letter(markdown)
    seen = page(html)
    assert "word" in seen.text or markdown.startswith("<style")
    assert seen.handlers == ()
    assert not seen.elements & {"script", "iframe", "svg", "math"}
    assert [load for load in seen.loads if load != "https://clinic.example.com/a.png"] == []
    schemes = {link.href.split(":")[0].lower() for link in seen.links}
    assert schemes <= {"https", "tel", "@@unsubscribe_url@@", "@@preferences_url@@", "@@view_url@@"}


@pytest.mark.parametrize(
    "target", ["//evil.test/x.png", "///evil.test/x.png", "\\\\\\\\evil.test/x"]
)
def test_a_picture_without_a_scheme_is_kept_for_the_check_to_refuse_s25(target: str) -> None:
    html, _ = letter(f"![word]({target})")
    assert [load for load in page(html).loads if "evil" not in load] == []
    assert "word" in page(html).text


def test_autolinks_lead_where_they_say_s25() -> None:
    html, text = letter("<https://x.example.com/a> and https://y.example.com")
    links = [link for link in page(html).links if "example.com/a" in link.href]
    assert [(link.href, link.text) for link in links] == [
        ("https://x.example.com/a", "https://x.example.com/a")
    ]
    assert re.search(r"https://x\.example\.com/a", text)
