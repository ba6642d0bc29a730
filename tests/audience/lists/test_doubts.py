"""Addresses of offices and slips are not taken in (D34)."""

import pytest

from pipeline.audience.lists.doubts import doubt


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("abuse@example.com", "abuse@ is an office or a machine, not a person"),
        ("postmaster+x@example.com", "postmaster+x@ is an office or a machine, not a person"),
        ("ana@gmial.com", "gmial.com looks like a slip for gmail.com"),
        ("ana@clinic.con", "clinic.con looks like a slip for clinic.com"),
        ("ana@gmail.com", ""),
        ("info@example.com", ""),
        ("abusefree@example.com", ""),
        ("ana@example.com", ""),
    ],
)
def test_d34(address: str, told: str) -> None:
    assert doubt(address) == told
