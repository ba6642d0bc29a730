"""What speaks for and against a line of plain text being a heading.

Each remark is a name; WEIGHTS says how much it counts, in log odds. A line is a heading if its
remarks add up to more than nothing. The weights were fitted on pasted articles in many languages
and rounded; a remark without a weight does not count, so one can be added before it is weighed.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median

from pipeline.values import Line, plain

WEIGHTS: dict[str, float] = {
    "usual heading": 4.2,
    "ends question": 1.9,
    "much longer below": 1.8,
    "below colon": 1.3,
    "ends open": 1.1,
    "title case": 1.1,
    "begins large": 0.9,
    "opener": 0.9,
    "all capitals": 0.8,
    "second below colon": 0.8,
    "above prose": 0.7,
    "up to 12 columns": 0.7,
    "above item": 0.5,
    "up to 40 columns": 0.3,
    "roomy as a heading": 0.3,
    "second below nothing": 0.2,
    "up to 25 columns": 0.2,
    "second below prose": 0.2,
    "some words": -0.2,
    "verb": -0.2,
    "below prose": -0.2,
    "above sentence": -0.2,
    "begins digit": -0.2,
    "up to 60 columns": -0.3,
    "above nothing": -0.3,
    "no room": -0.6,
    "more room above": -0.7,
    "pronoun": -0.8,
    "many words": -0.8,
    "up to 80 columns": -0.9,
    "above short": -0.9,
    "below question": -0.9,
    "below heading": -0.9,
    "above question": -0.9,
    "begins mark": -0.9,
    "last of short lines": -1.0,
    "colon inside": -1.1,
    "ends call": -1.1,
    "second below short": -1.2,
    "below short": -1.2,
    "above colon": -1.2,
    "leads on": -1.3,
    "sentences inside": -1.4,
    "second below heading": -1.4,
    "ends ellipsis": -1.4,
    "up to 110 columns": -1.7,
    "over 110 columns": -1.7,
    "korean sentence": -1.9,
    "ends colon": -2.3,
    "more room below": -2.4,
    "above heading": -2.4,
    "comma inside": -2.7,
    "ends stop": -3.2,
    "below nothing": -3.2,
    "begins small": -3.4,
    "not roomy as a heading": -3.5,
    "ends comma": -3.8,
    "begins quoted": -3.9,
    "caption": -5.0,
    "code": -6.6,
}

_SENTENCE_INSIDE = re.compile(r"[.!?…][\"”’)]?\s+[^\W\d_a-z]|[。！？].")
_KOREAN_SENTENCE = re.compile(r"(?:다|요|죠|까|음|함|됨|임)[.!]?$")
_LOOKS_LIKE_CODE = re.compile(r"https?://|www\.|\S+@\S+\.\w|[{};=<>\\]|\(\)|\w/\w+/|^[$>]\s")
_CAPTION = re.compile(
    r"(?:photo|image|picture|figure|fig\.|source|credit|table|foto|imagen|fuente|사진|그림|출처|표)\b"
    r"\s*(?:by|:|\d|\()|.*\b(?:photo by|screenshot|courtesy of)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:notes?|tips?|warning|important|examples?|e\.g\.|for example|update|edit|ps|p\.s\."
    r"|nota|ejemplo|주의|참고|예시|예)\s*[:.]?",
    re.IGNORECASE,
)
_USUAL = re.compile(
    r"(?:(?:in )?(?:conclusions?|summary)|references?|sources|further reading|introduction|overview"
    r"|background|faqs?|frequently asked questions|resources|disclaimer|final thoughts"
    r"|closing thoughts|(?:key )?takeaways|next steps|the bottom line|tl;?dr|about the author"
    r"|acknowledge?ments|contact"
    r"|conclusi[oó]n(?:es)?|(?:en )?resumen|referencias|introducci[oó]n|fuentes|recursos|aviso"
    r"|preguntas frecuentes|ressources|références|résumé"
    r"|결론|마무리|마치며|참고\s?문헌|참고\s?자료|출처|서론|들어가며|요약|개요|정리)\s*[:.]?",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:→|»|>>|\bnext\b\s*:|\bprevious\b\s*:|\bread more\b)", re.IGNORECASE)
_OPENERS = re.compile(
    r"(?:how|why|what|when|where|who|which|can|is|are|does|do|should|will"
    r"|qué|cómo|cuándo|por qué|quién|pourquoi|comment|quand|wie|warum|was)\b"
    r"|.*(?:란|이란|일까|인가|방법|이유)\b",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"\b(?:i|we|you|he|she|they|it|this|that|these|those|there|here)\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|will|would|should|may|might|must|do|does|did|es|son|est|sont)\b",
    re.IGNORECASE,
)


def weigh(remarks: Iterable[str]) -> float:
    """The sum of what the remarks count."""
    return WEIGHTS.get("every line", 0.0) + sum(WEIGHTS.get(remark, 0.0) for remark in remarks)


class Page:
    """The lines of one text, looked at once, so that each can be judged by all."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._looks = [_look(line) for line in lines]
        self._widths = [width(plain(line.text)) for line in lines]
        self._room = [2, *(line.number - above.number for above, line in pairwise(lines)), 2]
        self._roomy = self._room_means_heading()

    def remarks(self, place: int) -> Iterator[str]:
        """All there is to say of one line, from itself and from what stands around it."""
        yield from _of_itself(plain(self._lines[place].text))
        yield f"above {self._look(place - 1)}"
        yield f"below {self._look(place + 1)}"
        yield f"second below {self._look(place + 2)}"
        if self._look(place + 1) in _PLAIN and self._widths[place + 1] > 2 * self._widths[place]:
            yield "much longer below"
        yield from self._of_room(place)
        yield from self._of_company(place)

    def _look(self, place: int) -> str:
        return self._looks[place] if 0 <= place < len(self._looks) else "nothing"

    def _of_room(self, place: int) -> Iterator[str]:
        """How the empty lines above it compare to those below."""
        above, below = self._room[place], self._room[place + 1]
        if self._roomy:
            yield "roomy as a heading" if above > self._roomy else "not roomy as a heading"
        elif above > below:
            yield "more room above"
        if above < below:
            yield "more room below"
        if above == below == 1:
            yield "no room"

    def _of_company(self, place: int) -> Iterator[str]:
        """Short lines in a row are a list without bullets, or an address, rather than headings."""
        above, below = (self._look(place + step) == "short" for step in (-1, 1))
        further = self._look(place - 2 if above else place + 2) == "short"
        if (above and below) or (further and (above or below)):
            yield "among short lines"
        if above and not below:
            yield "last of short lines"

    def _room_means_heading(self) -> int:
        """The usual room, if nearly only short lines have more above them; else 0."""
        usual = median(self._room[1:-1]) if len(self._lines) > 1 else 0
        roomy = [look for look, room in zip(self._looks, self._room, strict=False) if room > usual]
        short = sum(look in ("short", "question", "heading") for look in roomy[1:])
        return int(usual) if len(roomy) > 3 and short * 5 >= len(roomy) * 4 else 0


def width(text: str) -> int:
    """The columns a text takes: a Korean or Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _of_itself(text: str) -> Iterator[str]:
    yield _size(width(text))
    yield f"ends {_ending(text)}"
    yield f"begins {_beginning(text)}"
    yield from _case(text)
    words = len(text.split())
    yield "one word" if words == 1 else "many words" if words > 12 else "some words"
    for name, pattern in _MARKS.items():
        if pattern.search(text):
            yield name
    for name, pattern in _WHOLES.items():
        if pattern.match(text):
            yield name
    if _USUAL.fullmatch(text):
        yield "usual heading"
    if _LABEL.fullmatch(text):
        yield "label"


_MARKS = {
    "sentences inside": _SENTENCE_INSIDE,
    "korean sentence": _KOREAN_SENTENCE,
    "code": _LOOKS_LIKE_CODE,
    "leads on": _GOES_ON,
    "pronoun": _SPEAKER,
    "verb": _VERB,
    "comma inside": re.compile(r"[,;，、]\s"),
    "colon inside": re.compile(r"[:：]\s"),
    "bracketed end": re.compile(r"\)$"),
}
_WHOLES = {"caption": _CAPTION, "opener": _OPENERS}


def _size(columns: int) -> str:
    for limit in (12, 25, 40, 60, 80, 110):
        if columns <= limit:
            return f"up to {limit} columns"
    return "over 110 columns"


def _ending(text: str) -> str:
    bare = text.rstrip("\"”’»)' ")
    last = bare[-1:] or text[-1]
    for name, letters in _ENDINGS.items():
        if last in letters:
            return name
    return "open"


_ENDINGS = {
    "question": "?？؟;",
    "colon": ":：",
    "stop": ".。।",
    "ellipsis": "…",
    "call": "!！",
    "comma": ",，、",
}


def _beginning(text: str) -> str:
    first = text[0]
    if first.isdigit():
        return "digit"
    if first in "\"“‘'«「『":
        return "quoted"
    if first in "([¿¡*@#":
        return "mark"
    return "small" if first.islower() else "large"


def _case(text: str) -> Iterator[str]:
    words = [word for word in re.findall(r"[^\W\d_]+", text) if word.upper() != word.lower()]
    if not words:
        return
    if len(text) > 3 and text.upper() == text:
        yield "all capitals"
        return
    large = sum(word[0].isupper() for word in words if len(word) > 3 or word[0].isupper())
    counted = sum(1 for word in words if len(word) > 3 or word[0].isupper())
    if len(words) > 1 and counted and large / counted > 0.75:
        yield "title case"


_PLAIN = frozenset({"colon", "prose", "sentence", "question", "short"})


def _look(line: Line) -> str:
    if line.kind != "plain":
        return line.kind
    text = plain(line.text)
    ending = _ending(text)
    if ending == "colon":
        return "colon"
    if _SENTENCE_INSIDE.search(text) or width(text) > 110:
        return "prose"
    if ending in ("stop", "call", "ellipsis", "comma"):
        return "sentence"
    return "question" if ending == "question" else "short"
