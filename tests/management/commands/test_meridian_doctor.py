"""``meridian doctor``, at a real DNS server on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.dns_server import DnsServer
from tests.home import Home
from tests.management.steps import Meridian, child

DOMAIN = "harbour-street.example.com"
GOOD = {
    (DOMAIN, "TXT"): ['"v=spf1 ip4:192.0.2.1 -all"'],
    (DOMAIN, "MX"): ["10 mail.example.com."],
    (f"_dmarc.{DOMAIN}", "TXT"): ['"v=DMARC1; p=none; rua=mailto:reports@example.com"'],
}


@pytest.fixture
def server() -> Iterator[DnsServer]:
    made = DnsServer(dict(GOOD))
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _home(home: Home, server: DnsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_HOME", home.path)
    monkeypatch.setattr(settings, "MERIDIAN_DNS", server.address)


def test_what_is_good_and_what_to_weigh_is_no_failure(meridian: Meridian) -> None:
    told = meridian("doctor")
    assert (told.status, told.err) == (0, "")
    words = " ".join(told.out.split())
    assert words.startswith(f"good spf: {DOMAIN} has an SPF record, of 0 lookups out of 10. advice")
    assert "advice dkim: no DKIM key" in words
    assert "Or write where it stands into MERIDIAN_DKIM_SELECTORS." in words


def test_what_is_wrong_is_told_with_its_mend_and_a_status(
    meridian: Meridian, server: DnsServer
) -> None:
    del server.records[f"_dmarc.{DOMAIN}", "TXT"]
    told = meridian("doctor", "--json")
    assert told.status == 1
    (wrong,) = [remark for remark in json.loads(told.out) if remark["health"] == "wrong"]
    assert wrong["check"] == "dmarc"
    assert wrong["message"] == f"{DOMAIN} has no DMARC record"
    assert wrong["mend"].startswith(f"Put a TXT record at _dmarc.{DOMAIN}: v=DMARC1; p=none")


@pytest.mark.parametrize(("mail_api", "asked"), [("mailgun", "mg.example.com"), ("ses", "")])
def test_key_of_mailguns_domain_is_asked_for_with_mailgun_alone(
    meridian: Meridian,
    server: DnsServer,
    monkeypatch: pytest.MonkeyPatch,
    *,
    mail_api: str,
    asked: str,
) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_MAIL_API", mail_api)
    monkeypatch.setattr(settings, "ANYMAIL", {"MAILGUN_SENDER_DOMAIN": "mg.example.com"})
    meridian("doctor")
    keys = {name.partition("_domainkey.")[2] for name, _ in server.asked if "_domainkey" in name}
    assert keys == ({asked} if asked else set())


def test_d12_letter_that_arrived_is_looked_at(meridian: Meridian, tmp_path: Path) -> None:
    file = tmp_path / "letter.eml"
    file.write_bytes(f"From: letter@{DOMAIN}\r\nDKIM-Signature: d=\x1b[31m\r\n\r\nx".encode())
    told = meridian("doctor", "--message", file)
    assert told.status == 1
    assert "is signed by \\x1b[31m" in told.out  # S34: no order to the terminal
    assert "\x1b[31m" not in told.out


@pytest.mark.parametrize("kind", ["missing", "folder", "large"])
def test_file_that_is_no_letter_is_refused(meridian: Meridian, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "letter.eml"
    if kind == "folder":
        file.mkdir()
    if kind == "large":
        file.write_bytes(b"x" * 5_000_001)
    words = "larger than a letter" if kind == "large" else "cannot be read"
    assert words in meridian("doctor", "--message", file).refusal()


def test_wrong_server_is_refused(meridian: Meridian, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_DNS", "nameserver")
    assert meridian("doctor").refusal() == (
        "MERIDIAN_DNS is 'nameserver', which is no address of a server. "
        "Write it as 9.9.9.9 or 127.0.0.1:5353, or leave it out."
    )


def test_environment_says_where_to_ask(home: Home, server: DnsServer) -> None:
    """The real program, by its settings."""
    environment = {"MERIDIAN_DNS": server.address, "MERIDIAN_DKIM_SELECTORS": " one , two,"}
    told = child(home.path, "doctor", "--json", environment=environment)
    assert (told.status, told.err) == (0, "")
    assert {remark["check"] for remark in json.loads(told.out)} == {
        "spf",
        "dkim",
        "dmarc",
        "receiving",
    }
    assert {(f"{name}._domainkey.{DOMAIN}", "TXT") for name in ("one", "two")} <= set(server.asked)
