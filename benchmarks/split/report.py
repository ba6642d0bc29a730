"""How well articles are split: ``report.py BENCHMARK`` writes benchmarks/split.md.

Each article is split by a model that saw none of its source, through the whole product, and scored
by the benchmark's own script. The fitted figures stand beside, to show the difference.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import speed
from articles import (
    DECLARED,
    PASTED,
    Benchmark,
    Pasted,
    examples,
    taught,
    written,
    written_examples,
)
from calibration import Calibration
from training import folds, in_use, train

from benchmarks.machine import machine
from pipeline.stages.prediction import predict
from pipeline.stages.read import read

REPORT = Path(__file__).parents[1] / "split.md"
FOLDS = 8
FIGURES = (
    "P", "R", "F1", "R_num", "exact", "exact_all", "level", "item_F1", "conserved", "title",
    "byline", "byline_recall",
)  # fmt: skip
Predictions = dict[str, dict[str, Any]]


def main() -> None:
    """Cross-validate, score the fitted model, and write it all down."""
    benchmark = Benchmark(Path(sys.argv[1]))
    gold, scorer = benchmark.gold(), benchmark.scorer()
    calibration = Calibration()
    unseen, own = _unseen(benchmark, gold, calibration)
    fitted = {form: _predictions(benchmark, gold, form) for form in (*PASTED, *DECLARED)}
    rows = [(f"{form}, unseen sources", unseen[form]) for form in PASTED]
    rows += [(f"{form}, fitted" if form in PASTED else form, fitted[form]) for form in fitted]
    parts = (
        INTRODUCTION.format(machine=machine(), folds=FOLDS),
        _table("", [(name, _total(scorer, made, gold)) for name, made in rows]),
        OWN.format(**_of_own(scorer, own)),
        "\n## Unseen sources, one by one (paste_tight)\n",
        _table("source", _by_source(scorer, unseen["paste_tight"], gold)),
        "\n## The errors that remain (paste_tight, unseen sources)\n",
        "Invented counts numbered items too which the score takes for headings or items alike.\n",
        _errors(scorer, unseen["paste_tight"], gold),
        calibration.report(),
        speed.section(benchmark.folder),
    )
    REPORT.write_text("\n".join(parts), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))


INTRODUCTION = """# Splitting pasted articles

Made by `make bench-split`. {machine}.

"Unseen sources" is what to expect: the articles of each repository were split by a model that
learnt from other sources alone ({folds} folds). "Fitted" is the model that ships, on the articles
it learnt from; it says nothing of other articles. P, R and F1 are of section boundaries; exact is
the share of articles with every top-level boundary right and none invented.
"""


OWN = """
The articles of our own (`benchmarks/split/written`) teach what the benchmark's have too little of;
they are written to mislead. Pasted, from folders the model had not seen: P {P:.3f}, R {R:.3f},
F1 {F1:.3f}, all boundaries right in {exact_all:.3f} of {n}.
"""


def _unseen(
    benchmark: Benchmark, gold: Sequence[dict[str, Any]], calibration: Calibration
) -> tuple[dict[str, Predictions], list[tuple[Pasted, dict[str, Any]]]]:
    """What is made of each article by a model that saw none of its source; then of our own ones."""
    known, ours, pasted = examples(benchmark), written_examples(benchmark), written()
    made: dict[str, Predictions] = {form: {} for form in PASTED}
    own: list[tuple[Pasted, dict[str, Any]]] = []
    for fold in map(set.union, folds(known, FOLDS), folds(ours, FOLDS)):
        seen = [example for example in known + ours if example.source not in fold]
        weights = train(seen + taught(seen))
        held_out = [each for each in gold if each["source"]["repo"] in fold]
        with tempfile.TemporaryDirectory() as folder, in_use(weights, Path(folder)):
            calibration.add(example for example in known if example.source in fold)
            for form in PASTED:
                made[form] |= _predictions(benchmark, held_out, form)
            own += [
                (each, predict(each.source, language="en"))
                for each in pasted
                if each.folder in fold
            ]
    return made, own


def _of_own(scorer: ModuleType, own: Sequence[tuple[Pasted, dict[str, Any]]]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for pasted, made in own:
        total += scorer.score(made, pasted.gold)[0]
    return dict(scorer.rep(total))


def _predictions(benchmark: Benchmark, gold: Sequence[dict[str, Any]], form: str) -> Predictions:
    paths = {each["id"]: benchmark.path(each["id"], form) for each in gold}
    return {
        name: predict(read(path, path.read_bytes()), language="en") for name, path in paths.items()
    }


def _total(scorer: ModuleType, made: Predictions, gold: Sequence[dict[str, Any]]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for each in gold:
        total += scorer.score(made[each["id"]], each)[0]
    return dict(scorer.rep(total))


def _by_source(
    scorer: ModuleType, made: Predictions, gold: Sequence[dict[str, Any]]
) -> list[tuple[str, dict[str, Any]]]:
    sources = sorted({each["source"]["repo"] for each in gold})
    return [
        (source, _total(scorer, made, [each for each in gold if each["source"]["repo"] == source]))
        for source in sources
    ]


def _table(name: str, rows: Sequence[tuple[str, dict[str, Any]]]) -> str:
    head = [f"| {name} | articles | {' | '.join(FIGURES)} |", "|---" * (len(FIGURES) + 2) + "|"]
    return "\n".join(
        head
        + [
            f"| {row} | {score['n']} | {' | '.join(f'{score[key]:.3f}' for key in FIGURES)} |"
            for row, score in rows
        ]
    )


def _errors(scorer: ModuleType, made: Predictions, gold: Sequence[dict[str, Any]]) -> str:
    wrong: dict[str, list[str]] = {"missed": [], "invented": []}
    for each in gold:
        _, match, boundaries = scorer.score(made[each["id"]], each)
        found = set(match.values())
        wrong["missed"] += [
            each["sections"][place]["heading"] for place in boundaries if place not in found
        ]
        wrong["invented"] += [
            section["heading"]
            for place, section in enumerate(made[each["id"]]["sections"])
            if section["heading"] and place not in match
        ]
    kinds = Counter((way, _kind(text)) for way, texts in wrong.items() for text in texts)
    return "\n".join(_error_rows(kinds)) + "\n"


def _error_rows(kinds: Counter[tuple[str, str]]) -> Iterator[str]:
    yield "| kind | missed | invented |\n|---|---|---|"
    for kind in (*KINDS, "short line"):
        yield f"| {kind} | {kinds['missed', kind]} | {kinds['invented', kind]} |"


KINDS: dict[str, Callable[[str], bool]] = {
    "question": lambda text: text[-1] in "?？;",
    "ends in a colon": lambda text: text[-1] in ":：",
    "ends in a stop, a call or an ellipsis": lambda text: text[-1] in ".!…。！",
    "over 80 characters": lambda text: len(text) > 80,
    "begins with a number": lambda text: text[0].isdigit(),
    "handle, address or code": lambda text: any(sign in text for sign in "@/{}<>=$_"),
    "colon inside": lambda text: ":" in text or "：" in text,
    "comma inside": lambda text: "," in text or "，" in text,
    "one or two words": lambda text: len(text.split()) < 3,
}


def _kind(text: str) -> str:
    return next((kind for kind, fits in KINDS.items() if fits(text)), "short line")


if __name__ == "__main__":
    main()
