"""What is frozen of each reader: what the letter says about them, and nothing else (P1, P5)."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from pipeline.audience.tokens import read_preferences_token, read_unsubscribe_token
from pipeline.outbox.frozen import thaw
from tests import factories
from tests.factories import NOW
from tests.outbox.steps import frozen

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


def values_of(made: dict[str, Any]) -> Mapping[str, str]:
    """The merge values of the only reader."""
    (recipient,) = thaw("k", made).recipients
    return recipient.values


def made_of(**parts: str) -> tuple[int, dict[str, Any]]:
    issue = factories.issue(**parts)  # type: ignore[arg-type]
    reader = factories.subscriber(name="Ruiz, Ana")
    reader.language = "es"
    reader.save()
    delivery = factories.delivery(issue, reader)
    return reader.pk, frozen(delivery, now=NOW)


def test_a_letter_that_says_nothing_of_its_readers_takes_a_way_out_with_it_only() -> None:
    _, made = made_of()
    assert list(values_of(made)) == ["unsubscribe_url"]


@pytest.mark.parametrize("place", ["html", "text", "subject"])
def test_what_is_said_anywhere_in_the_letter_is_frozen(place: str) -> None:
    _, made = made_of(**{place: "Hola @@first_name.61@@ @@language@@"})
    values = values_of(made)
    assert {**values, "unsubscribe_url": ""} == {
        "unsubscribe_url": "",
        "first_name": "Ana",
        "language": "es",
    }


def test_each_link_of_a_reader_leads_to_its_own_page() -> None:
    text = "@@preferences_url@@ @@view_url@@ @@archive_url@@"
    with override_settings(MERIDIAN_URL="https://letters.example.com"):
        number, made = made_of(text=text)
        values = values_of(made)
    assert values["view_url"] == "https://letters.example.com/archive/weekly/why-warmth-helps/1/"
    assert values["archive_url"] == "https://letters.example.com/archive"
    base, _, token = values["preferences_url"].rpartition("/")
    assert base == "https://letters.example.com/p"
    assert read_preferences_token(token) == (number, "weekly")
    assert read_unsubscribe_token(token) is None
    # The same bytes whatever the settings say later (I1).
    assert settings.MERIDIAN_URL != "https://letters.example.com"
    assert values_of(made) == values


def test_a_batch_that_an_older_version_froze_is_read_as_it_was() -> None:
    """An upgrade in the middle of a send: each reader had a table of their own then."""
    _, made = made_of()
    (recipient,) = thaw("k", made).recipients
    older = {key: made[key] for key in ("folder", "date", "envelope", "subject", "html", "text")}
    older["recipients"] = [asdict(recipient)]
    assert thaw("k", older) == thaw("k", made)
