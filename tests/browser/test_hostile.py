"""Hostile words everywhere, in a real browser: no dialog and no request (S3)."""

from dataclasses import replace
from pathlib import Path, PurePath
from xml.sax.saxutils import escape, quoteattr

import pytest
from playwright.sync_api import Dialog

from pipeline.errors import MeridianError
from pipeline.run import run
from pipeline.stages.merge import MARKED, merge
from pipeline.stages.web_version import web_version
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.samples import configuration, templates
from tests.stages.read.packing import listed, p, packed, relation
from tests.stages.test_formats_agree import WORD_NUMBERS, WORD_STYLES

pytestmark = pytest.mark.browser

CORPUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=//evil.test/x>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "data:text/html,<script>alert(1)</script>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg></p><style><a id=\"</style><img src=x onerror=alert(1)>\">",
    "<style>@import '//evil.test/x.css';</style>",
    "<style>*{background:url(//evil.test/x)}</style>",
    "<mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=alert(1)&gt;\">",
    "<math><mtext><table><mglyph><style><math><img src=x onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><img title=\"</title><img src=x onerror=alert(1)>\">",
    "<iframe srcdoc=\"<script>parent.alert(1)</script>\">",
    "<meta http-equiv=refresh content=0;url=//evil.test>",
    "<base href=//evil.test><a href=x>x</a>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<object data=//evil.test/x></object><embed src=//evil.test/x>",
    "<video src=//evil.test/x onerror=alert(1)><audio src=x onerror=alert(1)>",
    "--><img src=x onerror=alert(1)><!--",
    "<![endif]--><img src=x onerror=alert(1)>",
    "]]><img src=x onerror=alert(1)>",
    "</title></style></textarea></noscript></script><img src=x onerror=alert(1)>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "＜img src=x onerror=alert(1)＞",
]  # fmt: skip
TEMPLATES = templates()
TITLE, HEADING = '<w:pStyle w:val="h1"/>', '<w:pStyle w:val="h2"/>'


def markdown(words: str) -> bytes:
    """An article that says these words wherever Markdown can."""
    text = f"# {{{{ first_name }}}} {words}\n\n{words}\n\n## {words}\n\n* {words}\n\n> {words}\n\n"
    return f"{text}```\n{words}\n```\n".encode()


def docx(words: str) -> bytes:
    """The same in Word: title, heading, paragraph, item, cell, the words and target of a link."""
    said = escape(words)
    link = f'<w:p><w:hyperlink r:id="l"><w:r><w:t>{said}</w:t></w:r></w:hyperlink></w:p>'
    cell = f"<w:tbl><w:tr><w:tc>{p(said)}</w:tc><w:tc>{p(said)}</w:tc></w:tr></w:tbl>"
    body = p(f"A {said}", TITLE) + p(said) + p(said, HEADING) + p(said) + listed(said) + link + cell
    target = quoteattr(words)[1:-1].replace('"', "&quot;")
    relations = relation("l", "hyperlink", target, outside=True)
    return packed(body, relations=relations, styles=WORD_STYLES, numbering=WORD_NUMBERS)


def letters(words: str, kind: str) -> list[str]:
    """The pages of such an article, its clinic and its reader called so too."""
    configured = configuration()
    clinic = replace(configured.clinic, name=words, note=words, booking_label=words, phone=words)
    newsletter = replace(configured.newsletters[0], name=words, why=words)
    configured = replace(configured, clinic=clinic, newsletters=(newsletter,))
    name = PurePath(f"{words.replace('/', '-')}.{kind}")
    edition = run(name, {"md": markdown, "docx": docx}[kind](words), configured, TEMPLATES)
    values = dict.fromkeys(MARKED, "https://letters.example.com/x") | {"first_name": words}
    made = [merge(issue.html, values, html=True) for issue in edition.issues]
    web = (web_version(issue.html, archive="/archive").html for issue in edition.issues)
    return [*made, *web]


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@pytest.mark.parametrize("kind", ["md", "docx"])
def test_hostile_words_do_nothing_s3(visit: Visit, tmp_path: Path, kind: str) -> None:
    dialogs: list[str] = []

    def told(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    visit.page.on("dialog", told)
    opened = 0
    for number, words in enumerate(CORPUS):
        try:
            pages = letters(words, kind)
        except MeridianError:
            continue
        for which, html in enumerate(pages):
            file = tmp_path / f"{number}-{which}.html"
            file.write_text(html, "utf-8")
            visit.page.goto(file.as_uri())
            for width in (DESKTOP, PHONE):
                visit.page.set_viewport_size({"width": width, "height": 900})
                visit.page.mouse.move(100, 300)
                visit.page.mouse.move(width - 20, 20)
            opened += 1
    assert opened > 40
    assert dialogs == []
    assert visit.foreign("file:") == []
    assert [url for url in visit.asked if not url.endswith(".html")] == []
