"""The line that says who wrote it, and the line that says when."""

import re

from pipeline.values import Person

_CREDENTIALS = re.compile(
    # Acupuncture, Korean and naturopathic medicine
    r"LAC|DAC|DACM|DAOM|DACOM|MAC|MACOM|MSOM|MSTOM|MTOM|OMD|KMD|DIPLAC|DIPLOM|DIPLCH|NCCAOM|ND|NMD"
    # Chiropractic, physical and manual therapy
    r"|DC|PT|DPT|OCS|CSCS|ATC|FAAOMPT|OT|OTR|OTRL|LMT|CMT|RMT"
    # Medicine, nursing, mind and nutrition
    r"|MD|DO|OD|DDS|DMD|PA|PAC|RN|LPN|NP|FNP|FAAFP|FACP|LCSW|LMHC|PSYD|RD|RDN|DVM"
    # Degrees
    r"|PHD|EDD|DRPH|MS|MSC|MA|MBA|MSW|MPH|MSN|BS|BSC|BA|BSN"
)
_KOREAN_CREDENTIALS = (
    "한의사|한의학박사|의사|원장|대표원장|박사|교수|물리치료사|약사|간호사|한의원장"
)
_TITLES = r"Dra?\.?|Prof\.?|Profa\.?"
_BY = re.compile(
    r"(?:(?:written|words|story|text|posted|reviewed)\s+by|by|authors?|escrito\s+por|por|autora?|par|auteurs?|von"
    r"|글쓴이|지은이|저자|작성자|글|作者)(?:\s*[:：]\s*|\s+)(?P<who>\S.*)",
    re.IGNORECASE,
)
_NAME = (
    r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|de|del|la|van|von|der|den|da|dos|di|du|le|bin|al|y|and|&|et)"
)
_NAMES = re.compile(rf"(?:(?:{_TITLES})\s+)?{_NAME}(?:,?\s+{_NAME}){{0,9}}")
_PARTS = re.compile(r"\s*[·|•]\s*|\s+[-–—]\s+")
_JOINED = re.compile(r"\s*(?:,|;|\s(?:and|y|et|und)\s|&|(?<=[가-힣])(?:와|과)\s)\s*")
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_DATE = re.compile(
    r"(?:(?:published|updated|last updated|posted|date|reviewed|fecha|publicado|publié|작성일"
    r"|게시일)"
    r"(?:\s+on|\s+el|\s+le)?\s*[:：]?\s*)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    rf"(?:(?:{_MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?\s+(?:de\s+)?(?:{_MONTHS})(?:\s+de|\s+del)?,?\s+\d{{4}}"
    rf"|(?:{_MONTHS})\s+(?:de\s+)?\d{{4}}"
    r"|\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}\.?|\d{1,2}[-./]\d{1,2}[-./]\d{4}"
    r"|\d{4}년\s*\d{1,2}월(?:\s*\d{1,2}일)?)",
    re.IGNORECASE,
)
_LONGEST = 160


def is_date_line(text: str) -> bool:
    """Whether a line is a date and no more: "March 3, 2024", "2024년 3월 3일"."""
    return _DATE.fullmatch(text) is not None


def byline(text: str) -> tuple[str, str] | None:
    """The byline and the date of a line that says who wrote it, or None.

    Returns:
        The byline without "By", and the date behind it or "".
    """
    if len(text) > _LONGEST:
        return None
    *before, last = _PARTS.split(text)
    date = last if before and is_date_line(last) else ""
    said = text[: -len(last)].rstrip(" ·|•-–—") if date else text
    introduced = _BY.fullmatch(said)
    who = introduced["who"] if introduced else said
    if introduced and _could_sign(who):
        return who, date
    if _has_credentials(who) or (date and _NAMES.fullmatch(who)):
        return who, date
    return None


def is_name(text: str) -> bool:
    """Whether a line has the look of a bare name: "Jane Doe". Only its place can tell more."""
    return 2 <= len(text.split()) <= 4 and _NAMES.fullmatch(text) is not None


def people(text: str) -> tuple[Person, ...]:
    """The people of a byline with the letters behind their names."""
    found: list[Person] = []
    for part in _JOINED.split(text):
        name, credentials = _taken_apart(part)
        if name:
            found.append(Person(name=name, credentials=credentials))
        elif credentials and found:
            last = found[-1]
            found[-1] = Person(name=last.name, credentials=last.credentials + credentials)
    return tuple(found)


def _taken_apart(part: str) -> tuple[str, tuple[str, ...]]:
    words = part.split()
    behind: list[str] = []
    while words and _is_credential(words[-1]):
        behind.insert(0, words.pop())
    in_front = [words.pop(0)] if words and re.fullmatch(_TITLES, words[0]) else []
    return " ".join(words), (*in_front, *behind)


def _could_sign(who: str) -> bool:
    """Whether what stands behind "By" can be people: a capital first, and no sentence."""
    sentence = who[-1] in ".!?:…" and not _is_credential(who.rsplit(maxsplit=1)[-1])
    capital = who[0].isupper() or not (who[0].islower() or who[0].isdigit())
    return (
        capital and not sentence and len(who.split()) <= 16 and not who.startswith(("Qué", "QUÉ"))
    )


def _has_credentials(who: str) -> bool:
    """Whether a line is names with credentials, and nothing else."""
    told = people(who)
    return (
        any(person.credentials for person in told)
        and all(len(person.name.split()) <= 5 for person in told)
        and all(_NAMES.fullmatch(person.name) for person in told)
        and (len(told) > 1 or len(told[0].name.split()) > 1 or not told[0].name.isascii())
    )


def _is_credential(word: str) -> bool:
    bare = re.sub(r"[.()®]", "", word)
    capitals = sum(letter.isupper() for letter in bare)
    known = _CREDENTIALS.fullmatch(bare.upper()) is not None and (capitals > 1 or "." in word)
    return known or re.fullmatch(_KOREAN_CREDENTIALS, word) is not None
