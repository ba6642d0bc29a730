"""What a reader is called by: a name out of what they once typed into a form, or nothing.

Only letters are a name. What may be a link, an order to a template or a joke is none: then the
letter says what its author wrote for readers without a name.
"""

import re

import regex

LONGEST = 40

# Written in these, a name is not parted: the family's name comes first, mostly without a space.
_WHOLE = regex.compile(r"[\p{Hangul}\p{Han}\p{Hiragana}\p{Katakana}]")
_NAME = regex.compile(r"\p{L}[\p{L}\p{M}]*(?:[-'’‘·]\p{L}[\p{L}\p{M}]*)*['’]?")
# What nearly everybody is called: of the same as below, and quickly.
_PLAIN = re.compile(r"([A-Za-z]{2,40})(?: [A-Za-z]{2,40}){1,3}\Z")
_TITLES = frozenset(
    {"dr", "dra", "mr", "mrs", "ms", "mx", "miss", "prof", "sr", "sra", "srta"}
    | {"herr", "frau", "monsieur", "madame", "mme", "m", "rev", "sir", "dame"}
)


def first_name(name: str) -> str:
    """The name a reader is greeted by: ``Ana`` of "Ana Ruiz", "Ruiz, Ana" and "Dr. Ana Ruiz".

    Korean, Chinese and Japanese names stay whole. An initial, a title with a family name, and
    whatever is more than a name give "".
    """
    if (plain := _PLAIN.match(name)) and plain[1].lower() not in _TITLES:
        return plain[1]
    name = " ".join(name.split())
    if _WHOLE.search(name):
        return name if len(name) <= LONGEST and _are_names(name.split()) else ""
    words = _given_first(name).split()
    titled = bool(words) and words[0].rstrip(".").lower() in _TITLES
    words = words[titled:]
    # "Mrs. Ruiz": a title and one word is a family name.
    if len(words) < 1 + titled or len(words[0]) > LONGEST or not _are_names(words[:1]):
        return ""
    return words[0] if len(words[0]) > 1 else ""


def _given_first(name: str) -> str:
    """The name without what stands behind a comma, or turned round: "Ruiz, Ana"; "Ana Ruiz, MD"."""
    family, comma, rest = (part.strip() for part in name.partition(","))
    # Letters of a degree are capitals; a name has small ones.
    named = bool(comma) and rest.partition(",")[0].istitle()
    # "de la Cruz, Ana" begins small; "Ana Ruiz, Phd" is in its order already.
    return rest if named and (" " not in family or family[0].islower()) else family


def _are_names(words: list[str]) -> bool:
    return all(_NAME.fullmatch(word) for word in words)
