"""Which hosts are public, in every dress they come in (S11)."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.stages.text.hosts import is_private, is_public, number

# ruff: noqa: S104 (nothing is bound here)
PRIVATE = [
    *("localhost", "LOCALHOST", "a.localhost.", "printer.local", "studio.internal", "nas.lan"),
    *("metadata.google.internal", "router.home.arpa", "intranet", "x.intranet", "", "clinic"),
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f.1", "0X7F000001", "017700000001"),
    *("0177.0.0.1", "0.0.0.0", "0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1"),
    *("169.254.169.254", "2852039166", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
    *("::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::10.0.0.1", "2002:7f00:1::"),
    *("2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:db8::1"),
]
PUBLIC = [
    *("clinic.example.com", "8.8.8.8", "134744072", "0x8.8.8.8", "2606:4700:4700::1111"),
    *("::ffff:8.8.8.8", "local.example.com", "internal-medicine.example.com", "xn--bcher-kva.de"),
    *("1.2.3.4.5.example.com", "0x.example.com", "256.256.256.256.example"),
]


@pytest.mark.parametrize("host", PRIVATE)
def test_a_host_that_is_not_public_is_known_by_its_name(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", PUBLIC)
def test_a_public_host_is_left_alone(host: str) -> None:
    assert not is_private(host)


@pytest.mark.parametrize(
    ("host", "value"),
    [
        ("127.1", "127.0.0.1"),
        ("10.1.258", "10.1.1.2"),
        ("0x7F.0.0.1", "127.0.0.1"),
        ("0x", "0.0.0.0"),
        ("010.0.0.1", "8.0.0.1"),
        ("089.0.0.1", "89.0.0.1"),
        ("4294967295.", "255.255.255.255"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_a_number_is_read_as_programs_read_it(host: str, value: str) -> None:
    assert number(host) == ipaddress.ip_address(value)


@pytest.mark.parametrize("host", ["4294967296", "1.2.3.4.5", "a.b", "1.2.3.x", "1..2", "٣"])
def test_what_is_no_number_is_none(host: str) -> None:
    assert number(host) is None


@given(st.ip_addresses(v=4))
def test_an_address_carried_inside_another_is_judged_by_itself(
    inner: ipaddress.IPv4Address,
) -> None:
    mapped = ipaddress.IPv6Address(f"::ffff:{inner}")
    translated = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(inner))
    assert is_public(mapped) == is_public(inner)
    assert is_public(translated) == is_public(inner)


@given(st.integers(0, 2**32 - 1))
def test_a_number_in_any_notation_is_the_same_host(value: int) -> None:
    a, b, c, d = ipaddress.IPv4Address(value).packed
    spelt = [f"{value}", f"{value:#x}", f"0{value:o}", f"{a}.{b}.{c}.{d}", f"{a:#x}.0{b:o}.{c}.{d}"]
    spelt += [f"{a}.{(b << 16) + (c << 8) + d}", f"{a}.{b}.{(c << 8) + d}"]
    assert {number(one) for one in spelt} == {ipaddress.IPv4Address(value)}
