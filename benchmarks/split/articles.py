"""The benchmark's articles, as the splitter sees them, with what their lines should become."""

import difflib
import importlib.util
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from pipeline.stages.read import read
from pipeline.stages.splitting.blocks import unwrap
from pipeline.stages.splitting.head import read_head
from pipeline.stages.splitting.outline import View
from pipeline.values import plain

PASTED = ("paste_tight", "paste_blank")
# Forms that declare their headings, and how their files end.
DECLARED = {"markdown": "md"}


@dataclass(frozen=True)
class Benchmark:
    """A folder with ``dev/gold.jsonl``, ``dev/inputs`` and ``score.py``."""

    folder: Path

    def gold(self) -> list[dict[str, Any]]:
        """What each article should become."""
        text = (self.folder / "dev/gold.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]

    def path(self, article: str, form: str) -> Path:
        """One article in one form."""
        return self.folder / "dev/inputs" / form / f"{article}.{DECLARED.get(form, 'txt')}"

    def scorer(self) -> ModuleType:
        """The benchmark's own score."""
        spec = importlib.util.spec_from_file_location("score", self.folder / "score.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


@dataclass(frozen=True)
class Example:
    """One pasted article and which of its lines are headings.

    Attributes:
        source: The repository it came from; folds never part one.
        answers: By place, True for a heading. A line that may be either is left out.
    """

    source: str
    view: View
    answers: dict[int, bool]


def examples(benchmark: Benchmark) -> list[Example]:
    """Every article of the development side, in both pasted forms."""
    key = _key(benchmark.scorer())
    return [
        _example(benchmark.path(gold["id"], form), gold, key)
        for form in PASTED
        for gold in benchmark.gold()
    ]


Key = Callable[[str], tuple[str, ...]]


def _key(scorer: ModuleType) -> Key:
    """The words of a text as the score sees them, without bare numbers."""
    return lambda text: tuple(word for word in scorer.toks(text) if not scorer.small(word))


def _example(path: Path, gold: dict[str, Any], key: Key) -> Example:
    source = read(path, path.read_bytes())
    lines = read_head(replace(source, lines=unwrap(source.lines))).rest
    parts = list(_parts(gold, key))
    found: dict[int, bool | None] = dict.fromkeys(range(len(lines)), False)
    matcher = difflib.SequenceMatcher(
        None, [words for words, _ in parts], [key(plain(line.text)) for line in lines], False
    )
    for start, place, length in matcher.get_matching_blocks():
        found.update({place + step: parts[start + step][1] for step in range(length)})
    view = View(lines)
    answers = {place: said for place in view.measured if (said := found[place]) is not None}
    return Example(gold["source"]["repo"], view, answers)


def _parts(gold: dict[str, Any], key: Key) -> Iterator[tuple[tuple[str, ...], bool | None]]:
    """The words of each part in order; True for a heading, None where it may be one."""
    for section in gold["sections"]:
        if section["heading"]:
            yield key(section["heading"]), True
        for block in section["blocks"]:
            for item in block.get("items") or [block.get("text") or ""]:
                text = item if isinstance(item, str) else item["text"]
                yield key(text), None if block.get("soft") else False
