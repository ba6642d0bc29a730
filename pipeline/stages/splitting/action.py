"""The call to action that ends an article, as in "Ready to move again? Book a visit".

Only what asks the reader to come, call or subscribe in so many words is taken for one. What merely
mentions a visit stays in the text.
"""

import re
from collections.abc import Sequence

from pipeline.stages.text.sentences import sentences
from pipeline.values import Block, plain

# In columns: a Korean letter is two.
_LONGEST = 420
_LONGEST_PART = 900

_VISIT = (
    r"(?:visit|appointment|consult(?:ation)?|session|call|evaluation|assessment|screening|treatment"
    r"|massage|class|spot|online|today|now|with us)\b"
)
_CITA = r"(?:cita|visita|consulta|sesión|valoración|evaluación|plaza|hora|turno|hoy|ahora)\b"
_ENGLISH = (
    r"(?:(?:if|when|whenever)\b(?=.*[\d@])[^.!?]{2,80},\s*)?"
    r"(?:to (?:book|schedule|reserve|make|set up) [^.!?]{0,60}[,—–-]\s*)?(?:please\s+)?(?:"
    rf"(?:book|schedule|reserve|request|make|arrange)\s+(?:(?:your|an?)\s+(?:[\w-]+\s+){{0,3}})?{_VISIT}"
    r"[^!?]{0,60}"
    r"|(?:call|phone|text|e-?mail|message|contact|visit|ring|reach out to)\s+"
    r"(?:us|our (?:clinic|office|front desk|team)|the (?:clinic|office|front desk))\b[^!?]{0,90}"
    r"|(?:call|phone|text)\s+(?:us\s+)?(?:at\s+|on\s+)?[+(]?\d[\d ().-]{5,}[^!?]{0,60}"
    r"|(?:get in touch|give us a call|drop us a line|come (?:and )?see us)\b[^.!?]{0,60}"
    r"|(?:subscribe|sign up)\b(?:\s+(?:to|for|now|today|here|below)\b[^.!?]{0,60})?"
    r"|ready to\b[^.!?]{2,80}\?"
    r")[.!]?"
)
_SPANISH = (
    r"(?:si\b(?=.*[\d@])[^.!?]{2,80},\s*)?"
    r"(?:para (?:reservar|pedir|agendar|concertar) [^.!?]{0,60},\s*)?(?:por favor,?\s+)?(?:"
    r"(?:reserv[ae]|agend[ae]|p[ií]d[ae]|pide|solicit[ae]|program[ae]|concert[ae])\s+"
    rf"(?:(?:su|tu|una)\s+(?:\w+\s+){{0,2}})?{_CITA}[^!?]{{0,60}}"
    r"|(?:ll[aá]m[ae]nos|ll[aá]me(?:nos)?\s+al|cont[aá]ct[ae]nos|escr[ií]b[ae]nos|vis[ií]t[ae]nos)\b"
    r"[^!?]{0,90}"
    r"|suscr[ií]b(?:ase|ete)\b[^.!?]{0,60}"
    r"|¿list[oa]s? para\b[^.!?]{2,80}\?"
    r")[.!]?"
)
_KOREAN = (
    r"(?=.*(?:예약|구독|문의|저희|본원|\d{3,4}-\d{4}))[^.!?]{0,80}"
    r"(?:하세요|하십시오|주세요|주십시오|바랍니다|해\s?보세요|기다립니다)[.!]?"
)
_ASKS = re.compile(f'[¡"“]?(?:{_ENGLISH}|{_SPANISH}|{_KOREAN})["”]?', re.IGNORECASE)
_HEADING = re.compile(
    r"(?:book|schedule|reserve|request|make)\s+(?:your|an?)\s+(?:\w+\s+){0,3}"
    r"(?:visit|appointment|consultation|consult|session|evaluation|assessment|call)\b.{0,30}"
    r"|ready to\b.{2,60}[?.!]|(?:contact|call|visit) us(?: today| now)?|get in touch"
    r"|(?:reserv[ae]|agend[ae]|p[ií]d[ae]|pide|solicit[ae])\s+(?:su|tu|una)\s+"
    r"(?:cita|visita|consulta|sesión|valoración)\b.{0,30}"
    r"|¿list[oa]s? para\b.{2,60}\?|cont[aá]ct[ae]nos"
    r"|(?:진료|상담|방문)?\s?예약(?:\s?(?:안내|하기|문의|및 문의))?|예약\s?하세요[.!]?|문의하기",
    re.IGNORECASE,
)


def names_action(heading: str) -> bool:
    """Whether a heading asks the reader to come: "Book your visit"."""
    return _HEADING.fullmatch(heading) is not None


def is_short(blocks: Sequence[Block]) -> bool:
    """Whether blocks are few enough words to be no more than a call to action."""
    texts = [text for block in blocks for text in (block.text, *block.items)]
    return bool(blocks) and sum(_columns(plain(text)) for text in texts) <= _LONGEST_PART


def actions(blocks: Sequence[Block]) -> int:
    """How many blocks at the end are calls to action. The first block never is one of them."""
    count = 0
    for block in reversed(blocks[1:]):
        if block.kind != "paragraph" or not asks(plain(block.text)):
            break
        count += 1
    return count


def asks(text: str) -> bool:
    """Whether a paragraph is a call to action: its last sentence asks, or a question and it."""
    if _columns(text) > _LONGEST:
        return False
    return any(_ASKS.fullmatch(text[start:]) for start, _ in sentences(text)[-2:])


def _columns(text: str) -> int:
    return sum(2 if letter >= "\u1100" else 1 for letter in text)
