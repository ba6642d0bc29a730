"""Every provider's secret is set, and nothing was told yet."""

import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.web.hooks.providers import SETTINGS  # noqa: PLC0415 (tables before Django is there)

    monkeypatch.setattr(settings, "ANYMAIL", dict(SETTINGS))
    monkeypatch.setattr("pipeline.web.webhooks._told", {})
