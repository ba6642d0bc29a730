"""What a person opens in the outbox, in a real browser: the guide, an email, light and dark."""

from pathlib import Path

import pytest

from tests.browser.conftest import Visit
from tests.home import Home
from tests.management.steps import child

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def outbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outbox of the example home after one run; to be looked at, not touched."""
    home = Home(tmp_path_factory.mktemp("outbox") / "home")
    assert child(home.path, "run", "--json").status == 0
    return home.outbox


def test_the_guide_leads_to_every_part(outbox: Path, visit: Visit) -> None:
    visit.page.goto((outbox / "index.html").as_uri())

    links = visit.page.eval_on_selector_all("a", "found => found.map(link => link.href)")
    assert len(links) > 40
    for link in links:
        assert visit.page.evaluate("link => link.startsWith('file:')", link)
    assert visit.overflow() <= 0
    assert visit.foreign("file:") == []
    assert visit.complaints == []


def test_every_card_on_the_guide_is_shown(outbox: Path, visit: Visit) -> None:
    visit.page.goto((outbox / "index.html").as_uri())
    visit.page.evaluate(
        "document.querySelectorAll('img').forEach(img => { img.loading = 'eager' })"
    )
    visit.page.wait_for_load_state("networkidle")

    widths = visit.page.eval_on_selector_all("img", "found => found.map(img => img.naturalWidth)")

    assert widths == [1080] * 9


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_email_fits_and_asks_for_nothing(outbox: Path, visit: Visit, scheme: str) -> None:
    """P1, and no third-party request on opening."""
    visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for email in sorted(outbox.glob("*/issue.html")):
        visit.page.goto(email.as_uri())
        assert visit.overflow() <= 0, email
        assert visit.page.get_by_role("heading", level=1).count() == 1
        assert visit.page.get_by_role("link", name="Unsubscribe").is_visible()

    assert visit.foreign("file:") == []
    assert visit.complaints == []
