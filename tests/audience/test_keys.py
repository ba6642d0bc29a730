"""The keys of a home: made once, kept from others, never replaced in silence (S19, L9)."""

import hashlib
import hmac
import os
import resource
import stat
import threading
from pathlib import Path

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.keys import (
    Keys,
    address_hash,
    address_hashes,
    current_keys,
    make_keys,
    origin_hash,
    read_keys,
)
from pipeline.errors import SettingError

LONG = "a-key-of-thirty-two-characters-x"
OTHER = "another-key-of-enough-characters"
MEND = "new keys would not know who left."


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the keys of a home without an environment are."""
    monkeypatch.delenv("MERIDIAN_SIGNING_KEYS")
    monkeypatch.delenv("MERIDIAN_ADDRESS_KEY")
    return tmp_path / "keys.toml"


def refusal(path: Path) -> SettingError:
    """The error of reading the keys, which shows none of them."""
    with pytest.raises(SettingError) as caught:
        read_keys(path)
    told = str(caught.value)
    assert told.endswith(MEND)
    assert len(told.splitlines()) == 1
    assert "secret" not in told
    return caught.value


# --- Making ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_keys_are_made_for_their_owner_alone(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        make_keys(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_keys_that_are_made_can_be_read_and_are_long(path: Path) -> None:
    make_keys(path)
    keys = read_keys(path)
    assert keys is not None
    assert len(keys.signing) == 1
    assert min(len(keys.signing[0]), len(keys.address)) == 43  # 32 random bytes in base 64
    assert keys.signing[0] != keys.address


def test_keys_are_never_overwritten(path: Path) -> None:
    make_keys(path)
    before = path.read_bytes()
    make_keys(path)
    assert path.read_bytes() == before
    path.write_text("", "utf-8")
    make_keys(path)
    assert path.read_bytes() == b""


def test_two_homes_have_other_keys(path: Path) -> None:
    make_keys(path)
    make_keys(path.with_name("second.toml"))
    first, second = read_keys(path), read_keys(path.with_name("second.toml"))
    assert first is not None
    assert second is not None
    assert not {*first.signing, first.address} & {*second.signing, second.address}


def test_processes_that_start_at_once_agree_on_one_key(path: Path) -> None:
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        make_keys(path)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_keys(path) is not None
    assert path.read_text("utf-8").count("signing = ") == 1


def test_a_full_disk_leaves_no_half_file(path: Path) -> None:
    """Half a file would be taken for lost keys at every later start."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            make_keys(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not path.exists()


# --- Reading --------------------------------------------------------------------------------------


def test_a_home_without_keys_has_none(path: Path) -> None:
    assert read_keys(path) is None
    assert read_keys(path / "deeper") is None


def test_several_signing_keys_are_kept_in_order(path: Path) -> None:
    path.write_text(f'signing = ["{OTHER}", "{LONG}"]\naddress = "{LONG}"\n', "utf-8")
    assert read_keys(path) == Keys((OTHER, LONG), LONG)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"secret",
        b"\xff\xfe",
        f'signing = ["{LONG}"]'.encode(),
        f'address = "{LONG}"'.encode(),
        f'signing = 5\naddress = "{LONG}"'.encode(),
        f'signing = [5]\naddress = "{LONG}"'.encode(),
        f'signing = ["{LONG}"]\naddress = 12345678901234567'.encode(),
        f'signing = ["{LONG}"]\naddress = ["{LONG}"]'.encode(),
        f'signing = ["{LONG}"\naddress = '.encode(),
    ],
)
def test_keys_that_cannot_be_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    error = refusal(path)
    assert error.message == "the keys cannot be read"
    assert error.path == path


def test_keys_that_are_a_folder(path: Path) -> None:
    path.mkdir()
    assert refusal(path).message == "the keys cannot be read"


@pytest.mark.parametrize(
    ("signing", "address"),
    [
        ('["secret-too-short"]', f'"{LONG}"'),
        (f'["{LONG}", "secret"]', f'"{LONG}"'),
        (f'["{LONG}"]', '"secret"'),
        (f'["{LONG[:31]}"]', f'"{LONG}"'),
        ("[]", f'"{LONG}"'),
        (f'["{LONG}"]', '""'),
        (f'"{LONG}"', f'"{LONG}"'),
    ],
)
def test_keys_that_are_short_or_missing(path: Path, signing: str, address: str) -> None:
    path.write_text(f"signing = {signing}\naddress = {address}\n", "utf-8")
    error = refusal(path)
    assert error.message == "a key is missing or shorter than 32 characters"
    assert error.path == path


# --- A fleet's environment ------------------------------------------------------------------------


@pytest.mark.parametrize("between", [",", ", ", ",\n", ",,"])
def test_the_environment_gives_keys_of_a_fleet(
    path: Path, monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    make_keys(path)
    monkeypatch.setenv("MERIDIAN_SIGNING_KEYS", f"{OTHER}{between}{LONG}")
    monkeypatch.setenv("MERIDIAN_ADDRESS_KEY", LONG)
    assert read_keys(path) == Keys((OTHER, LONG), LONG)


@pytest.mark.parametrize(
    ("signing", "address"), [(LONG, ""), ("", LONG), (f"{LONG},secret", LONG), (LONG, "secret")]
)
def test_an_environment_with_half_the_keys_is_refused(
    path: Path, monkeypatch: pytest.MonkeyPatch, signing: str, address: str
) -> None:
    make_keys(path)
    monkeypatch.setenv("MERIDIAN_SIGNING_KEYS", signing)
    monkeypatch.setenv("MERIDIAN_ADDRESS_KEY", address)
    assert refusal(path).path == "MERIDIAN_SIGNING_KEYS and MERIDIAN_ADDRESS_KEY"


# --- Using ----------------------------------------------------------------------------------------


def test_a_process_without_keys_says_so() -> None:
    with (
        override_settings(MERIDIAN_KEYS=None),
        pytest.raises(SettingError, match="this home has no keys yet"),
    ):
        current_keys()


def test_an_address_is_known_by_its_keyed_hash_alone() -> None:
    with override_settings(MERIDIAN_KEYS=Keys((OTHER,), LONG)):
        found = address_hash("ana@example.com")
    expected = hmac.new(LONG.encode(), b"ana@example.com", hashlib.sha256).hexdigest()
    assert found == expected
    assert found != hashlib.sha256(b"ana@example.com").hexdigest()


@given(key=st.text(min_size=32, max_size=80), addresses=st.lists(st.text(max_size=80)))
def test_many_hashes_at_once_are_those_of_one_by_one(key: str, addresses: list[str]) -> None:
    with override_settings(MERIDIAN_KEYS=Keys((LONG,), key)):
        assert address_hashes(addresses) == [address_hash(address) for address in addresses]


def test_a_network_is_known_by_its_keyed_hash_alone_and_is_no_address() -> None:
    assert origin_hash("198.51.100.0/24") == address_hash("network 198.51.100.0/24")
    assert origin_hash("198.51.100.0/24") != origin_hash("198.51.101.0/24")
    assert "198" not in origin_hash("")


def test_rotating_the_signing_keys_keeps_who_left() -> None:
    hashes = set()
    for signing in ((LONG,), (OTHER, LONG), (OTHER,)):
        with override_settings(MERIDIAN_KEYS=Keys(signing, LONG)):
            hashes.add(address_hash("ana@example.com"))
    assert len(hashes) == 1
    with override_settings(MERIDIAN_KEYS=Keys((LONG,), OTHER)):
        assert address_hash("ana@example.com") not in hashes
