"""The same over the wire: a real server, real threads, real database connections (D5, D7, D9)."""

import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from pipeline.audience.models import Subscription, Suppression
from tests.web.readers import FORM, ONE_CLICK, configure, link, reader
from tests.web.server import served

pytestmark = pytest.mark.database


@pytest.fixture
def port(database: str) -> Iterator[int]:
    """The pages, served."""
    configure()
    with served() as number:
        yield number


def ask(connection: HTTPConnection, method: str, path: str, body: bytes = b"") -> HTTPResponse:
    """Send one request that has no header but the needed ones, and read the answer to its end."""
    connection.putrequest(method, path, skip_accept_encoding=True)
    if body:
        connection.putheader("Content-Type", FORM)
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    answer = connection.getresponse()
    assert answer.getheader("Set-Cookie") is None
    return answer


def post_status(port: int, path: str, body: bytes = ONE_CLICK) -> int:
    """The status of one POST on a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        return ask(connection, "POST", path, body).status
    finally:
        connection.close()


def test_ten_at_once_are_all_answered_and_one_is_written_d9(port: int) -> None:
    path = link(reader())
    together = threading.Barrier(10)
    statuses: list[int] = []

    def click() -> None:
        together.wait()
        statuses.append(post_status(port, path))

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 10
    assert Suppression.objects.count() == 1
    assert Subscription.objects.get().state == Subscription.State.LEFT


def test_ten_people_at_once_all_leave_d9(port: int) -> None:
    paths = [link(reader(f"reader{number}@example.com")) for number in range(10)]
    threads = [threading.Thread(target=post_status, args=(port, path)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Suppression.objects.count() == 10


def test_head_has_no_body_and_the_connection_goes_on_d7(port: int) -> None:
    path = link(reader())
    lines = "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n"
    both = lines.format("HEAD", path, "") + lines.format("GET", path, "Connection: close\r\n")
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        line.sendall(both.encode())
        answers = line.makefile("rb").read().decode()
    head, page, body = answers.split("\r\n\r\n")
    assert head.startswith("HTTP/1.1 200 ")
    assert page.startswith("HTTP/1.1 200 ")
    assert f"Content-Length: {len(body.encode())}\r\n" in head
    assert not Suppression.objects.exists()


def test_a_chunked_post_ends_the_subscription_d3(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    chunks = iter([ONE_CLICK[:10], ONE_CLICK[10:]])
    headers = {"Content-Type": FORM}
    connection.request("POST", link(reader()), chunks, headers, encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert Suppression.objects.count() == 1


def test_a_large_body_is_refused_over_the_wire(port: int) -> None:
    assert post_status(port, link(reader()), ONE_CLICK + b"&x=" + b"y" * 20_000) == 413
    assert not Suppression.objects.exists()


def test_stylesheet_and_icon_are_served(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for path, kind in (("/static/public.css", "text/css"), ("/static/icon.svg", "image/svg+xml")):
        answer = ask(connection, "GET", path)
        assert answer.status == 200
        assert str(answer.getheader("Content-Type")).startswith(kind)
        assert len(answer.read()) > 100
    connection.close()
