"""Which lines of a plain text are headings and which are items of a numbered list.

It is decided over the whole article, in two opinions and a reckoning. The first opinion is of each
line and what stands around it. The second knows the first of all lines: which form the likely
headings share, how far apart they stand, what is thought of the lines next to it. Then numbers
that count on are decided together, all or none. What it gives is lines as a reader of Markdown
would give them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.stages.splitting.closing import names_disclaimer, names_references
from pipeline.stages.splitting.company import company
from pipeline.stages.splitting.corrections import as_item, settle
from pipeline.stages.splitting.features import Measures, Page
from pipeline.stages.splitting.levels import levelled
from pipeline.stages.splitting.looks import Looks
from pipeline.stages.splitting.model import Model, headings
from pipeline.stages.splitting.numbering import LIST_FORMS
from pipeline.stages.splitting.runs import Counted, runs
from pipeline.values import Line, Run, plain

LONGEST_HEADING = 160
# No single line is so sure that it should drown what the others say.
SUREST = 6.0
# Of the lines of sources it had not seen, the first opinion puts more than half below this, and of
# 2,934 headings two: nobody needs to be asked again.
HOPELESS = -5.0
# An author who marks headings by their looks has said which lines they are.
OUTSTANDING = 7.0
LONGEST_DRAWN = 100
# What is decided without asking how likely it is.
CERTAIN = 30.0
# What stands in a text more often heads nothing; a file of one line over and over would take hours.
MOST_TWINS = 100


def declare(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give the lines of a plain text the kinds its author meant."""
    view = View(lines)
    return declared(view, view.second(headings()))


def declared(view: "View", odds: Mapping[int, float]) -> tuple[Line, ...]:
    """The lines of an article with the kinds that follow from the second opinion."""
    return levelled(tuple(_declared(view, odds)))


class View:
    """An article as the two opinions see it.

    Attributes:
        measured: What was measured of each line that may be a heading, by its place.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.looks = Looks(lines)
        self.runs = runs(lines)
        page = Page(lines, self.runs)
        twins = Counter(line.text for line in lines)
        self.measured: dict[int, Measures] = {
            # What is missing is nought: of a long text, the noughts alone would fill the memory.
            place: {name: value for name, value in page.measures(place).items() if value}
            for place, line in enumerate(lines)
            if _may_head(line) and twins[line.text] <= MOST_TWINS
        }
        self._kin = {place: page.kin(place) for place in self.measured}

    def first(self, model: Model) -> dict[int, float]:
        """The first opinion of each line that may be a heading, in log odds."""
        return {
            place: max(-SUREST, min(SUREST, model.odds(measures)))
            for place, measures in self.measured.items()
        }

    def seen(self, first: Mapping[int, float]) -> dict[int, Measures]:
        """All measures of each line that has hope, those of its company too."""
        return dict(self._seen(first))

    def _seen(self, first: Mapping[int, float]) -> Iterator[tuple[int, Measures]]:
        known = company(self.measured, first, kin=self._kin, runs=self.runs, hopeless=HOPELESS)
        return ((place, {**self.measured[place], **told}) for place, told in known)

    def second(self, models: tuple[Model, Model]) -> dict[int, float]:
        """The second opinion, in log odds; where there was no hope, the first one stands."""
        first = self.first(models[0])
        weighed = {place: models[1].odds(measures) for place, measures in self._seen(first)}
        return {
            place: odds + self._outstanding(place) for place, odds in {**first, **weighed}.items()
        }

    def _outstanding(self, place: int) -> float:
        """What the looks of a line add: the models learnt from texts that show none."""
        if self.looks.heads(self.lines[place]):
            return OUTSTANDING
        return -OUTSTANDING if self.looks.mark_headings else 0.0


def _declared(view: View, odds: Mapping[int, float]) -> Iterator[Line]:
    counted = _counted(view, odds)
    listing = False
    for place, line in enumerate(view.lines):
        text = plain(line.text)
        closing = names_references(text) or names_disclaimer(text)
        if line.said is not None:
            listing = names_references(text) if line.said else listing
            yield _heading(settle(line)) if line.said else settle(line)
        elif place in counted:
            yield counted[place]
        # Under "References" every short line is a reference.
        elif line.kind == "plain" and (closing or (odds.get(place, -SUREST) > 0 and not listing)):
            listing = names_references(text)
            yield _heading(line)
        else:
            yield line


def _counted(view: View, odds: Mapping[int, float]) -> dict[int, Line]:
    """The lines in runs of numbers, decided run by run."""
    kinds: dict[int, Line] = {}
    for run in view.runs:
        if len(run.places) < 2:
            continue
        heads = opinion_of(run, view, odds) > 0
        for place, number in zip(run.places, run.numbers, strict=True):
            if heads:
                kinds[place] = _heading(view.lines[place])
            elif number.form in LIST_FORMS and view.lines[place].kind == "plain":
                kinds[place] = as_item(view.lines[place], number)
    return kinds


def opinion_of(run: Counted, view: View, odds: Mapping[int, float]) -> float:
    """What is thought of the lines of a run on the whole: log odds of their being headings.

    Where an author marks headings by their looks, that decides. Numbered lines that stand one right
    under the other are a list, whatever is thought of them.
    """
    outstanding = any(view.looks.stands_out(view.lines[place]) for place in run.places)
    if outstanding or view.looks.mark_headings:
        return CERTAIN if outstanding else -CERTAIN
    touching = sum(after - before == 1 for before, after in pairwise(run.places))
    if touching * 10 > 3 * len(run.places):
        return -CERTAIN
    if all(view.lines[place].kind == "item" for place in run.places):
        # Numbers that Word drew: no model has learnt of these, but prose between them says enough.
        short = all(len(number.rest) <= LONGEST_DRAWN for number in run.numbers)
        return CERTAIN if short else -CERTAIN
    return sum(odds.get(place, -SUREST) for place in run.places)


def _may_head(line: Line) -> bool:
    return line.kind == "plain" and len(plain(line.text)) <= LONGEST_HEADING


def _heading(line: Line) -> Line:
    marker = f"{line.marker} " if line.kind == "item" else ""
    text = (Run(marker), *line.text) if marker else line.text
    return replace(line, kind="heading", level=1, marker="", text=text)
