"""A subscriber leaves, in a real browser: no script, no cookie, no foreign request (S33)."""

import pytest
from django.db import connection

from pipeline.audience.models import Suppression
from tests.browser.conftest import Visit
from tests.web.readers import link, reader
from tests.web.server import served

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("database")]


@pytest.mark.parametrize("language", ["en", "ko", "es"])
def test_one_button_is_all_it_takes(visit: Visit, language: str) -> None:
    path = link(reader(language=language))
    connection.close()

    with served() as port:
        site = f"http://127.0.0.1:{port}"
        visit.page.goto(site + path)
        assert Suppression.objects.count() == 0
        assert visit.page.get_attribute("html", "lang") == language
        assert visit.overflow() <= 0
        button = visit.page.get_by_role("button")
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44

        button.click()

        assert visit.page.get_by_role("heading", level=1).count() == 1
        assert visit.page.get_by_role("button").count() == 0
        assert visit.overflow() <= 0
    connection.close()
    assert Suppression.objects.count() == 1
    assert visit.foreign(site) == []
    assert visit.page.context.cookies() == []
    assert visit.complaints == []
