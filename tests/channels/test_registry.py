"""Which way out is opened, and what is refused before anything is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from pipeline.channels.folder import FolderChannel
from pipeline.channels.mailgun import API_URL, MailgunChannel
from pipeline.channels.registry import open_channel
from pipeline.errors import SettingError
from tests.channels.letters import letter
from tests.channels.mailgun_server import DOMAIN, KEY, MailgunServer
from tests.channels.providers import PROVIDERS

GOOD = {"MAILGUN_API_KEY": KEY, "MAILGUN_SENDER_DOMAIN": DOMAIN}


@pytest.fixture(autouse=True)
def _settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_HOME", tmp_path)
    monkeypatch.setattr(settings, "MERIDIAN_URL", "https://letters.example.com")
    monkeypatch.setattr(settings, "ANYMAIL", dict(GOOD))


@pytest.fixture
def opened() -> Iterator[list[MailgunChannel]]:
    """What a test opens, to be closed after it."""
    channels: list[MailgunChannel] = []
    yield channels
    for channel in channels:
        channel.close()


def refusal(name: str = "mailgun", *, demo: bool = False) -> SettingError:
    with pytest.raises(SettingError) as refused:
        open_channel(name, demo=demo)
    assert refused.value.mend
    return refused.value


def mailgun_of(opened: list[MailgunChannel]) -> MailgunChannel:
    channel = open_channel("mailgun", demo=False)
    assert isinstance(channel, MailgunChannel)
    opened.append(channel)
    return channel


@pytest.mark.parametrize("demo", [True, False])
def test_folder_is_open_to_everybody_and_lies_in_the_home(tmp_path: Path, demo: bool) -> None:
    channel = open_channel("folder", demo=demo)
    assert isinstance(channel, FolderChannel)
    channel.submit(letter())
    assert (tmp_path / "outbox" / letter().folder / "messages").is_dir()


def test_mailgun_is_opened_by_anymails_settings(opened: list[MailgunChannel]) -> None:
    assert mailgun_of(opened).api_url == API_URL


def test_unknown_name_is_refused_with_the_known_ones() -> None:
    named = sorted([*(provider.name for provider in PROVIDERS), "smtp"])
    known = ", ".join(["folder", *named])
    assert str(refusal("pigeon")) == (
        f"MERIDIAN_MAIL_API is 'pigeon', and there is no such way out. Choose one of: {known}."
    )


def test_demo_refuses_every_way_out_of_the_machine() -> None:
    error = refusal("mailgun", demo=True)
    assert error.message == "clinic.toml says demo = true, so the way out 'mailgun' is refused"


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, ""])
def test_missing_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    changed = (
        {**GOOD, name: value} if value is not None else {k: GOOD[k] for k in GOOD if k != name}
    )
    monkeypatch.setattr(settings, "ANYMAIL", changed)
    assert refusal().message == f"ANYMAIL_{name} is not set"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAILGUN_API_KEY", "key with spaces"),
        ("MAILGUN_API_KEY", "kéy"),
        ("MAILGUN_API_KEY", "key\n"),
        ("MAILGUN_SENDER_DOMAIN", "mg.example.com/messages"),
        ("MAILGUN_SENDER_DOMAIN", "https://mg.example.com"),
        ("MAILGUN_API_URL", "api.mailgun.net/v3"),
        ("MAILGUN_API_URL", "ftp://api.mailgun.net/v3"),
        ("MAILGUN_API_URL", "https:///v3"),
        ("MAILGUN_API_URL", "https://api.mailgun.net:port/v3"),
        ("MAILGUN_API_URL", "https://api:key@api.mailgun.net/v3"),
        ("MAILGUN_API_URL", "https://api.mailgun.net/v3?x"),
    ],
)
def test_setting_of_a_wrong_form_is_named_and_its_value_is_not(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setattr(settings, "ANYMAIL", {**GOOD, name: value})
    error = refusal()
    assert error.message == f"ANYMAIL_{name} has a form that Mailgun does not give"
    assert value.strip() not in str(error)


def test_public_address_without_https_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_URL", "http://127.0.0.1:8000")
    assert refusal().message == (
        "MERIDIAN_URL is http://127.0.0.1:8000, where no reader could unsubscribe"
    )


def test_api_without_https_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "ANYMAIL", {**GOOD, "MAILGUN_API_URL": "http://api.mailgun.test/v3"}
    )
    assert refusal().message == "the mail API at api.mailgun.test is not asked by https"


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_server_on_this_machine_needs_no_https(
    monkeypatch: pytest.MonkeyPatch, opened: list[MailgunChannel], host: str
) -> None:
    monkeypatch.setattr(settings, "MERIDIAN_URL", "http://127.0.0.1:8000")
    url = f"http://{host}:8025/v3"
    monkeypatch.setattr(settings, "ANYMAIL", {**GOOD, "MAILGUN_API_URL": url})
    assert mailgun_of(opened).api_url == url


@pytest.mark.parametrize("host", ["localhost.example.com", "127.0.0.1.example.com", "10.0.0.1"])
def test_host_that_only_looks_like_this_machine_needs_https(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(settings, "ANYMAIL", {**GOOD, "MAILGUN_API_URL": f"http://{host}/v3"})
    assert "https" in refusal().message


def test_channel_from_settings_sends(
    monkeypatch: pytest.MonkeyPatch,
    mailgun: MailgunServer,
    opened: list[MailgunChannel],
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Settings of the environment that have nothing to do with it are left aside.
    others = {"SEND_DEFAULTS": "x", "DEBUG_API_REQUESTS": "1", "REQUESTS_TIMEOUT": "soon"}
    monkeypatch.setattr(settings, "ANYMAIL", {**GOOD, **others, "MAILGUN_API_URL": mailgun.url})
    receipt = mailgun_of(opened).submit(letter())
    assert receipt.accepted == {1: f"<{mailgun.stored[0].id}>"}
    assert capsys.readouterr() == ("", "")  # what Anymail would print holds addresses (P8)
