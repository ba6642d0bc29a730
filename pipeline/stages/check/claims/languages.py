"""Which language a sentence is in: by its letters, and by the small words every sentence has.

An article in Korean quotes an English slogan, one in English a Spanish one; each is judged by its
own pack. Where a sentence could be either, the article's own language decides.
"""

import re

_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_LATIN = re.compile(r"[a-z]{2,}")
_WORD = re.compile(r"\w+")
_COMMON = {
    "en": frozenset(
        [
            "the",
            "and",
            "of",
            "to",
            "is",
            "are",
            "in",
            "for",
            "with",
            "you",
            "your",
            "our",
            "we",
            "it",
            "that",
            "this",
            "can",
            "not",
            "on",
            "have",
            "be",
            "by",
            "or",
            "at",
            "from",
            "my",
            "was",
            "has",
            "i",
            "they",
            "if",
            "do",
            "does",
        ]
    ),
    "es": frozenset(
        [
            "el",
            "la",
            "los",
            "las",
            "de",
            "del",
            "que",
            "y",
            "en",
            "un",
            "una",
            "para",
            "con",
            "por",
            "su",
            "sus",
            "es",
            "son",
            "al",
            "se",
            "lo",
            "le",
            "tu",
            "tus",
            "mi",
            "nuestra",
            "nuestro",
            "nuestras",
            "nuestros",
            "como",
            "mas",
            "esta",
            "este",
            "si",
        ]
    ),
}


def spoken_in(text: str, language: str) -> list[str]:
    """The packs a sentence is looked at with.

    Args:
        text: The sentence, folded.
        language: The language its text is said to be in: "en", "es-MX".
    """
    spoken = ["ko"] if _HANGUL.search(text) else []
    if not _LATIN.search(text):
        return spoken
    words = set(_WORD.findall(text))
    english, spanish = (len(words & _COMMON[code]) for code in ("en", "es"))
    told = language.lower().replace("_", "-").partition("-")[0]
    if told == "es":
        return [*spoken, "es", *(["en"] if english > spanish + 1 else [])]
    if told == "en":
        return [*spoken, "en", *(["es"] if spanish > english + 1 else [])]
    # A Latin line in Korean or French text is taken for what it looks most like.
    return [*spoken, "es" if spanish > english else "en"]
