"""What looks like a person's health is not asked for (P5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.text.clinical import holds_clinical, is_clinical


@pytest.mark.parametrize(
    "name",
    [
        "diagnosis", "Diagnoses", "primary_diagnosis", "DOB", "PatientDOB", "date of birth",
        "Date-Of-Birth", "MRN", "medications", "last appointment", "next_visit", "ICD-10",
        "allergies", "Insurance provider", "pain level", "chronic_condition",
        "diagnóstico", "fecha_de_nacimiento", "Medicación", "próxima cita", "historial", "alergias",
        "진단명", "생년월일", "복용 약물", "진료예약일", "환자번호", "주요통증", "건강상태",
    ],
)  # fmt: skip
def test_a_name_of_health_is_one_p5(name: str) -> None:
    assert is_clinical(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "city", "Your town", "adobe_id", "visitor_type", "company", "interest", "birdwatching",
        "favourite topic", "weighted_score", "drugstore_near", "tags", "source", "plan", "charter",
        "ciudad", "interés", "empresa", "barrio", "citación", "도시", "관심 주제", "회사",
        "3", "🙂", "clinic",
    ],
)  # fmt: skip
def test_any_other_is_none(name: str) -> None:
    assert not is_clinical(name)


@pytest.mark.parametrize(
    "value",
    ["M54.5", "has M54.50", "MRN 0012345", "MRN#9918273", "123-45-6789", "900101-1234567", "20 mg",
     "0.5 ml daily", "500mg"],
)  # fmt: skip
def test_a_value_that_is_a_patients(value: str) -> None:
    assert holds_clinical(value)


@pytest.mark.parametrize(
    "value",
    ["Fairhaven", "555-0142", "2026-03-01", "M5", "room B12", "20 mugs", "10 km", "version 1.2"],
)
def test_a_value_that_is_none(value: str) -> None:
    assert not holds_clinical(value)


@given(st.text(max_size=50))
def test_any_text_is_answered(text: str) -> None:
    assert is_clinical(text) in {True, False}
    assert holds_clinical(text) in {True, False}
