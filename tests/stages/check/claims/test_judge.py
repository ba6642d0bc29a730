"""One line of sentences to judge."""

import json

import pytest

from pipeline.errors import SourceError
from pipeline.stages.check.claims.judge import LARGEST, judge


def line(**told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("text", "lang", "level", "codes"),
    [
        ("We cure migraine.", "en", "error", ["claim-cure"]),
        ("Acupuncture for insomnia", "en", "warn", ["claim-implied"]),
        ("Closed on Monday", "en", "none", []),
        ("비염 완치, 부작용 없음", "ko", "error", ["claim-cure", "claim-safety"]),
        ("부작용 없이 비염 완치", "ko", "error", ["claim-safety", "claim-cure"]),
        ("Detox and detox", "en", "warn", ["claim-body"]),
        ("", "en", "none", []),
    ],
)
def test_a_line_is_judged(text: str, lang: str, level: str, codes: list[str]) -> None:
    told = judge(line(id="a-1", lang=lang, text=text))
    assert told == {"id": "a-1", "level": level, "codes": codes}


def test_more_keys_are_no_fault_and_a_number_may_be_the_id() -> None:
    told = judge(b"\xef\xbb\xbf" + line(id=7, lang="en", text="Hello", level="none"))
    assert told == {"id": 7, "level": "none", "codes": []}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"x", "this is not JSON: Expecting value"),
        (b"[" * 100_000, "this is not JSON: too deep"),
        (b"[]", "this is no object"),
        (b'"a"', "this is no object"),
        (b"\xff", "this is not text in UTF-8"),
        (line(lang="en", text=""), "id is missing"),
        (line(id=1, text=""), "lang is missing"),
        (line(id=1, lang="en"), "text is missing"),
        (line(id=1, lang="en", text=None), "text is no text"),
        (line(id=1, lang=3, text=""), "lang is no text"),
        (line(id=[], lang="en", text=""), "id is no text"),
        (b" " * LARGEST, "this is not JSON: Expecting value"),
        (b" " * (LARGEST + 1), "the line is longer than 2 MB"),
    ],
)
def test_a_line_that_cannot_be_judged_is_told(content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        judge(content)
    assert caught.value.message == message
    assert caught.value.mend
