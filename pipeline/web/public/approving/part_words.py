"""Words for who gets a part, for its languages and for the list of its series; a closed list.

Korean sentences are built so that no particle has to agree with a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.core import Locale, UnknownLocaleError

from pipeline.audience.segments import Sum
from pipeline.campaigns.headings import Renamed
from pipeline.campaigns.models import Campaign, Issue
from pipeline.values import Newsletter


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWords:
    """Words in one language (``language``: a BCP 47 tag).

    Attributes:
        audiences: Who gets it, by the kind of its campaign; "again" of a welcome that was changed.
    """

    language: str
    audiences: Mapping[str, str]
    reached: str
    in_language: str
    readers: str
    lacking_hold: str
    lacking_fallback: str
    waiting_hold: str
    waiting_fallback: str
    yes_text: str
    yes_part: str
    yes_all: str
    no_text: str
    listed: str
    listed_anew: str
    listed_new: str
    listed_gone: str

    def receivers(self, issue: Issue, newsletter: str) -> str:
        """Who gets a part, in words."""
        kind = issue.campaign.kind
        again = kind == Campaign.Kind.WELCOME and issue.released_at is not None
        return self.audiences["again" if again else kind].format(newsletter=newsletter)

    def audience(self, counted: Sum) -> str:
        """How many of those on the list get it now."""
        return self.reached.format(count=f"{counted.reached:,}", listed=f"{counted.listed:,}")

    def tongue(self, tag: str) -> str:
        """The name of a language: Spanish, or the tag where there is none."""
        try:
            return Locale.parse(tag, sep="-").get_display_name(self.language) or tag
        except (ValueError, UnknownLocaleError):
            return tag

    def lacking(self, tag: str, count: int, newsletter: Newsletter) -> str:
        """That there is no text in a language, and what its readers get."""
        waits = newsletter.missing_language == "hold"
        told = self.lacking_hold if waits else self.lacking_fallback
        own = self.tongue(newsletter.language)
        return told.format(language=self.tongue(tag), count=f"{count:,}", own=own)

    def waiting(self, count: int, newsletter: Newsletter) -> str:
        """What the readers of a text get that nobody has approved."""
        waits = newsletter.missing_language == "hold"
        told = self.waiting_hold if waits else self.waiting_fallback
        return told.format(count=f"{count:,}", own=self.tongue(newsletter.language))

    def renamed(self, line: Renamed) -> str:
        """One line of the list of parts that is another than before."""
        told = self.listed_anew if line.before else self.listed_new
        told = told if line.after else self.listed_gone
        return told.format(part=line.part, before=line.before, after=line.after)


_ENGLISH = PartWords(
    language="en",
    audiences={
        "series": "who gets the letters of {newsletter}",
        "evergreen": "who gets the letters of {newsletter}",
        "digest": "who wants one letter of {newsletter} a month",
        "welcome": "whoever confirms {newsletter} from now on, once; nobody else",
        "again": "who has confirmed {newsletter} while it waited, and whoever does from now on, "
        "once; nobody else",
    },
    reached="{count} now, of {listed} who were ever on the list.",
    in_language="In {language}",
    readers="Of them {count} now read this language.",
    lacking_hold="There is no text in {language}. Those who read it ({count} now) get nothing "
    "until there is one and it is approved.",
    lacking_fallback="There is no text in {language}. Those who read it ({count} now) get the one "
    "in {own}.",
    waiting_hold="Those who read it ({count} now) get nothing until it is approved.",
    waiting_fallback="Until it is approved, those who read it ({count} now) get the text in {own}.",
    yes_text="Approve part {part} in {language} as {name}",
    yes_part="Approve part {part} in {count} languages as {name}",
    yes_all="Approve all {count} texts as {name}",
    no_text="Send part {part} in {language} back",
    listed="Each letter lists the parts of its series, and that list is another now:",
    listed_anew="part {part} is “{after}”, and was “{before}”",
    listed_new="part {part}, “{after}”, is new",
    listed_gone="“{before}” is no part any more",
)

_KOREAN = PartWords(
    language="ko",
    audiences={
        "series": "{newsletter}: 편지를 받는 구독자",
        "evergreen": "{newsletter}: 편지를 받는 구독자",
        "digest": "{newsletter}: 한 달에 한 번만 받는 구독자",
        "welcome": "{newsletter}: 이제부터 구독을 확인하는 사람에게 한 번씩, 그 밖에는 아무도 없음",
        "again": "{newsletter}: 기다리는 동안 구독을 확인한 사람과 이제부터 확인하는 사람에게 한 "
        "번씩, 그 밖에는 아무도 없음",
    },
    reached="현재 {count}명 (명단에 오른 적이 있는 {listed}명 가운데).",
    in_language="언어: {language}",
    readers="그 가운데 현재 {count}명이 이 언어로 읽습니다.",
    lacking_hold="없는 언어: {language}. 이 언어로 읽는 구독자(현재 {count}명)에게는 글이 "
    "만들어지고 승인될 때까지 아무것도 발송되지 않습니다.",
    lacking_fallback="없는 언어: {language}. 이 언어로 읽는 구독자(현재 {count}명)에게는 다음 "
    "언어의 글이 발송됩니다: {own}.",
    waiting_hold="이 언어로 읽는 구독자(현재 {count}명)에게는 승인될 때까지 아무것도 발송되지 "
    "않습니다.",
    waiting_fallback="승인될 때까지 이 언어로 읽는 구독자(현재 {count}명)에게는 다음 언어의 글이 "
    "발송됩니다: {own}.",
    yes_text="{part}편 승인: {language} ({name})",
    yes_part="{part}편 승인: {count}개 언어 모두 ({name})",
    yes_all="글 {count}개 모두 승인 ({name})",
    no_text="{part}편 돌려보내기: {language}",
    listed="편지마다 연재 순서가 실리며, 그 순서가 바뀌었습니다:",
    listed_anew="{part}편: 이전 제목 “{before}”, 지금 제목 “{after}”",
    listed_new="{part}편: 새로 생김, “{after}”",
    listed_gone="빠진 편: “{before}”",
)

_SPANISH = PartWords(
    language="es",
    audiences={
        "series": "quienes reciben las cartas de {newsletter}",
        "evergreen": "quienes reciben las cartas de {newsletter}",
        "digest": "quienes quieren una carta de {newsletter} al mes",
        "welcome": "quienes confirmen {newsletter} a partir de ahora, una vez; nadie más",
        "again": "quienes confirmaron {newsletter} mientras esperaba y quienes lo hagan a partir "
        "de ahora, una vez; nadie más",
    },
    reached="{count} ahora, de {listed} que han estado alguna vez en la lista.",
    in_language="En {language}",
    readers="De ellos leen ahora este idioma: {count}.",
    lacking_hold="No hay texto en {language}. Quienes lo leen ({count} ahora) no reciben nada "
    "hasta que lo haya y esté aprobado.",
    lacking_fallback="No hay texto en {language}. Quienes lo leen ({count} ahora) reciben el "
    "texto en {own}.",
    waiting_hold="Quienes leen este idioma ({count} ahora) no reciben nada hasta que se apruebe.",
    waiting_fallback="Hasta que se apruebe, quienes leen este idioma ({count} ahora) reciben el "
    "texto en {own}.",
    yes_text="Aprobar la parte {part} en {language} como {name}",
    yes_part="Aprobar la parte {part} en {count} idiomas como {name}",
    yes_all="Aprobar los {count} textos como {name}",
    no_text="Devolver la parte {part} en {language}",
    listed="Cada carta enumera las partes de su serie, y esa lista ha cambiado:",
    listed_anew="la parte {part} es «{after}» y era «{before}»",
    listed_new="la parte {part}, «{after}», es nueva",
    listed_gone="«{before}» ya no es una parte",
)

_ALL = {words.language: words for words in (_ENGLISH, _KOREAN, _SPANISH)}


def part_words(language: str) -> PartWords:
    """The words in one of the languages of :func:`..words.approving_words`."""
    return _ALL[language]
