"""The web version: the same letter for everybody."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from pipeline.stages.email.page import page
from pipeline.stages.merge import MARKED, mark
from pipeline.stages.text.inline import solid
from pipeline.stages.web_version import policy, source, web_version
from tests.samples import article, paragraph
from tests.stages.letters import first, rendered

OWN = {mark(name) for name in ("unsubscribe_url", "preferences_url", "view_url")}


SEE = f'<a href="{mark("view_url")}">See</a>'


def made(html: str) -> str:
    return web_version(html, archive="/archive").html


@pytest.mark.parametrize("part", [0, 1, 2])
def test_it_says_what_the_letter_says_but_for_the_readers_own_links(part: int) -> None:
    letter = rendered()[part]
    seen, shown = page(made(letter.html)), page(letter.html)
    own = solid("".join(link.text for link in shown.links if link.href in OWN))
    assert own.startswith("Unsubscribe")
    assert solid(seen.text) == solid(shown.text).removesuffix(own)
    root = mark("archive_url")
    kept = [(link.href, link.text) for link in shown.links if link.href not in OWN]
    assert [(link.href, link.text) for link in seen.links] == [
        (href.replace(root, "/archive"), text) for href, text in kept
    ]
    assert seen.images == shown.images


def test_the_line_for_the_inbox_is_left_out() -> None:
    assert made('<div style="display: none">Soon</div><p>Hi</p>') == made("<p>Hi</p>")


def test_it_knows_no_reader() -> None:
    words = 'Hi {{ first_name | default("friend") }}, {{ language }} {{ view_url }}'
    letter = first(replace(article(), lead=(paragraph(words),), title=words))
    assert "@@" in letter.html
    html = made(letter.html)
    assert "@@" not in html
    assert page(html).text.count("Hi friend,") == 2


def test_a_default_is_nothing_but_words_s3() -> None:
    words = '{{ first_name | default("<img src=x onerror=alert(1)>") }}'
    html = made(first(replace(article(), lead=(paragraph(words),))).html)
    assert page(html).handlers == ()
    assert "<img src=x onerror=alert(1)>" in page(html).text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (f'<p>Bye</p><p><a href="{mark("unsubscribe_url")}">Leave</a></p>', "<p>Bye</p>"),
        (
            f'<p>Bye · <a href="{mark("view_url")}">See</a></p>',
            "<p>Bye · </p>",
        ),
        (f"<div><p>Bye</p><p>{SEE} · {SEE}</p></div>", "<div><p>Bye</p></div>"),
        (
            f'<p>Bye</p><p><a href="{mark("archive_url")}/weekly/a/1/">Part 1</a></p>',
            '<p>Bye</p><p><a href="/archive/weekly/a/1/">Part 1</a></p>',
        ),
        (f"<p>Bye {mark('view_url')}</p>", "<p>Bye </p>"),
        (f'<p><a href="{mark("view_url")}">See</a></p>', ""),
    ],
)
def test_links_of_a_reader_go_with_the_line_they_were_alone_in(written: str, kept: str) -> None:
    assert f"<body>{kept}</body>" in made(f"<html><head></head><body>{written}</body></html>")


def test_what_only_outlook_reads_is_left_out() -> None:
    letter = first()
    assert "<!--[if mso" in letter.html
    assert "<!--" not in made(letter.html)


def test_its_policy_names_each_sheet_by_its_hash_and_nothing_unsafe_s33() -> None:
    web = web_version(rendered()[2].html, archive="/archive")
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", web.html, flags=re.DOTALL)
    assert not re.search(r"<[^>]*\sstyle=", web.html)
    for sheet in sheets:
        digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in web.policy
    assert web.policy.startswith("default-src 'none'; style-src 'sha256-")
    assert web.policy.endswith(
        "; img-src https://clinic.example.com; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert "unsafe" not in web.policy


@pytest.mark.parametrize(
    ("source", "origin"),
    [
        ("https://x.example.com/a.png", "https://x.example.com"),
        ("http://x.example.com:8080/a.png", "http://x.example.com:8080"),
        ("https://bücher.example/a.png", "https://xn--bcher-kva.example"),
        ("a.png", "'none'"),
        ("data:image/png;base64,AA", "'none'"),
        ("https://x.example.com;script-src *", "'none'"),
        ("https://[x", "'none'"),
        ("https://x.example.com:x/a.png", "'none'"),
        ("https://" + "x" * 70 + ".example/", "'none'"),
    ],
)
def test_only_the_hosts_of_its_pictures_may_be_asked(source: str, origin: str) -> None:
    policy = web_version(f'<p><img src="{source}" alt=""></p>', archive="/archive").policy
    assert f"; img-src {origin}; base-uri" in policy


def test_a_letter_without_styles_gets_none() -> None:
    assert made("<p>Hi</p>") == "<!doctype html>\n<html><body><p>Hi</p></body></html>\n"
    styled = made('<p style="color:red">Hi</p>')
    assert "<style>.w1.w1.w1{color:red}</style>" in styled
    assert '<p class="w1">Hi</p>' in styled


def test_every_field_is_gone_whatever_the_letter_holds() -> None:
    for field in MARKED:
        for form in (f"<p>x{mark(field)}</p>", f'<p>x<a href="{mark(field)}">y</a></p>'):
            assert "@@" not in made(form)


def test_a_frame_gets_the_page_in_pieces() -> None:
    letter = (
        '<html lang="ko" dir="ltr"><head><title>가 &amp; 나</title>'
        "<style>p{color:red}</style></head>"
        '<body style="margin:0">A &lt; B<p>C</p> D</body></html>'
    )
    web = web_version(letter, archive="/archive")
    assert (web.language, web.direction, web.look) == ("ko", "ltr", "w1")
    assert web.body == "A &lt; B<p>C</p> D"
    assert web.head.startswith("<title>가 &amp; 나</title><style>p{color:red}</style><style>")
    assert web.head in web.html
    assert web.body in web.html
    assert web.styles == (source("p{color:red}"), source(".w1.w1.w1{margin:0}"))
    assert web.policy == policy(styles=web.styles, pictures=web.origins)


def test_a_letter_of_almost_nothing_has_pieces_too() -> None:
    web = web_version("<p>Hi</p>", archive="/archive")
    assert (web.language, web.direction, web.look, web.head) == ("", "", "", "")
    assert web.body == "<p>Hi</p>"
    assert web.policy.startswith("default-src 'none'; style-src 'none'; img-src 'none'; ")


def test_data_is_allowed_by_its_hash_alone() -> None:
    made = policy(styles=("'self'",), pictures=("'self'",), data=(source("{}"),))
    assert made.startswith("default-src 'none'; script-src 'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If5")
    assert "script-src" not in policy(styles=(), pictures=())


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>You asked\n for it.</p><p>Bye</p>", "<p>Bye</p>"),
        ("<div><p>You asked for it.</p></div>", "<div></div>"),
        ("<p>You asked for it. Bye</p>", "<p>You asked for it. Bye</p>"),
    ],
)
def test_what_is_true_of_its_readers_alone_is_left_out(written: str, kept: str) -> None:
    web = web_version(written, archive="/archive", without=" You asked for it. ")
    assert web.body == kept
