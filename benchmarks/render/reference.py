"""The reference MJML compiler (npm) beside ours: how fast, and whether a reader sees a difference.

And what the W3C's own checker (npm ``vnu-jar``) says of the HTML. Both run where Node.js, Java and
the packages are: ``make bench-render`` installs them into .venv/node.
"""

import io
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, sync_playwright

SCRIPT = Path(__file__).with_name("reference.mjs")
WIDTHS = (375, 680)
# Of 255: less is how two ways of writing the same style are rounded.
VISIBLE = 16
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@dataclass(frozen=True)
class Compiled:
    """What the reference compiler made of a source, in how many milliseconds of processor time."""

    html: str
    milliseconds: float


def compiled(sources: Mapping[str, str], package: Path, scratch: Path) -> dict[str, Compiled]:
    """What the reference makes of each source by its name; nothing where it is not installed."""
    node = shutil.which("node")
    if node is None or not (package / "node_modules/mjml").is_dir():
        return {}
    paths = {name: scratch / f"{name}.mjml" for name in sources}
    for name, path in paths.items():
        path.write_text(sources[name], encoding="utf-8")
    command = [node, str(SCRIPT), *map(str, paths.values())]
    done = subprocess.run(command, cwd=package, check=True, capture_output=True, text=True)
    times = [json.loads(line)["milliseconds"] for line in done.stdout.splitlines()]
    return {
        name: Compiled(Path(f"{path}.html").read_text("utf-8"), time)
        for (name, path), time in zip(paths.items(), times, strict=True)
    }


def errors(letters: Mapping[str, str], package: Path, scratch: Path) -> Counter[str]:
    """How often the W3C's checker makes which complaint of the letters; warnings do not count."""
    java, jar = shutil.which("java"), package / "node_modules/vnu-jar/build/dist/vnu.jar"
    if java is None or not jar.is_file():
        return Counter({"not measured: Java or the npm package vnu-jar is not installed here": 0})
    paths = [scratch / f"{name}.html" for name in letters]
    for path, html in zip(paths, letters.values(), strict=True):
        path.write_text(html, encoding="utf-8")
    command = [java, "-jar", str(jar), "--errors-only", "--format", "json", *map(str, paths)]
    # It ends with 1 if it has anything to say.
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return Counter(told["message"] for told in json.loads(done.stderr)["messages"])


def differences(pairs: Mapping[str, tuple[str, str]]) -> dict[str, list[float]]:
    """For each pair of letters, the share of dots that differ visibly, at each of WIDTHS."""
    path = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        made = {
            name: [_difference(browser, *pair, width=width) for width in WIDTHS]
            for name, pair in pairs.items()
        }
        browser.close()
    return made


def _difference(browser: Browser, ours: str, theirs: str, *, width: int) -> float:
    one, other = (_picture(browser, html, width) for html in (ours, theirs))
    if one.size != other.size:
        size = (max(one.width, other.width), max(one.height, other.height))
        one, other = (_on(picture, size) for picture in (one, other))
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[VISIBLE + 1 :]) / (most.width * most.height)


def _on(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture on a ground of a colour no letter has, so that what only one has differs."""
    ground = Image.new("RGB", size, "magenta")
    ground.paste(picture)
    return ground


def _picture(browser: Browser, html: str, width: int) -> Image.Image:
    page = browser.new_page(viewport={"width": width, "height": 900})
    # Pictures are the author's; both letters show the same gap in their place.
    page.route("**/*", lambda route: route.abort())
    page.set_content(html)
    shot = page.screenshot(full_page=True)
    page.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")
