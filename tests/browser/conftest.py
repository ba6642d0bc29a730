"""A real browser, and what every page in it is held to."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.browser.pictures import environment
from tests.parts import chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a window, with the fonts of the golden pictures."""
    path = chromium()
    # Playwright's loop runs in this thread, which Django takes for asynchronous code. It is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS, env=environment())
        yield started
        started.close()


def press(there: Locator) -> None:
    """Click what leads to another page, and wait until it is there: a click alone does not."""
    with there.page.expect_navigation():
        there.click()


@dataclass
class Visit:
    """A page and all it asked for and complained of while it was open."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def foreign(self, *own: str) -> list[str]:
        """The addresses it asked for that begin with none of these."""
        return [url for url in self.asked if not url.startswith((*own, "data:"))]

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(wide))


PHONE, DESKTOP = 375, 1280
# Each language with each width and each scheme, and each width with each scheme. What goes wrong
# does so by two of the three: a word too long for a phone, a colour in the dark.
LOOKS = pytest.mark.parametrize(
    ("visit", "scheme", "language"),
    [
        (PHONE, "light", "en"),
        (DESKTOP, "dark", "en"),
        (PHONE, "dark", "ko"),
        (DESKTOP, "light", "ko"),
        (PHONE, "light", "es"),
        (DESKTOP, "dark", "es"),
    ],
    indirect=["visit"],
)


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """An empty page of a new visitor, once as wide as a phone and once as a desktop."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    made = Visit(context.new_page())
    made.page.on("request", lambda asked: made.asked.append(asked.url))
    made.page.on("console", lambda told: made.complaints.append(told.text))
    made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()
