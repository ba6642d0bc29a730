"""Weights of the splitter that a person can reckon with, whatever the real ones are fitted to.

By these a question is a heading and a sentence is none. Of a short line nothing is sure: it is
one by a hair, and none by a hair if it ends in a colon.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.stages.splitting import model

WEIGHTS = Path(__file__).parent / "examples/weights.json"


@pytest.fixture
def simple_weights(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the product split by these weights in one test."""
    monkeypatch.setattr(model, "HEADINGS", WEIGHTS)
    model.headings.cache_clear()
    yield
    model.headings.cache_clear()
