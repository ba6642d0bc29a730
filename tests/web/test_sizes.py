"""A body that no page takes is answered with 413, whatever page it is for."""

from typing import Any

import pytest

from pipeline.web.sizes import LARGEST_FORM
from tests.web.readers import FORM, ask

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize("path", ["/u/nonsense", "/subscribe/weekly", "/nothing", "/hooks"])
def test_a_large_body_is_refused_before_any_page_looks_at_it(path: str) -> None:
    answer = ask("POST", path, b"x" * (LARGEST_FORM + 1))
    assert answer.status_code == 413
    assert answer.headers["Cache-Control"] == "no-store"
    assert ask("POST", path, b"x" * LARGEST_FORM).status_code != 500


@pytest.mark.parametrize("length", ["-1", "many", "", "1e9"])
def test_a_length_that_nobody_can_tell_is_left_to_the_page(length: str) -> None:
    more: dict[str, Any] = {"CONTENT_LENGTH": length}
    assert ask("POST", "/u/nonsense", b"x", FORM, **more).status_code == 404
