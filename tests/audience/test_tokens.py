"""The tokens in links: nobody can make one, and none ever ends (D2, D8, D10, S19)."""

import base64
from collections.abc import Callable
from unittest import mock

import pytest
from django.core.signing import Signer
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from pipeline.audience.keys import Keys, current_keys
from pipeline.audience.tokens import (
    approve_token,
    confirm_token,
    form_token,
    message_token,
    preferences_token,
    read_approve_token,
    read_confirm_token,
    read_form_token,
    read_preferences_token,
    read_undo_token,
    read_unsubscribe_token,
    undo_token,
    unsubscribe_token,
)

OLD, NEW = "the-old-signing-key-of-enough-length", "the-new-signing-key-of-enough-length"
ADDRESS = "an-address-key-for-tests-of-enough-length"

# Every kind of token that stands in a link or a page: how it is made, and how it is read.
Made = tuple[Callable[[], str], Callable[[str], object]]
KINDS: dict[str, Made] = {
    "unsubscribe": (lambda: unsubscribe_token(5, "weekly"), read_unsubscribe_token),
    "preferences": (lambda: preferences_token(5, "weekly"), read_preferences_token),
    "undo": (lambda: undo_token(5, 9), read_undo_token),
    "confirm": (lambda: confirm_token(5, "weekly", request=7), read_confirm_token),
    "approve": (lambda: approve_token(5, bound="ab" * 16), read_approve_token),
    "form": (lambda: form_token({"w": "weekly"}), read_form_token),
}

_KEYS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True)


@given(st.integers(1, 2**63 - 1), _KEYS)
def test_a_token_reads_as_what_it_was_made_of(subscriber: int, newsletter: str) -> None:
    token = unsubscribe_token(subscriber, newsletter)
    assert read_unsubscribe_token(token) == (subscriber, newsletter)


@given(st.text())
def test_any_other_text_is_no_token(text: str) -> None:
    assert read_unsubscribe_token(text) is None
    assert read_unsubscribe_token(f"5.weekly.{text}") is None


def test_a_token_holds_number_list_and_a_signature_of_256_bits_d2() -> None:
    token = unsubscribe_token(5, "weekly")
    head, _, signature = token.rpartition(".")
    assert head == "5.weekly"
    assert len(base64.urlsafe_b64decode(f"{signature}=")) == 32
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


def test_reader_and_newsletter_each_make_another_token_d2() -> None:
    made = {unsubscribe_token(reader, key) for reader in (1, 11, 2) for key in ("a", "1", "1-a")}
    assert len(made) == 9


def test_every_flipped_bit_is_refused_d8() -> None:
    token = unsubscribe_token(5, "weekly")
    for place in range(len(token)):
        for bit in range(7):
            forged = token[:place] + chr(ord(token[place]) ^ 1 << bit) + token[place + 1 :]
            assert read_unsubscribe_token(forged) is None


@pytest.mark.parametrize(
    "change", ["{}x", "x{}", " {}", "{} ", "{}\n", "{}=", "{}.", "0{}", "{}\0"]
)
def test_a_token_with_more_on_it_is_refused_d8(change: str) -> None:
    assert read_unsubscribe_token(change.format(unsubscribe_token(5, "weekly"))) is None


def test_a_signature_is_good_for_its_own_reader_alone() -> None:
    signature = unsubscribe_token(5, "weekly").rpartition(".")[2]
    for head in ("6.weekly", "5.monthly", "5.weekly.5", "55.weekly", "5"):
        assert read_unsubscribe_token(f"{head}.{signature}") is None


@pytest.mark.parametrize("purpose", ["meridian.message", "meridian.confirm", "", "unsubscribe"])
def test_a_token_of_another_purpose_is_refused_s19(purpose: str) -> None:
    signer = Signer(key=OLD, salt=purpose, sep=".")
    with override_settings(MERIDIAN_KEYS=Keys((OLD,), ADDRESS)):
        assert read_unsubscribe_token(signer.sign("5.weekly")) is None
        right = Signer(key=OLD, salt="meridian.unsubscribe", sep=".")
        assert read_unsubscribe_token(right.sign("5.weekly")) == (5, "weekly")


@pytest.mark.parametrize("value", ["weekly", "", "five.weekly", ".weekly", "5"])
def test_a_signed_text_of_another_form_is_no_token(value: str) -> None:
    signer = Signer(key=OLD, salt="meridian.unsubscribe", sep=".")
    with override_settings(MERIDIAN_KEYS=Keys((OLD,), ADDRESS)):
        assert read_unsubscribe_token(signer.sign(value)) is None


def test_a_token_outlives_a_key_rotation_and_not_its_key_s19_d10() -> None:
    with override_settings(MERIDIAN_KEYS=Keys((OLD,), ADDRESS)):
        token = unsubscribe_token(5, "weekly")
    with override_settings(MERIDIAN_KEYS=Keys((NEW, OLD), ADDRESS)):
        assert read_unsubscribe_token(token) == (5, "weekly")
        assert unsubscribe_token(5, "weekly") != token
    with override_settings(MERIDIAN_KEYS=Keys((NEW,), ADDRESS)):
        assert read_unsubscribe_token(token) is None


def test_a_message_has_a_name_of_128_bits_that_stays_the_same() -> None:
    names = {message_token(reader, issue) for reader in (1, 11) for issue in (1, 11, 111)}
    assert len(names) == 6
    assert all(len(bytes.fromhex(name)) == 16 for name in names)
    assert message_token(1, 11) == message_token(1, 11)
    assert unsubscribe_token(1, "11").rpartition(".")[2] not in names


@given(st.integers(1, 2**63 - 1), st.integers(1, 2**63 - 1), _KEYS)
def test_a_confirmation_reads_as_what_it_was_made_of_s19(
    request: int, subscriber: int, newsletter: str
) -> None:
    token = confirm_token(subscriber, newsletter, request=request)
    assert read_confirm_token(token) == (request, subscriber, newsletter)
    assert read_unsubscribe_token(token) is None
    assert read_form_token(token) is None


@pytest.mark.parametrize("text", ["", "x", "1.2.weekly", "1.2.weekly.x", "..", "1.2.weekly.é"])
def test_any_other_text_confirms_nothing_s19(text: str) -> None:
    assert read_confirm_token(text) is None
    assert read_form_token(text) is None


@pytest.mark.parametrize("value", ["", "a.b", "1.b.weekly", "1.weekly"])
def test_a_signed_text_of_another_form_confirms_nothing(value: str) -> None:
    signed = Signer(salt="meridian.confirm", sep=".", key=current_keys().signing[0]).sign(value)
    assert read_confirm_token(signed) is None


def test_a_form_comes_back_as_it_was_and_no_other_way_s19() -> None:
    token = form_token({"w": "한국어 " * 50, "t": 1.5})
    assert read_form_token(token) == {"w": "한국어 " * 50, "t": 1.5}
    assert len(token) < 200
    for place in range(len(token)):
        letter = "A" if token[place] != "A" else "B"
        assert read_form_token(token[:place] + letter + token[place + 1 :]) is None


@pytest.mark.parametrize("made", KINDS)
def test_a_token_is_good_for_its_own_purpose_alone_s19(made: str) -> None:
    token = KINDS[made][0]()
    good = [kind for kind, (_, read) in KINDS.items() if read(token) is not None]
    assert good == [made]


@pytest.mark.parametrize("kind", KINDS)
def test_every_other_byte_in_every_place_is_refused_d8(kind: str) -> None:
    make, read = KINDS[kind]
    token = make().encode("latin-1")
    for place, byte in enumerate(token):
        for flipped in range(8):
            forged = token[:place] + bytes([byte ^ 1 << flipped]) + token[place + 1 :]
            assert read(forged.decode("latin-1")) is None
        assert read((token[:place] + token[place + 1 :]).decode("latin-1")) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rotations", [1, 5])
def test_every_kind_outlives_rotations_s19_d10(kind: str, rotations: int) -> None:
    make, read = KINDS[kind]
    newer = tuple(f"{NEW}-{number}" for number in range(rotations))
    with override_settings(MERIDIAN_KEYS=Keys((OLD,), ADDRESS)):
        token, meant = make(), read(make())
    with override_settings(MERIDIAN_KEYS=Keys((*newer, OLD), ADDRESS)):
        assert read(token) == meant
        assert make() != token
    with override_settings(MERIDIAN_KEYS=Keys(newer, ADDRESS)):
        assert read(token) is None


@pytest.mark.parametrize("kind", KINDS)
def test_signatures_are_compared_in_constant_time_s19(kind: str) -> None:
    """A right and a wrong one go through the same comparison, whatever their first byte is."""
    make, read = KINDS[kind]
    token = make()
    with mock.patch("django.core.signing.constant_time_compare", return_value=False) as compare:
        assert read(token) is None
    assert compare.call_count == len(current_keys().signing)
