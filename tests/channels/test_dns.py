"""The door to DNS, at a real server on loopback."""

import datetime as dt
from collections.abc import Iterator

import dns.resolver
import pytest

from pipeline.channels.dns import open_dns
from pipeline.errors import SettingError
from pipeline.stages.sender_domain.records import Ask, NoAnswerError
from tests.dns_server import DnsServer

RECORDS = {
    ("clinic.example.com", "TXT"): ['"v=spf1 include:mail.test" " ~all"', '"other"'],
    ("clinic.example.com", "MX"): ["10 mail.example.com.", "20 spare.example.com."],
    ("null.example.com", "MX"): ["0 ."],
    ("clinic.example.com", "AAAA"): ["2001:db8::1"],
    ("s1._domainkey.clinic.example.com", "CNAME"): ["s1.provider.test."],
    ("s1.provider.test", "TXT"): ['"v=DKIM1; p=AA"'],
    ("xn--bcher-kva.example", "TXT"): ['"caf\\195\\169"'],
}


@pytest.fixture
def server() -> Iterator[DnsServer]:
    made = DnsServer(RECORDS)
    yield made
    made.close()


@pytest.fixture
def ask(server: DnsServer) -> Ask:
    return open_dns(server.address, patience=dt.timedelta(seconds=1))


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("clinic.example.com", "TXT", {"v=spf1 include:mail.test ~all", "other"}),
        ("clinic.example.com", "MX", {"10 mail.example.com.", "20 spare.example.com."}),
        ("null.example.com", "MX", {"0 ."}),
        ("clinic.example.com", "AAAA", {"2001:db8::1"}),
        ("clinic.example.com", "A", set()),
        ("nowhere.example.com", "TXT", set()),
        ("s1._domainkey.clinic.example.com", "TXT", {"v=DKIM1; p=AA"}),
        ("xn--bcher-kva.example", "TXT", {"café"}),
        (f"{'a' * 64}.example.com", "TXT", set()),
        (f"{'a.' * 130}com", "TXT", set()),
        ("a..example.com", "TXT", set()),
        ("\udc80.example.com", "TXT", set()),
        ("\x00\u202e.example.com", "TXT", set()),
    ],
)
def test_records_are_texts(ask: Ask, name: str, kind: str, found: set[str]) -> None:
    assert set(ask(name, kind)) == found


def test_server_that_cannot_tell_is_not_taken_for_no(ask: Ask, server: DnsServer) -> None:
    server.broken = {"broken.example.com"}
    server.mute = {"mute.example.com"}
    for name in ("broken.example.com", "mute.example.com"):
        with pytest.raises(NoAnswerError, match=f"DNS gives no answer about {name}"):
            ask(name, "TXT")


def test_what_was_asked_is_not_asked_again(ask: Ask, server: DnsServer) -> None:
    ask("clinic.example.com", "MX")
    ask("clinic.example.com", "MX")
    assert server.asked == [("clinic.example.com", "MX")]


@pytest.mark.parametrize("server", ["9.9.9.9", "127.0.0.1:5353", "2001:db8::1", "[2001:db8::1]"])
def test_address_of_a_server_is_taken_in_every_writing(server: str) -> None:
    open_dns(server)


@pytest.mark.parametrize("server", ["dns.example.com", "1.2.3.4:port", "1.2.3", ":53", " "])
def test_address_that_is_none_is_refused(server: str) -> None:
    with pytest.raises(SettingError, match="MERIDIAN_DNS is"):
        open_dns(server)


def test_machine_without_a_server_says_where_to_write_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unconfigured(*_: object) -> None:
        raise dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", unconfigured)
    with pytest.raises(SettingError, match="knows no DNS server"):
        open_dns()


def test_machines_own_servers_are_the_default() -> None:
    open_dns()
