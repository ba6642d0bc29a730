"""Settings for Django, from the environment and the home's ``.env``.

Importing this writes nothing: ``meridian`` prepares the home first (``engine/home.py``).
"""

import hashlib
import logging
import os
import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from dotenv import load_dotenv

from pipeline.audience.keys import read_keys
from pipeline.errors import SettingError
from pipeline.stages.templates import folders

MERIDIAN_HOME = Path(os.environ.get("MERIDIAN_HOME") or Path.cwd()).resolve()
load_dotenv(MERIDIAN_HOME / ".env")


def _url(name: str, default: str) -> str:
    value = os.environ.get(name) or default
    if not _is_web_address(value):
        raise SettingError(
            f"{name} is {value!r}, which is no web address",
            mend="Write it as https://letters.clinic.example.",
        )
    return value.rstrip("/")


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port_is_right = parts.port is None or parts.port > 0
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment) and value.isprintable() and " " not in value
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port_is_right and plain


def _count(name: str) -> int:
    value = os.environ.get(name) or "0"
    if not value.isascii() or not value.isdecimal() or int(value) > 16:
        raise SettingError(
            f"{name} is {value!r}, which is no number of proxies", mend="Write 0, 1 or 2."
        )
    return int(value)


def _listed(name: str) -> list[str]:
    return [each.strip() for each in os.environ.get(name, "").split(",")]


def _seconds(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,5}", value) or int(value) == 0:
        raise SettingError(
            f"{name} is {value!r}, which is no number of seconds", mend="Write 300, for instance."
        )
    return int(value)


# The address under which subscribers reach the public pages.
MERIDIAN_URL = _url("MERIDIAN_URL", "http://127.0.0.1:8000")
# The way newsletters go out: a name of channels/registry.py.
MERIDIAN_MAIL_API = os.environ.get("MERIDIAN_MAIL_API") or "folder"
MERIDIAN_KEYS = read_keys(MERIDIAN_HOME / ".meridian" / "keys.toml")

# How many proxies stand before the pages: what the outermost of them says of a client is believed.
MERIDIAN_TRUSTED_PROXIES = _count("MERIDIAN_TRUSTED_PROXIES")

# The topics of Amazon SNS whose messages are believed, by their ARNs, with commas between.
MERIDIAN_SNS_TOPICS = tuple(filter(None, _listed("MERIDIAN_SNS_TOPICS")))
# How old the signature of a webhook may be, in seconds.
MERIDIAN_HOOK_SKEW = _seconds("MERIDIAN_HOOK_SKEW", 300)
# The DNS server that `meridian doctor` asks, where it is not the machine's own.
MERIDIAN_DNS = os.environ.get("MERIDIAN_DNS") or ""
# Where DKIM keys stand: names before "._domainkey", with commas between them.
MERIDIAN_DKIM_SELECTORS = tuple(
    filter(None, map(str.strip, os.environ.get("MERIDIAN_DKIM_SELECTORS", "").split(",")))
)


def _all(prefix: str) -> dict[str, str]:
    """Every setting of the environment that begins like this, by the rest of its name."""
    return {
        name.removeprefix(prefix): value
        for name, value in os.environ.items()
        if name.startswith(prefix)
    }


# Provider settings go by Anymail's names, with ANYMAIL_ in front in the environment.
ANYMAIL = _all("ANYMAIL_")
# The mail server, by Django's names (EMAIL_HOST …), and the mailbox its bounces come to.
EMAIL = _all("EMAIL_")
IMAP = _all("IMAP_")


def _database() -> dict[str, object]:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{MERIDIAN_HOME}/.meridian/meridian.sqlite3"
    try:
        database = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise SettingError(
            "DATABASE_URL is no database address",
            mend="Write it as postgresql://user:password@host/name, or leave it out for SQLite.",
        ) from error
    engine = str(database["ENGINE"]).rpartition(".")[2]
    _check_database(engine, str(database["NAME"]))
    if engine == "sqlite3":
        # IMMEDIATE: a transaction that will write says so at its start, so that two of them wait
        # for each other instead of failing half way. FULL: a commit survives a power cut (I2).
        # Secure delete: whoever is erased is not left in the free space of the file (L9).
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;"
            ),
        }
    return database


def _check_database(engine: str, name: str) -> None:
    mend = "Write DATABASE_URL as postgresql://user:password@host/name, or leave it out for SQLite."
    if engine not in {"postgresql", "sqlite3"}:
        raise SettingError(f"DATABASE_URL asks for {engine}: use PostgreSQL or SQLite", mend=mend)
    if name in {"", ":memory:"}:
        raise SettingError("DATABASE_URL names no database that would last", mend=mend)
    if engine == "postgresql" and find_spec("psycopg") is None:
        raise SettingError(
            "the driver for PostgreSQL is missing", mend="Install meridian[postgresql]."
        )


def _log_level() -> str:
    level = os.environ.get("MERIDIAN_LOG", "WARNING").upper()
    if level not in logging.getLevelNamesMapping():
        raise SettingError(
            f"MERIDIAN_LOG is {level!r}, which is no level",
            mend="Choose one of: debug, info, warning, error.",
        )
    return level


DATABASES = {"default": _database()}

# Django signs nothing of ours with it (tokens have their own keys) but wants one.
SECRET_KEY = (
    hashlib.sha256(b"django:" + MERIDIAN_KEYS.signing[0].encode()).hexdigest()
    if MERIDIAN_KEYS
    else ""
)
DEBUG = False
ALLOWED_HOSTS = list({urlsplit(MERIDIAN_URL).hostname or "", "127.0.0.1", "localhost"})
APPEND_SLASH = False  # a redirect would lose a one-click POST (D6): both forms have a route
ROOT_URLCONF = "pipeline.web.urls"
WSGI_APPLICATION = "pipeline.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles", "anymail", "pipeline"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pipeline.web.headers.content_security_policy",
    "pipeline.web.sizes.refuse_large_bodies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
]
SECURE_REFERRER_POLICY = "no-referrer"  # a token must not travel in a Referer (S19)
SECURE_HSTS_SECONDS = 31_536_000 if MERIDIAN_URL.startswith("https:") else 0
X_FRAME_OPTIONS = "DENY"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [folder / "web" for folder in folders(MERIDIAN_HOME)],
        "OPTIONS": {
            "environment": "pipeline.web.templates.environment",
            "autoescape": True,
        },
    }
]
STATIC_URL = "static/"
STATICFILES_DIRS = [folder / "web" / "static" for folder in folders() if (folder / "web").is_dir()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {message}", "style": "{"}},
    "filters": {"tokens": {"()": "pipeline.web.logs.WithoutTokens"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["tokens"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"pipeline": {"level": _log_level()}},
}
