"""Readers, clinics and looks at the whole database, for the tests of the web pages."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.test import Client

from pipeline import models
from pipeline.audience.keys import address_hash
from pipeline.audience.models import Subscriber, Subscription
from pipeline.audience.tokens import unsubscribe_token
from pipeline.campaigns.models import ConfigurationRevision

NOW = dt.datetime(2026, 3, 3, 15, tzinfo=dt.UTC)
CLINIC = Path(__file__).parents[2] / "content" / "clinic.toml"
ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


def ask(
    method: str, path: str, body: bytes = b"", content_type: str = FORM, **environment: Any
) -> HttpResponse:
    """The answer to one request of a new client, which checks CSRF; our own page for a failure."""
    client = Client(
        enforce_csrf_checks=True, raise_request_exception=False, SERVER_NAME="127.0.0.1"
    )
    answer = client.generic(method, path, body, content_type, **environment)
    assert isinstance(answer, HttpResponse)
    return answer


def see(path: str, **headers: str) -> HttpResponse:
    """The page a person sees there."""
    return ask("GET", path, headers=headers)


def reader(address: str = "ana@example.com", *, language: str = "en") -> Subscriber:
    """A confirmed reader of the weekly letter."""
    subscriber = Subscriber.objects.create(
        address=address, address_hash=address_hash(address), language=language, created_at=NOW
    )
    Subscription.objects.create(
        subscriber=subscriber,
        newsletter="weekly",
        state=Subscription.State.ACTIVE,
        changed_at=NOW,
    )
    return subscriber


def link(subscriber: Subscriber, newsletter: str = "weekly") -> str:
    """The path of the link in this reader's mails."""
    return f"/u/{unsubscribe_token(subscriber.pk, newsletter)}"


def configure(*changes: tuple[str, str]) -> None:
    """Store the example's clinic.toml as the newest reading, with texts replaced."""
    content = CLINIC.read_text("utf-8")
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    ConfigurationRevision.objects.create(sha256="0" * 64, content=content.encode(), created_at=NOW)


def leave(path: str, **headers: str) -> HttpResponse:
    """The one-click POST as Google's sample shows it, from a new client."""
    return ask("POST", path, ONE_CLICK, headers=headers)


def everything() -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for the one that says when somebody last looked."""
    tables = [getattr(models, name) for name in models.__all__ if name != "Instance"]
    return {table.__name__: list(table.objects.order_by("pk").values_list()) for table in tables}
