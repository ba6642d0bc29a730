"""Letters as they arrived, signed well and badly (D12)."""

import pytest

from pipeline.stages.sender_domain.delivered import look
from tests.stages.sender_domain.keys import REAL_2048, rsa
from tests.stages.sender_domain.zone import DOMAIN, asking

ALL = (
    "from:to:subject:date:message-id:mime-version:content-type:"
    "List-Unsubscribe:List-Unsubscribe-Post"
)
ZONE = {
    f"s1._domainkey.{DOMAIN} TXT": [f"p={REAL_2048}"],
    f"old._domainkey.{DOMAIN} TXT": [f"p={rsa(512)}"],
    f"s1._domainkey.mail.{DOMAIN} TXT": [f"p={REAL_2048}"],
    "s1._domainkey.provider.test TXT": [f"p={REAL_2048}"],
}


def signature(*, d: str = DOMAIN, h: str = ALL, s: str = "s1", more: str = "a=rsa-sha256") -> str:
    # Folded, as signers do.
    covered = h.replace(":", ":\r\n ", 3)
    return f"DKIM-Signature: v=1; {more}; d={d}; s={s};\r\n h={covered};\r\n b=AA=="


def letter(*lines: str, **changes: str | None) -> bytes:
    headers = {
        "From": f'"The Clinic" <letter@{DOMAIN}>',
        "To": "ana@example.com",
        "List-Unsubscribe": "<https://letters.example.com/u/1>,\r\n <mailto:out@example.com>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        **changes,
    }
    made = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value]
    return "\r\n".join([*lines, *made, "", "Hello", ""]).encode()


def told(raw: bytes) -> list[tuple[str, str]]:
    remarks = list(look(raw, asking(ZONE)))
    assert all(bool(remark.mend) is (remark.health != "good") for remark in remarks)
    return [(remark.health, remark.message) for remark in remarks]


GOOD = [
    ("good", f"the signature of {DOMAIN} covers all that it should"),
    ("good", f"the DKIM key at s1._domainkey.{DOMAIN} has 2048 bits"),
    ("good", "the letter can be left by one click"),
]


def test_letter_that_is_signed_as_receivers_ask_is_good() -> None:
    passed = "Authentication-Results: mx.test; dkim=pass; spf=pass; dmarc=pass (p=NONE)"
    assert told(letter(passed, signature())) == GOOD


def test_signature_of_a_domain_within_the_senders_counts() -> None:
    assert told(letter(signature(d=f"mail.{DOMAIN}")))[0] == (
        "good",
        f"the signature of mail.{DOMAIN} covers all that it should",
    )


@pytest.mark.parametrize("missing", ALL.lower().split(":"))
def test_each_header_has_to_be_covered(missing: str) -> None:
    covered = ":".join(name for name in ALL.split(":") if name.lower() != missing)
    assert told(letter(signature(h=covered)))[0] == (
        "wrong",
        f"the signature of {DOMAIN} does not cover {missing}",
    )


def test_best_of_several_signatures_counts() -> None:
    assert told(letter(signature(h="from"), signature(d="provider.test"), signature())) == GOOD


def test_letter_signed_by_others_alone_is_wrong() -> None:
    assert told(letter(signature(d="provider.test")))[0] == (
        "wrong",
        f"the letter comes from {DOMAIN} and is signed by provider.test",
    )
    assert told(letter())[0][1].endswith("is signed by nobody")


@pytest.mark.parametrize(
    ("more", "words"),
    [("a=rsa-sha1", "signs with SHA-1"), ("a=rsa-sha256; l=12", "ends before the letter does")],
)
def test_weak_signature_is_wrong(more: str, words: str) -> None:
    found = told(letter(signature(more=more)))
    assert any(health == "wrong" and words in message for health, message in found)


def test_key_of_the_signature_is_looked_at() -> None:
    short = f"the DKIM key at old._domainkey.{DOMAIN} has 512 bits, which receivers take for none"
    assert ("wrong", short) in told(letter(signature(s="old")))
    assert any("no DKIM key" in message for _, message in told(letter(signature(s="gone"))))


@pytest.mark.parametrize(
    "changes",
    [
        {"List-Unsubscribe": None},
        {"List-Unsubscribe-Post": None},
        {"List-Unsubscribe": "<mailto:out@example.com>"},
        {"List-Unsubscribe": "<https://a.test/1>, <https://b.test/2>"},
        {"List-Unsubscribe-Post": "List-Unsubscribe=one-click"},
    ],
    ids=str,
)
def test_d1_letter_that_cannot_be_left_by_one_click_is_wrong(
    changes: dict[str, str | None],
) -> None:
    found = told(letter(signature(), **changes))
    assert any(health == "wrong" and "by one click" in message for health, message in found)


def test_d1_second_way_to_leave_put_in_by_the_provider_is_wrong() -> None:
    raw = letter("List-Unsubscribe: <https://provider.test/u>", signature())
    assert any("by one click" in message for health, message in told(raw) if health == "wrong")


def test_notice_needs_no_way_to_leave() -> None:
    changes = {"List-Unsubscribe": None, "List-Unsubscribe-Post": None}
    raw = letter(signature(), **changes, Auto_Submitted="auto-generated")
    assert told(raw) == GOOD[:2]


@pytest.mark.parametrize("result", ["fail", "softfail", "permerror", "temperror"])
def test_what_the_receiver_found_is_told_once(result: str) -> None:
    first = f"Authentication-Results: mx.test;\r\n dkim=pass; dmarc={result}; dmarc = {result}"
    forged = "Authentication-Results: eve.test; spf=fail"
    assert told(letter(first, forged, signature())) == [
        *GOOD,
        ("wrong", f"the receiver says dmarc={result}"),
    ]


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"Hello\r\n", b"From: nobody\r\n\r\nx"])
def test_file_that_is_no_letter_says_so(raw: bytes) -> None:
    assert told(raw) == [("wrong", "the file is no letter: it has no From")]


def test_garbage_in_a_signature_is_no_signature() -> None:
    raw = b"DKIM-Signature: \x00;;=; d=; \x80\r\n" + letter()
    assert told(raw)[0][0] == "wrong"
