"""The keys of a home: ``keys.toml``, made at the first start, readable by its owner alone.

The *signing* keys sign the tokens in links: the first signs, all verify, so an old link works after
a rotation. The *address* key turns an address into the hash by which a suppressed person is
recognised after erasure. It is never rotated: with another key, nobody who left would be known.
"""

import hashlib
import hmac
import os
import secrets
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from pipeline.errors import SettingError

_TEXT = """\
# The keys of this Meridian. Keep a copy in a safe place, and never share the file.

# Sign the links in emails. To rotate, put a new key in front and keep the old ones behind it.
signing = ["{signing}"]

# Recognises who left, even after their address is erased. Never change it.
address = "{address}"
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one home, as texts of at least 32 characters."""

    signing: tuple[str, ...]
    address: str


def read_keys(path: Path) -> Keys | None:
    """The keys of a fleet's environment or of ``keys.toml``; None if there are none yet.

    Raises:
        SettingError: They are there but cannot be used.
    """
    listed = os.environ.get("MERIDIAN_SIGNING_KEYS", "").split(",")
    signing = tuple(key.strip() for key in listed if key.strip())
    address = os.environ.get("MERIDIAN_ADDRESS_KEY", "").strip()
    if signing or address:
        return _checked(Keys(signing, address), "MERIDIAN_SIGNING_KEYS and MERIDIAN_ADDRESS_KEY")
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        keys = Keys(tuple(map(_text, table["signing"])), _text(table["address"]))
    except FileNotFoundError:
        return None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SettingError(
            "the keys cannot be read",
            mend="Put your copy of this file in its place; new keys would not know who left.",
            path=path,
        ) from error
    return _checked(keys, path)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise TypeError


def _checked(keys: Keys, path: Path | str) -> Keys:
    if keys.signing and all(len(key) >= 32 for key in (*keys.signing, keys.address)):
        return keys
    raise SettingError(
        "a key is missing or shorter than 32 characters",
        mend="Put the copy you keep in its place; new keys would not know who left.",
        path=path,
    )


def make_keys(path: Path) -> None:
    """Make ``keys.toml`` with new keys, mode 0600, unless it is there."""
    text = _TEXT.format(signing=secrets.token_urlsafe(32), address=secrets.token_urlsafe(32))
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    try:
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        path.unlink()  # half a file would be taken for lost keys at every later start
        raise


def current_keys() -> Keys:
    """The keys this process runs with.

    Raises:
        SettingError: There are none.
    """
    keys: Keys | None = settings.MERIDIAN_KEYS
    if keys is None:
        raise SettingError("this home has no keys yet", mend="Run `meridian run` once in it.")
    return keys


def address_hash(address: str) -> str:
    """The keyed hash (HMAC-SHA256, hex) that stands for a normalised address."""
    key = current_keys().address.encode()
    return hmac.digest(key, address.encode(), "sha256").hex()


def address_hashes(addresses: Iterable[str]) -> list[str]:
    """The same of many."""
    key = current_keys().address.encode()
    return [digest.hex() for digest in keyed_digests(key, addresses)]


def keyed_digests(key: bytes, texts: Iterable[str]) -> Iterator[bytes]:
    """HMAC-SHA256 of many texts: what it does with the key alone (RFC 2104, 2) is done once."""
    block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
    begun = hashlib.sha256(bytes(byte ^ 0x36 for byte in block)).copy
    ended = hashlib.sha256(bytes(byte ^ 0x5C for byte in block)).copy
    for text in texts:
        inner, outer = begun(), ended()
        inner.update(text.encode())
        outer.update(inner.digest())
        yield outer.digest()


def origin_hash(network: str) -> str:
    """The keyed hash that stands for a network: "198.51.100.0/24"."""
    # No address has a space, so no network can be taken for one.
    return address_hash(f"network {network}")
