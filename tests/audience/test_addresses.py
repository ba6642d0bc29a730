"""One spelling for each person (D35), and one address or none (S15)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.addresses import normalise_address, normalise_carefully
from pipeline.errors import SourceError


def spelling(text: str) -> str | None:
    """The normalised address, or None where it is refused."""
    try:
        return normalise_address(text)
    except SourceError:
        return None


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  ana@example.com\n", "ana@example.com"),
        ("Ana.Beltran+News@EXAMPLE.Com", "ana.beltran+news@example.com"),
        ("ana@EXÄMPLE.example", "ana@xn--exmple-cua.example"),
        ("ana@exa\u0308mple.example", "ana@xn--exmple-cua.example"),
        ("ana@xn--exmple-cua.example", "ana@xn--exmple-cua.example"),
        ("ana@XN--EXMPLE-CUA.example", "ana@xn--exmple-cua.example"),
        ("침@예시.example", "침@xn--vv4b11d.example"),
        ("ana@example。com", "ana@example.com"),
        ("ana@ｅｘａｍｐｌｅ.com", "ana@example.com"),
        ("o'hara@example.com", "o'hara@example.com"),
        ("a%0ab@example.com", "a%0ab@example.com"),
        ("ana@a.b.c.d.example.com", "ana@a.b.c.d.example.com"),
        ("ana@1und1.example", "ana@1und1.example"),
        ("a@example.xn--p1ai", "a@example.xn--p1ai"),
        (f"{'a' * 308}@example.com", f"{'a' * 308}@example.com"),
    ],
)
def test_an_address_has_one_spelling_d35(written: str, spelt: str) -> None:
    assert normalise_address(written) == spelt


@pytest.mark.parametrize("written", ["josé@example.com", "김하늘@example.com", "Å@example.com"])
def test_case_and_unicode_form_make_no_second_person_d35(written: str) -> None:
    forms = [unicodedata.normalize(form, written) for form in ("NFC", "NFD")]
    cased = [change(form) for form in forms for change in (str, str.upper, str.lower, str.title)]
    assert len({normalise_address(form) for form in cased}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ana",
        "@",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@localhost",
        "ana@example.com,ben@example.com",
        "ana@example.com ben@example.com",
        "ana@example.com;ben@example.com",
        '"ana@example.com" <ben@example.com>',
        "Ana <ana@example.com>",
        "<ana@example.com>",
        "mailto:ana@example.com",
        "ana@example.com%0aben@example.com",
        '"ana b"@example.com',
        '"ana"@example.com',
        "ana b@example.com",
        "ana\\@example.com",
        "ana(work)@example.com",
        "ana@example.com (work)",
        "ana@ben@example.com",
        "ana@example..com",
        "ana@.example.com",
        "ana@example.com.",
        "ana..b@example.com",
        ".ana@example.com",
        "ana.@example.com",
        "ana@-example.com",
        "ana@example-.com",
        "ana@example.c",
        "ana@example.-com",
        "ana@example.com-",
        "ana@exa_mple.com",
        "ana@exam ple.com",
        "ana@192.168.10.10",
        "ana@[192.168.10.10]",
        "ana@[IPv6:::1]",
        "ana@1.2.3.99",
        f"ana@{'a' * 64}.com",
        f"{'a' * 309}@example.com",
        f"{'ä' * 1000}@example.com",
        f"{'a' * 300}@{'ä' * 10}.com",  # 315 as written, and too many as punycode
        f"ana@{'ä' * 100_000}.com",
        f"ana@example.com{' ' * 100_000}x",
        "ana\n@example.com",
        "ana\r\nBcc: ben@example.com",
        "ana\0@example.com",
        "ana@exam\0ple.com",
        "ana\x7f@example.com",
        "ana\u0085@example.com",
        "ana\u2028@example.com",
        "ana\u200b@example.com",
        "ana\u202e@example.com",
        "ana\u2066@example.com",
        "ana\ufeff@example.com",
        "ana\udc80@example.com",
        "ana@\udc80.com",
        "ana\u00a0@example.com",
        "=cmd|' /C calc'!A0@example.com",
    ],
    ids=lambda text: repr(text)[:40],
)
def test_what_is_not_one_address_is_refused_s15(text: str) -> None:
    with pytest.raises(SourceError) as caught:
        normalise_address(text)
    told = str(caught.value)
    assert told.endswith("is not one email address. Write it as ana@example.com.")
    assert told.isprintable()
    assert len(told) < 500


_LOCALS = st.text(st.characters(), min_size=1, max_size=12)
_DOMAINS = st.text(st.characters(), min_size=1, max_size=12).map(lambda text: f"{text}.example")


@pytest.mark.no_cover
@given(st.one_of(st.text(), st.builds("{}@{}".format, _LOCALS, _DOMAINS)))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    spelt = spelling(text)
    if spelt is not None:
        assert normalise_address(spelt) == spelt
        assert spelt.count("@") == 1
        assert spelt.partition("@")[2].isascii()
        assert len(spelt) <= 320
        assert not any(
            unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in spelt
        )


@given(st.builds("{}@{}".format, _LOCALS, _DOMAINS))
def test_unicode_forms_are_spelt_or_refused_alike_d35(text: str) -> None:
    forms = {spelling(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {spelling(text)}


PARTS = st.sampled_from(
    [".", "..", "-", "_", "+", "@", "a", "Z", "9", "xn--", "com", "example", "é", "\u212a", "ß",
     "İ", "。", " ", "\n", "\0", "\u200b", '"', ",", "a" * 63, "b" * 64, "c" * 200]
)  # fmt: skip


@given(st.lists(PARTS, max_size=12).map("".join) | st.emails() | st.text(max_size=30))
def test_the_short_way_of_plain_addresses_gives_what_the_careful_one_does(text: str) -> None:
    try:
        careful: str | None = normalise_carefully(text)
    except SourceError:
        careful = None
    assert spelling(text) == careful


@given(st.from_regex(r"[a-z0-9._+-]{1,12}@[a-z0-9.-]{1,12}\.[a-z]{1,5}", fullmatch=True))
def test_the_short_way_of_what_looks_plain(text: str) -> None:
    try:
        careful: str | None = normalise_carefully(text)
    except SourceError:
        careful = None
    assert spelling(text) == careful
