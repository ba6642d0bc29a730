"""What logs say of requests: no token, no address, one line each (S19, S34, P8)."""

import logging
import subprocess
import sys

import pytest

from pipeline.web.logs import WithoutTokens
from tests.home import Home
from tests.web.readers import link, reader

ASK = """
import sys, django
django.setup()
from django.db import connection
from tests.web.readers import ask, see, leave
path = sys.argv[1]
see(path)
leave(path)
ask("PUT", path)
ask("POST", path, b"no", "text/plain")
ask("POST", path, b"no", "multipart/form-data; boundary=x")
see(path + "x")
see("/a%0d%0aFAKE%20LINE%1b[31m")
see(path, host="evil\\r\\nhost")
connection.close()
connection.settings_dict["NAME"] = "/nowhere/at/all"
see(path)
"""


def told(message: str, *arguments: object) -> str:
    """What a log would say."""
    record = logging.LogRecord("django", logging.WARNING, "", 0, message, arguments, None)
    assert WithoutTokens().filter(record) is True
    return record.getMessage()


@pytest.mark.parametrize(
    ("message", "arguments", "expected"),
    [
        ("Not Found: %s", ("/u/1.weekly.abc",), "Not Found: /u/…"),
        ("Not Found: %s", ("/U/1.weekly.abc DEF",), "Not Found: /U/…"),
        ('"GET /u/1.weekly.abc HTTP/1.1" 200', (), '"GET /u/…" 200'),
        ("Not Found: %s", ("/confirm/1.2.weekly.abc",), "Not Found: /confirm/…"),
        ("Not Found: %s", ("/approve/1.ab.cd/letter/2",), "Not Found: /approve/…"),
        ("Not Found: %s", ("/un/1",), "Not Found: /un/1"),
        ("100 %", (), "100 %"),
        ("%d of %s", (1, "two"), "1 of two"),
        ("a\r\nb\x1b[31m\u2028c\td", (), "a\\r\\nb\\x1b[31m\\u2028c\td"),
        ("한국어 %s", ("é",), "한국어 é"),
    ],
)
def test_a_message_loses_tokens_and_line_ends(
    message: str, arguments: tuple[object, ...], expected: str
) -> None:
    assert told(message, *arguments) == expected


@pytest.mark.database
def test_the_log_of_a_server_holds_no_token_s19_s34(home: Home) -> None:
    subscriber = reader()
    path = link(subscriber)
    done = subprocess.run(
        [sys.executable, "-c", ASK, path],
        env={**home.env, "MERIDIAN_LOG": "DEBUG"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout == ""
    assert "Internal Server Error: /u/…" in done.stderr
    assert "Bad Request: /u/…" in done.stderr
    assert "Method Not Allowed" in done.stderr
    signature = path.rpartition(".")[2]
    for secret in (signature, signature[:12], subscriber.address, "weekly", "\x1b", "\r"):
        assert secret not in done.stderr
    assert not any(line.startswith("FAKE") for line in done.stderr.splitlines())
    assert "/a\\r\\nFAKE LINE\\x1b[31m" in done.stderr
