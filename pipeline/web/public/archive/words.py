"""The words of the archive: a closed list in each language a letter can be made in.

Korean sentences are built so that no particle has to agree with a name.
"""

from dataclasses import dataclass

from pipeline.stages.design.wording import direction, wording


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveWords:
    """All words of the archive in one language (``language``: a BCP 47 tag)."""

    language: str
    newsletters: str
    all_newsletters: str
    all_letters: str
    subscribe: str
    subscribe_to: str
    follow: str
    count: str
    latest: str
    empty: str
    ended: str
    newer: str
    older: str
    page: str
    pages: str
    previous: str
    next: str
    around: str
    languages: str
    skip: str

    @property
    def direction(self) -> str:
        """Which way they are written."""
        return direction(self.language)

    @property
    def part(self) -> str:
        """As a letter says it: "Part {part} of {of}"."""
        return wording(self.language)["part"]

    @property
    def minutes(self) -> str:
        """As a letter says it: "{minutes} min read"."""
        return wording(self.language)["minutes"]


_ENGLISH = ArchiveWords(
    language="en",
    newsletters="Newsletters",
    all_newsletters="All newsletters of {clinic}",
    all_letters="All letters",
    subscribe="Subscribe",
    subscribe_to="Subscribe to {newsletter}",
    follow="Or follow it in a feed reader:",
    count="Letters so far: {count}",
    latest="Latest",
    empty="The first letter will be here once it has gone out.",
    ended="This newsletter has ended.",
    newer="Newer letters",
    older="Older letters",
    page="Page {page} of {pages}",
    pages="Pages",
    previous="Previous letter",
    next="Next letter",
    around="More letters",
    languages="In other languages",
    skip="Skip to the letter",
)

_KOREAN = ArchiveWords(
    language="ko",
    newsletters="뉴스레터",
    all_newsletters="{clinic} 뉴스레터 전체",
    all_letters="모든 편지",
    subscribe="구독하기",
    subscribe_to="{newsletter} 구독하기",
    follow="피드 리더로 받아 보기:",
    count="지금까지 {count}편",
    latest="최근 편지",
    empty="첫 편지를 보내 드린 뒤 이곳에서 읽으실 수 있습니다.",
    ended="이 뉴스레터는 더 이상 발행되지 않습니다.",
    newer="더 최근 편지",
    older="더 지난 편지",
    page="{pages}쪽 중 {page}쪽",
    pages="쪽 이동",
    previous="이전 편지",
    next="다음 편지",
    around="다른 편지",
    languages="다른 언어로 읽기",
    skip="편지 본문으로 바로 가기",
)

_SPANISH = ArchiveWords(
    language="es",
    newsletters="Boletines",
    all_newsletters="Todos los boletines de {clinic}",
    all_letters="Todas las cartas",
    subscribe="Suscribirse",
    subscribe_to="Suscribirse a {newsletter}",
    follow="También puede seguirlo en un lector de fuentes web:",
    count="Cartas hasta hoy: {count}",
    latest="La más reciente",
    empty="La primera carta estará aquí en cuanto se haya enviado.",
    ended="Este boletín ya no se publica.",
    newer="Cartas más recientes",
    older="Cartas anteriores",
    page="Página {page} de {pages}",
    pages="Páginas",
    previous="Carta anterior",
    next="Carta siguiente",
    around="Más cartas",
    languages="En otros idiomas",
    skip="Ir a la carta",
)

_ARABIC = ArchiveWords(
    language="ar",
    newsletters="النشرات",
    all_newsletters="كل نشرات {clinic}",
    all_letters="كل الرسائل",
    subscribe="اشترك",
    subscribe_to="اشترك في {newsletter}",
    follow="أو تابعها في قارئ الخلاصات:",
    count="عدد الرسائل حتى الآن: {count}",
    latest="الأحدث",
    empty="ستجد الرسالة الأولى هنا بعد إرسالها.",
    ended="توقفت هذه النشرة عن الصدور.",
    newer="رسائل أحدث",
    older="رسائل أقدم",
    page="الصفحة {page} من {pages}",
    pages="الصفحات",
    previous="الرسالة السابقة",
    next="الرسالة التالية",
    around="رسائل أخرى",
    languages="بلغات أخرى",
    skip="انتقل إلى الرسالة",
)

_HEBREW = ArchiveWords(
    language="he",
    newsletters="עלונים",
    all_newsletters="כל העלונים מאת {clinic}",
    all_letters="כל המכתבים",
    subscribe="הרשמה",
    subscribe_to="הרשמה אל {newsletter}",
    follow="אפשר לעקוב גם בקורא עדכונים:",
    count="מכתבים עד כה: {count}",
    latest="האחרון",
    empty="המכתב הראשון יופיע כאן אחרי שיישלח.",
    ended="העלון הזה אינו יוצא עוד.",
    newer="מכתבים חדשים יותר",
    older="מכתבים ישנים יותר",
    page="עמוד {page} מתוך {pages}",
    pages="עמודים",
    previous="המכתב הקודם",
    next="המכתב הבא",
    around="מכתבים נוספים",
    languages="בשפות אחרות",
    skip="דילוג אל המכתב",
)

WORDS = {words.language: words for words in (_ENGLISH, _KOREAN, _SPANISH, _ARABIC, _HEBREW)}


def archive_words(*languages: str) -> ArchiveWords:
    """The words in the first of these languages that we speak, else in English.

    Args:
        languages: Language tags as people write them: "ko", "es-MX", "pt_BR", "".
    """
    primaries = (tag.strip().lower().replace("_", "-").partition("-")[0] for tag in languages)
    return next((WORDS[primary] for primary in primaries if primary in WORDS), _ENGLISH)
