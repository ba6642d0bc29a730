"""`meridian check`: what the checks find."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.campaigns.models import ConfigurationRevision, Waiver
from tests.home import CHECKOUT, Home
from tests.management.steps import SHORT, Meridian, Said, files, write

CLAIM = "\n\nOur tea cures migraine. It has no side effects.\n"
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
    keys = ["code", "level", "message", "suggestion", "where", "span", "source", "words", "waived"]
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


# --- Claims and their waivers ---------------------------------------------------------------------


def test_c12_a_claim_is_told_once_with_its_place_source_and_softer_words(
    small: Home, meridian: Meridian
) -> None:
    path = write(small, "tea.md", SHORT + CLAIM)

    said = meridian("check", path)
    found = json.loads(meridian("check", path, "--json").out)["findings"]

    assert said.status == 1
    assert said.out.count("error claim-cure") == said.out.count("error claim-safety") == 1
    cure = next(finding for finding in found if finding["code"] == "claim-cure")
    assert (cure["code"], cure["level"], cure["where"]) == ("claim-cure", "error", "issue 2, HTML")
    assert cure["words"] == "Our tea cures migraine."
    assert cure["source"].startswith("https://www.ftc.gov/")
    assert "“may ease”" in cure["suggestion"]
    assert cure["message"].startswith("“cures migraine” promises a cure")


def test_c13_the_profile_is_read_from_clinic_toml(small: Home, meridian: Meridian) -> None:
    path = write(small, "tea.md", SHORT + "\n\n“My pain vanished.” Anna\n")

    assert meridian("check", path).status == 0
    small.change("clinic.toml", 'profile = "us-ftc"', 'profile = "au-ahpra"')

    assert meridian("check", path).status == 1


def waive(meridian: Meridian, path: Path, code: str, words: str) -> Said:
    reason = ("--reason", "A proverb")
    return meridian("check", path, "--waive", code, "--words", words, "--by", "Mara", *reason)


@pytest.mark.database
def test_c13_what_is_waived_is_shown_so_and_stops_nothing(small: Home, meridian: Meridian) -> None:
    path = write(small, "tea.md", SHORT + CLAIM)

    first = waive(meridian, path, "claim-cure", "cures migraine")
    second = waive(meridian, path, "claim-safety", "It has no side effects.")

    assert (first.status, second.status) == (1, 0)
    assert "waived claim-cure\n  issue 2, HTML" in second.out
    said = " ".join(second.out.split())
    assert said.count("Waived by Mara on ") == said.count(": A proverb") == 2
    assert said.endswith("1 info, 2 waived.")
    assert Waiver.objects.filter(article="tea", waived_by="Mara").count() == 2
    told = json.loads(meridian("check", path, "--json").out)["findings"]
    waived = [finding["level"] for finding in told if finding["waived"].endswith(": A proverb")]
    assert waived == ["error", "error"]


@pytest.mark.database
def test_c13_a_waiver_can_be_withdrawn(small: Home, meridian: Meridian) -> None:
    path = write(small, "tea.md", SHORT + "\n\nOur tea cures migraine.\n")
    assert waive(meridian, path, "claim-cure", "cures").status == 0

    said = meridian("check", path, "--withdraw", "claim-cure", "--words", "cures", "--by", "Kim")

    assert said.status == 1
    assert "error claim-cure\n  issue 2, HTML" in said.out
    assert Waiver.objects.get().withdrawn_by == "Kim"


def test_c13_a_waiver_needs_words_a_name_and_a_reason(small: Home, meridian: Meridian) -> None:
    path = write(small, "tea.md", SHORT + CLAIM)
    words = ("--words", "cures")

    assert "--words says which" in meridian("check", path, "--waive", "claim-cure").refusal()
    assert "nobody is named" in meridian("check", path, "--waive", "claim-cure", *words).refusal()
    named = meridian("check", path, "--waive", "claim-cure", *words, "--by", "Mara")
    assert "no reason is given" in named.refusal()
    assert not Waiver.objects.exists()


def test_a_waiver_of_what_is_not_there_is_told(small: Home, meridian: Meridian) -> None:
    path = write(small, "tea.md", SHORT + CLAIM)

    refused = waive(meridian, path, "claim-cure", "heals").refusal()

    assert "no finding claim-cure has these words. There is: “Our tea cures migraine.”" in refused


# --- Sentences alone ------------------------------------------------------------------------------


def test_sentences_are_judged_a_line_for_a_line(meridian: Meridian, tmp_path: Path) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text(
        '{"id": "a", "lang": "en", "text": "We cure migraine."}\n\n'
        '{"id": 2, "lang": "ko", "text": "월요일은 휴진입니다."}\n'
        '{"id": "c", "lang": "es", "text": "Acupuntura para la ansiedad"}',
        "utf-8",
    )

    said = meridian("check", "--sentences", file)

    assert (said.status, said.err) == (0, "")
    assert [json.loads(line) for line in said.out.splitlines()] == [
        {"id": "a", "level": "error", "codes": ["claim-cure"]},
        {"id": 2, "level": "none", "codes": []},
        {"id": "c", "level": "warn", "codes": ["claim-implied"]},
    ]


def test_a_bad_line_is_told_by_its_number_and_the_others_are_judged(
    meridian: Meridian, tmp_path: Path
) -> None:
    file = tmp_path / "s.jsonl"
    file.write_text('x\n{"id": 1, "lang": "en", "text": "Hello"}\n{"id": 2}\n', "utf-8")

    said = meridian("check", "--sentences", file)

    assert (said.status, said.out) == (2, '{"id": 1, "level": "none", "codes": []}\n')
    assert said.err.splitlines() == [
        (
            f"meridian: {file}, line 1: this is not JSON: Expecting value. "
            'Write each line as {"id": 1, "lang": "en", "text": "…"}.'
        ),
        f"meridian: {file}, line 3: lang is missing. Each line has id, lang and text.",
    ]


def test_a_file_of_sentences_that_cannot_be_read_is_told(
    meridian: Meridian, tmp_path: Path
) -> None:
    refused = meridian("check", "--sentences", tmp_path / "no.jsonl").refusal()
    assert refused.endswith(
        "this cannot be read: No such file or directory. Check name and rights."
    )


def test_one_of_file_and_sentences_is_asked_for(small: Home, meridian: Meridian) -> None:
    assert "one of the arguments" in meridian("check").refusal()
    path = small.path / "content" / "articles" / "warm-hands.md"
    assert "not allowed with" in meridian("check", path, "--sentences", "x").refusal()


def test_sentences_need_no_home_and_put_none_there(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.management.front", "check", "--sentences=-"],
        cwd=CHECKOUT,
        env={**os.environ, "MERIDIAN_HOME": str(tmp_path / "none")},
        input=b'{"id": 1, "lang": "en", "text": "We cure migraine."}\n',
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == {"id": 1, "level": "error", "codes": ["claim-cure"]}
    assert not (tmp_path / "none").exists()
