"""Where sentences end, for English, Korean and the other languages a clinic is likely to write.

A wrong cut is the dangerous mistake ("Take max." and "80 mg"); a missed one only makes a piece
longer. So every doubtful place is left whole.
"""

from collections.abc import Iterator

import regex

Span = tuple[int, int]


def sentences(text: str) -> list[Span]:
    """The sentences of a text as (start, end) in characters.

    The spans are in order, do not overlap, and hold everything but the white space between them.
    """
    spans = []
    start = 0
    for end in (*_ends(text), len(text)):
        stretch = text[start:end]
        if stretch.strip():
            before = len(stretch) - len(stretch.lstrip())
            spans.append((start + before, start + len(stretch.rstrip())))
        start = end
    return spans


def _ends(text: str) -> Iterator[int]:
    """The places where a sentence certainly ends."""
    inside = _enclosed(text)
    start = 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        while inside and inside[0][1] < end:
            inside.pop(0)
        if inside and inside[0][0] < end <= inside[0][1]:
            continue
        if not _goes_on(text, start, stop):
            yield end
            start = end


def _goes_on(text: str, start: int, stop: regex.Match[str]) -> bool:
    """Whether the sentence begun at ``start`` runs on behind this stop."""
    if stop["full"]:
        # 「はい。」と言った is one sentence; 「はい。」「いいえ。」 are two.
        return _CLOSED.search(stop[0]) is not None and _WORD.match(text, stop.end()) is not None
    if stop["tight"]:
        return _TIGHT_START.match(text, stop.end()) is None
    if _NEW_START.match(text, stop.end()) is None:
        return True
    # An abbreviation keeps its full stop; "?", "!" and "..." are never part of one.
    return stop["stop"] == "." and _is_abbreviation(text, start, stop)


def _is_abbreviation(text: str, start: int, stop: regex.Match[str]) -> bool:
    word = _LAST_WORD.search(text, max(start, stop.start() - 40), stop.start())
    if word is None:
        return False
    letters = word[0].casefold()
    if letters.isdecimal():
        return _is_ordinal(text, start, word, stop.end())
    if letters in _BEFORE_NUMBERS:
        return text[stop.end() :].lstrip()[:1].isdecimal()
    initial = len(letters) == 1 and letters.isascii()
    return initial or "." in letters or letters in _ABBREVIATIONS or word[0] in _CALENDAR


def _is_ordinal(text: str, start: int, word: regex.Match[str], end: int) -> bool:
    """Whether "5." counts or dates something: "1. Rest", "2026. 3. 5.", "am 5. Mai"."""
    begins = not text[start : word.start()].strip()
    short = len(word[0]) <= 2
    follows = text[end:].lstrip()[:1]
    dated = follows.isdecimal() or bool(_HANGUL.match(follows))
    return begins or dated or (short and _MONTH.match(text, end) is not None)


def _enclosed(text: str) -> list[Span]:
    """The outermost stretches in brackets or quotation marks; an unclosed mark encloses nothing."""
    spans: list[Span] = []
    waiting: list[tuple[str, int]] = []
    for mark in _MARK.finditer(text):
        sign = mark[0]
        known = [closing for closing, _ in waiting]
        if sign in known and (sign not in _PAIRS or _closes(text, mark.start())):
            # What was opened inside and never closed is forgotten.
            place = len(known) - 1 - known[::-1].index(sign)
            begin = waiting[place][1]
            del waiting[place:]
            while spans and spans[-1][0] > begin:
                spans.pop()
            spans.append((begin, mark.start()))
        elif sign in _PAIRS and len(waiting) < 20 and _opens(text, mark.start()):
            waiting.append((_PAIRS[sign], mark.start()))
    return spans


def _opens(text: str, place: int) -> bool:
    """Whether a mark stands before a word; only a straight one can stand otherwise."""
    return text[place] != '"' or place == 0 or not text[place - 1].isalnum()


def _closes(text: str, place: int) -> bool:
    return place > 0 and not text[place - 1].isspace()


_PAIRS = {
    "“": "”",
    "„": "“",
    "«": "»",
    "‘": "’",
    "「": "」",
    "『": "』",
    "(": ")",
    "[": "]",
    "（": "）",
    '"': '"',
}
# An apostrophe closes nothing, so a single mark counts only where no letter follows.
_MARK = regex.compile(r"[“”„«»‘「」『』()\[\]（）\"]|’(?!\p{L})")

_CLOSERS = r"[”“’»」』)\]）\"']"
_NOTE = r"(?:\s?\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\]|[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})"
_STOP = regex.compile(
    rf"(?:(?P<full>[。！？]+{_CLOSERS}*)"
    rf"|(?P<stop>[.!?…]+)(?:{_CLOSERS}|\s»|{_NOTE})*(?=\s)"
    r"|(?<=[다요까죠])(?P<tight>[.!?]+)(?=\p{Hangul}))"
)
_NEW_START = regex.compile(
    r"\s+(?:[-–—•]\s)?[“„«‘「『(\[（\"'¿¡\-–—•]*(?:[\p{Lu}\p{Lt}\p{Lo}\d]|\p{Emoji_Presentation})"
)
_TIGHT_START = regex.compile(r"\p{Hangul}")
_LAST_WORD = regex.compile(r"[\p{L}\p{N}]+(?:\.[\p{L}\p{N}]+)*$")
_HANGUL = regex.compile(r"\p{Hangul}")
_MONTH = regex.compile(
    r"\s+(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)",
    regex.IGNORECASE,
)

_CLOSED = regex.compile(rf"{_CLOSERS}$")
_WORD = regex.compile(r"[\p{L}\p{N}]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ABBREVIATIONS = _words(
    # Titles and names
    "dr drs prof mr mrs ms mx st sr jr rev hon sra srta dra mme mlle hr fr dipl lic ac med "
    "dept div ext tel hosp inc ltd corp "
    # What stands before an amount or an explanation
    "approx appr ca circa avg est max min incl excl cf vs resp sog bzw ggf evtl zb ej aprox "
    "máx mín "
    # Units that are written with a full stop before the thing measured
    "tbsp tsp inj tabs caps qty"
)
# These end a sentence as often as not, so only a number behind them keeps it open.
_BEFORE_NUMBERS = _words(
    "no nos nr num núm pág vol ed fig figs tab p pp pg ch sec art ref refs etc usw "
    "mg ml kg lb lbs oz hrs mins secs wk wks mo mos yr yrs pt pts"
)
_CALENDAR = _words(
    "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun"
)
