"""What readers are called by: a name out of what they typed, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.first_names import LONGEST, first_name


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Ana", "Ana"),
        ("Ana Ruiz", "Ana"),
        ("  Ana \t Ruiz ", "Ana"),
        ("Ruiz, Ana", "Ana"),
        ("de la Cruz, Ana", "Ana"),
        ("Ana Ruiz, MD", "Ana"),
        ("Ana Ruiz, Phd", "Ana"),
        ("Dr. Ana Ruiz", "Ana"),
        ("Sra Ana Ruiz", "Ana"),
        ("Mary-Ann Smith", "Mary-Ann"),
        ("O'Neil Smith", "O'Neil"),
        ("D’Arcy", "D’Arcy"),
        ("e\u0301lodie Roy", "e\u0301lodie"),
        ("مريم العلي", "مريم"),
        ("שלום עולם", "שלום"),
        ("배지원", "배지원"),
        ("배 지원", "배 지원"),
        ("鍼灸 港", "鍼灸 港"),
    ],
)
def test_a_name_gives_what_its_owner_is_called_by(name: str, called: str) -> None:
    assert first_name(name) == called


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "A. Ruiz",
        "J",
        "Dr",
        "Mrs. Ruiz",
        "ana@example.com",
        "http://evil.example",
        "www.evil.example Ana",
        "x" * (LONGEST + 1),
        "침" * (LONGEST + 1),
        "4na",
        "Ana😀",
    ],
)
def test_what_is_no_name_gives_the_default(name: str) -> None:
    assert first_name(name) == ""


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "침<script>",
        "{{ settings.SECRET_KEY }}",
        "@@unsubscribe_url@@",
        "%recipient.unsubscribe_url%",
        "${7*7}",
        "Ana\r\nBcc:",
        "=cmd()",
    ],
)
def test_what_could_do_something_is_no_name_s1_s3(payload: str) -> None:
    assert first_name(payload) in ("", "Ana")


@given(st.text())
def test_a_first_name_is_letters_whatever_was_typed(name: str) -> None:
    called = first_name(name)
    assert not set(called) & set('<>&"%{}@=\r\n\0/:')
    assert len(called) <= LONGEST
