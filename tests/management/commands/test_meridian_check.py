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

    assert (said.status, said.err) == (0, "")
    assert said.out.startswith("info reading-ease\n  article")
    assert said.out.endswith("\n1 info.\n")


def test_an_error_makes_the_status_one(small: Home, meridian: Meridian) -> None:
    path = write(small, "long.md", SHORT + HUGE)

    said = meridian("check", path)

    assert (said.status, said.err) == (1, "")
    assert "error html-size\n  issue 2, HTML" in said.out


def test_a_warning_alone_does_not(small: Home, meridian: Meridian) -> None:
    path = write(small, "linked.md", SHORT + LINK)

    said = meridian("check", path)

    assert said.status == 0
    assert "warning link-not-https\n  issue 2, HTML; issue 2, text" in said.out


@pytest.mark.usefixtures("simple_weights")
def test_what_is_unsure_is_asked_and_is_no_error(small: Home, meridian: Meridian) -> None:
    text = "Warm hands\n\nTwo things help.\n\nA cup of tea\n\nIt warms.\n"
    path = write(small, "pasted.md", f"---\nheadings: [A slow walk]\n---\n{text}")

    said = meridian("check", path)

    assert said.status == 0
    assert "warning unsure-heading\n  pasted.md, line 8 " in said.out
    assert "A line was taken for a heading that may be none" in said.out
    assert "warning lost-correction\n  pasted.md, front matter " in said.out
    assert said.out.endswith("\n2 warnings, 1 info.\n")


def test_json_holds_each_finding_whole(small: Home, meridian: Meridian) -> None:
    path = write(small, "long.md", SHORT + HUGE)

    told = json.loads(meridian("check", path, "--json").out)

    assert list(told) == ["file", "findings"]
    assert told["file"] == str(path)
    assert {"error"} <= {finding["level"] for finding in told["findings"]}
    keys = ["code", "level", "message", "suggestion", "where", "span", "source"]
    assert all(list(finding) == keys for finding in told["findings"])


def only_numbers(home: Home) -> None:
    """Links that lead into this machine's network: they are refused without a look-up."""
    clinic = home.path / "content" / "clinic.toml"
    text = clinic.read_text("utf-8").replace(
        "https://harbour-street.example.com", "https://10.0.0.7"
    )
    clinic.write_text(text, "utf-8")


def test_links_are_tried_only_when_asked(small: Home, meridian: Meridian) -> None:
    """S11: what this machine alone can reach is told and not asked."""
    only_numbers(small)
    path = write(small, "linked.md", SHORT + "\n\n[A study](https://192.168.0.9/study).\n")

    assert "dead-link" not in meridian("check", path).out
    said = meridian("check", path, "--links")

    assert said.status == 1
    assert "error dead-link\n  issue 1, HTML; issue 2, HTML" in said.out
    assert "The address https://192.168.0.9/study is on a private network." in said.out


def test_links_that_are_tried_leave_the_other_findings(small: Home, meridian: Meridian) -> None:
    """S12: no page of ours is asked, and the progress is no part of the result."""
    only_numbers(small)
    path = write(small, "linked.md", SHORT.replace("byline", "headings: [Nothing]\nbyline"))

    plain = json.loads(meridian("check", path, "--json").out)["findings"]
    tried = json.loads(meridian("check", path, "--json", "--links").out)["findings"]

    assert plain[0]["code"] == "lost-correction"
    assert [finding for finding in tried if finding["code"] != "dead-link"] == plain
    assert {finding["where"] for finding in tried if finding["code"] == "dead-link"} == {
        "issue 1, HTML",
        "issue 2, HTML",
    }


def test_checking_keeps_nothing(small: Home, meridian: Meridian) -> None:
    before = files(small.path)

    meridian("check", small.path / "content" / "articles" / "warm-hands.md")

    assert {n: f for n, f in files(small.path).items() if not n.startswith(".mer")} == before
    assert not ConfigurationRevision.objects.exists()


@pytest.mark.parametrize(("name", "told"), [("no.md", "cannot be read"), ("", "Is a directory")])
def test_what_cannot_be_read_is_told(small: Home, meridian: Meridian, name: str, told: str) -> None:
    assert told in meridian("check", small.path / name).refusal()
