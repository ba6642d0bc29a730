"""Fitting the splitter's two opinions, and writing them as the file the product reads.

It needs scikit-learn; the product does not.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from articles import Example
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer

from pipeline.stages.splitting import model
from pipeline.stages.splitting.features import Measures

Written = dict[str, Any]
# What is measured of a line, whether it is a heading, and how much it counts.
Row = tuple[Measures, bool, float]

FIRST = {"n_estimators": 400, "max_depth": 3, "learning_rate": 0.08}
SECOND = {"n_estimators": 350, "max_depth": 3, "learning_rate": 0.06}
SHARED = {"min_samples_leaf": 30, "max_features": 0.15, "subsample": 0.5}
# The second opinion is the mean of several that differ by chance alone: it errs less than each.
FIRST_MODELS, SECOND_MODELS = 1, 2
INNER_FOLDS = 4

# What is known before anything is counted, in log odds: the articles to learn from have too few
# captions, signatures and quoted lines to teach it. The trees learn what these leave open.
KNOWN = {
    "caption": -5.0,
    "ends comma": -4.0,
    "below nothing": -3.0,
    "begins quoted": -3.0,
    "handle": -3.0,
    "points elsewhere": -3.0,
    "signature": -3.0,
    "ends stop": -2.0,
    "label": -2.0,
    "run stop share": -2.0,
    "run several sentences share": -2.0,
    "ends ellipsis": -1.0,
    "begins small": -2.0,
    "joining word first": -1.0,
}
# Numbered sentences over prose are steps, however short; and company makes no heading of a caption.
KNOWN_OF_ALL = {
    "run stop share": -6.0,
    "run several sentences share": -4.0,
    "caption": -3.0,
    "label": -2.0,
    "begins quoted": -1.0,
}


def folds(examples: Sequence[Example], count: int) -> list[set[str]]:
    """The sources, dealt out into folds."""
    sources = sorted({example.source for example in examples})
    return [set(sources[start::count]) for start in range(min(count, len(sources)))]


def train(examples: Sequence[Example]) -> dict[str, Written]:
    """Both opinions. The second learns from firsts of sources the first had not seen."""
    seen: list[Row] = []
    for fold in folds(examples, INNER_FOLDS):
        unseen = _first([example for example in examples if example.source not in fold])
        opinion = model.model(unseen)
        for example in examples:
            if example.source in fold:
                measured = example.view.seen(example.view.first(opinion))
                seen += _rows(example, measured)
    return {
        "first": _first(examples),
        "second": _mean(seen, SECOND, known=KNOWN_OF_ALL, count=SECOND_MODELS),
    }


@contextmanager
def in_use(written: dict[str, Written], folder: Path) -> Iterator[None]:
    """Let the product split by this model for a while."""
    usual, model.HEADINGS = model.HEADINGS, folder / "headings.json"
    write(written, model.HEADINGS)
    model.headings.cache_clear()
    try:
        yield
    finally:
        model.HEADINGS = usual
        model.headings.cache_clear()


def write(written: dict[str, Written], path: Path) -> None:
    """One tree a line, so that a change can be read."""
    opinions = []
    for name, opinion in written.items():
        trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in opinion["trees"])
        start, known = opinion["start"], json.dumps(opinion["known"])
        opinions.append(
            f'"{name}": {{"start": {start},\n"known": {known},\n"trees": [\n{trees}\n]}}'
        )
    path.write_text("{\n" + ",\n".join(opinions) + "\n}\n", encoding="utf-8")


def _first(examples: Sequence[Example]) -> Written:
    rows = [row for example in examples for row in _rows(example, example.view.measured)]
    return _mean(rows, FIRST, known=KNOWN, count=FIRST_MODELS)


def _rows(example: Example, measured: Mapping[int, Measures]) -> Iterator[Row]:
    for place, said in example.answers.items():
        if place in measured:
            yield measured[place], said, example.weight


class _Start(BaseEstimator, ClassifierMixin):
    """Where boosting starts: what is known already, and the share of headings."""

    def __init__(self, weights: Sequence[float] = ()) -> None:
        self.weights = weights

    def fit(self, table: Any, answers: Any, sample_weight: Any = None) -> "_Start":
        """Find the start at which as many headings are expected as there are."""
        self.classes_ = np.array([False, True])
        known = table @ np.asarray(self.weights)
        share = np.average(answers, weights=sample_weight)
        low, high = -10.0, 10.0
        for _ in range(40):
            middle = (low + high) / 2
            chances = 1 / (1 + np.exp(-known - middle))
            fewer = np.average(chances, weights=sample_weight) < share
            low, high = (middle, high) if fewer else (low, middle)
        self.start_ = low
        return self

    def predict_proba(self, table: Any) -> Any:
        """The chances of not being and being a heading."""
        chance = 1 / (1 + np.exp(-(table @ np.asarray(self.weights)) - self.start_))
        return np.column_stack([1 - chance, chance])


def _mean(
    rows: Sequence[Row],
    settings: dict[str, Any],
    *,
    known: dict[str, float],
    count: int,
) -> Written:
    """The mean of several models as one: all their trees, each with its share of the weight."""
    names = DictVectorizer(sparse=False, dtype=np.float32)
    table = names.fit_transform([measures for measures, _, _ in rows])
    answers = np.array([said for _, said, _ in rows])
    weights = np.array([weight for _, _, weight in rows])
    start = _Start([known.get(name, 0.0) for name in names.feature_names_])
    rate = settings["learning_rate"] / count
    trees: list[Any] = []
    for seed in range(count):
        booster = GradientBoostingClassifier(init=start, random_state=seed, **SHARED, **settings)
        booster.fit(table, answers, sample_weight=weights)
        trees += [_tree(each.tree_, 0, names, rate) for (each,) in booster.estimators_]
    return {"start": round(float(booster.init_.start_), 3), "known": known, "trees": trees}


def _tree(tree: Any, node: int, names: DictVectorizer, rate: float) -> Any:
    """A tree of scikit-learn as nested lists; a fork's value is the mean of its leaves."""
    if tree.children_left[node] < 0:
        return round(float(tree.value[node][0][0]) * rate, 3)
    low, high = int(tree.children_left[node]), int(tree.children_right[node])
    below = [_tree(tree, each, names, rate) for each in (low, high)]
    values = [each[0] if isinstance(each, list) else each for each in below]
    shares = [tree.n_node_samples[each] / tree.n_node_samples[node] for each in (low, high)]
    mean = sum(value * float(share) for value, share in zip(values, shares, strict=True))
    name = names.feature_names_[tree.feature[node]]
    return [round(mean, 3), name, round(float(tree.threshold[node]), 3), *below]
