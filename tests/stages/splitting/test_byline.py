"""Who wrote it, and when."""

import pytest

from pipeline.stages.splitting.byline import (
    byline,
    credits_of,
    is_date_line,
    is_name,
    is_review,
    people,
    unlabelled,
)
from pipeline.values import Person


@pytest.mark.parametrize(
    ("line", "who", "date"),
    [
        ("By Jiwon Bae, DC, L.AC", "Jiwon Bae, DC, L.AC", ""),
        ("by Ana Ruiz", "Ana Ruiz", ""),
        ("Written by Ana Ruiz", "Ana Ruiz", ""),
        ("Author: Kai Li", "Author: Kai Li", ""),
        ("Authors: Kai Li (Harbour), Ana Ruiz", "Authors: Kai Li (Harbour), Ana Ruiz", ""),
        (
            "Autora: Dra. Ana Ruiz · 3 de marzo de 2026",
            "Autora: Dra. Ana Ruiz",
            "3 de marzo de 2026",
        ),
        ("Medically reviewed by Tom Reyes, MD", "Medically reviewed by Tom Reyes, MD", ""),
        ("por Dra. Ana Ruiz", "Dra. Ana Ruiz", ""),
        ("Par Anne-Marie Dupont", "Anne-Marie Dupont", ""),
        ("글 배지원 한의사", "배지원 한의사", ""),
        ("글: 배지원", "배지원", ""),
        ("글쓴이: 배지원", "글쓴이: 배지원", ""),
        ("작성자 배지원", "작성자 배지원", ""),
        ("글·사진 배지원", "글·사진 배지원", ""),
        ("한의사 배지원", "한의사 배지원", ""),
        ("배지원 원장 (하버한의원)", "배지원 원장 (하버한의원)", ""),
        ("배지원 원장 | 2026.03.02", "배지원 원장", "2026.03.02"),
        ("Por la Dra. Ana Ruiz", "Dra. Ana Ruiz", ""),
        ("Escrito por: el Lic. Juan Roe", "Lic. Juan Roe", ""),
        ("Lic. Ana Ruiz, Fisioterapeuta", "Lic. Ana Ruiz, Fisioterapeuta", ""),
        ("Jane Doe, Licensed Acupuncturist", "Jane Doe, Licensed Acupuncturist", ""),
        ("By Jane Doe (@jane)", "Jane Doe (@jane)", ""),
        ("Jane Doe (@jane) · May 3, 2019", "Jane Doe (@jane)", "May 3, 2019"),
        ("By The Harbour Street Team", "The Harbour Street Team", ""),
        ("배지원 한의사", "배지원 한의사", ""),
        ("Jiwon Bae, DC, L.Ac.", "Jiwon Bae, DC, L.Ac.", ""),
        ("Jiwon Bae DAcOM", "Jiwon Bae DAcOM", ""),
        ("Dr Robert Read", "Dr Robert Read", ""),
        ("Tom Reyes, DPT and Ana Ruiz, PT", "Tom Reyes, DPT and Ana Ruiz, PT", ""),
        ("By Ana Ruiz · September 18, 2025", "Ana Ruiz", "September 18, 2025"),
        ("Peter Chang · June 26, 2026", "Peter Chang", "June 26, 2026"),
        ("By Ana Ruiz | 2026-03-01", "Ana Ruiz", "2026-03-01"),
        ("By Ana Ruiz | May 3, 2019 | 5 min read", "Ana Ruiz", "May 3, 2019 | 5 min read"),
        ("By Ana Ruiz - 5 minute read", "Ana Ruiz", "5 minute read"),
        ("By Ana Ruiz, PT, May 3, 2019", "Ana Ruiz, PT", "May 3, 2019"),
        ("May 3, 2019 | By Ana Ruiz", "Ana Ruiz", "May 3, 2019"),
    ],
)
def test_byline_is_found(line: str, who: str, date: str) -> None:
    assert byline(line) == (who, date)


@pytest.mark.parametrize(
    "line",
    [
        "Why does acupuncture work for pain?",
        "By resting you help the tissue",
        "By Monday you will feel better.",
        "Por qué duele la espalda",
        "¿Por Qué?",
        "Jane Doe",
        "Key Takeaways",
        "The MD said so",
        "MD",
        "March 3, 2026",
        "By " + "A" * 200,
        "글쎄요",
        "By The Numbers",
        "By Design",
        "Por Supuesto",
        "좋은 한의사",
        "전문 의사",
        "Author interviews",
        "Reviewed by our team",
        "5 min read",
        "Chiropractor",
    ],
)
def test_byline_is_none_for_other_lines(line: str) -> None:
    assert byline(line) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Jiwon Bae, DC, L.AC", (Person(name="Jiwon Bae", credentials=("DC", "L.AC")),)),
        ("Dra. Ana Ruiz", (Person(name="Ana Ruiz", credentials=("Dra.",)),)),
        ("배지원 한의사", (Person(name="배지원", credentials=("한의사",)),)),
        ("Yo-Yo Ma", (Person(name="Yo-Yo Ma"),)),
        (
            "Mara Ellison, DAcOM, L.Ac. and Tom Reyes, DPT",
            (
                Person(name="Mara Ellison", credentials=("DAcOM", "L.Ac.")),
                Person(name="Tom Reyes", credentials=("DPT",)),
            ),
        ),
        ("Ana Ruiz y Tom Reyes", (Person(name="Ana Ruiz"), Person(name="Tom Reyes"))),
        ("Ana Ruiz & Tom Reyes", (Person(name="Ana Ruiz"), Person(name="Tom Reyes"))),
        ("Author: Kai Li", (Person(name="Kai Li"),)),
        ("Reviewed by Tom Reyes, MD", (Person(name="Tom Reyes", credentials=("MD",)),)),
        ("Kai Li (Harbour), Ana Ruiz", (Person(name="Kai Li"), Person(name="Ana Ruiz"))),
        ("Jane Doe (@jane)", (Person(name="Jane Doe"),)),
        ("한의사 배지원", (Person(name="배지원", credentials=("한의사",)),)),
        ("Ana Ruiz, Chiropractor", (Person(name="Ana Ruiz", credentials=("Chiropractor",)),)),
        ("DC", ()),
        ("", ()),
    ],
)
def test_people_takes_a_byline_apart(line: str, expected: tuple[Person, ...]) -> None:
    assert people(line) == expected


@pytest.mark.parametrize(
    "line",
    [
        "March 3, 2026",
        "Sept. 3rd, 2026",
        "Published on March 3, 2026",
        "Tuesday, March 3, 2026",
        "3 de marzo de 2026",
        "2026-03-03",
        "03/03/2026",
        "2026년 3월 3일",
        "2026년 3월",
        "March 2026",
        "March 3, 2026 · 5 min read",
        "5 min read | Updated: March 3, 2026",
        "2026년 3월 3일 · 5분 읽기",
        "3 de marzo de 2026 | Lectura: 4 min",
        "Actualizado en marzo de 2026",
        "Última actualización: 3 de marzo de 2026",
        "수정일: 2026-03-03",
        "le 3 mars 2026".removeprefix("le "),
    ],
)
def test_is_date_line_knows_a_date(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "March was cold",
        "In 2024 we counted",
        "2024",
        "March 3, 2026 was cold",
        "5 min read",
        "x" * 200,
    ],
)
def test_is_date_line_knows_what_is_none(line: str) -> None:
    assert not is_date_line(line)


def test_is_name_sees_the_look_of_a_name() -> None:
    assert is_name("Jane Doe")
    assert not is_name("Jane")
    assert not is_name("rest well")
    assert not is_name("One Two Three Four Five")


def test_unlabelled_takes_off_what_says_only_that_someone_wrote_it() -> None:
    assert unlabelled("Authors: Kai Li, Ana Ruiz") == "Kai Li, Ana Ruiz"
    assert unlabelled("Reviewed by Kai Li") == "Reviewed by Kai Li"
    assert unlabelled("Kai Li") == "Kai Li"


def test_is_review_knows_who_did_not_write_it() -> None:
    assert is_review("Medically reviewed by Kai Li, MD")
    assert is_review("Revisado por Ana Ruiz")
    assert is_review("감수: 배지원")
    assert not is_review("Author: Kai Li")


MARA = Person(name="Mara Ellison", credentials=("L.Ac.",))
TOM = Person(name="Tom Reyes", credentials=("MD",))


@pytest.mark.parametrize(
    ("line", "authors", "reviewers"),
    [
        ("", (), ()),
        ("Mara Ellison, L.Ac.", (MARA,), ()),
        ("Reviewed by Tom Reyes, MD", (), (TOM,)),
        ("By Mara Ellison, L.Ac. Reviewed by Tom Reyes, MD", (MARA,), (TOM,)),
        ("Mara Ellison, L.Ac., medically reviewed by Tom Reyes, MD", (MARA,), (TOM,)),
        ("Ana Gil. Revisado por Tom Reyes, MD", (Person(name="Ana Gil"),), (TOM,)),
        (
            "글 김지원 한의사 | 의학 감수: 서하윤 원장",
            (Person(name="김지원", credentials=("한의사",)),),
            (Person(name="서하윤", credentials=("원장",)),),
        ),
    ],
)
def test_who_wrote_and_who_read_it_over_are_told_apart(
    line: str, authors: tuple[Person, ...], reviewers: tuple[Person, ...]
) -> None:
    assert credits_of(line) == (authors, reviewers)
