"""The first real article, from the pasted text to what readers get: not a word lost or doubled."""

import re
from pathlib import Path

import pytest

from tests.home import Home
from tests.management.steps import child
from tests.parts import shared

HEADINGS = re.compile(r"(?:\d\. .*|.*\?)")
BULLET = re.compile(r"^[-•]\s*")


def folded(text: str) -> str:
    """The words with single spaces: NBSPs, wrapped lines and stray spaces do not count."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The text parts of the series that the seed becomes, in order."""
    home = Home(tmp_path_factory.mktemp("seed") / "home")
    assert child(home.path, "add", str(shared("seeds/science-of-pain-relief.txt"))).status == 0
    assert child(home.path, "run", "--json").status == 0
    found: list[Path] = sorted(home.outbox.glob("*science-of-pain-relief-part-*/issue.txt"))
    return [folded(path.read_text("utf-8")) for path in found]


def test_every_line_of_the_seed_reaches_readers_exactly_once(parts: list[str]) -> None:
    seed = shared("seeds/science-of-pain-relief.txt").read_text("utf-8")
    title, byline, *lines = [folded(line) for line in seed.splitlines() if folded(line)]
    everything = " ".join(parts)
    body = [BULLET.sub("", line) for line in lines if not HEADINGS.fullmatch(line)]

    assert len(parts) == 4
    assert len(body) == 27
    assert {line: everything.count(line) for line in body} == dict.fromkeys(body, 1)
    assert all(title in part for part in parts)
    assert all(byline in part for part in parts)


def test_the_lines_of_the_seed_keep_their_order(parts: list[str]) -> None:
    seed = shared("seeds/science-of-pain-relief.txt").read_text("utf-8")
    everything = " ".join(parts)
    lines = [BULLET.sub("", folded(line)) for line in seed.splitlines()[2:] if folded(line)]
    places = [everything.find(line) for line in lines if not HEADINGS.fullmatch(line)]

    assert places == sorted(places)


def test_each_mechanism_opens_its_own_part(parts: list[str]) -> None:
    headings = [
        "1. Endorphins: Your Body’s Own Painkillers",
        "2. Circulation: Bringing Fresh Blood and Oxygen",
        "3. Nervous System Reset: Calming the Overload",
        "4. The Bigger Picture",
    ]

    assert [heading in part for heading, part in zip(headings, parts, strict=True)] == [True] * 4
    assert "Why does acupuncture work for pain?" in parts[0]
