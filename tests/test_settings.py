"""Settings from the environment and the home's ``.env``, each read in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from pipeline import settings
from pipeline.errors import SettingError
from tests.home import CHECKOUT

KEY = "a-signing-key-for-tests-of-enough-length"
PROGRAM = """
import json, sys
{before}
from pipeline.errors import SettingError
try:
    from pipeline import settings
except SettingError as error:
    print(json.dumps(str(error)))
else:
    print(json.dumps({{name: getattr(settings, name) for name in sys.argv[1:]}}, default=str))
"""


def loaded(folder: Path, *names: str, before: str = "", **environment: str) -> object:
    """Settings as a new process in a folder sees them; the error's line if it sees one."""
    ours = ("MERIDIAN_", "DATABASE_URL", "ANYMAIL_", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM.format(before=before), *names],
        env={**clean, "PYTHONPATH": str(CHECKOUT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ended.stdout)


def test_without_an_environment_the_home_is_this_folder(tmp_path: Path) -> None:
    names = ("MERIDIAN_HOME", "MERIDIAN_URL", "MERIDIAN_MAIL_API", "MERIDIAN_KEYS", "SECRET_KEY")

    assert loaded(tmp_path, *names, "DEBUG") == {
        "MERIDIAN_HOME": str(tmp_path),
        "MERIDIAN_URL": "http://127.0.0.1:8000",
        "MERIDIAN_MAIL_API": "folder",
        "MERIDIAN_KEYS": None,
        "SECRET_KEY": "",
        "DEBUG": False,
    }
    assert list(tmp_path.iterdir()) == []


def test_the_database_is_a_file_of_the_home_that_survives_a_power_cut(tmp_path: Path) -> None:
    (default,) = loaded(tmp_path, "DATABASES")["DATABASES"].values()  # type: ignore[index]

    assert default["NAME"] == f"{tmp_path}/.meridian/meridian.sqlite3"
    assert default["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in default["OPTIONS"]["init_command"]


@pytest.mark.usefixtures("database")
def test_what_is_asked_of_sqlite_is_in_force() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("these are settings of SQLite")
    asked = {
        "journal_mode": "wal",
        "synchronous": 2,
        "recursive_triggers": 1,
        "secure_delete": 1,
        "foreign_keys": 1,
    }
    with connection.cursor() as cursor:
        for name, value in asked.items():
            cursor.execute(f"PRAGMA {name}")
            assert cursor.fetchone() == (value,)


def test_a_server_is_taken_as_it_is(tmp_path: Path) -> None:
    url = "postgresql://mara:open%20sesame@db.example.com:5433/letters"

    (default,) = loaded(tmp_path, "DATABASES", DATABASE_URL=url)["DATABASES"].values()  # type: ignore[index]

    told = {name: default[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert told == {
        "NAME": "letters",
        "USER": "mara",
        "PASSWORD": "open sesame",
        "HOST": "db.example.com",
        "PORT": 5433,
    }
    assert "init_command" not in default.get("OPTIONS", {})


def test_a_server_without_its_driver_is_told(tmp_path: Path) -> None:
    told = loaded(
        tmp_path, before="sys.modules['psycopg'] = None", DATABASE_URL="postgresql://a@h/n"
    )

    assert told == "the driver for PostgreSQL is missing. Install meridian[postgresql]."


def test_env_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "MERIDIAN_URL=https://letters.example.com/\nMERIDIAN_MAIL_API=mailgun\n", "utf-8"
    )

    assert loaded(tmp_path, "MERIDIAN_URL", "MERIDIAN_MAIL_API", MERIDIAN_MAIL_API="folder") == {
        "MERIDIAN_URL": "https://letters.example.com",
        "MERIDIAN_MAIL_API": "folder",
    }


def test_the_home_may_be_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / "home"

    assert loaded(tmp_path, "MERIDIAN_HOME", MERIDIAN_HOME="home") == {"MERIDIAN_HOME": str(home)}


def test_a_provider_goes_by_its_own_names(tmp_path: Path) -> None:
    told = loaded(
        tmp_path,
        "ANYMAIL",
        ANYMAIL_MAILGUN_API_KEY="key",
        ANYMAIL_MAILGUN_SENDER_DOMAIN="mg.example.com",
    )

    assert told == {
        "ANYMAIL": {"MAILGUN_API_KEY": "key", "MAILGUN_SENDER_DOMAIN": "mg.example.com"}
    }


def test_django_gets_a_key_of_its_own_made_from_ours(tmp_path: Path) -> None:
    secrets = {
        json.dumps(
            loaded(tmp_path, "SECRET_KEY", MERIDIAN_SIGNING_KEYS=key, MERIDIAN_ADDRESS_KEY="a" * 32)
        )
        for key in (KEY, KEY, KEY.upper())
    }

    assert len(secrets) == 2
    assert not [secret for secret in secrets if KEY in secret]


@pytest.mark.parametrize(
    ("url", "hosts", "seconds"),
    [
        ("https://letters.example.com", {"letters.example.com"}, 31_536_000),
        ("http://letters.example.com:8080", {"letters.example.com"}, 0),
        ("http://127.0.0.1:8000", set(), 0),
    ],
)
def test_hosts_and_hsts_follow_the_public_address(
    tmp_path: Path, url: str, hosts: set[str], seconds: int
) -> None:
    told = loaded(tmp_path, "ALLOWED_HOSTS", "SECURE_HSTS_SECONDS", MERIDIAN_URL=url)

    assert isinstance(told, dict)
    assert set(told["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost"} | hosts
    assert told["SECURE_HSTS_SECONDS"] == seconds


@pytest.mark.parametrize(
    "value",
    [
        "letters.example.com",
        "ftp://letters.example.com",
        "https://",
        "https://letters.example.com/?a=b",
        "https://letters.example.com/#top",
        "https://letters example.com",
        "https://letters.example.com\r\nBcc: all@example.com",
        "https://letters.example.com:0",
        "https://letters.example.com:99999",
        "https://[::1",
    ],
)
def test_what_is_no_web_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("MERIDIAN_URL", value)

    with pytest.raises(SettingError, match="is no web address"):
        settings._url("MERIDIAN_URL", "")


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("https://letters.example.com", "https://letters.example.com"),
        ("https://example.com/letters/", "https://example.com/letters"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("", "http://127.0.0.1:8000"),
    ],
)
def test_what_is_one_is_taken(monkeypatch: pytest.MonkeyPatch, value: str, taken: str) -> None:
    monkeypatch.setenv("MERIDIAN_URL", value)

    assert settings._url("MERIDIAN_URL", "http://127.0.0.1:8000") == taken


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "DATABASE_URL is no database address."),
        ("oracle://a:b@h/n", "DATABASE_URL asks for oracle: use PostgreSQL or SQLite."),
        ("sqlite://:memory:", "DATABASE_URL names no database that would last."),
        ("sqlite://", "DATABASE_URL names no database that would last."),
        ("postgresql://a@h", "DATABASE_URL names no database that would last."),
    ],
)
def test_a_database_that_cannot_serve_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, told: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    with pytest.raises(SettingError) as caught:
        settings._database()

    assert str(caught.value).startswith(told)
    assert "postgresql://user:password@host/name" in caught.value.mend


def test_a_number_of_proxies_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "0", "2", "16"):
        monkeypatch.setenv("MERIDIAN_TRUSTED_PROXIES", value)
        assert settings._count("MERIDIAN_TRUSTED_PROXIES") == int(value or 0)
    for value in ("-1", "17", "one", "١", "1.5"):
        monkeypatch.setenv("MERIDIAN_TRUSTED_PROXIES", value)
        with pytest.raises(SettingError, match="which is no number of proxies"):
            settings._count("MERIDIAN_TRUSTED_PROXIES")


def test_an_age_of_signatures_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("", "1", "300", "99999"):
        monkeypatch.setenv("MERIDIAN_HOOK_SKEW", value)
        assert settings._seconds("MERIDIAN_HOOK_SKEW", 300) == int(value or 300)
    for value in ("0", "-1", "five", "١", "1.5", "100000"):
        monkeypatch.setenv("MERIDIAN_HOOK_SKEW", value)
        with pytest.raises(SettingError, match="which is no number of seconds"):
            settings._seconds("MERIDIAN_HOOK_SKEW", 300)


def test_topics_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_SNS_TOPICS", " arn:one ,arn:two,")
    assert settings._listed("MERIDIAN_SNS_TOPICS") == ["arn:one", "arn:two", ""]


def test_a_level_of_the_log_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MERIDIAN_LOG", "debug")
    assert settings._log_level() == "DEBUG"
    monkeypatch.delenv("MERIDIAN_LOG")
    assert settings._log_level() == "WARNING"
    monkeypatch.setenv("MERIDIAN_LOG", "loud")

    with pytest.raises(SettingError, match="MERIDIAN_LOG is 'LOUD', which is no level"):
        settings._log_level()
