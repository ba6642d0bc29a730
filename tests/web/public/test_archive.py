"""The web version of an issue, as everybody gets it."""

import pytest
from django.test import override_settings

from pipeline.campaigns.models import Issue
from pipeline.outbox.frozen import view_url
from pipeline.stages.archive import path
from tests import factories
from tests.stages.letters import first
from tests.web.readers import ask, everything, see

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

PATH = "/archive/weekly/why-warmth-helps/1/"


def test_the_address_in_a_letter_leads_to_the_page() -> None:
    with override_settings(MERIDIAN_URL="https://letters.example.com"):
        assert view_url(factories.issue()) == f"https://letters.example.com{PATH}"
    assert see(PATH).status_code == 200


def test_the_page_is_the_letter_without_its_reader() -> None:
    factories.issue(html=first().html)
    answer = see(PATH)
    assert "Under the skin lie vessels" in answer.text
    assert "@@" not in answer.text
    assert "/u/" not in answer.text


def test_its_headers_are_strict_and_it_sets_no_cookie_s33() -> None:
    factories.issue(html=first().html)
    answer = see(PATH)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert not answer.cookies


@pytest.mark.parametrize("state", [Issue.State.SCHEDULED, Issue.State.CANCELLED])
def test_what_has_not_begun_or_was_called_off_looks_like_nothing(state: Issue.State) -> None:
    factories.issue(state=state)
    assert see(PATH).content == see("/archive/weekly/nothing/1/").content
    assert see(PATH).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/archive/weekly/why-warmth-helps/2/",
        "/archive/monthly/why-warmth-helps/1/",
        "/archive/weekly/../1/",
        "/archive/weekly/why-warmth-helps/-1/",
        "/archive/weekly/why-warmth-helps/x/",
        "/archive/weekly/%00/1/",
        "/archive/%00/why-warmth-helps/1/",
        f"/archive/weekly/why-warmth-helps/{10**30}/",
    ],
)
def test_no_other_address_leads_to_a_page(address: str) -> None:
    factories.issue()
    assert see(address).status_code == 404


def test_a_slug_of_any_script_has_an_address() -> None:
    issue = factories.issue()
    issue.campaign.article = "온기"
    issue.campaign.save()
    assert see(path("weekly", "온기", 1)).status_code == 200


def test_reading_changes_nothing_and_nothing_else_is_taken_s6() -> None:
    factories.issue()
    before = everything()
    assert see(PATH).status_code == 200
    head = ask("HEAD", PATH)
    assert (head.status_code, head.content) == (200, b"")
    for method in ("POST", "PUT", "DELETE"):
        assert ask(method, PATH).status_code == 405
    assert everything() == before
