"""The settings of the mail server: Django's names, and what may not be."""

import re

from django.conf import settings

from pipeline.channels.message import one_address
from pipeline.channels.smtp_line import Security, Server, is_loopback
from pipeline.errors import RefusedError, SettingError

_PORTS: dict[Security, int] = {"": 25, "starttls": 587, "ssl": 465}
_YES = {"1": True, "true": True, "yes": True, "on": True}
_NO = {"": False, "0": False, "false": False, "no": False, "off": False}
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_MEND = "Set it in the environment or .env."
_LONGEST_LOCAL = 10


def server_of_settings() -> Server:
    """The mail server that ``EMAIL_HOST`` and its neighbours name.

    Raises:
        SettingError: One is missing or cannot be used, or a password would go in the clear.
    """
    host, security = _setting("HOST"), _security()
    if not host:
        raise SettingError("EMAIL_HOST is not set", mend=f"It names your mail server. {_MEND}")
    if not _HOST.fullmatch(host):
        raise _wrong("HOST", "the name of a server, without https:// or a port")
    user, password = _setting("HOST_USER"), settings.EMAIL.get("HOST_PASSWORD", "")
    if bool(user) != bool(password):
        raise SettingError(
            "EMAIL_HOST_USER and EMAIL_HOST_PASSWORD go together, and one is missing", mend=_MEND
        )
    if user and not security and not is_loopback(host):
        raise SettingError(
            f"the password for {host} would be sent in the clear",
            mend="Set EMAIL_USE_TLS or EMAIL_USE_SSL to true.",
        )
    return Server(
        host=host,
        port=_number("PORT", default=_PORTS[security], most=65_535),
        user=user,
        password=password,
        security=security,
        timeout=float(_number("TIMEOUT", default=60, most=600)),
    )


def connections() -> int:
    """The most connections at a time.

    Raises:
        SettingError: ``EMAIL_CONNECTIONS`` is no such number.
    """
    return _number("CONNECTIONS", default=4, most=50)


def per_connection() -> int:
    """After how many messages a new connection is made.

    Raises:
        SettingError: ``EMAIL_MESSAGES_PER_CONNECTION`` is no such number.
    """
    return _number("MESSAGES_PER_CONNECTION", default=100, most=100_000)


def bounce_address() -> str:
    """The address that bounces go to, to which each message adds a token; "" for the sender's own.

    Raises:
        SettingError: ``EMAIL_BOUNCE_ADDRESS`` is no address, or too long for a token.
    """
    value = _setting("BOUNCE_ADDRESS")
    if not value:
        return ""
    try:
        address = one_address(value)
    except RefusedError:
        raise _wrong("BOUNCE_ADDRESS", "one address, such as bounces@clinic.example") from None
    local = address.rpartition("@")[0]
    if len(local) > _LONGEST_LOCAL or "+" in local:
        told = f"an address with at most {_LONGEST_LOCAL} characters and no + before the @"
        raise _wrong("BOUNCE_ADDRESS", told)
    return address


def _security() -> Security:
    starttls, ssl = _switch("USE_TLS"), _switch("USE_SSL")
    if starttls and ssl:
        raise SettingError(
            "EMAIL_USE_TLS and EMAIL_USE_SSL are both on",
            mend="Keep the first for port 587 (STARTTLS), the second for port 465.",
        )
    if ssl:
        return "ssl"
    return "starttls" if starttls else ""


def _setting(name: str) -> str:
    return str(settings.EMAIL.get(name, "")).strip()


def _switch(name: str) -> bool:
    value = _setting(name).lower()
    if value not in _YES | _NO:
        raise _wrong(name, "true or false")
    return (_YES | _NO)[value]


def _number(name: str, *, default: int, most: int) -> int:
    value = _setting(name) or str(default)
    if not (value.isascii() and value.isdecimal() and len(value) < 9 and 0 < int(value) <= most):
        raise _wrong(name, f"a number from 1 to {most}")
    return int(value)


def _wrong(name: str, wanted: str) -> SettingError:
    return SettingError(f"EMAIL_{name} is not {wanted}", mend=_MEND)
