"""What the benchmark calls a difference that a reader could see."""

from types import ModuleType

import pytest

from tests.benchmarks.loading import module
from tests.home import CHECKOUT
from tests.parts import chromium

pytestmark = pytest.mark.browser
LETTER = "<body style='margin:0;background:#fff'><p style='color:#222'>Warmth helps.</p></body>"


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    """The module, which stands in no package."""
    chromium()
    return module("render/reference.py")


def test_the_same_letter_differs_nowhere_and_another_where_it_does(reference: ModuleType) -> None:
    found = reference.differences({
        "same": (LETTER, LETTER),
        "a word": (LETTER, LETTER.replace("helps", "hurts")),
        "the ground": (LETTER, LETTER.replace("#fff", "#000")),
        "longer": (LETTER, LETTER.replace("</body>", "<div style='height:1800px'></div></body>")),
    })  # fmt: skip

    assert found["same"] == [0, 0]
    assert all(0 < share < 0.05 for share in found["a word"])
    assert all(share > 0.95 for share in found["the ground"])
    # What only one of them has differs, whatever its colour.
    assert all(0.4 < share < 0.6 for share in found["longer"])


def test_without_the_package_nothing_is_compared(reference: ModuleType) -> None:
    assert reference.compiled({"letter": "<mjml></mjml>"}, CHECKOUT / "tests", CHECKOUT) == {}
