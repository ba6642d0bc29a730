"""The network a request comes from: truncated, and no header believed that nobody vouches for."""

import pytest
from django.test import RequestFactory, override_settings

from pipeline.web.public.network import network, network_of, tell_of_proxy


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        (" 198.51.100.77:4711 ", "198.51.100.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("[2001:db8:1:2::5]:443", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("[fe80::1%eth0]:1", "fe80::/48"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("::1", "::/48"),
        ("", ""),
        ("unknown", ""),
        ("198.51.100", ""),
        ("_hidden:80", ""),
        ("<script>", ""),
    ],
)
def test_no_more_than_the_network_is_kept_l5(address: str, kept: str) -> None:
    assert network(address) == kept


@pytest.mark.parametrize(
    ("hops", "heard", "kept"),
    [
        (0, None, "192.0.2.0/24"),
        (0, "203.0.113.9", "192.0.2.0/24"),
        (1, None, "192.0.2.0/24"),
        (1, "203.0.113.9", "203.0.113.0/24"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.0/24"),
        (2, "10.9.9.9, 203.0.113.9, 198.51.100.4", "203.0.113.0/24"),
        (2, "203.0.113.9", "203.0.113.0/24"),
        (2, ", ,203.0.113.9, 198.51.100.4", "203.0.113.0/24"),
        (9, "203.0.113.9,198.51.100.4", "203.0.113.0/24"),
    ],
)
def test_only_so_many_proxies_are_believed_s16(hops: int, heard: str | None, kept: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    if heard is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = heard
    with override_settings(MERIDIAN_TRUSTED_PROXIES=hops):
        assert network_of(request) == kept


@pytest.mark.parametrize(
    ("hops", "header", "told"),
    [(0, {"X-Forwarded-For": "203.0.113.9"}, 1), (0, {}, 0), (1, {"X-Forwarded-For": "x"}, 0)],
)
def test_a_proxy_nobody_named_is_told_of(
    hops: int, header: dict[str, str], told: int, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(MERIDIAN_TRUSTED_PROXIES=hops):
        tell_of_proxy(RequestFactory().get("/", headers=header))
    assert len(caplog.messages) == told
    assert all("MERIDIAN_TRUSTED_PROXIES" in message for message in caplog.messages)


def test_a_request_without_an_address_is_of_no_network() -> None:
    request = RequestFactory().get("/")
    del request.META["REMOTE_ADDR"]
    assert network_of(request) == ""
