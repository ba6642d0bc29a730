"""What can be measured of a line of plain text: of itself, of its neighbours, of its article.

Every measure is a number under a name; one that is missing is nought. A yes is 1. Nothing here
decides: the model weighs what is measured.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import islice, pairwise
from statistics import fmean, median
from sys import intern

from pipeline.stages.splitting.byline import is_name
from pipeline.stages.splitting.numbering import LIST_FORMS
from pipeline.stages.splitting.phrases import MARKS, SENTENCE_INSIDE, WHOLES
from pipeline.stages.splitting.runs import Counted
from pipeline.values import Line, plain

Measures = dict[str, float]
# What a line may share with others, in this order.
KIN = ("shape", "label", "line", "opening", "first word", "last word")
Kin = tuple[str, ...]

_WORD = re.compile(r"[^\W\d_]+")
_SIGN = re.compile(r"[^\w\s]|_")
# No letter outside of these takes two columns.
_PERHAPS_WIDE = re.compile(r"[\u1100-\u115f\u231a-\U0010ffff]")
_LABEL = re.compile(r"([^\W\d_][^:：.!?]{0,24})[:：]\s")
_ENDINGS = {
    "question": "?？؟;",
    "colon": ":：",
    "stop": ".。।",
    "ellipsis": "…",
    "call": "!！",
    "comma": ",，、",
}
_TOP, _FAR = 200, 12


class Page:
    """The lines of one text, looked at once, so that each can be measured against all."""

    def __init__(self, lines: Sequence[Line], runs: Sequence[Counted]) -> None:
        self._lines = lines
        self._texts = [plain(line.text) for line in lines]
        self._widths = [width(text) for text in self._texts]
        self._looks = [_look(*each) for each in zip(lines, self._texts, self._widths, strict=True)]
        self._room = [2, *(line.number - above.number for above, line in pairwise(lines)), 2]
        self._usual_room = median(self._room[1:-1]) if len(lines) > 1 else 1
        self._run_of = {
            place: (index, run) for run in runs for index, place in enumerate(run.places)
        }
        self._runs: dict[int, Measures] = {}
        self._smalls: dict[int, str] = {}
        self._words: dict[int, set[str]] = {}
        # A row of a table, or a picture nobody described, has no words.
        self._firsts = [intern(text.partition(" ")[0]) for text in self._texts]
        self._lasts = [intern(text.rpartition(" ")[2]) for text in self._texts]
        self._shapes = [intern(_shape(text)) for text in self._texts]
        self._first_count, self._last_count = Counter(self._firsts), Counter(self._lasts)
        self._shape_count = Counter(self._shapes)
        self._text_count = Counter(self._texts)
        self._article = self._of_article()

    def kin(self, place: int) -> Kin:
        """What a line may share with others; "" for what it has not."""
        text = self._texts[place]
        return (
            self._shapes[place],
            _label(text),
            text,
            intern(" ".join(text.lower().split(maxsplit=2)[:2])),
            self._firsts[place],
            self._lasts[place],
        )

    def measures(self, place: int) -> Measures:
        """All that can be measured of one line."""
        made = of_itself(self._texts[place], self._widths[place])
        made.update(self._article)
        made.update(self._of_neighbours(place))
        made.update(self._of_room(place))
        made.update(self._of_place(place))
        made.update(self._of_words(place))
        if place in self._run_of:
            made.update(self._of_run(*self._run_of[place]))
        return made

    def _of_article(self) -> Measures:
        count = len(self._lines) or 1
        looks = Counter(self._looks)
        plain_widths = [
            w for w, look in zip(self._widths, self._looks, strict=True) if look in _PLAIN
        ]
        roomy = [
            look
            for look, room in zip(self._looks, self._room, strict=False)
            if room > self._usual_room
        ][1:]
        short = sum(look in ("short", "question") for look in roomy)
        return {
            "article short share": (looks["short"] + looks["question"]) / count,
            "article question share": looks["question"] / count,
            "article item share": looks["item"] / count,
            "article median columns": median(plain_widths) if plain_widths else 0,
            "article roomy": float(len(roomy) > 2 and short * 5 >= len(roomy) * 4),
            "article usual room": self._usual_room,
            "article gap share": sum(line.gap for line in self._lines) / count,
        }

    def _of_neighbours(self, place: int) -> Measures:
        own = self._widths[place]
        made: Measures = {}
        for name, step in (("above", -1), ("below", 1), ("second above", -2), ("second below", 2)):
            look, columns = self._at(place + step)
            # One name for all lines, not one for each: of a long text they would fill the memory.
            made[intern(f"{name} {look}")] = 1
            made[intern(f"{name} columns")] = min(columns, _TOP)
        below = self._at(place + 1)[1]
        made["below by own columns"] = min(below, 400) / (own or 1)
        made["above by own columns"] = min(self._at(place - 1)[1], 400) / (own or 1)
        section = self._until_short(place)
        made["columns until next short line"] = section
        made["lines of short above"] = self._short_lines(place, -1)
        made["lines of short below"] = self._short_lines(place, 1)
        return made

    def _at(self, place: int) -> tuple[str, int]:
        inside = 0 <= place < len(self._looks)
        return (self._looks[place], self._widths[place]) if inside else ("nothing", 0)

    def _until_short(self, place: int) -> int:
        """How much text stands below a line before the next that may be a heading."""
        total = 0
        for later in range(place + 1, min(place + _FAR, len(self._looks))):
            if self._looks[later] in ("short", "question"):
                break
            total += self._widths[later]
        return min(total, 1000)

    def _short_lines(self, place: int, step: int) -> int:
        """How many short lines in a row stand next to it: a list without bullets, an address."""
        count = 0
        while count < 6 and self._at(place + (count + 1) * step)[0] in ("short", "question"):
            count += 1
        return count

    def _of_room(self, place: int) -> Measures:
        """How the empty lines above it compare to those below, and to the usual."""
        above, below = self._room[place], self._room[place + 1]
        return {
            "room above": above - self._usual_room,
            "room below": below - self._usual_room,
            "room above less below": above - below,
        }

    def _of_place(self, place: int) -> Measures:
        count = len(self._lines)
        return {
            "line": min(place, 30),
            "lines left": min(count - 1 - place, 30),
            "twins": self._text_count[self._texts[place]] - 1,
        }

    def _of_words(self, place: int) -> Measures:
        """How far its words return below it, and how many lines begin or end as it does."""
        long = [word for word in self._words_of(place) if len(word) > 3 or not word.isascii()]
        below = range(place + 1, min(place + 6, len(self._lines)))
        near = "\n".join(map(self._small, below))
        # Most words do not return, which is soon seen.
        returning = sum(
            word in near and any(word in self._words_of(line) for line in below) for word in long
        )
        first, last = self._firsts[place], self._lasts[place]
        return {
            "words that return": returning / len(long) if long else 0,
            "same first word": self._first_count[first] - 1,
            "same last word": self._last_count[last] - 1,
            "same shape": self._shape_count[self._shapes[place]] - 1,
        }

    def _small(self, place: int) -> str:
        if place not in self._smalls:
            if len(self._smalls) > _FAR:
                self._smalls.clear()
            self._smalls[place] = self._texts[place].lower()
        return self._smalls[place]

    def _words_of(self, place: int) -> set[str]:
        """The words of a line. Lines are measured in order, so only the last few are kept."""
        if place not in self._words:
            if len(self._words) > _FAR:
                self._words.clear()
            self._words[place] = set(_WORD.findall(self._small(place)))
        return self._words[place]

    def _of_run(self, index: int, run: Counted) -> Measures:
        """What speaks of a line's number, and of the run of numbers it stands in."""
        if id(run) not in self._runs:
            self._runs[id(run)] = self._of_whole_run(run)
        number = run.numbers[index]
        return {
            **self._runs[id(run)],
            "number listlike": float(number.form in LIST_FORMS),
            "number value": min(number.value, 40),
            "run first": float(index == 0),
            "run last": float(index == len(run.places) - 1),
        }

    def _of_whole_run(self, run: Counted) -> Measures:
        """What speaks of a run of numbers: how long, how far apart, and in what form."""
        apart = [after - before for before, after in pairwise(run.places)]
        widths = [width(each.rest) for each in run.numbers]
        return {
            "numbered": 1,
            "run length": len(run.places),
            "run touching share": sum(step == 1 for step in apart) / len(apart) if apart else 0,
            "run median apart": median(apart) if apart else 0,
            "run median columns": median(widths),
            "run stop share": fmean(each.rest[-1] in ".;,。" for each in run.numbers),
            "run over prose share": fmean(self._at(p + 1)[0] in _TEXT for p in run.places),
            "run over item share": fmean(self._at(p + 1)[0] == "item" for p in run.places),
            "run several sentences share": fmean(
                SENTENCE_INSIDE.search(each.rest) is not None for each in run.numbers
            ),
        }


def width(text: str) -> int:
    """The columns a text takes: a Korean or Chinese letter takes two."""
    if text.isascii():
        return len(text)
    kinds = list(map(unicodedata.east_asian_width, _PERHAPS_WIDE.findall(text)))
    return len(text) + kinds.count("W") + kinds.count("F")


def of_itself(text: str, columns: int) -> Measures:
    """What can be measured of a line alone."""
    words = text.split()
    made: Measures = {
        "columns": min(columns, _TOP),
        "words": min(len(words), 40),
        intern(f"ends {ending(text)}"): 1,
        intern(f"begins {_beginning(text)}"): 1,
        "digit share": sum(map(str.isdigit, text)) / len(text),
        "commas": text.count(",") + text.count("，") + text.count("、"),
        "wide letters": float(columns > len(text) * 1.3),
    }
    if is_name(text):
        made["like a name"] = 1
    made.update(_case(text))
    made.update({name: 1 for name, pattern in MARKS.items() if pattern.search(text)})
    made.update({name: 1 for name, pattern in WHOLES.items() if pattern.fullmatch(text)})
    return made


def _shape(text: str) -> str:
    """The signs of a line without its words: "Name, @handle" and "CS: What …?" have one."""
    return "".join(sign[0] for sign in islice(_SIGN.finditer(text), 8)) or "plain"


def _label(text: str) -> str:
    """What stands before a colon near the start: "Frequency: rare", "Q: …"."""
    found = _LABEL.match(text)
    return found[1].lower() if found else ""


def ending(text: str) -> str:
    """What a line ends in, behind quotation marks and brackets: "stop", "question" or "open"."""
    bare = text.rstrip("\"”’»)' ")
    last = bare[-1:] or text[-1]
    return next((name for name, letters in _ENDINGS.items() if last in letters), "open")


def _beginning(text: str) -> str:
    first = text[0]
    if first.isdigit():
        return "digit"
    if first in "\"“‘'«「『":
        return "quoted"
    if first in "([¿¡*@#":
        return "mark"
    return "small" if first.islower() else "large"


def _case(text: str) -> Measures:
    """How capitals are spread; a script without capitals has no say."""
    words = [word for word in _WORD.findall(text) if word.upper() != word.lower()]
    if not words:
        return {"caseless": 1}
    large = [word[0].isupper() for word in words]
    long = [word[0].isupper() for word in words if len(word) > 3 or word[0].isupper()]
    return {
        "all capitals": float(len(text) > 3 and text.upper() == text),
        "capital share": fmean(large),
        "capital share of long words": fmean(long) if long else 0,
        "capitals after the first": sum(large[1:]) / max(len(long) - 1, 1),
    }


_PLAIN = frozenset({"colon", "prose", "sentence", "question", "short"})
_TEXT = frozenset({"prose", "sentence"})


def _look(line: Line, text: str, columns: int) -> str:
    if line.kind != "plain":
        return line.kind
    end = ending(text)
    if end == "colon":
        return "colon"
    if columns > 110 or SENTENCE_INSIDE.search(text):
        return "prose"
    if end in ("stop", "call", "ellipsis", "comma"):
        return "sentence"
    return "question" if end == "question" else "short"
