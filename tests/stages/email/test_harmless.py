"""What a letter is made of: nothing that runs, loads, or is read in two ways (S3, S23)."""

import pytest

from pipeline.stages.email.harmless import harm
from tests.stages.letters import rendered

EVIL = "https://evil.test/x"
RUNS = "onerror=alert(1)"


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.test></SCRIPT>",
        f'<meta http-equiv="refresh" content="0;url={EVIL}" />',
        "<svg onload=alert(1)></svg>",
        "<svg><script>alert(1)</script></svg>",
        f'<svg><use href="{EVIL}#a" /></svg>',
        f'<svg><image href="{EVIL}" /></svg>',
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        f"<math><mtext><table><mglyph><style><img src=x {RUNS}></style></mglyph></table></math>",
        "<form><math><mtext></form><form><mglyph><svg><mtext><style></style></svg>",
        f"<p {RUNS}>x</p>",
        f"<img src=x {RUNS}>",
        f"<img src=x/{RUNS}>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" java\nscript:alert(1)">x</a>',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<a href="JAVASCRIPT&colon;alert(1)">x</a>',
        '<a href="vbscript:x">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<a/href="javascript:alert(1)">x</a>',
        f'<a href="https://x.example" ping="{EVIL}">x</a>',
        f'<button formaction="{EVIL}">x</button>',
        '<iframe srcdoc="x"></iframe>',
        f'<style>@import "{EVIL}";</style>',
        "<style>@import url(//evil.test)</style>",
        f"<style>a{{background:\\75rl({EVIL})}}</style>",
        f"<style>a{{background:u\\rl({EVIL})}}</style>",
        f"<style>a{{background:url(/**/{EVIL})}}</style>",
        f'<style>a{{background:image-set("{EVIL}" 1x)}}</style>',
        f"<p style=\"background:image-set('{EVIL}' 1x)\">x</p>",
        f'<p style="background:url&#40;{EVIL})">x</p>',
        f"<p style=\"background:URL( '{EVIL}')\">x</p>",
        '<p style="width:expression(alert(1))">x</p>',
        '<p style="a:/*">x</p><p style="width:expression(alert(1))">x</p><p style="*/">x</p>',
        f'<p style="-moz-binding:url({EVIL})">x</p>',
        "<style>a{content:'\\110000'}@\\69mport 'x'</style>",
        f"<!--[if mso]><v:imagedata src={EVIL} /><![endif]-->",
        f"<!--[if mso]><style>p{{background:url({EVIL})}}</style><![endif]-->",
        f"<!--><img src=x {RUNS}>-->",
        f"<!---><img src=x {RUNS}>-->",
        f"<!-- --!><img src=x {RUNS}>-->",
        f"<![CDATA[<img src=x {RUNS}>]]>",
        f"<?x <img src=x {RUNS}>?>",
        f'<noscript><p title="</noscript><img src=x {RUNS}>"></p></noscript>',
        f'<title><p id="</title><img src=x {RUNS}>"></p></title>',
        f'<textarea><p id="</textarea><img src=x {RUNS}>"></p></textarea>',
        f'<xmp><p id="</xmp><img src=x {RUNS}>"></p></xmp>',
        f"<style><!--</style><img src=x {RUNS}>--></style>",
        f"<style></style x><img src=x {RUNS}></style>",
        f'<p title="x><img src=x {RUNS}>',
        "<plaintext>",
        "<template><p>x</p></template>",
        "<o:p>x</o:p>",
        "<p",
        "a < b",
    ],
)
def test_what_could_do_something_is_found_s3_s23(html: str) -> None:
    assert harm(f"<!doctype html><html><body>{html}</body></html>", ()) != ""


def test_the_first_of_what_could_do_something_is_told() -> None:
    html = f"<p>x</p><b>x</b><p>x</p><i onclick=a>< {'x' * 50}</i><svg>"
    assert harm(html, ()) == "it holds an onclick attribute"
    told = harm(html.replace("onclick=a", ""), ())
    assert told == f"a < begins nothing that can be read: < {'x' * 38}"


@pytest.mark.parametrize(
    "html",
    [
        "<p>a &lt; b &lt;script&gt; javascript: onerror=x</p>",
        "<p title=\"a > b <script>\">x</p>",
        "<a href=\"https://x.example/?a=b&amp;c=javascript:d\">x</a>",
        "<a href=\"mailto:a@x.example\">x</a><a href=\"tel:+1\">x</a>",
        "<a href=\"#part:2\">x</a><a href=\"a/b:c\">x</a><a href=\"@@view_url@@\">x</a>",
        "<style type=\"text/css\">a > b { color: red; content: \"\\201c\" }</style>",
        "<p style=\"background:url(https://x.example/a.png)\">x</p>",
        "<!--[if mso]><table background=\"https://x.example/a.png\"><![endif]-->",
        "<!--[if !mso]><!--><br /><!--<![endif]-->",
        "<title>a &lt; b</title><meta http-equiv=\"Content-Type\" content=\"x\" />",
        "<td width=1 nowrap>x</td>",
    ],
)  # fmt: skip
def test_words_links_and_the_authors_pictures_are_no_harm(html: str) -> None:
    assert harm(html, ("https://x.example/a.png",)) == ""


def test_the_letters_of_the_house_are_harmless() -> None:
    pictures = ("https://clinic.example.com/hand.png",)
    assert [harm(letter.html, pictures) for letter in rendered()] == ["", "", ""]


def test_nonsense_is_read_in_a_moment() -> None:
    for nonsense in ("<", "<a ", "<a x=", "<!--", "<style>", "<a 'x", "&#"):
        assert harm(nonsense * 20_000, ()) or "<" not in nonsense
