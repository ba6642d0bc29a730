"""A home that is quick to make."""

import pytest

from tests.home import Home
from tests.management.steps import make_small


@pytest.fixture
def small(home: Home) -> Home:
    """The home with one short article of two parts and one account."""
    make_small(home)
    return home


@pytest.fixture
def careful(small: Home) -> Home:
    """The small home where a practitioner must approve."""
    small.change("clinic.toml", 'approval = "none"', 'approval = "practitioner"')
    return small
