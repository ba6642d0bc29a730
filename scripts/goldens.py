"""Takes the golden pictures of tests/goldens anew: look at every one of them before you keep it.

Needs Chromium and the fonts named in tests/browser/fonts.conf. Run it as `make goldens`.
"""

import json
import shutil
import sys

from playwright.sync_api import sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.pictures import (
    BOXES,
    FONTS_CONF,
    GOLDENS,
    VIEWS,
    Booth,
    boxes,
    environment,
    picture,
    pinned,
    reduced,
)

LARGEST = 60_000


def main() -> None:
    """Take every picture, and note where everything stands."""
    if not pinned():
        sys.exit(f"The fonts are not those of {FONTS_CONF}: install its packages, or do it in CI.")
    chromium = shutil.which("chromium") or sys.exit("Chromium is missing: apt-get install chromium")
    for old in GOLDENS.glob("*.png"):
        old.unlink()
    placed, total = {}, 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, env=environment()
        )
        booth = Booth(browser)
        for view in VIEWS:
            page = booth.show(view)
            if view.images:
                placed[view.place] = boxes(page)
            target = GOLDENS / f"{view.name}.png"
            reduced(picture(page), view).save(target, optimize=True)
            total += target.stat().st_size
            if target.stat().st_size > LARGEST:
                sys.exit(f"{target} is larger than {LARGEST} bytes")
        browser.close()
    BOXES.write_text(_lines(placed))
    print(f"{len(VIEWS)} pictures, {total // 1000} kB")


def _lines(placed: dict[str, list[str]]) -> str:
    lines = (f"  {json.dumps(name)}: {json.dumps(found)}" for name, found in placed.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    main()
