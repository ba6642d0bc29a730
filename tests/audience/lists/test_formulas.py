"""No spreadsheet runs what is exported, and nothing is lost by it (S13)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.lists.formulas import marked, unmarked

TEXTS = st.text(alphabet=st.sampled_from("=+-@\t\r\n\0＝＋－＠' a\xa0"))


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\0x", "＝1", "＋1", "－1", "＠x", "  =1", "'=1"],
)
def test_what_would_be_run_is_marked_s13(text: str) -> None:
    assert marked(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Ana", "O'Neil", "'t Hooft", "a=b", "1-2"])
def test_what_would_not_stays(text: str) -> None:
    assert marked(text) == unmarked(text) == text


@given(TEXTS)
def test_there_and_back_s13(text: str) -> None:
    assert unmarked(marked(text)) == text
    assert marked(text)[:1] not in tuple("=+-@\t\r\n\0＝＋－＠")
