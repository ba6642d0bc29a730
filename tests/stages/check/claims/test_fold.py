"""Letters as a reader takes them, each with its place (C12)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.check.claims.fold import fold, folded


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Cure", "cure"),
        ("сurе", "cure"),
        ("СURЕ", "cure"),
        ("cυrε", "cure"),
        ("ｃｕｒｅ", "cure"),
        ("𝐜𝐮𝐫𝐞", "cure"),
        ("ᴄᴜʀᴇ", "cure"),
        ("cu\u200bre", "cure"),
        ("cu\u00adre", "cure"),
        ("cu\u2060r\ufeffe", "cure"),
        ("c\u0336u\u0323re", "cure"),
        ("curación", "curacion"),
        ("curacio\u0301n", "curacion"),
        ("１００％", "100%"),
        ("a\u00a0b\t c\n", "a b c "),
        ("“a” ‘b’ «c»", '"a" \'b\' "c"'),
        ("a–b", "a—b"),
        ("완치", "완치"),
        (unicodedata.normalize("NFD", "완치"), "완치"),
        ("완\u200b치", "완치"),
        ("완\u3164치", "완치"),
        ("ﬁx", "fix"),
        ("#EndYourPain", "#end your pain"),
        ("a #HealYourIBS, b #cure", "a #heal your ibs, b #cure"),
        ("EndYourPain", "endyourpain"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_c12_letters_are_folded(written: str, read: str) -> None:
    assert folded(written) == read


@pytest.mark.parametrize(
    ("written", "word", "shown"),
    [
        ("We cu\u200bre it", "cure", "cu\u200bre"),
        ("We ｃｕｒｅ it", "cure", "ｃｕｒｅ"),
        ("Se cu\u0301ra", "cura", "cu\u0301ra"),
        ("  We  cure", "we cure", "We  cure"),
        (unicodedata.normalize("NFD", "비염 완치"), "완치", unicodedata.normalize("NFD", "완치")),
        ("a ﬁx", "fix", "ﬁx"),
        ("try #EndYourPain now", "your pain", "YourPain"),
    ],
)
def test_c12_what_is_found_is_shown_as_it_was_written(written: str, word: str, shown: str) -> None:
    text = fold(written)
    begin = text.text.index(word)
    start, end = text.span(begin, begin + len(word))
    assert written[start:end] == shown


def test_an_empty_stretch_is_nowhere() -> None:
    assert fold("a").span(0, 0) == (0, 0)


@given(st.text())
def test_every_letter_has_its_place(written: str) -> None:
    text = fold(written)
    assert len(text.text) == len(text.starts) == len(text.ends)
    assert list(text.starts) == sorted(text.starts)
    assert all(
        0 <= start < end <= len(written) for start, end in zip(text.starts, text.ends, strict=True)
    )


@given(
    st.text(
        alphabet=st.characters(codec="ascii", categories=("L", "N", "P"), exclude_characters="#")
    )
)
def test_plain_text_is_only_made_small(written: str) -> None:
    assert folded(written) == written.lower()
