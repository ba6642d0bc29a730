"""How easy a text is to read, by the published formula of its language."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.stages.text.sentences import sentences

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_EN_VOWELS = re.compile(r"[aeiouy]+")
_EN_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^laeiouysxz]es)$")
# Two strong vowels, or a weak one with its accent, are two syllables: "ca-er", "dí-a".
_ES_VOWELS = re.compile(r"[iuü]?[aeoáéó][iuüy]?(?![aeoáéó])|[iuü]?[aeoáéó]|[íú]|[iuüy]+")
_EN_STEPS = ((90, "very easy"), (70, "easy"), (60, "plain"), (50, "fairly hard"), (30, "hard"))
_ES_STEPS = ((80, "very easy"), (65, "easy"), (55, "normal"), (40, "somewhat hard"))
_HARD_EN, _HARD_ES, _LONG_KO = 50, 55, 15


@dataclass(frozen=True, slots=True)
class Ease:
    """What was measured.

    Attributes:
        words: How many there are; in Korean, what stands between spaces.
        told: The measure in words, or "" where the language has none.
        hard: True if most readers would be slowed down.
    """

    words: int
    told: str = ""
    hard: bool = False


def ease(texts: Sequence[str], language: str) -> Ease | None:
    """The ease of some paragraphs together, or None if there are no words in them.

    Args:
        texts: Paragraphs and list items; each ends a sentence.
        language: A BCP 47 tag.
    """
    counted = sum(len(sentences(text)) for text in texts)
    words = [word.lower() for text in texts for word in _WORD.findall(text)]
    if not words:
        return None
    measure = _MEASURES.get(language.partition("-")[0])
    return measure(words, len(words) / counted) if measure else Ease(len(words))


def _english(words: list[str], length: float) -> Ease:
    syllables = sum(map(english_syllables, words)) / len(words)
    score = 206.835 - 1.015 * length - 84.6 * syllables
    grade = 0.39 * length + 11.8 * syllables - 15.59
    named = _step(score, _EN_STEPS, "very hard")
    told = f"reading ease {score:.0f} of 100 ({named}), school grade {max(grade, 1):.0f}"
    return Ease(len(words), told, score < _HARD_EN)


def _spanish(words: list[str], length: float) -> Ease:
    syllables = sum(map(spanish_syllables, words)) / len(words)
    score = 206.835 - 62.3 * syllables - length
    named = _step(score, _ES_STEPS, "very hard")
    return Ease(len(words), f"INFLESZ {score:.0f} of 100 ({named})", score < _HARD_ES)


def _korean(words: list[str], length: float) -> Ease:
    return Ease(len(words), f"{length:.0f} words in a sentence on average", length > _LONG_KO)


def _step(score: float, steps: tuple[tuple[int, str], ...], lowest: str) -> str:
    return next((named for least, named in steps if score >= least), lowest)


def english_syllables(word: str) -> int:
    """About how many syllables an English word has: its vowels in groups, less a silent e."""
    # A vowel before -ing is a syllable of its own: "be-ing".
    groups = len(_EN_VOWELS.findall(word)) + bool(re.search(r"[aeiou]ing$", word))
    return max(groups - bool(groups > 1 and _EN_SILENT.search(word)), 1)


def spanish_syllables(word: str) -> int:
    """How many syllables a Spanish word has."""
    word = re.sub(r"qu(?=[eiéí])|gu(?=[eiéí])", "q", word)
    return max(len(_ES_VOWELS.findall(word)), 1)


_MEASURES: dict[str, Callable[[list[str], float], Ease]] = {
    "en": _english,
    "es": _spanish,
    "ko": _korean,
}
