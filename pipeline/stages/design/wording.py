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
    "previous": "Previously",
    "parts": "In this series",
    "here": "this letter",
    "minutes": "{minutes} min read",
    "links": "Links",
    "references": "References",
    "note": "A note from {name}",
    "picture": "Picture",
    "unsubscribe": "Unsubscribe",
    "preferences": "Preferences",
    "view": "View in browser",
}

_KOREAN = {
    "part": "{of}편 중 {part}편",
    "by": "글 {byline}",
    "action": "직접 이야기 나눠 보시겠어요?",
    "book": "진료 예약하기",
    "call": "전화 {phone}",
    "next": "다음 편지에서는",
    "previous": "지난 편지",
    "parts": "연재 순서",
    "here": "이번 편지",
    "minutes": "{minutes}분 읽기",
    "links": "링크",
    "references": "참고 문헌",
    "note": "{name}에서 드리는 말씀",
    "picture": "그림",
    "unsubscribe": "수신 거부",
    "preferences": "수신 설정",
    "view": "웹에서 보기",
}

_SPANISH = {
    "part": "Parte {part} de {of}",
    "by": "Por {byline}",
    "action": "¿Le gustaría hablarlo con nosotros?",
    "book": "Reservar una cita",
    "call": "o llame al {phone}",
    "next": "En la próxima carta",
    "previous": "Anteriormente",
    "parts": "En esta serie",
    "here": "esta carta",
    "minutes": "{minutes} min de lectura",
    "links": "Enlaces",
    "references": "Referencias",
    "note": "Una nota de {name}",
    "picture": "Imagen",
    "unsubscribe": "Darse de baja",
    "preferences": "Preferencias",
    "view": "Ver en el navegador",
}

_ARABIC = {
    "part": "الجزء {part} من {of}",
    "by": "بقلم {byline}",
    "action": "هل تودّ أن نتحدث في الأمر؟",
    "book": "احجز زيارة",
    "call": "أو اتصل على {phone}",
    "next": "في الرسالة القادمة",
    "previous": "في الرسالة السابقة",
    "parts": "في هذه السلسلة",
    "here": "هذه الرسالة",
    "minutes": "مدة القراءة: {minutes} د",
    "references": "المراجع",
    "links": "روابط",
    "note": "كلمة من {name}",
    "picture": "صورة",
    "unsubscribe": "إلغاء الاشتراك",
    "preferences": "التفضيلات",
    "view": "عرض في المتصفح",
}

_HEBREW = {
    "part": "חלק {part} מתוך {of}",
    "by": "מאת {byline}",
    "action": "רוצים לדבר על זה?",
    "book": "קביעת ביקור",
    "call": "או בטלפון {phone}",
    "next": "במכתב הבא",
    "previous": "במכתב הקודם",
    "parts": "בסדרה הזאת",
    "here": "המכתב הזה",
    "minutes": "{minutes} דק׳ קריאה",
    "references": "מקורות",
    "links": "קישורים",
    "note": "כמה מילים מאת {name}",
    "picture": "תמונה",
    "unsubscribe": "ביטול הרשמה",
    "preferences": "העדפות",
    "view": "צפייה בדפדפן",
}

WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"en": _ENGLISH, "ko": _KOREAN, "es": _SPANISH, "ar": _ARABIC, "he": _HEBREW}
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
