"""A megabyte of nonsense is split or refused in a moment, in little memory (S25)."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
SIZE = 1_000_000
# Five times what one text may take: 2 seconds and 200 MB. The time of each begins anew.
CHILD = """
    import json, resource, sys, time
    from pathlib import PurePath
    from pipeline.errors import MeridianError
    from pipeline.stages.read import read
    from pipeline.stages.split import split
    resource.setrlimit(resource.RLIMIT_AS, (1_000_000_000, 1_000_000_000))
    answers = {}
    for name, text in json.load(sys.stdin).items():
        limit = int(time.process_time()) + 10
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        try:
            split(read(PurePath(sys.argv[1]), text.encode()), language="en")
            answers[name] = "split"
        except MeridianError as error:
            answers[name] = str(error)
    print(json.dumps(answers))
"""


def times(part: str) -> str:
    """A title over a megabyte of one thing."""
    return "A title\n\n" + part * (SIZE // len(part.encode()))


def lines(line: Callable[[int], str], count: int) -> str:
    """A title over lines that differ."""
    return "A title\n\n" + "\n".join(map(line, range(count)))


TEXTS = {
    "numbers alone": times("1.\n"),
    "like items": times("1. Word\n"),
    "brackets": times("["),
    "brackets in lines": times("[\n"),
    "images": times("![a]("),
    "links to nowhere": times("[a]["),
    "angles": times(">"),
    "quotations": times("> word\n"),
    "one word": times("a"),
    "marks on nothing": times("\u0301"),
    "marks on a letter": times("a" + "\u0301\u0323" * 5000),
    "joiners": times("\u200d"),
    "empty lines": times("\n"),
    "bars": times("|"),
    "rows": times("| a | b |\n"),
    "stars": times("*"),
    "strong": times("**a"),
    "backslashes": times("\\"),
    "backticks": lines(lambda n: "`" * n + "a", 1400),
    "hashes": times("#"),
    "hyphens": times("- "),
    "items": times("- w\n"),
    "titles": times("Title Case\n"),
    "unlike titles": lines(lambda n: f"Title Case {n}", 60000),
    "a deep list": lines(lambda n: "  " * n + "- w", 1000),
    "a deeper list": "A title\n\n" + "- " * 10_000 + "w",
    "bylines": times("By Jane Doe, DC\n"),
    "a long byline": "A title\nBy " + "Jane Doe, " * (SIZE // 10),
    "addresses": times("http://a.test/"),
    "mail": times("a@"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_nonsense_is_split_or_refused(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), name],
        cwd=CHECKOUT,
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answers = json.loads(done.stdout)
    assert answers.keys() == TEXTS.keys()
    assert {text for text, answer in answers.items() if answer != "split"} == REFUSED[name]
    assert all(answer == "split" or answer.startswith(name) for answer in answers.values())


SHREDS = {
    "numbers alone", "like items", "brackets in lines", "quotations", "rows", "items", "titles",
    "unlike titles", "bylines",
}  # fmt: skip
REFUSED = {
    "a.txt": SHREDS,
    "a.md": SHREDS
    | {"brackets", "images", "links to nowhere", "angles", "bars", "stars", "strong", "backslashes"}
    | {"backticks", "a deep list", "a deeper list", "a long byline"},
}
