"""How long it takes to merge the values of 100,000 readers into a letter, in seconds of CPU.

The letter is the first issue of the example, in HTML and text, with a name in its subject and in
both parts; a name in ten is missing, so that defaults are applied. What is measured is what every
reader costs: subject, text and HTML as bytes.
"""

import time
from dataclasses import dataclass
from pathlib import Path, PurePath

from pipeline.run import run
from pipeline.stages.merge import Form
from pipeline.stages.read.configuration import read_configuration
from pipeline.stages.templates import Templates, folders

CONTENT = Path(__file__).resolve().parents[2] / "content"
READERS = 100_000
ROUNDS = 5
GREETING = 'Dear {{ first_name | default("friend") }}'


@dataclass(frozen=True, slots=True)
class Measured:
    """The best of some rounds.

    Attributes:
        seconds: CPU time for all readers.
        size: The bytes one reader gets.
    """

    seconds: float
    size: int


def measure(readers: int = READERS, rounds: int = ROUNDS) -> Measured:
    """Merge a letter for so many readers, some times over."""
    forms = letter()
    values = [reader(number) for number in range(readers)]
    size = sum(len(form.fill(values[0])) for form in forms)
    return Measured(min(merged(forms, values) for _ in range(rounds)), size)


def merged(forms: tuple[Form, ...], values: list[dict[str, str]]) -> float:
    """The CPU seconds of one round."""
    start = time.process_time()
    for one in values:
        for form in forms:
            form.fill(one)
    return time.process_time() - start


def letter() -> tuple[Form, ...]:
    """Subject, text and HTML of the example's first issue, split at their marks."""
    path = CONTENT / "clinic.toml"
    configuration = read_configuration(path, path.read_bytes())
    article = min((CONTENT / "articles").glob("*.md"))
    matter, title, rest = article.read_text("utf-8").partition("\n# ")
    text = f"{matter}{title}{GREETING}: {rest}\n\n{GREETING}, good night.\n"
    edition = run(PurePath(article.name), text.encode(), configuration, Templates(folders()))
    issue = edition.issues[0]
    parts = ((issue.subject, False), (issue.text, False), (issue.html, True))
    return tuple(Form(part, html=html) for part, html in parts)


def reader(number: int) -> dict[str, str]:
    """The values of one reader; every tenth has no name."""
    links = ("unsubscribe_url", "preferences_url", "view_url", "archive_url")
    address = f"https://letters.example.com/u/{number}.weekly.{'s' * 43}"
    name = f"Reader{number}" if number % 10 else ""
    return {"first_name": name, "language": "en", **dict.fromkeys(links, address)}


if __name__ == "__main__":
    found = measure()
    print(
        f"{READERS:,} readers, {found.size:,} bytes each: {found.seconds:.2f} s of CPU "
        f"(the best of {ROUNDS})"
    )
