"""Dates as people read them."""

import datetime as dt

import pytest

from pipeline.web.public.archive.dates import told


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "March 3, 2026"),
        ("ko", "2026년 3월 3일"),
        ("es-MX", "3 de marzo de 2026"),
        ("xx", "March 3, 2026"),
        ("", "March 3, 2026"),
        ("../x", "March 3, 2026"),
    ],
)
def test_a_date_in_words(language: str, words: str) -> None:
    assert told(dt.date(2026, 3, 3), language) == words
