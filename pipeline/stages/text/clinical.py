"""Words that look like a person's health: a newsletter neither asks for them nor stores them (P5).

Who is on a clinic's list, and what they suffer from, together make a health record. The check is
meant to err on the careful side; a person of the clinic may overrule it where a list is read in.
"""

import re
import unicodedata

# Beginnings of words, without accents: "diagnos" finds diagnosis, diagnóstico, diagnoses.
_STEMS = (
    "diagnos", "illness", "disease", "disorder", "symptom", "medicat", "medicacion", "medicine",
    "prescription", "dosage", "treatment", "therap", "surger", "allerg", "appointment", "referral",
    "patient", "insurance", "medicaid", "medicare", "pregnan", "complaint", "injur", "disabilit",
    "chronic", "clinical", "health", "medical", "vaccin", "immuniz", "birthda",
    "enfermedad", "dolencia", "trastorno", "sintoma", "medicament", "farmac", "tratamiento",
    "terapia", "cirugia", "alergi", "paciente", "embaraz", "nacimiento", "cumpleanos", "historial",
    "sangre", "estatura", "lesion", "discapacidad", "cronic", "vacun", "dolor",
)  # fmt: skip
# Short or many-sided ones count as whole words: "dob" is none of "adobe".
_WHOLE = frozenset({
    "drug", "drugs", "visit", "dob", "mrn", "icd", "cpt", "npi", "ssn", "bmi", "chart", "pain",
    "weight", "height", "blood", "birth", "condition", "conditions", "operation", "procedure",
    "medicina", "medicinas", "cita", "citas", "visita", "peso", "dosis", "seguro", "receta",
    "salud",
})  # fmt: skip
# Korean compounds stand without a space, and the telling part may come last: anywhere in the word.
_ANYWHERE = (
    "진단", "질환", "질병", "병명", "증상", "약물", "복용", "처방", "투약", "치료", "수술", "시술",
    "알레르기", "예약", "진료", "내원", "환자", "보험", "임신", "생년월일", "생일", "주민등록",
    "혈액", "체중", "몸무게", "장애", "만성", "건강", "의료", "통증", "부상", "예방접종",
)  # fmt: skip
_CODES = re.compile(
    r"""
    [A-TV-Z]\d[0-9AB]\.[0-9A-Z]{1,4}              # ICD-10 with its dot: M54.5
    | (?:MRN|NHS|NPI)[\s:#-]*\d{5,}               # a patient's number
    | \d{3}-\d{2}-\d{4}                          # a social security number
    | \d{6}-[1-4]\d{6}                           # a Korean resident's number
    | \d{1,4}(?:[.,]\d+)?\s?(?:mg|mcg|µg|ml|IU)\b # a dose
    """,
    re.VERBOSE,
)


def is_clinical(name: str) -> bool:
    """Whether the name of a field or a column looks as if it held a person's health.

    Case, accents, camel case and separators do not matter: ``PatientDOB``, ``fecha_de_nacimiento``.
    """
    words = _words(name)
    return (
        not _WHOLE.isdisjoint(words)
        or any(word.startswith(_STEMS) for word in words)
        or any(part in "".join(words) for part in _ANYWHERE)
    )


def _words(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    plain = unicodedata.normalize("NFKD", spaced)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", letters).lower())


def holds_clinical(value: str) -> bool:
    """Whether a value holds a code or a number of a patient: a diagnosis, a dose, an identity."""
    return _CODES.search(value) is not None
