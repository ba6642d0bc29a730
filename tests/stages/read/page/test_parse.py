"""From bytes to the tree of a page: encodings, and hostile pages in a child of small means."""

import subprocess
import sys
from pathlib import Path, PurePath

import pytest

from pipeline.errors import SourceError
from pipeline.stages.read import read
from pipeline.values import plain

ROOT = Path(__file__).parents[4]
# Five times what a page may cost: 2 s and 200 MB.
CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
from pathlib import PurePath
from pipeline.errors import SourceError
from pipeline.stages.read import read
try:
    print(len(read(PurePath("a.html"), eval(sys.argv[1])).lines))
except SourceError as error:
    print(error)
"""
MEND = "Copy the article out of the page into a text file."
TOO_MUCH = f"a.html: this page has more markup than any article. {MEND}"
TOO_DEEP = f"a.html: tags stand more than 500 deep in each other. {MEND}"
HOSTILE = {
    "b'<' * 1_000_000": TOO_MUCH,
    "b'<p>x' * 100_001": TOO_MUCH,
    "b' ' * 20_000_001 + b'x'": TOO_MUCH,
    "b'<div>' * 90_000 + b'x'": TOO_DEEP,
    "b'<table><tr><td>' * 30_000": TOO_DEEP,
    "b'<p><b><i>' * 30_000 + b'x'": "1",
    "b'<table>' + b'<tr><td colspan=99999999>x<td>y' * 33_000": "33000",
    "b'<a ' + b' '.join(b'a%d=1' % n for n in range(150_000)) + b'>x</a>'": (
        f"a.html: a tag has more than 300 attributes. {MEND}"
    ),
    "b'<p class=\"' + b'x ' * 900_000 + b'\" style=\"' + b'a:b;' * 400_000 + b'\">x'": "1",
    "b'<img src=\"data:image/png;base64,' + b'A/' * 900_000 + b'\"><p>x'": "1",
    "b'<nav></nav>' + b'<p>some words, enough of them, to weigh</p>' * 9_000": "9000",
    "b'<nav></nav>' + b'<div class=menu>' * 480 + b'words, ' * 90_000": "1",
    "b'<nav></nav>' + b'<h2>Related posts</h2><p>x</p>' * 24_000": "48000",
    "b'x<br>' * 90_000": "90000",
    "b'<div>' * 400 + b'<button>x</button>' * 40_000": "0",
    "b'<nav></nav>' + (b'<p title=\"' + b'width= ' * 2_000 + b'\">many words') * 60": "60",
    "b'<sup>1</sup>' * 49_000": "1",
    "b'<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><p>&b; x'": "2",
}


@pytest.mark.parametrize("made", HOSTILE)
def test_hostile_pages_cost_little(made: str) -> None:
    child = [sys.executable, "-W", "error", "-c", CHILD, made]
    done = subprocess.run(child, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == (HOSTILE[made], "")


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<i>" * 501, TOO_DEEP),
        ("<p " + " ".join(f"a{n}" for n in range(301)) + ">x", "more than 300 attributes"),
        ("<" * 100_001, TOO_MUCH),
    ],
)
def test_what_no_article_holds_is_refused(page: str, message: str) -> None:
    with pytest.raises(SourceError) as error:
        read(PurePath("a.html"), page.encode())
    assert message in str(error.value)


def words(content: bytes) -> str:
    """The words of the first line of a page."""
    return plain(read(PurePath("a.html"), content).lines[0].text)


@pytest.mark.parametrize(
    ("encoding", "label", "text"),
    [
        ("euc-kr", "euc-kr", "무릎"),
        ("cp949", "ks_c_5601-1987", "무릎 뷁"),
        ("shift_jis", "Shift_JIS", "膝の話"),
        ("iso2022_jp", "iso-2022-jp", "膝の話"),
        ("gb18030", "gb2312", "膝盖"),
        ("windows-1252", "iso-8859-1", "“café”"),
        ("windows-1251", "windows-1251", "колено"),
        ("utf-8", "euc-kr", "knee – 무릎"),
        ("utf-8", "base64", "é"),
        ("windows-1252", "utf-8", "café"),
        ("windows-1252", "euc-kr", "café!"),
        ("windows-1252", "no-such", "café"),
        ("utf-8-sig", "euc-kr", "é"),
        ("utf-16", "utf-8", "é"),
    ],
)
def test_the_encoding_is_the_declared_one_unless_it_cannot_be(
    encoding: str, label: str, text: str
) -> None:
    for meta in (f'<meta charset="{label}">', f"<META content='text/html; charset={label}'>"):
        assert words(f"{meta}<p>{text}</p>".encode(encoding)) == text


def test_without_declaration_the_rules_of_text_count() -> None:
    assert words("<p>“é”</p>".encode()) == "“é”"
    assert words("<p>“é”</p>".encode("windows-1252")) == "“é”"
    assert words(b'<?xml version="1.0" encoding="euc-kr"?><p>x</p>') == "x"


@pytest.mark.parametrize(
    ("page", "opening", "line"),
    [
        ("<p>a</p>\n<!-- b <p>c", "<!--", 2),
        ("<p>a</p><SCRIPT>b <p>c", "<script", 1),
        ("\n\n<style>b <p>c", "<style", 3),
        ("<title>b <p>c", "<title", 1),
    ],
)
def test_what_would_hide_the_rest_is_refused(page: str, opening: str, line: int) -> None:
    with pytest.raises(SourceError) as error:
        read(PurePath("a.html"), page.encode())
    told = f"a.html, line {line}: {opening} begins here and does not end, so all below it"
    assert str(error.value).startswith(told)


@pytest.mark.parametrize("content", [b"a\0b", b"%PDF-1.7", b"<meta charset=utf-8>\x81\x8d"])
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(SourceError, match=r"not text|no letters"):
        read(PurePath("a.html"), content)
