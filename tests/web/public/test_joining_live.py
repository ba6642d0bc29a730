"""Joining over the wire: real threads at once, and a proxy in front (S16)."""

import datetime as dt
import threading
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import override_settings

from pipeline.audience.models import Consent, JoinRequest, Notice
from pipeline.web.public.forms import QUICKEST
from tests.web.forms import opened
from tests.web.readers import FORM, configure
from tests.web.server import served

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def post(port: int, path: str, body: dict[str, str], **headers: str) -> int:
    """The status of one POST on a connection of its own."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("POST", path, urlencode(body), {"Content-Type": FORM, **headers})
        return line.getresponse().status
    finally:
        line.close()


def all_at_once(jobs: list[tuple[str, dict[str, str]]], port: int) -> list[int]:
    """The statuses of requests sent together."""
    together = threading.Barrier(len(jobs))
    statuses: list[int] = []

    def send(path: str, body: dict[str, str]) -> None:
        together.wait()
        statuses.append(post(port, path, body))

    threads = [threading.Thread(target=send, args=job) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_ten_at_once_for_one_victim_are_one_mail_s16() -> None:
    configure()
    body = {"address": "ana@example.com", "form": opened()}
    with served() as port:
        assert all_at_once([("/subscribe/weekly", body)] * 10, port) == [200] * 10
    assert Notice.objects.count() == 1


def test_twelve_at_once_from_one_network_keep_its_limit_s16() -> None:
    configure()
    bodies = [{"address": f"a{n}@example.com", "form": opened()} for n in range(12)]
    with served() as port:
        statuses = all_at_once([("/subscribe/weekly", body) for body in bodies], port)
    assert sorted(statuses) == [200] * 10 + [429] * 2
    assert Notice.objects.count() == 10


def test_ten_clicks_at_once_are_one_consent() -> None:
    configure()
    with served() as port:
        post(port, "/subscribe/weekly", {"address": "ana@example.com", "form": opened()})
        path = f"/confirm/{Notice.objects.get().values['token']}"
        connection.close()
        assert all_at_once([(path, {})] * 10, port) == [200] * 10
    assert Consent.objects.count() == 1


def test_a_form_of_another_site_may_be_sent_as_multipart() -> None:
    configure()
    form = opened(ago=QUICKEST + dt.timedelta(seconds=5))
    mark = "x-x-x"
    parts = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'
        for name, text in {"address": "ana@example.com", "form": form}.items()
    )
    with served() as port:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        line.request("POST", "/subscribe/weekly", f"{parts}--{mark}--\r\n".encode(), headers)
        assert line.getresponse().status == 200
        line.close()
    assert JoinRequest.objects.get().mailed


def test_what_a_client_says_of_itself_is_not_believed_s16() -> None:
    configure()
    with served() as port, override_settings(MERIDIAN_TRUSTED_PROXIES=0):
        for number in range(11):
            body = {"address": f"a{number}@example.com", "form": opened()}
            forged = {"X-Forwarded-For": f"10.0.{number}.1"}
            status = post(port, "/subscribe/weekly", body, **forged)
    assert status == 429
