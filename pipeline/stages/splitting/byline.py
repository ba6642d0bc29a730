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
    "한의사|한의학박사|의사|전문의|원장|대표원장|병원장|박사|교수|물리치료사|약사|간호사|영양사|한의원장"
    "|기자|에디터"
)
_OCCUPATION = re.compile(
    r"(?:(?:licensed|registered|certified|board[- ]certified)\s+)?"
    r"(?:(?:physical|massage|occupational) therapist|acupuncturist|chiropractor|physiotherapist"
    r"|osteopath"
    r"|naturopath(?:ic doctor)?|dietitian|nutritionist|nurse|psychologist|herbalist|yoga teacher"
    r"|fisioterapeuta|acupunturista|quiropráctic[oa]|osteópata|nutricionista|psicólog[oa]|médic[oa])",
    re.IGNORECASE,
)
_TITLES = r"(?:Dra?|Doctora?|Prof|Profa|Lic|Lcd[oa]|Mtr[oa]|Ft|Klgo|Klga)\.?"
# What says no more than the place of the line does is taken off; all else stays in the byline.
_BY = re.compile(
    r"(?:(?:written|words|story|text|posted)\s+by|by|(?:escrito\s+)?por|par|von|글)"
    rf"(?:\s*[:：]\s*|\s+)(?:(?:la|el)\s+(?={_TITLES}\s))?(?P<who>\S.*)",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"(?:authors?|autor(?:a|es|as)?|auteure?s?|글쓴이|지은이|저자|작성자|作者|글\s*[·/]\s*사진)(?:\s*[:：]\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
_REVIEWED = re.compile(
    r"(?:(?:(?:medically|clinically)\s+)?(?:reviewed|edited|fact[- ]checked)\s+by"
    r"|revisad[oa]\s+(?:m[eé]dicamente\s+)?por|(?:의학\s*)?감수)(?:\s*[:：]\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
# "By The Numbers" is a heading, "By the Harbour Street team" is none.
_NOBODY = re.compile(
    r"(?:the|an?|your|my|our|this|these|all|far|now|design|default|nature|hand|age|day|night|law"
    r"|qué|que|ejemplo|supuesto|fin)\b(?!.*\b(?:team|staff|editors|clinic|center|centre)$).*",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"\s*(?:\(@[\w.-]+\)|@[\w.-]+)")
_NAME = (
    r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|de|del|la|van|von|der|den|da|dos|di|du|le|bin|al|y|and|&|et)"
)
_NAMES = re.compile(rf"(?:{_TITLES}\s+)?{_NAME}(?:,?\s+{_NAME}){{0,9}}")
_PARTS = re.compile(r"\s*[·|•]\s*|\s+[-–—]\s+")
_JOINED = re.compile(r"\s*(?:,|;|\s(?:and|y|et|und)\s|&|(?<=[가-힣])(?:와|과)\s)\s*")
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    r"|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_DATE = re.compile(
    r"(?:(?:published|updated|last updated|posted|date|reviewed|fecha|publicado|actualizado"
    r"|última actualización|publié|mis à jour|작성일|게시일|수정일)"
    r"(?:\s+on|\s+el|\s+en|\s+le)?\s*[:：]?\s*)?"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
    rf"(?:(?:{_MONTHS})\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?\s+(?:de\s+)?(?:{_MONTHS})(?:\s+de|\s+del)?,?\s+\d{{4}}"
    rf"|(?:{_MONTHS})\s+(?:de\s+)?\d{{4}}"
    r"|\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}\.?|\d{1,2}[-./]\d{1,2}[-./]\d{4}"
    r"|\d{4}년\s*\d{1,2}월(?:\s*\d{1,2}일)?)",
    re.IGNORECASE,
)
_READING = re.compile(
    r"(?:(?:reading|read) time|tiempo de lectura|lectura|읽는 시간)\s*[:：]?\s*(?:de\s+)?\d{1,3}"
    r"\s*(?:min(?:ute|uto)?s?|분)\.?"
    r"|\d{1,3}\s*[- ]?min(?:ute|uto)?s?\.?(?:\s+(?:read|de lectura))?"
    r"|\d{1,3}\s*분(?:\s*(?:읽기|소요))?",
    re.IGNORECASE,
)
_DATED = re.compile(rf"(?P<who>.+?),\s+(?P<date>{_DATE.pattern})", re.IGNORECASE)
_KOREAN_NAME = re.compile(
    "[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여"
    "추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉경][가-힣]{2}"
    "|(?:남궁|황보|제갈|선우)[가-힣]{1,2}"
)
_AFFILIATION = re.compile(r"\s*\([^()]*\)")
_LONGEST = 160


def is_date_line(text: str) -> bool:
    """Whether a line is a date and no more: "March 3, 2024", "2024년 3월 3일 · 5분 읽기"."""
    if len(text) > _LONGEST:
        return False
    parts = _PARTS.split(text)
    return all(map(_is_meta, parts)) and any(_DATE.fullmatch(part) for part in parts)


def byline(text: str) -> tuple[str, str] | None:
    """The byline and the date of a line that says who wrote it, or None.

    Returns:
        The byline without "By", but with words that say more ("Reviewed by"), and the date and
        reading time as written, or "".
    """
    if len(text) > _LONGEST:
        return None
    said, date = _date_apart(text)
    introduced = _BY.fullmatch(said)
    who = introduced["who"] if introduced else said
    label = _AUTHOR.match(said) or _REVIEWED.match(said)
    if (introduced or label) and _could_sign(who[label.end() :] if label else who):
        return who, date
    if _has_credentials(who) or (date and _NAMES.fullmatch(_HANDLE.sub("", who))):
        return who, date
    return None


def unlabelled(byline: str) -> str:
    """A byline without "Author:", which says only what its place says."""
    return _AUTHOR.sub("", byline, count=1)


def is_review(byline: str) -> bool:
    """Whether a byline names someone who did not write it: "Reviewed by …"."""
    return _REVIEWED.match(byline) is not None


def is_name(text: str) -> bool:
    """Whether a line has the look of a bare name: "Jane Doe". Only its place can tell more."""
    return 2 <= len(text.split()) <= 4 and _NAMES.fullmatch(text) is not None


def is_korean_name(text: str) -> bool:
    """Whether a word has the form of a Korean name: a family name and one to three syllables."""
    return _KOREAN_NAME.fullmatch(text) is not None


def people(text: str) -> tuple[Person, ...]:
    """The people of a byline with the letters behind their names."""
    found: list[Person] = []
    names = _HANDLE.sub("", _REVIEWED.sub("", unlabelled(text), count=1))
    for part in _JOINED.split(_AFFILIATION.sub("", names)):
        name, credentials = _taken_apart(part)
        if name:
            found.append(Person(name=name, credentials=credentials))
        elif credentials and found:
            last = found[-1]
            found[-1] = Person(name=last.name, credentials=last.credentials + credentials)
    return tuple(found)


def credits_of(byline: str) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Who wrote it, and who read it over: "Jane Doe, DC. Reviewed by Kai Li, MD"."""
    review = _REVIEWED.search(byline)
    if review is None:
        return people(byline), ()
    wrote = byline[: review.start()].strip(" ,;·|•–—-")
    # A sentence has ended here, unless the dot is that of "L.Ac.".
    if "." not in wrote[:-1].rpartition(" ")[2]:
        wrote = wrote.removesuffix(".")
    introduced = _BY.fullmatch(wrote)
    return people(introduced["who"] if introduced else wrote), people(byline[review.end() :])


def _date_apart(text: str) -> tuple[str, str]:
    """What a line says of people, and the date and reading time at either end of it."""
    signs = list(_PARTS.finditer(text))
    who_end, date_start = len(text), len(text)
    for sign in reversed(signs):
        if not _is_meta(text[sign.end() : who_end]):
            break
        who_end, date_start = sign.start(), sign.end()
    if date_start < len(text):
        return text[:who_end], text[date_start:]
    if signs and _is_meta(text[: signs[0].start()]):
        return text[signs[0].end() :], text[: signs[0].start()]
    dated = _DATED.fullmatch(text)
    return (dated["who"], dated["date"]) if dated else (text, "")


def _is_meta(part: str) -> bool:
    return _DATE.fullmatch(part) is not None or _READING.fullmatch(part) is not None


def _taken_apart(part: str) -> tuple[str, tuple[str, ...]]:
    if _OCCUPATION.fullmatch(part):
        return "", (part,)
    words = part.split()
    behind: list[str] = []
    while words and _is_credential(words[-1]):
        behind.insert(0, words.pop())
    in_front: list[str] = []
    while words and (re.fullmatch(_TITLES, words[0]) or _is_korean_credential(words[0])):
        in_front.append(words.pop(0))
    return " ".join(words), (*in_front, *behind)


def _could_sign(who: str) -> bool:
    """Whether what stands behind "By" can be people: a capital first, and no sentence."""
    sentence = who[-1] in ".!?:…" and not _is_credential(who.rsplit(maxsplit=1)[-1])
    capital = who[0].isupper() or not (who[0].islower() or who[0].isdigit())
    return (
        capital
        and who[0] not in "¿¡("
        and not sentence
        and len(who.split()) <= 16
        and _NOBODY.fullmatch(who) is None
    )


def _has_credentials(who: str) -> bool:
    """Whether a line is names with credentials, and nothing else."""
    told = people(who)
    return (
        any(person.credentials for person in told)
        and all(len(person.name.split()) <= 5 for person in told)
        and all(_NAMES.fullmatch(person.name) for person in told)
        and all(is_korean_name(p.name) for p in told if re.search("[가-힣]", p.name))
        and (len(told) > 1 or len(told[0].name.split()) > 1 or not told[0].name.isascii())
    )


def _is_korean_credential(word: str) -> bool:
    return re.fullmatch(_KOREAN_CREDENTIALS, word) is not None


def _is_credential(word: str) -> bool:
    bare = re.sub(r"[.()®]", "", word)
    capitals = sum(letter.isupper() for letter in bare)
    known = _CREDENTIALS.fullmatch(bare.upper()) is not None and (capitals > 1 or "." in word)
    return known or _is_korean_credential(word)
