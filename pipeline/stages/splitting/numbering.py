"""The number before a heading or a list item: what forms it has, and which ones count on."""

import re
from dataclasses import dataclass

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5,
    "firstly": 1, "secondly": 2, "thirdly": 3,
    "primero": 1, "segundo": 2, "tercero": 3, "cuarto": 4, "quinto": 5,
    "un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5,
    "첫째": 1, "둘째": 2, "셋째": 3, "넷째": 4, "다섯째": 5, "여섯째": 6, "일곱째": 7,
    "첫": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7,
}  # fmt: skip
_ORDINALS = (
    "first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|sixth|seventh|primero|segundo|tercero|cuarto|quinto"
    "|첫째|둘째|셋째|넷째|다섯째|여섯째|일곱째"
)
_LABELS = (
    "step|tip|day|part|chapter|mechanism|phase|rule|lesson|myth|reason|principle|week|section|stage"
    "|method|habit|question|mistake|exercise|module|unit|option|goal|fact|idea|key|number|sign|way"
    "|pathway|point|play|secret|benefit|cause|pillar|level|stretch|truth|symptom|trigger"
    "|paso|consejo|parte|cap[ií]tulo|mecanismo|mito|raz[oó]n|semana|fase|etapa|clave|regla|secreto"
    "|lecci[oó]n|ejercicio|motivo|señal|pregunta|error|h[aá]bito|pilar|punto|beneficio|causa"
    "|[ée]tape|partie|conseil|schritt|teil|단계|제|비결|방법|이유|원칙|팁|원인|습관|질문"
)
_NO = r"(?:#|no\.?\s|number\s|n\.?º\s?|núm(?:ero|\.)?\s)?\s*"
_HANGUL_LETTERS = "가나다라마바사아자차카타파하"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROMAN = re.compile(r"(?=.)(?:X{0,3})(?:IX|IV|V?I{0,3})")
_FORMS = (
    ("paren", re.compile(r"\((?P<n>\d{1,3})\)\s*(?P<rest>\D.*|\d.*)")),
    ("dotted", re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,3})[.)]?\s+(?P<rest>[^\W\d_a-z].*)")),
    ("dot", re.compile(r"(?P<n>\d{1,3})\.(?!\d)\s*(?P<rest>\S.*)")),
    ("bracket", re.compile(r"(?P<n>\d{1,3})\)\s*(?P<rest>\S.*)")),
    ("dash", re.compile(r"(?P<n>\d{1,3})(?:\s+[-–—]|:|：)\s+(?P<rest>\S.*)")),
    ("circled", re.compile(rf"(?P<n>[{_CIRCLED}])[.)]?\s*(?P<rest>\S.*)")),
    ("hash", re.compile(r"(?P<n>#\s?\d{1,3})(?:[.:)]|\s*[-–—])?\s+(?P<rest>\S.*)")),
    ("roman", re.compile(r"(?P<n>[IVX]{1,5})[.)]\s+(?P<rest>\S.*)")),
    ("letter", re.compile(r"(?P<n>[A-Z])[.)]\s+(?P<rest>\S.*)")),
    (
        "korean",
        re.compile(
            r"(?P<n>제?\s?\d{1,2}\s?(?:단계|장|부|주차|편|과))\s*(?:[.:,)]|[-–—])?\s+(?P<rest>\S.*)"
        ),
    ),
    (
        "label",
        re.compile(
            rf"(?P<n>(?:{_LABELS})\s+{_NO}(?:\d{{1,3}}|(?-i:[IVX]{{1,5}}|[A-Z])|{'|'.join(_WORDS)}))"
            r"\s*(?:[.:：)]|[-–—])\s*(?P<rest>\S.*)",
            re.IGNORECASE,
        ),
    ),
    (
        "number",
        re.compile(
            r"(?P<n>(?:no\.|n\.?º)\s?\d{1,3})\s*(?:[:：]|[-–—])\s*(?P<rest>\S.*)", re.IGNORECASE
        ),
    ),
    ("hangul", re.compile(rf"(?P<n>[{_HANGUL_LETTERS}])[.)]\s+(?P<rest>\S.*)")),
    (
        "korean ordinal",
        re.compile(
            r"(?P<n>(?:첫|두|세|네|다섯|여섯|일곱)\s?번째(?:\s(?:이유|방법|비결|원칙|원인|단계|습관))?)"
            r"\s*[,:：.]\s*(?P<rest>\S.*)"
        ),
    ),
    ("ordinal", re.compile(rf"(?P<n>{_ORDINALS})\s*[,:：.]\s*(?P<rest>\S.*)", re.IGNORECASE)),
)
LIST_FORMS = frozenset({"dot", "bracket", "paren", "circled"})


@dataclass(frozen=True, slots=True)
class Numbering:
    """A number in front of words.

    Attributes:
        form: The way it is written; numbers of one form count on.
        value: Its place in the count.
        number: As written, without punctuation: "1", "IV", "①", "Step 3".
        rest: The words behind it.
    """

    form: str
    value: int
    number: str
    rest: str


def numbering(text: str) -> Numbering | None:
    """The number a line begins with, or None. A year or an amount ("3.5 mg") is none."""
    for form, pattern in _FORMS:
        found = pattern.fullmatch(text)
        value = _value(found["n"]) if found else None
        if found and value is not None and any(letter.isalnum() for letter in found["rest"]):
            return Numbering(_named(form, found["n"]), value, found["n"], found["rest"])
    return None


def _named(form: str, number: str) -> str:
    """The form with the label's word: "Step 1" and "Tip 2" do not count on."""
    return f"label {number.split(maxsplit=1)[0].lower()}" if form == "label" else form


def _value(number: str) -> int | None:
    counted, sign, _ = number.partition("번째")
    last = counted.strip() if sign else number.rsplit(maxsplit=1)[-1].lstrip("#").lower()
    digits = re.search(r"(\d+)\D*$", number)
    letters = _CIRCLED if number in _CIRCLED else _HANGUL_LETTERS
    if digits:
        return int(digits[1])
    if number in letters:
        return letters.index(number) + 1
    if last in _WORDS:
        return _WORDS[last]
    if _ROMAN.fullmatch(last.upper()):
        return _roman(last.upper())
    return ord(last) - ord("a") + 1 if len(last) == 1 else None


def _roman(number: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in number]
    following = [*values[1:], 0]
    return sum(
        -value if value < after else value for value, after in zip(values, following, strict=True)
    )
