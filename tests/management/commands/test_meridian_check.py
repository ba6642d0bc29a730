"""`meridian check`: what the checks find."""

import json

import pytest

from pipeline.campaigns.models import ConfigurationRevision
from tests.home import Home
from tests.management.steps import SHORT, Meridian, files, write

LINK = "\n\n[A study](http://study.example.com/a).\n"
HUGE = "\n\n" + "\n\n".join("Warmth helps the hands. " * 40 for _ in range(200))


def test_a_good_article_has_no_finding(small: Home, meridian: Meridian) -> None:
    said = meridian("check", small.path / "content" / "articles" / "warm-hands.md")

    assert (said.status, said.out, said.err) == (0, "0 findings.\n", "")


def test_an_error_makes_the_status_one(small: Home, meridian: Meridian) -> None:
    path = write(small, "long.md", SHORT + HUGE)

    said = meridian("check", path)

    assert (said.status, said.err) == (1, "")
    assert "error issue 2, HTML: " in said.out
    assert "[html-size]" in said.out


def test_a_warning_alone_does_not(small: Home, meridian: Meridian) -> None:
    path = write(small, "linked.md", SHORT + LINK)

    said = meridian("check", path)

    assert said.status == 0
    assert "warning issue 2, HTML: " in said.out


@pytest.mark.usefixtures("simple_weights")
def test_what_is_unsure_is_asked_and_is_no_error(small: Home, meridian: Meridian) -> None:
    text = "Warm hands\n\nTwo things help.\n\nA cup of tea\n\nIt warms.\n"
    path = write(small, "pasted.md", f"---\nheadings: [A slow walk]\n---\n{text}")

    said = meridian("check", path)

    assert said.status == 0
    assert "warning pasted.md, line 8: a line was taken for a heading that may be none" in said.out
    assert "warning pasted.md, front matter: headings names a line that is not there" in said.out
    assert said.out.endswith("2 findings.\n")


def test_json_holds_each_finding_whole(small: Home, meridian: Meridian) -> None:
    path = write(small, "long.md", SHORT + HUGE)

    found = json.loads(meridian("check", path, "--json").out)

    assert {"error"} <= {finding["level"] for finding in found}
    keys = {"code", "level", "message", "suggestion", "where", "span", "source"}
    assert all(set(finding) == keys for finding in found)


def test_checking_keeps_nothing(small: Home, meridian: Meridian) -> None:
    before = files(small.path)

    meridian("check", small.path / "content" / "articles" / "warm-hands.md")

    assert {n: f for n, f in files(small.path).items() if not n.startswith(".mer")} == before
    assert not ConfigurationRevision.objects.exists()


@pytest.mark.parametrize(("name", "told"), [("no.md", "cannot be read"), ("", "Is a directory")])
def test_what_cannot_be_read_is_told(small: Home, meridian: Meridian, name: str, told: str) -> None:
    assert told in meridian("check", small.path / name).refusal()
