"""Whole letters to look at: one article in four languages, in every design.

The figure is at ``https://example.com/figure.png``; whoever opens a letter gives it one.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

from pipeline.stages.addressing import for_reader
from pipeline.stages.plan import plan
from pipeline.stages.read import read
from pipeline.stages.render import render
from pipeline.stages.split import split
from pipeline.values import (
    Article,
    Block,
    Brand,
    Clinic,
    Configuration,
    Design,
    Practitioner,
    Reference,
    RenderedIssue,
    Run,
    Section,
)
from tests.samples import configuration, templates

DESIGNS: tuple[Design, ...] = get_args(Design)
FIGURE = "https://example.com/figure.png"
LETTERS = Path(__file__).parent / "examples" / "letters"
TEMPLATES = templates()

# Each design with a palette of its own, as clinics differ.
BRANDS: dict[Design, Brand] = {
    "calm": Brand(),
    "editorial": Brand(brand="#1f3a5f", accent="#9c2f2f", ink="#1a1a1c", paper="#ffffff"),
    "compact": Brand(brand="#2450a8", accent="#0b7a5c", ink="#18202b", paper="#ffffff"),
}
# The part of the series that is looked at: the first opens, a later one looks back.
PARTS = {"en": 1, "ko": 1, "es": 2, "ar": 1}
_CLINICS: dict[str, dict[str, object]] = {
    "en": {"name": "Harbour Street Acupuncture"},
    "ko": {
        "name": "린덴길 한의원",
        "postal_address": ("가온시 린덴길 14, 2층", "00000"),
        "booking_label": "첫 진료 예약하기",
        "note": "이 편지는 진단이 아니라 이해를 돕기 위한 글입니다. 처방받은 약은 계속 드시기 "
        "바랍니다. 응급 상황이라면 바로 응급 번호로 전화하세요.",
    },
    "es": {
        "name": "Clínica Calle del Tilo",
        "postal_address": ("Calle del Tilo 14, 2.º B", "00000 Puerto Claro"),
        "booking_label": "Reservar una primera visita",
        "note": "Esta carta sirve para aprender, no para diagnosticar. Siga tomando lo que le haya "
        "recetado su médico; en una urgencia, llame al número de emergencias de su zona.",
    },
    "ar": {
        "name": "عيادة شارع الميناء",
        "postal_address": ("شارع الميناء 12", "00000"),
        "booking_label": "احجز زيارتك الأولى",
        "note": "هذه الرسالة للتعلم لا للتشخيص. في حالة الطوارئ اتصل برقم الطوارئ المحلي.",
    },
}
_NAMES = {
    "en": ("The Harbour Letter", "You get this letter on Tuesdays because you asked for it."),
    "ko": ("린덴길 편지", "홈페이지에서 직접 신청하신 분께 화요일마다 보내 드립니다."),
    "es": ("La carta del Tilo", "Recibe esta carta los martes porque la pidió en nuestra web."),
    "ar": ("رسالة الميناء", "تصلك هذه الرسالة لأنك طلبتها على موقعنا."),
}
_PEOPLE = (
    Practitioner(name="Mara Ellison", title="Licensed acupuncturist"),
    Practitioner(name="서하윤", title="린덴길 한의원 원장"),
)


@cache
def written(language: str) -> Article:
    """The article in a language, read and split as any other."""
    path = LETTERS / f"{language}.md"
    return split(read(path, path.read_bytes()), language=language)


def clinic_of(language: str, design: Design, brand: Brand | None = None) -> Configuration:
    """A clinic that writes in a language and has chosen a design."""
    made = configuration()
    name, why = _NAMES[language]
    clinic: Clinic = replace(made.clinic, language=language, **_CLINICS[language])  # type: ignore[arg-type]
    newsletter = replace(made.newsletters[0], name=name, why=why, design=design)
    return replace(
        made,
        clinic=clinic,
        newsletters=(newsletter,),
        practitioners=_PEOPLE,
        brand=brand or BRANDS[design],
    )


def specimen(language: str, design: Design, brand: Brand | None = None) -> RenderedIssue:
    """The letter of a language in a design."""
    issues = rendered_for(written(language), clinic_of(language, design, brand))
    return issues[PARTS[language] - 1]


def rendered_for(article: Article, configured: Configuration) -> tuple[RenderedIssue, ...]:
    """All letters of an article."""
    article = for_reader(article, configured.clinic)
    return render(
        article,
        plan(article),
        configured.newsletters[0],
        configuration=configured,
        templates=TEMPLATES,
    )


def everything() -> Article:
    """An article with every kind of block, each of it as it hardly ever comes."""
    word = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 2
    long = (
        "A heading of a hundred and sixty characters that goes on and on about the small vessels "
        "of the neck, the slow muscles beside them, and what a warm towel may do"
    )
    text = (
        Run(f"{word} and 👩‍⚕️ emoji 🌡️, "),
        Run("bold", bold=True),
        Run(" and "),
        Run("slanted", italic=True),
    )
    table = Block(
        kind="table",
        rows=tuple(
            tuple((Run(f"{column} {row}" if row else f"Column {column}"),) for column in "abcd")
            for row in range(21)
        ),
    )
    blocks = (
        Block(kind="paragraph", text=text),
        Block(kind="bullets", items=(text, (Run("short"),))),
        Block(kind="numbered", items=tuple((Run(f"step {n}"),) for n in range(98, 103)), start=98),
        Block(kind="quotation", text=text),
        Block(kind="image", text=(Run("A hand on a neck"),), target=FIGURE, caption=text[:1]),
        Block(kind="image", text=(Run("A picture without an address"),)),
        table,
        Block(kind="code", text=(Run("warm = 10\nif warm:\n    rest(" + "x" * 90 + ")"),)),
        Block(kind="image", text=(Run("Last of all"),), target=FIGURE),
    )
    return Article(
        slug="everything",
        language="en",
        title=long,
        subtitle="With a subtitle",
        date_line="5 March 2027",
        lead=(*blocks[:2], blocks[4]),
        sections=(
            Section(level=1, number="1", heading=long, blocks=blocks),
            Section(level=2, number="1.1", heading=word, blocks=blocks[:1]),
            Section(level=1, number="XVIII", heading="A long number", blocks=blocks[3:5]),
            Section(level=1, number="", heading="No number", blocks=()),
        ),
        call_to_action=blocks[:1],
        call_to_action_heading="Come and see us",
        references=tuple(
            Reference(number=n, text=(Run(f"Author {n}. A source. {word} 2021; 12: 34–41."),))
            for n in range(1, 41)
        ),
        disclaimer=(blocks[0], blocks[1], table),
    )


def bare() -> Configuration:
    """A clinic that says nothing it need not."""
    made = configuration()
    clinic = replace(made.clinic, phone="", website="", booking_url="", booking_label="", note="")
    return replace(made, clinic=clinic, newsletters=(replace(made.newsletters[0], why=""),))
