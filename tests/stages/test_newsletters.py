"""Which newsletter an article is for, and where notices about one come from."""

from dataclasses import replace

import pytest

from pipeline.errors import SourceError
from pipeline.stages.newsletters import newsletter_of, notices_from
from tests.samples import configuration

CONFIGURATION = replace(
    configuration(),
    newsletters=(
        configuration().newsletters[0],
        replace(configuration().newsletters[0], key="monthly"),
    ),
)


@pytest.mark.parametrize(
    ("key", "found"), [("", "weekly"), ("weekly", "weekly"), ("monthly", "monthly")]
)
def test_a_newsletter_is_found_by_its_key(key: str, found: str) -> None:
    assert newsletter_of(CONFIGURATION, key).key == found


@pytest.mark.parametrize("key", ["daily", "Weekly", "weekly "])
def test_a_newsletter_that_is_not_there(key: str) -> None:
    with pytest.raises(SourceError, match="is not there: "):
        newsletter_of(CONFIGURATION, key)


def test_notices_come_from_an_address_apart_d14() -> None:
    weekly = CONFIGURATION.newsletters[0]
    assert notices_from(CONFIGURATION, weekly) == "notices@clinic.example.com"
    clinic = replace(CONFIGURATION.clinic, notices_from="hello@example.com")
    assert notices_from(replace(CONFIGURATION, clinic=clinic), weekly) == "hello@example.com"
