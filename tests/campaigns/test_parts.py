"""Rendered bytes are kept once, under their hash, and never change."""

import hashlib

import pytest

from pipeline.campaigns.models import Part
from pipeline.campaigns.parts import store

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize(
    "content", [b"", b"<p>\xec\xb9\xa8</p>", bytes(range(256)), b"x" * 2_000_000]
)
def test_bytes_are_found_again_by_their_hash(content: bytes) -> None:
    sha256 = store(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    part = Part.objects.get(pk=sha256)
    assert bytes(part.content) == content
    assert str(part) == sha256


def test_the_same_bytes_are_kept_once() -> None:
    assert store(b"one") == store(b"one")
    assert Part.objects.count() == 1
    assert store(b"two") != store(b"one")
    assert Part.objects.count() == 2


def test_what_is_kept_is_never_written_over() -> None:
    sha256 = store(b"one")
    Part.objects.filter(pk=sha256).update(content=b"spoilt")
    store(b"one")
    assert bytes(Part.objects.get().content) == b"spoilt"
