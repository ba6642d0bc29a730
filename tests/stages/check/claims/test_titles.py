"""Who is called a doctor (C11)."""

import pytest

from pipeline.stages.check.claims.titles import unearned
from pipeline.values import Practitioner

ELLISON = Practitioner(name="Mara Ellison", credentials=("L.Ac.",))


@pytest.mark.parametrize(
    ("text", "titled"),
    [
        ("Dr. Ellison is away", ["Dr. Ellison"]),
        ("Ask Dr Mara Ellison", ["Dr Mara Ellison"]),
        ("la doctora Ellison", ["doctora Ellison"]),
        ("Doctor Ellison", ["Doctor Ellison"]),
        ("Mara Ellison, L.Ac.", []),
        ("Dr. Wall wrote it", []),
        ("Dr. Ellisons", []),
    ],
)
def test_c11_a_title_that_the_staff_table_does_not_bear_out(text: str, titled: list[str]) -> None:
    assert [text[start:end] for start, end in unearned(text, [ELLISON])] == titled


@pytest.mark.parametrize("degree", ["MD", "M.D.", "DO", "DC", "DAcOM", "PhD", "한의사", "Dr. med."])
def test_c11_who_has_a_degree_is_a_doctor(degree: str) -> None:
    staff = [Practitioner(name="Mara Ellison", credentials=("L.Ac.", degree))]
    assert list(unearned("Dr. Ellison is away", staff)) == []


def test_c11_every_one_of_the_staff_is_looked_for() -> None:
    staff = [ELLISON, Practitioner(name="Kim")]
    assert len(list(unearned("Dr. Kim and Dr. Ellison", staff))) == 2
    assert list(unearned("Dr. ", [Practitioner(name=" ")])) == []
