"""Signatures of calls to AWS, held against the vectors AWS publishes (aws-sig-v4-test-suite)."""

import datetime as dt
from dataclasses import replace

import pytest

from pipeline.channels.sigv4 import Credentials, sign

WHO = Credentials(
    key_id="AKIDEXAMPLE",
    secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    region="us-east-1",
    service="service",
)
NOW = dt.datetime(2015, 8, 30, 12, 36, 0, tzinfo=dt.UTC)
ROOT = "https://example.amazonaws.com/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

VECTORS = {
    "get-vanilla": (
        ("GET", ROOT, b""),
        {},
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-vanilla-query-order-key-case": (
        ("GET", f"{ROOT}?Param2=value2&Param1=value1", b""),
        {},
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    "get-utf8": (
        ("GET", f"{ROOT}\u1234", b""),
        {},
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    ),
    "post-vanilla": (
        ("POST", ROOT, b""),
        {},
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ),
    "post-header-key-sort": (
        ("POST", ROOT, b""),
        {"My-Header1": "value1"},
        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    ),
    "post-x-www-form-urlencoded": (
        ("POST", ROOT, b"Param1=value1"),
        FORM,
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_signature_is_that_of_the_published_vector(name: str) -> None:
    request, headers, signature = VECTORS[name]
    signed = sign(request, credentials=WHO, now=NOW, headers=headers)
    names = ";".join(sorted(["host", "x-amz-date", *map(str.lower, headers)]))
    assert signed["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    assert {"Host": "example.amazonaws.com", "X-Amz-Date": "20150830T123600Z", **headers} == {
        name: value for name, value in signed.items() if name != "Authorization"
    }


def test_spaces_in_a_header_count_once() -> None:
    (one, two) = (
        sign(("GET", ROOT, b""), credentials=WHO, now=NOW, headers={"My-Header1": value})
        for value in (" a   b ", "a b")
    )
    assert one["Authorization"] == two["Authorization"]


def test_time_of_another_zone_is_the_same_time() -> None:
    there = NOW.astimezone(dt.timezone(dt.timedelta(hours=9)))
    assert sign(("GET", ROOT, b""), credentials=WHO, now=there) == sign(
        ("GET", ROOT, b""), credentials=WHO, now=NOW
    )


def test_token_is_sent_and_signed() -> None:
    signed = sign(("POST", ROOT, b""), credentials=replace(WHO, token="AQoD"), now=NOW)
    assert signed["X-Amz-Security-Token"] == "AQoD"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token," in signed["Authorization"]


def test_another_day_region_or_secret_is_another_signature() -> None:
    others = [
        sign(("POST", ROOT, b""), credentials=replace(WHO, **changes), now=now)["Authorization"]
        for changes, now in (
            ({}, NOW),
            ({}, NOW + dt.timedelta(days=1)),
            ({"region": "eu-west-1"}, NOW),
            ({"secret": "another"}, NOW),
        )
    ]
    assert len({each.partition("Signature=")[2] for each in others}) == 4


def test_secrets_are_not_printed() -> None:
    assert "wJalr" not in repr(WHO)
    assert "AQoD" not in repr(replace(WHO, token="AQoD"))
