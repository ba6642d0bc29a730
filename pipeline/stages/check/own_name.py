"""The clinic's own names are spelt as the clinic spells them.

Its name, those of its newsletters and of its practitioners stand in clinic.toml. Words that are
nearly one of them ("Harbor Street" for "Harbour Street"), or one in other capitals, are pointed at.
Plurals, possessives and Korean particles behind a name are no mistakes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from pipeline.stages.check.rule import Flaw, Material, Rule
from pipeline.stages.text.distance import distance
from pipeline.values import Configuration

# One word alone is too easily near another; of a short one, every word is.
_SHORTEST, _SHORTEST_ALONE = 6, 8
_MOST = 2
_STOP = re.compile(r"\n\s*\n|[.!?:;]\s")
_ARTICLE = re.compile(r"^(?:the|el|la|los|las) ", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class _Name:
    """A name, and how many words it has."""

    written: str
    words: int


class _Names:
    """Names, and which of them begin or end with a letter, small or large, by their numbers."""

    def __init__(self, names: Iterable[_Name]) -> None:
        self.each = tuple(names)
        self.first: dict[str, list[int]] = {}
        self.last: dict[str, list[int]] = {}
        for number, name in enumerate(self.each):
            for ends, letter in ((self.first, name.written[0]), (self.last, name.written[-1])):
                for written in {letter.lower(), letter.upper()}:
                    ends.setdefault(written, []).append(number)


def _find(material: Material) -> Iterator[Flaw]:
    names = _Names(_names(material.configuration))
    known = {name.written.casefold() for name in names.each} | _people(material)
    for where, text in _texts(material):
        told = set()
        for found, name in _near(text, names, known):
            if found not in told:
                told.add(found)
                yield Flaw(
                    message=f"the words “{found}” are nearly your own “{name}”",
                    suggestion=f"Write it as {name}, or as it should be in clinic.toml.",
                    where=where,
                )


def _names(configuration: Configuration) -> Iterator[_Name]:
    written = [configuration.clinic.name]
    written += [newsletter.name for newsletter in configuration.newsletters]
    written += [person.name for person in configuration.practitioners]
    for text in dict.fromkeys(written):
        name = " ".join(_WORD.findall(_ARTICLE.sub("", text)))
        words = name.count(" ") + 1
        if len(name) >= (_SHORTEST if words > 1 else _SHORTEST_ALONE):
            yield _Name(name, words)


def _people(material: Material) -> set[str]:
    """Who signs an article is called as the byline says, however near to somebody else."""
    people = material.article.people if material.article else ()
    return {person.name.casefold() for person in people}


def _texts(material: Material) -> Iterator[tuple[str, str]]:
    for issue in material.issues:
        yield f"issue {issue.part}, subject", issue.subject
        yield f"issue {issue.part}, preheader", issue.preheader
        yield f"issue {issue.part}, text", re.sub(r"https?://\S+|\S+@\S+", "\n\n", issue.text)
    for number, post in enumerate(material.posts, 1):
        yield f"post {number} for {post.network}", re.sub(r"https?://\S+|[@#]\S+", " ", post.text)


def _near(text: str, names: _Names, known: set[str]) -> Iterator[tuple[str, str]]:
    for stretch in _STOP.split(text):
        words = _WORD.findall(stretch)
        # Where each word ends, with a space behind it: so no window is joined in vain.
        ends = list(accumulate((len(word) + 1 for word in words), initial=0))
        for number, start in sorted(_windows(words, names)):
            name = names.each[number]
            stop = start + name.words
            if abs(ends[stop] - ends[start] - 1 - len(name.written)) <= _MOST:
                found = " ".join(words[start:stop])
                if _mistaken(found, name, known):
                    yield found, name.written


def _windows(words: list[str], names: _Names) -> set[tuple[int, int]]:
    """Names, by number, and where as many words begin or end as they do."""
    found = set()
    for place, word in enumerate(words):
        for number in names.first.get(word[0], ()):
            found.add((number, place))
        for number in names.last.get(word[-1], ()):
            found.add((number, place + 1 - names.each[number].words))
    last = [len(words) - name.words for name in names.each]
    return {(number, start) for number, start in found if 0 <= start <= last[number]}


def _mistaken(found: str, name: _Name, known: set[str]) -> bool:
    wanted = name.written
    # Capitals all through are a matter of looks; a possessive or a particle follows the name.
    if found.startswith(wanted) or (found in (wanted.upper(), wanted.lower()) and name.words == 1):
        return False
    if found.casefold() in known:
        return not found.isupper() and found != wanted and found.casefold() == wanted.casefold()
    plain, aim = found.casefold(), wanted.casefold()
    if plain.startswith(aim) or (name.words == 1 and not found[0].isupper()):
        return False
    most = _MOST if len(aim) >= 12 else 1
    return distance(plain, aim, most=most) <= most or _with_particle(plain, aim)


def _with_particle(found: str, aim: str) -> bool:
    """A Korean name that is misspelt and has a particle behind it."""
    cut = found[: len(aim)]
    korean = "가" <= aim[-1] <= "힣"
    return korean and 0 < len(found) - len(cut) <= _MOST and distance(cut, aim, most=1) == 1


RULE = Rule(
    code="own-name",
    level="warning",
    source="https://www.plainlanguage.gov/howto/guidelines/bigdoc/writeTermUse.cfm",
    find=_find,
)
