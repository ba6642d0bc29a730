"""What a mail to the address for bounces tells, and what of it is believed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.channels.bounce_mail import Returned, read_report
from tests.channels.bounces import BOUNCES, complaint, delivery_report, way


def read(raw: bytes) -> Returned | None:
    return read_report(raw, bounces=BOUNCES)


def told(raw: bytes) -> tuple[str, str]:
    """Kind and code."""
    found = read(raw)
    assert found is not None
    return found.kind, found.code


def test_report_names_its_delivery_and_no_address() -> None:
    assert read(delivery_report(way(17))) == Returned(
        of="issue",
        number=17,
        kind="bounced",
        code="5.1.1",
        reason="550 5.1.1 … no such user",
        when=dt.datetime(2026, 3, 3, 14, 4, 5, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize(
    ("action", "status", "words", "expected"),
    [
        ("failed", "5.1.1", "smtp; 550 No", ("bounced", "5.1.1")),
        ("FAILED", "4.2.2", "smtp; 452 4.2.2 Full", ("bounced", "4.2.2")),
        ("failed (after 3 days)", "5.0.0", "smtp; 552 5.2.2 Full", ("bounced", "5.2.2")),
        ("failed", "5.0.0", "smtp; 550 from 10.5.1.1.2", ("bounced", "5.0.0")),
        ("failed", "", "smtp; 550 5.1.10 Null MX", ("bounced", "5.1.10")),
        ("failed", "x", "", ("bounced", "")),
        ("delayed", "4.4.1", "smtp; no answer", ("deferred", "4.4.1")),
        ("delivered", "2.0.0", "smtp; 250 ok", ("delivered", "2.0.0")),
        ("relayed", "2.0.0", "smtp; 250 ok", ("accepted", "2.0.0")),
        ("expanded", "2.0.0", "smtp; 250 ok", ("accepted", "2.0.0")),
    ],
)
def test_action_and_code_say_what_happened(
    action: str, status: str, words: str, expected: tuple[str, str]
) -> None:
    """RFC 3464, section 2.3.3; a vague code is made up for by the server's words."""
    assert told(delivery_report(way(), action=action, status=status, words=words)) == expected


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Envelope-To", "To"])
def test_token_is_found_where_servers_write_it(header: str) -> None:
    assert told(delivery_report(way().upper(), header=header)) == ("bounced", "5.1.1")


@pytest.mark.parametrize("field", ["Original-Mail-From", "Return-Path"])
def test_complaint_is_known_by_the_way_back_of_what_it_holds_d28(field: str) -> None:
    found = read(complaint(way(17), field=field))
    assert found is not None
    assert (found.number, found.kind, found.reason) == (17, "complained", "abuse")


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", ""])
def test_report_that_is_no_complaint_changes_nothing(kind: str) -> None:
    assert read(complaint(way(), kind=kind)) is None


@pytest.mark.parametrize(
    "address",
    [
        way(17, token=f"17-{'0' * 32}"),
        way(17).replace("bounces+17", "bounces+18"),
        way().replace("mail.example.com", "mail.example.com.evil.test"),
        way().replace("bounces+", "bouncesx"),
        way(token="n" + way()[8:42]),
        "bounces@mail.example.com",
        "",
    ],
)
def test_forged_report_changes_nothing(address: str) -> None:
    """Anybody can write such a mail; nobody else can write the token."""
    assert read(delivery_report(address)) is None


def test_mail_that_is_no_report_changes_nothing() -> None:
    """An answer of somebody on holiday comes to the same address."""
    reply = delivery_report(way()).replace(b"multipart/report", b"multipart/mixed")
    assert read(reply) is None
    assert read(delivery_report(way(), action="pondered")) is None
    assert read(delivery_report(way()).replace(b"Action:", b"Inaction:")) is None


def test_token_in_the_text_of_a_mail_is_not_looked_for() -> None:
    assert read(delivery_report("x@example.com", words=f"smtp; {way()}")) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1_000,
        b"\xff\xfe",
        b"Content-Type: multipart/report\r\n\r\nno boundary",
        b"Content-Type: multipart/report; boundary=a\r\n\r\n" + b"--a\r\n" * 20_000,
        b"Content-Type: multipart/report; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 9_000,
        b"To: " + b"a" * 200_000,
        b"".join(
            b'Content-Type: multipart/report; boundary="%d"\r\n\r\n--%d\r\n' % (n, n)
            for n in range(4_000)
        ),
    ],
    ids=["empty", "nul", "no-text", "no-boundary", "empty-parts", "parts", "long", "nested"],
)
def test_malformed_mail_is_passed_over(raw: bytes) -> None:
    assert read(raw) is None


@given(st.data())
def test_report_spoilt_in_any_way_is_read_or_passed_over(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([delivery_report(way()), complaint(way())])))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(raw)))
        raw[at : at + data.draw(st.integers(0, 80))] = data.draw(st.binary(max_size=8))
    found = read(bytes(raw))
    assert found is None or found.number == 1


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Tue, 99 Mar 2026 15:04:05 +0100", "Tue, 3 Mar 99999 15:04:05 +9999"]
)
def test_report_without_a_date_that_can_be_read_has_none(date: str) -> None:
    raw = delivery_report(way()).replace(b"Tue, 3 Mar 2026 15:04:05 +0100", date.encode(), 1)
    found = read(raw)
    assert found is not None
    assert found.when is None
