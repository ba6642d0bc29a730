"""Which mail server the settings name, and what is refused before anything is sent."""

import pytest
from django.conf import settings

from pipeline.channels.registry import open_channel
from pipeline.channels.smtp import SmtpChannel
from pipeline.channels.smtp_line import Server
from pipeline.channels.smtp_settings import (
    bounce_address,
    connections,
    per_connection,
    server_of_settings,
)
from pipeline.errors import SettingError
from tests.channels.letters import letter
from tests.channels.smtp_sink import SmtpSink

GOOD = {
    "HOST": "mail.example.com",
    "HOST_USER": "letters",
    "HOST_PASSWORD": "a pass word",
    "USE_TLS": "True",
}


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_URL", "https://letters.example.com")
    monkeypatch.setattr(settings, "EMAIL", dict(GOOD))


def server(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Server:
    monkeypatch.setattr(settings, "EMAIL", {**GOOD, **changes})
    return server_of_settings()


def refusal(monkeypatch: pytest.MonkeyPatch, **changes: str) -> str:
    monkeypatch.setattr(settings, "EMAIL", {**GOOD, **changes})
    with pytest.raises(SettingError) as refused:
        open_channel("smtp", demo=False)
    assert refused.value.mend
    assert "pass word" not in str(refused.value)
    return refused.value.message


def test_server_has_the_ports_and_security_of_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    made = server(monkeypatch)
    assert (made.host, made.port, made.security) == ("mail.example.com", 587, "starttls")
    assert (made.user, made.password, made.timeout) == ("letters", "a pass word", 60.0)
    assert "pass word" not in repr(made)
    made = server(monkeypatch, USE_TLS="off", USE_SSL="yes", TIMEOUT="20")
    assert (made.port, made.security, made.timeout) == (465, "ssl", 20.0)
    made = server(monkeypatch, USE_TLS="", HOST_USER="", HOST_PASSWORD="", PORT="2525")
    assert (made.port, made.security) == (2525, "")
    assert server(monkeypatch, USE_TLS="0", HOST="127.0.0.1").security == ""
    assert server(monkeypatch, HOST="2001:db8::25").host == "2001:db8::25"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"HOST": ""}, "EMAIL_HOST is not set"),
        ({"HOST": "https://mail.example.com"}, "EMAIL_HOST is not the name of a server"),
        ({"HOST": "mail.example.com:25"}, "EMAIL_HOST is not the name of a server"),
        ({"HOST_PASSWORD": ""}, "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD go together"),
        ({"HOST_USER": ""}, "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD go together"),
        ({"USE_TLS": "no"}, "the password for mail.example.com would be sent in the clear"),
        ({"USE_TLS": "perhaps"}, "EMAIL_USE_TLS is not true or false"),
        ({"USE_SSL": "1"}, "EMAIL_USE_TLS and EMAIL_USE_SSL are both on"),
        ({"PORT": "0"}, "EMAIL_PORT is not a number from 1 to 65535"),
        ({"PORT": "70000"}, "EMAIL_PORT is not a number"),
        ({"PORT": "²"}, "EMAIL_PORT is not a number"),
        ({"TIMEOUT": "-1"}, "EMAIL_TIMEOUT is not a number"),
        ({"CONNECTIONS": "1000"}, "EMAIL_CONNECTIONS is not a number from 1 to 50"),
        ({"MESSAGES_PER_CONNECTION": "x"}, "EMAIL_MESSAGES_PER_CONNECTION is not a number"),
        ({"BOUNCE_ADDRESS": "bounces"}, "EMAIL_BOUNCE_ADDRESS is not one address"),
        ({"BOUNCE_ADDRESS": "a@x.com, b@x.com"}, "EMAIL_BOUNCE_ADDRESS is not one address"),
        ({"BOUNCE_ADDRESS": "a+b@example.com"}, "EMAIL_BOUNCE_ADDRESS is not an address"),
        ({"BOUNCE_ADDRESS": f"{'a' * 11}@example.com"}, "EMAIL_BOUNCE_ADDRESS is not an address"),
    ],
)
def test_what_is_wrong_is_named_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], told: str
) -> None:
    assert refusal(monkeypatch, **changes).startswith(told)


def test_longest_return_path_is_one_that_servers_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 5321, section 4.5.3.1.1: 64 before the @, with the largest number a database gives."""
    monkeypatch.setattr(settings, "EMAIL", {**GOOD, "BOUNCE_ADDRESS": "bouncings1@example.com"})
    assert len(f"{bounce_address().partition('@')[0]}+n{2**63 - 1}-{'0' * 32}") <= 64


def test_defaults_are_those_of_the_manual() -> None:
    assert (connections(), per_connection(), bounce_address()) == (4, 100, "")


def test_channel_of_the_settings_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = SmtpSink()
    here = {"HOST": "127.0.0.1", "PORT": str(sink.port), "BOUNCE_ADDRESS": "b@example.com"}
    monkeypatch.setattr(settings, "EMAIL", here)
    monkeypatch.setattr(settings, "MERIDIAN_URL", "http://127.0.0.1:8000")
    channel = open_channel("smtp", demo=False)
    assert isinstance(channel, SmtpChannel)
    assert channel.submit(letter(2)).accepted == {1: "", 2: ""}
    channel.close()
    sink.close()
    assert {taken.sender[:2] for taken in sink.taken} == {"b+"}


def test_demo_sends_nothing_by_it() -> None:
    with pytest.raises(SettingError, match="demo = true"):
        open_channel("smtp", demo=True)


def test_readers_must_be_able_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_URL", "http://127.0.0.1:8000")
    with pytest.raises(SettingError, match="where no reader could unsubscribe"):
        open_channel("smtp", demo=False)
