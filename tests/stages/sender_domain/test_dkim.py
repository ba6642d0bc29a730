"""DKIM keys, good and bad (D17)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.sender_domain.dkim import bits, key, look
from tests.stages.sender_domain.keys import REAL_1024, REAL_2048, rsa
from tests.stages.sender_domain.zone import DOMAIN, asking

PLACE = f"s1._domainkey.{DOMAIN}"


@pytest.mark.parametrize(
    ("public", "length"),
    [(REAL_2048, 2048), (REAL_1024, 1024), (rsa(512), 512), (rsa(2048), 2048), (rsa(4096), 4096)],
    ids=["real 2048", "real 1024", "512", "2048", "4096"],
)
def test_length_of_a_key_is_read(public: str, length: int) -> None:
    assert bits(public) == length
    # As a zone file may break it.
    assert bits(f"{public[:60]} {public[60:]}\n") == length


@pytest.mark.parametrize(
    "public", ["", "AA", "!!!", "MIIB", REAL_2048[:100], base64.b64encode(b"\x30" * 40).decode()]
)
def test_what_is_no_key_has_no_length(public: str) -> None:
    assert bits(public) == 0


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_it(der: bytes) -> None:
    assert bits(base64.b64encode(der).decode()) >= 0


@pytest.mark.parametrize(
    ("record", "health", "words"),
    [
        (f"v=DKIM1; k=rsa; p={REAL_2048}", "good", "has 2048 bits"),
        (f"p={rsa(4096)}", "good", "has 4096 bits"),
        (f"v=DKIM1; p={REAL_1024}", "advice", "has 1024 bits"),
        (f"v=DKIM1; p={rsa(512)}", "wrong", "has 512 bits, which receivers take for none"),
        ("v=DKIM1; p=", "wrong", "was withdrawn"),
        ("v=DKIM1", "wrong", "was withdrawn"),
        ("v=DKIM1; p=AAAA", "wrong", "cannot be read"),
        ("v=DKIM1; k=ed25519; p=AAAA", "advice", "of the kind ed25519"),
    ],
    ids=lambda value: value[:24],
)
def test_key_is_judged_by_its_length(record: str, health: str, words: str) -> None:
    remark = key(record, PLACE)
    assert (remark.check, remark.health) == ("dkim", health)
    assert words in remark.message
    assert PLACE in remark.message
    assert bool(remark.mend) is (health != "good")


def test_every_selector_is_asked() -> None:
    zone = {f"s{n}._domainkey.{DOMAIN} TXT": [f"p={REAL_2048}"] for n in (1, 2)}
    remarks = list(look(DOMAIN, ["s1", "s2", "s3"], asking(zone)))
    assert [remark.health for remark in remarks] == ["good", "good"]


@pytest.mark.parametrize("selectors", [[], ["s1"]])
def test_key_that_is_not_found_may_stand_elsewhere(selectors: list[str]) -> None:
    (remark,) = look(DOMAIN, selectors, asking({}))
    assert remark.health == "advice"
    assert "meridian doctor --message" in remark.mend
