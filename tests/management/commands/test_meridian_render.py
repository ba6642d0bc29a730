"""`meridian render`: an article as files; nothing is kept, nothing is sent."""

import json
from pathlib import Path

from tests.home import Home
from tests.management.steps import Meridian, files, unfinished
from tests.web.readers import everything


def test_every_part_is_written_into_the_folder(
    small: Home, meridian: Meridian, tmp_path: Path
) -> None:
    target = tmp_path / "some" / "where"

    said = meridian("render", _article(small), "--to", target)

    assert (said.status, said.err) == (0, "")
    assert str(target) in said.out
    names = ["cards/{0}.png", "cards/{0}.txt", "issue.html", "issue.txt", "posts/{0}-mastodon.txt"]
    names.append("web.html")
    expected = [f"part-{part}/{name.format(part)}" for part in (1, 2) for name in names]
    assert sorted(files(target)) == expected
    assert unfinished(tmp_path) == []


def test_what_each_email_weighs_is_told_by_its_parts(
    small: Home, meridian: Meridian, tmp_path: Path
) -> None:
    said = meridian("render", _article(small), "--to", tmp_path / "out").out

    assert "In it, kB" in said
    for part in ("frame", "masthead", "text", "footer"):
        (row,) = (line for line in said.splitlines() if line.split()[:1] == [part])
        assert len(row.split()) == 3


def test_as_json_the_bytes_add_up(small: Home, meridian: Meridian, tmp_path: Path) -> None:
    target = tmp_path / "out"
    told = json.loads(meridian("render", _article(small), "--to", target, "--json").out)

    assert told["to"] == str(target)
    assert told["file"] == str(_article(small))
    assert isinstance(told["findings"], list)
    for issue in told["issues"]:
        assert sum(issue["bytes"].values()) == sum(issue["parts"].values()) > 30_000
    assert [issue["part"] for issue in told["issues"]] == [1, 2]


def test_nothing_is_kept_and_the_outbox_stays_empty(
    small: Home, meridian: Meridian, tmp_path: Path
) -> None:
    meridian("render", _article(small), "--to", tmp_path / "out")

    assert not any(everything().values())
    assert list(small.outbox.iterdir()) == []


def test_a_folder_that_is_a_file_is_told(small: Home, meridian: Meridian, tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_text("here", "utf-8")

    refusal = meridian("render", _article(small), "--to", target).refusal()

    assert refusal.startswith(f"{target}/part-1/issue.html: the file cannot be written: ")
    assert target.read_text("utf-8") == "here"


def test_a_folder_must_be_named(small: Home, meridian: Meridian) -> None:
    assert meridian("render", _article(small)).refusal() == (
        "the following arguments are required: --to. `meridian render --help` tells more."
    )


def _article(home: Home) -> Path:
    return home.path / "content" / "articles" / "warm-hands.md"
