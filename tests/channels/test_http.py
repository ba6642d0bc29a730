"""The door to the network, at a real server that misbehaves."""

import datetime as dt
import json
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import cast

import pytest
import requests

from pipeline.channels.http import (
    LARGEST_ANSWER,
    answer_error,
    call_error,
    get_json,
    without_addresses,
)
from pipeline.errors import RefusedError, SendError, UnsureError
from tests.channels.api_server import Fault
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer

PATIENCE = dt.timedelta(seconds=2)


def ask(mailgun: MailgunServer) -> object:
    url = f"{mailgun.url}/{DOMAIN}/events"
    return get_json(url, auth=("api", KEY), timeout=PATIENCE, params={"begin": "0", "end": "1"})


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port at which nobody listens, kept so while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_get_json_gives_what_the_server_says(mailgun: MailgunServer) -> None:
    answer = cast("dict[str, object]", ask(mailgun))
    assert answer["items"] == []
    assert mailgun.calls == [f"GET /v3/{DOMAIN}/events?begin=0&end=1"]


def test_get_json_uses_an_open_connection_again(mailgun: MailgunServer) -> None:
    with requests.Session() as session:
        for _ in range(3):
            get_json(
                f"{mailgun.url}/{DOMAIN}/events",
                auth=("api", KEY),
                timeout=PATIENCE,
                params={"begin": "0", "end": "1"},
                session=session,
            )
    assert len(mailgun.ports) == 3
    assert len(set(mailgun.ports)) == 1


@pytest.mark.parametrize(
    ("status", "final"),
    [(400, True), (401, False), (403, False), (404, False), (413, True), (429, False)],
)
def test_4xx_is_a_refusal(mailgun: MailgunServer, status: int, final: bool) -> None:
    mailgun.misbehave(Fault(status=status))
    with pytest.raises(RefusedError, match=f"127.0.0.1 answered {status}") as refused:
        ask(mailgun)
    assert refused.value.final is final
    assert len(mailgun.calls) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500),
        Fault(status=503),
        Fault(status=204),
        Fault(body=b"<html>busy</html>"),
        Fault(body=b'{"items": ['),
        Fault(body=b"[" * 100_000),
        Fault(body=b'"\xff\xfe"'),
        Fault(body=b'{"items": [', cuts=True),
        Fault(stalls=True),
        Fault(body=b'"%s"' % (b"x" * (LARGEST_ANSWER - 1))),
        Fault(status=302, headers={"Location": "http://elsewhere.test/"}),
    ],
    ids=lambda fault: f"{fault.status} {fault.body[:9]!r} {fault.stalls:d}{fault.cuts:d}",
)
def test_any_other_trouble_is_unsure_and_not_tried_again(
    mailgun: MailgunServer, fault: Fault
) -> None:
    mailgun.misbehave(fault)
    with pytest.raises(UnsureError):
        ask(mailgun)
    assert len(mailgun.calls) == 1


def test_largest_answer_is_still_read(mailgun: MailgunServer) -> None:
    body = json.dumps("x" * (LARGEST_ANSWER - 2)).encode()
    mailgun.misbehave(Fault(body=body))
    assert ask(mailgun) == "x" * (LARGEST_ANSWER - 2)


def test_redirect_is_not_followed(mailgun: MailgunServer) -> None:
    mailgun.misbehave(Fault(status=307, headers={"Location": f"{mailgun.url}/{DOMAIN}/events"}))
    with pytest.raises(UnsureError, match="307"):
        ask(mailgun)
    assert len(mailgun.calls) == 1


def test_closed_port_is_a_refusal(closed_port: int) -> None:
    with pytest.raises(RefusedError, match=r"127\.0\.0\.1 cannot be reached") as refused:
        get_json(f"http://127.0.0.1:{closed_port}/", auth=("a", "b"), timeout=PATIENCE)
    assert not refused.value.final


def test_unknown_host_is_a_refusal() -> None:
    with pytest.raises(RefusedError, match=r"mail\.invalid cannot be reached"):
        get_json("http://mail.invalid/", auth=("a", "b"), timeout=PATIENCE)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_server_of_an_unknown_authority_is_a_refusal(tmp_path: Path) -> None:
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"),
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        url = f"https://127.0.0.1:{server.server_address[1]}/"
        with pytest.raises(RefusedError, match=r"127\.0\.0\.1 cannot be reached"):
            get_json(url, auth=("a", "b"), timeout=PATIENCE)
        thread.join()


def wait_of(headers: dict[str, str]) -> dt.timedelta | None:
    error = answer_error("Somebody", 429, headers)
    assert isinstance(error, RefusedError)
    return error.wait


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("86401", 86_400),
        ("9" * 5_000, 86_400),
        ("Sun, 06 Nov 1994 08:51:37 GMT", 120),
        ("Sun, 06 Nov 1994 08:51:37 -0000", 120),
        ("Sunday, 06-Nov-94 08:51:37 GMT", 120),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
        ("Sun, 06 Nov 2094 08:00:00 GMT", 86_400),
    ],
)
def test_retry_after_is_read_by_the_servers_clock(asked: str, seconds: int) -> None:
    date = "Sun, 06 Nov 1994 08:49:37 GMT"
    assert wait_of({"Retry-After": asked, "Date": date}) == dt.timedelta(seconds=seconds)


def test_retry_after_of_a_server_without_a_clock_is_read_by_ours() -> None:
    wait = wait_of({"Retry-After": "Sun, 06 Nov 1994 08:51:37 GMT"})
    assert wait == dt.timedelta()


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1.5", "١٢", "Sun, 99 Nov 1994 08:51:37 GMT"])
def test_retry_after_that_cannot_be_read_is_none(asked: str) -> None:
    assert wait_of({"Retry-After": asked}) is None


def test_errors_name_no_address() -> None:
    error: SendError = answer_error(
        "Mailgun", 400, {}, reason="to: 'Ana <ana@example.com>' is\r\nnot valid " + "x" * 300
    )
    assert str(error).startswith("Mailgun answered 400: to: 'Ana … is not valid xxx")
    assert len(str(error)) < 240
    assert without_addresses("nothing to hide") == "nothing to hide"


def test_error_nobody_expected_is_unsure() -> None:
    assert isinstance(call_error("Mailgun", None), UnsureError)
    assert isinstance(call_error("Mailgun", requests.ConnectionError()), UnsureError)
