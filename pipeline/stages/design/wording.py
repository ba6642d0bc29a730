"""The words that templates add: a closed list, in each language a letter can be made in.

Everything else a reader sees is the author's text or the clinic's own settings. A language that is
not here gets English. ``{…}`` takes a value.
"""

from collections.abc import Mapping
from types import MappingProxyType

_ENGLISH = {
    "part": "Part {part} of {of}",
    "by": "By {byline}",
    "action": "Would you like to talk it over?",
    "book": "Book a visit",
    "call": "or call {phone}",
    "next": "In the next letter",
    "previous": "In the last letter",
    "references": "References",
    "note": "A note from {name}",
    "picture": "Picture",
    "unsubscribe": "Unsubscribe",
}

_KOREAN = {
    "part": "{of}편 중 {part}편",
    "by": "글 {byline}",
    "action": "직접 이야기 나눠 보시겠어요?",
    "book": "진료 예약하기",
    "call": "전화 {phone}",
    "next": "다음 편지에서는",
    "previous": "지난 편지에서는",
    "references": "참고 문헌",
    "note": "{name}에서 드리는 말씀",
    "picture": "그림",
    "unsubscribe": "수신 거부",
}

_SPANISH = {
    "part": "Parte {part} de {of}",
    "by": "Por {byline}",
    "action": "¿Le gustaría hablarlo con nosotros?",
    "book": "Reservar una cita",
    "call": "o llame al {phone}",
    "next": "En la próxima carta",
    "previous": "En la carta anterior",
    "references": "Referencias",
    "note": "Una nota de {name}",
    "picture": "Imagen",
    "unsubscribe": "Darse de baja",
}

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"en": _ENGLISH, "ko": _KOREAN, "es": _SPANISH}
)

_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})


def wording(language: str) -> Mapping[str, str]:
    """The template words of a language ("es", "es-MX"), in English if it has none."""
    return WORDS.get(_primary(language), _ENGLISH)


def direction(language: str) -> str:
    """Which way the language is written: "ltr" or "rtl"."""
    return "rtl" if _primary(language) in _RIGHT_TO_LEFT else "ltr"


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
