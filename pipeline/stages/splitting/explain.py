"""Why each line of an article is a heading or none, how sure that is, and what is unsure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.stages.splitting.closing import names_disclaimer, names_references
from pipeline.stages.splitting.features import Measures
from pipeline.stages.splitting.model import Model, chance, headings
from pipeline.stages.splitting.numbering import LIST_FORMS
from pipeline.stages.splitting.outline import View, declared, opinion_of
from pipeline.stages.splitting.runs import Counted
from pipeline.values import Line, plain

# Between these a person is asked: of such lines one in three is decided wrongly, of all others one
# in fifty ("What is unsure" in the benchmark's report).
UNSURE = (0.25, 0.85)
SAID = "you said so"
DECLARED = "the file says so"
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """What one measure of a line did.

    Attributes:
        value: The measure.
        weight: The log odds it added.
    """

    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a line, and why.

    Attributes:
        line: The line with the kind it was given.
        probability: Of being a heading, 0 to 1; one of the two where it was not weighed at all.
        grounds: What else than the measures of this line spoke, in plain words.
        reasons: The measures that counted, the weightiest first.
    """

    line: Line
    probability: float
    grounds: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def heading(self) -> bool:
        """Whether it was taken for a heading."""
        return self.line.kind == "heading"

    @property
    def unsure(self) -> bool:
        """Whether a person should be asked."""
        return UNSURE[0] < self.probability < UNSURE[1]


def explain(lines: Sequence[Line], *, why: bool = True) -> Iterator[Decision]:
    """What ``declare`` decides of each line of a plain text, and why.

    Args:
        lines: The lines under the head.
        why: Whether the measures are asked for their reasons; of a long text they fill the memory.
    """
    view = View(lines)
    models = headings()
    odds = view.second(models)
    seen = view.seen(view.first(models[0])) if why else {}
    runs = dict(_by_place(view, odds))
    listing = False
    for place, line in enumerate(declared(view, odds)):
        run = runs.get(place)
        weighed = run.odds if run else odds.get(place)
        if line.kind == "heading":
            listing = names_references(plain(line.text))
        # Closing words are headings, and what is under "References" is none, without being weighed.
        if listing or _closes(line):
            weighed = None
        yield Decision(
            line,
            _probability(line, weighed),
            tuple(_grounds(view, place, line, run)),
            _reasons(models, seen[place]) if place in seen and line.said is None else (),
        )


@dataclass(frozen=True, slots=True)
class _Run:
    """What was thought of a run of numbers on the whole, and how it is told."""

    odds: float
    told: str


def _by_place(view: View, odds: Mapping[int, float]) -> Iterator[tuple[int, _Run]]:
    """The run that each line is decided with; a run that is no list leaves its lines alone."""
    for run in view.runs:
        thought = opinion_of(run, view, odds)
        if len(run.places) > 1 and (thought > 0 or run.numbers[0].form in LIST_FORMS):
            told = _Run(thought, f"counts on: {_numbers(run)}")
            yield from ((place, told) for place in run.places)


def told(line: Line) -> Decision:
    """The decision on a line whose format or author says what it is."""
    ground = DECLARED if line.said is None else SAID
    return Decision(line, float(line.kind == "heading"), (ground,))


def _probability(line: Line, weighed: float | None) -> float:
    """How likely a line is a heading, once all is heard; what was not weighed is certain."""
    if line.said is not None or weighed is None:
        return float(line.kind == "heading")
    return chance(weighed)


def _closes(line: Line) -> bool:
    text = plain(line.text)
    return line.kind == "heading" and (names_references(text) or names_disclaimer(text))


def _grounds(view: View, place: int, line: Line, run: _Run | None) -> Iterator[str]:
    if line.said is not None:
        yield SAID
        return
    if line.kind != "heading":
        return
    if run:
        yield run.told
    if _closes(line):
        yield f"“{plain(line.text)}” is always a heading"
    if view.looks.stands_out(view.lines[place]):
        bold = all(each.bold for each in line.text if not each.text.isspace())
        yield "bold" if bold else "larger than the text"


def _numbers(run: Counted) -> str:
    numbers = [number.number for number in run.numbers]
    if len(numbers) > _SHOWN:
        numbers = [*numbers[: _SHOWN - 1], "…", numbers[-1]]
    return ", ".join(numbers)


def _reasons(models: tuple[Model, Model], measures: Measures) -> tuple[Reason, ...]:
    """What each measure did, in either opinion, the weightiest first."""
    found = defaultdict(float, models[0].reasons(measures))
    for name, weight in models[1].reasons(measures).items():
        found[name] += weight
    reasons = [
        Reason(name, measures.get(name, 0.0), weight)
        for name, weight in found.items()
        if weight and _speaks(name, measures)
    ]
    return tuple(sorted(reasons, key=lambda reason: (-abs(reason.weight), reason.name)))


def _speaks(name: str, measures: Mapping[str, float]) -> bool:
    """Whether a measure says something by itself: not the first opinion, nor what is not there."""
    if name.startswith(("run ", "number ")) or name == "opinion of its run":
        return "numbered" in measures
    if name.startswith("capital"):
        return "caseless" not in measures
    return name != "first opinion"
