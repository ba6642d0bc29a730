"""Bare names under a title: "Jane Doe", "JANE DOE and Jay Roe", "김민지".

By its form a name is a heading in title case: "Neck Pain". What tells them apart is the rest of the
article: the words of a heading are what it is about and come again; those of a name do not, unless
the person is presented at the end ("Jane Doe is a physical therapist").
"""

import re
from collections.abc import Sequence

from pipeline.stages.splitting.byline import is_korean_name
from pipeline.values import Line, plain

_PART = r"[^\W\d_a-zß-öø-ÿ](?:[^\W\d_]|[.'’-])*"
_PARTICLE = r"(?:de|del|la|van|von|der|den|da|dos|di|du|le|bin|al|el)"
_PERSON = re.compile(
    rf"{_PART}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_PART}){{1,3}}(?:\s+\(?@[\w.-]+\)?)?"
)
_JOINED = re.compile(r"\s*,\s+(?:and\s+|y\s+)?|\s+(?:and|y|e|et|und|&)\s+")
_HANDLE = re.compile(r"\s+\(?@[\w.-]+\)?$")
_WORD = re.compile(r"\w+")
# What things and doings end in, and family names rarely.
_NOUN = re.compile(
    r"\w{2,}(?:ing|tion|sion|(?<!cle)ment|ness|ity|ics|ical|ial|ural|ional|ive|able|ible|ogy|ysis"
    r"|ache|itis|osis|ción|dad|miento)s?",
    re.IGNORECASE,
)
_NAMES_LIKE_NOUNS = re.compile(
    r"fleming|harding|sterling|manning|browning|keating|golding|channing|irving|starling|darling"
    r"|felicity|trinity|charity|clive|olive|mable",
    re.IGNORECASE,
)
# First names that are words, too: they come again in any text.
_WORDS_LIKE_NAMES = re.compile(
    r"will|mark|grace|hope|rose|dawn|faith|joy|may|june|april|art|pat|frank|bill|rob|sue|drew|jack"
    r"|chase|dean|grant|lance|miles|reed|rich|wade|amber|ruby|iris|lily|daisy|summer|penny|ginger"
    r"|basil|guy|ray|dale|glen|heath|cliff|victor|gene|bob|nick|sol|luz|mar|paz|pilar|rosa|consuelo",
    re.IGNORECASE,
)
# Words that begin or fill headings, and hardly any name.
_OF_HEADINGS = re.compile(
    r"an?|about|after|all|and|are|at|before|best|better|beyond|book|calls?|can|common|contents|days?"
    r"|does|do|final|first|for|from|get|good|guide|healthy|how|in|is|it|key|last|living|main|making"
    r"|more|most|my|new|next|not?|of|on|one|or|other|our|out|overview|parts?|quick|questions|second"
    r"|simple|some|starte?d?|steps?|summary|table|takeaways|that|the|these|thoughts|three|tips|to"
    r"|top|two|up|us|use|was|ways?|we|what|when|where|which|who|why|with|without|words|your?"
    r"|el|la|los|las|una?|su|sus|tu|qué|cómo|cuándo|por|para|con|sin|en|más",
    re.IGNORECASE,
)
# Words of three syllables that begin like a name, and what no given name ends in.
_KOREAN_HEADINGS = re.compile(
    "마무리|이유는|원인은|방법은|소개글|기본기|주의보|여름철|명절에|전문가|주치의|안내문|한의원|한의학"
    "|한의사|전자책|고혈압|..[점법물병약통침술증감력계글]"
)
# Prose follows a byline; a short line or a list follows a heading as easily. What follows in all
# must be long enough for the words of a heading to come again. In columns: Korean letters are two.
_PROSE = 60
_SHORT = 3
_LONG = 300
_LONGER = 800
_HANGUL = re.compile("[가-힣]")


def is_bare_name(lines: Sequence[Line], title: str) -> bool:
    """Whether the first of these lines is a bare name, by its form and by all that follows.

    Args:
        lines: The lines under a title, the doubtful one first.
        title: The title.
    """
    text = plain(lines[0].text)
    if not is_people(text):
        return False
    if _HANDLE.search(text):
        return True
    if not _weighs_enough(text, lines[1:]):
        return False
    return not _comes_again(text, [title, *(plain(line.text) for line in lines[1:])])


def is_people(text: str) -> bool:
    """Whether a line has the form of one or more full names."""
    people = _JOINED.split(text)
    return len(people) <= 5 and all(map(_is_person, people))


def _is_person(text: str) -> bool:
    if _HANGUL.search(text):
        return is_korean_name(text) and not _KOREAN_HEADINGS.fullmatch(text)
    # Small letters of other scripts are letters like any other to the pattern.
    bare = (word for word in text.split() if not re.fullmatch(_PARTICLE, word))
    if text.endswith(".") or any(word[0].islower() for word in bare):
        return False
    if any(map(_is_of_headings, _names(text))):
        return False
    return _PERSON.fullmatch(text) is not None


def _is_of_headings(word: str) -> bool:
    noun = _NOUN.fullmatch(word) and not _NAMES_LIKE_NOUNS.fullmatch(word)
    return bool(noun) or _OF_HEADINGS.fullmatch(word) is not None


def _names(text: str) -> list[str]:
    """The words of a name, without particles, initials and a handle."""
    bare = _HANDLE.sub("", text)
    return [word for word in _WORD.findall(bare) if len(word) > 1 and not word.islower()]


def _weighs_enough(text: str, below: Sequence[Line]) -> bool:
    """Whether what stands below says enough about a line with the form of a name."""
    if not below or (_HANGUL.search(plain(below[0].text)) and not _HANGUL.search(text)):
        return False
    prose = below[0].kind == "plain" and _columns(below[0]) >= _PROSE
    return sum(map(_columns, below)) >= (_LONG if prose else _LONGER)


def _columns(line: Line) -> int:
    text = plain(line.text)
    return len(text) + len(_HANGUL.findall(text))


def _comes_again(text: str, others: Sequence[str]) -> bool:
    """Whether words of a line stand elsewhere, in another form too, but for the whole line.

    Among the words of several names one may.
    """
    if _HANGUL.search(text):
        return any(text in other and not other.startswith(text) for other in others)
    words = {word for other in others for word in _WORD.findall(other.replace(text, ""))}
    small = {word for word in words if word.islower()}
    words |= {word.casefold() for word in words}
    people = _JOINED.split(text)
    again = [word for person in people for word in _telling(person) if _is_in(word, words, small)]
    return len(again) >= min(2, len(people))


def _telling(person: str) -> list[str]:
    """The words of a name that would not come again if it is one."""
    first, *rest = _names(person)
    return rest if _WORDS_LIKE_NAMES.fullmatch(first) else [first, *rest]


def _is_in(word: str, words: set[str], small: set[str]) -> bool:
    if word.casefold() in words:
        return True
    stem = word.casefold()[: max(4, len(word) - 3)]
    return len(word) > _SHORT and any(other.startswith(stem) for other in small)
