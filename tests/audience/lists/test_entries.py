"""A row becomes a person, an opt-out, or a refusal with its reason (S15, P5, S14)."""

import pytest

from pipeline.audience.lists.columns import recognise
from pipeline.audience.lists.entries import Entry, Refused, reading
from pipeline.audience.lists.states import LEFT
from tests.audience.lists.test_columns import WEEKLY


def read(header: str, *cells: str) -> Entry | Refused:
    """What a row is."""
    columns = recognise(header.split(","), WEEKLY, mapping={}, allowed={})
    return reading(columns, WEEKLY)(2, list(cells))


def test_a_person() -> None:
    header = "email,first name,last name,language,time zone,topic,phone"
    row = (" ANA@Example.com ", "Ana", "Ruiz  Gómez", "es_MX", "America/Bogota", "Sleep", "1")
    assert read(header, *row) == Entry(
        2,
        "ana@example.com",
        name="Ana Ruiz Gómez",
        language="es-MX",
        time_zone="America/Bogota",
        fields={"topic": "Sleep"},
    )


def test_a_name_goes_before_its_parts_and_a_short_row_is_filled() -> None:
    assert read("email,name,first name", "a@example.com", "Ana") == Entry(2, "a@example.com", "Ana")


def test_what_a_spreadsheet_would_run_comes_back_s13() -> None:
    assert read("email,name", "a@example.com", "'-Ana") == Entry(2, "a@example.com", "-Ana")


@pytest.mark.parametrize(("said", "tag"), [("Español", "es"), ("korean", "ko"), ("pt-BR", "pt-BR")])
def test_a_language_by_name_or_tag(said: str, tag: str) -> None:
    found = read("email,language", "a@example.com", said)
    assert isinstance(found, Entry)
    assert (found.language, found.note) == (tag, "")


def test_what_is_not_known_is_left_out_and_told() -> None:
    found = read("email,language,time zone", "a@example.com", "Klingon", "Mars/Base")
    note = "its language 'Klingon' is not known; its time zone 'Mars/Base' is not known"
    assert found == Entry(2, "a@example.com", note=note)


def test_an_opt_out_counts_whatever_else_the_row_holds() -> None:
    header = "email,name,status"
    assert read(header, "abuse@example.com", "\0", "unsubscribed") == Entry(
        2, "abuse@example.com", out=LEFT
    )


@pytest.mark.parametrize(
    "said",
    ["a@x.com,b@y.com", '"a@x.com" <b@y.com>', "a@x.com%0ab@y", '"a b"@example.com', "", "a@b",
     "a" * 330 + "@example.com", "a(c)@example.com", "a\0@example.com", "a@example.com;b@x.com"],
)  # fmt: skip
def test_what_is_not_one_address_is_refused_s15(said: str) -> None:
    found = read("email", said)
    assert isinstance(found, Refused)
    assert found.reason.endswith("is not one email address")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("A\x1b[31m", "the name holds a control character"),
        ("Añ\0a", "the name holds a control character"),
        ("Jos\ufffd", "the name holds letters that were lost; save the list as UTF-8"),
        ("x" * 201, "the name is longer than 200 characters"),
        ("Ana MRN 1234567", "the name holds what looks like a patient's data"),
        ("Ána M54.5", "the name holds what looks like a patient's data"),
    ],
)
def test_a_name_that_cannot_be_kept(name: str, told: str) -> None:
    assert read("email,name", "a@example.com", name) == Refused(2, "a@example.com", told)


@pytest.mark.parametrize(
    ("header", "cells", "told"),
    [
        ("email,name", ("a@example.com", "Ruiz", "Ana"), "it has 3 cells, and the head has 2"),
        ("email,status", ("a@example.com", "pending"), "is “pending” there"),
        ("email", ("ana@gmial.com",), "gmial.com looks like a slip for gmail.com"),
        ("email,topic", ("a@example.com", "ibuprofen 200 mg"),
         "What would you like to read? holds what looks like a patient's data"),
    ],
)  # fmt: skip
def test_a_row_that_is_refused(header: str, cells: tuple[str, ...], told: str) -> None:
    assert read(header, *cells) == Refused(2, cells[0], told)
