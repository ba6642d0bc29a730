"""How well health claims are found, and how fast: ``claims.py`` writes benchmarks/claims.md.

Quality is measured on tests/examples/claims, which is written and labelled by hand; speed on the
articles of the example home and on texts made to be slow.
"""

import json
import platform
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path, PurePath

from pipeline.run import run
from pipeline.stages.check.claims import check_claims
from pipeline.stages.check.claims.judge import judge
from pipeline.stages.check.claims.lint import lint
from pipeline.stages.check.claims.pack import pack
from pipeline.stages.check.claims.profiles import DEFAULT
from pipeline.stages.check.rule import Material
from pipeline.stages.read.configuration import read_configuration
from pipeline.stages.templates import Templates, folders

CHECKOUT = Path(__file__).parents[1]
CORPUS = CHECKOUT / "tests" / "examples" / "claims"
# Sentences the packs have only learnt in part from: what is missed of them is told, not left out.
FURTHER = CORPUS / "further"
REPORT = CHECKOUT / "benchmarks" / "claims.md"
LANGUAGES = ("en", "es", "ko")
SIZE = 1_000_000
# What was measured of each stretch of the corpus before anything was mended for it.
FIRST = (
    ("1", 314, 0.944, 0.990),
    ("2", 342, 0.908, 0.944),
    ("3", 317, 0.870, 0.947),
    ("4", 268, 0.893, 0.949),
    ("5", 178, 0.853, 0.941),
    ("by another hand", 450, 0.841, 0.977),
    ("its second half, when the first had been learnt from", 225, 0.900, 0.947),
    ("a, by other hands", 330, 0.851, 0.924),
    ("b, by other hands", 360, 0.619, 0.876),
    ("c, by other hands, before anything was learnt", 330, 0.640, 0.901),
    ("c, when a and b had been learnt from, at the end", 330, 0.702, 0.909),
    ("d, by other hands, before anything was learnt from it", 450, 0.929, 0.981),
    ("e, by other hands, when d had been learnt from", 450, 0.920, 0.954),
)

Pairs = Counter[tuple[str, str]]


def judged(folder: Path) -> dict[str, Pairs]:
    """For each language and for all: how often which label met which verdict."""
    found: dict[str, Pairs] = {name: Counter() for name in (*LANGUAGES, "all")}
    for language in LANGUAGES:
        for line in (folder / f"{language}.jsonl").read_bytes().splitlines():
            pair = (json.loads(line)["level"], str(judge(line)["level"]))
            found[language][pair] += 1
            found["all"][pair] += 1
    return found


def figures(pairs: Pairs) -> list[str]:
    """Count, share of harmless sentences, recall and precision of errors, precision of all."""
    meant = sum(n for (label, _), n in pairs.items() if label == "error")
    said = sum(n for (_, verdict), n in pairs.items() if verdict == "error")
    flagged = sum(n for (_, verdict), n in pairs.items() if verdict != "none")
    rightly = sum(n for pair, n in pairs.items() if "none" not in pair)
    harmless = sum(n for (label, _), n in pairs.items() if label == "none")
    right = sum(n for (label, verdict), n in pairs.items() if label == verdict)
    errors = pairs["error", "error"]
    return [
        str(pairs.total()),
        f"{harmless / pairs.total():.2f}",
        *(
            f"{share:.3f}"
            for share in (errors / meant, errors / said, rightly / flagged, right / pairs.total())
        ),
    ]


def campaigns() -> Iterable[tuple[str, Material]]:
    """Every edition of the example home."""
    clinic = CHECKOUT / "content" / "clinic.toml"
    configuration = read_configuration(PurePath(clinic.name), clinic.read_bytes())
    for path in sorted((CHECKOUT / "content" / "articles").glob("*.md")):
        made = run(path, path.read_bytes(), configuration, Templates(folders(CHECKOUT)))
        yield (
            path.stem,
            Material(made.issues, made.posts, configuration, made.cards, made.article),
        )


def seconds(act: Callable[[], object], times: int = 1) -> float:
    """Processor time an act takes, the median of some."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        act()
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


HOSTILE = {
    "one letter": "a" * SIZE,
    "“cure” alone": "cure " * (SIZE // 5),
    "claims": "We cure migraine. " * (SIZE // 18),
    "claims taken back, no two alike": "".join(
        f"It does not cure {number} migraines.\n" for number in range(SIZE // 33)
    ),
    "letters that look alike": "сurе " * (SIZE // 7),
    "lines of one word": "no\n" * (SIZE // 3),
}


def table(head: str, rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table."""
    columns = head.count("|") - 1
    return [head, "|" + "---|" * columns, *(f"| {' | '.join(row)} |" for row in rows), ""]


OPENING = f"""\
# Finding health claims

Made by `make bench-claims`. Python {platform.python_version()}, {platform.system()}
{platform.machine()}.

Recall and precision are of errors; “flagged” is the precision of errors and warnings together;
“exact” the share of sentences with the very level they are labelled with.
"""
HONESTLY = """\
These sentences have taught the packs, so the figures above say that nothing is lost, not what to
expect of others. Each stretch was written and labelled before it was run, and measured before
anything was mended for it; those by other hands by people who had seen neither packs nor corpus:
"""


def forget() -> None:
    """Bring all back to where it is when a command begins: no pack read, no sentence known."""
    claims = f"{pack.__module__.rpartition('.')[0]}."
    modules = [module for name, module in sys.modules.items() if name.startswith(claims)]
    for value in (value for module in modules for value in vars(module).values()):
        if hasattr(value, "cache_clear"):
            value.cache_clear()
    re.purge()


def quality() -> list[str]:
    """What is found, what is missed of the further sentences, and what was found at first."""
    head = "| language | sentences | harmless | recall | precision | flagged | exact |"
    known, further = (
        table(head, ([name, *figures(pairs)] for name, pairs in judged(folder).items()))
        for folder in (CORPUS, FURTHER)
    )
    stretches = ([name, str(n), f"{recall:.3f}", f"{prec:.3f}"] for name, n, recall, prec in FIRST)
    return [
        *known,
        "Of further sentences the packs have learnt from only in part; the rest is still missed:",
        "",
        *further,
        HONESTLY,
        *table("| stretch | sentences | recall | precision |", stretches),
    ]


def speed() -> list[str]:
    """What it takes: the first time, when the expressions are made, and after."""
    rows = []
    for name, material in campaigns():
        check = partial(check_claims, material)
        forget()
        rows.append([name, f"{1000 * seconds(check):.0f}", f"{1000 * seconds(check, 5):.0f}"])
    texts = [
        [name, f"{1000 * seconds(partial(lint, text, language='en', profile=DEFAULT)):.0f}"]
        for name, text in HOSTILE.items()
    ]
    return [
        "Processor time, in milliseconds:",
        "",
        *table("| campaign | first, the packs included | again |", rows),
        *table("| a megabyte of | |", texts),
    ]


if __name__ == "__main__":
    # Speed comes first: what quality has looked for is ready then.
    took = speed()
    REPORT.write_text("\n".join([OPENING, *quality(), *took]), "utf-8")
    sys.stdout.write(REPORT.read_text("utf-8"))
