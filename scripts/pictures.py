"""Makes the pictures of README and docs anew, from what the example home renders.

Needs Chromium (apt-get install chromium). Run it as `make pictures`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

CHECKOUT = Path(__file__).resolve().parents[1]
ARTICLE = CHECKOUT / "content" / "articles" / "how-acupuncture-eases-pain.md"
# The fonts of the golden pictures, so that these look the same wherever they are made.
ENVIRONMENT = {**os.environ, "FONTCONFIG_FILE": str(CHECKOUT / "tests/browser/fonts.conf")}
PICTURES = CHECKOUT / "docs" / "pictures"
DESIGNS = ("calm", "editorial", "compact")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
    "--allow-file-access-from-files",
]

PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: 1280px; height: 900px; overflow: hidden; background: #e9e6dd; }}
img {{ position: absolute; border-radius: 14px; }}
</style>
<img src="{desktop}" style="left: 48px; top: 40px; width: 560px">
<img src="{phone}" style="left: 656px; top: 40px; width: 262px">
<img src="{card}" style="left: 958px; top: 40px; width: 274px">
<img src="{other}" style="left: 958px; top: 424px; width: 274px">
"""


DESIGN = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; width: 1080px; height: 1180px; overflow: hidden; background: #b9b6ad; }}
img {{ position: absolute; top: 0; height: 1180px; }}
</style>
<img src="{desktop}" style="left: 0; width: 640px">
<img src="{phone}" style="left: 705px; width: 375px">
"""


def shoot(page: Path, picture: Path, *, width: int, height: int, scale: int = 2) -> None:
    """Take a picture of a page: ``width`` × ``height`` CSS pixels, ``scale`` times as many dots."""
    browser = shutil.which("chromium") or sys.exit("Chromium is missing: apt-get install chromium")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            *FLAGS,
            f"--user-data-dir={profile}",
            f"--force-device-scale-factor={scale}",
            f"--window-size={width},{height}",
            f"--screenshot={picture}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT)


def main() -> None:
    """Render the example article, and put what came out side by side."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        PICTURES.mkdir(exist_ok=True)
        picture_of_all(folder / "all")
        for design in DESIGNS:
            picture_of(design, folder / design)


def picture_of_all(folder: Path) -> None:
    """An email on a desktop and on a phone, with two cards: the picture of the README."""
    rendered(folder, "calm")
    issue = folder / "out" / "part-1" / "issue.html"
    shoot(issue, folder / "desktop.png", width=640, height=1100)
    shoot(issue, folder / "phone.png", width=375, height=1280)
    page = folder / "page.html"
    page.write_text(
        PAGE.format(
            desktop="desktop.png",
            phone="phone.png",
            card="out/part-1/cards/1.png",
            other="out/part-3/cards/3.png",
        )
    )
    shoot(page, folder / "issue.png", width=1280, height=900)
    keep(folder / "issue.png", PICTURES / "issue.png", (1600, 1125))


def picture_of(design: str, folder: Path) -> None:
    """A letter in one design: its beginning and its end on a desktop, and dark on a phone."""
    rendered(folder, design)
    issue = folder / "out" / "part-2" / "issue.html"
    shoot(issue, folder / "desktop.png", width=640, height=1180)
    dark = folder / "dark.html"
    # Chromium has no flag for the reader's scheme: the page is told that it is dark.
    dark.write_text(issue.read_text().replace("(prefers-color-scheme: dark)", "all"))
    shoot(dark, folder / "phone.png", width=375, height=1180)
    page = folder / "page.html"
    page.write_text(DESIGN.format(desktop="desktop.png", phone="phone.png"))
    shoot(page, folder / "design.png", width=1080, height=1180, scale=1)
    keep(folder / "design.png", PICTURES / f"{design}.png", (1080, 1180))


def rendered(folder: Path, design: str) -> None:
    """The example article, rendered into ``folder/out`` in a design."""
    home = folder / "home"
    shutil.copytree(CHECKOUT / "content", home / "content")
    settings = home / "content" / "clinic.toml"
    settings.write_text(settings.read_text().replace('design = "calm"', f'design = "{design}"'))
    meridian = Path(sys.executable).with_name("meridian")
    command = [meridian, "render", ARTICLE, "--to", folder / "out"]
    subprocess.run(command, check=True, env={"MERIDIAN_HOME": str(home)}, capture_output=True)


def keep(made: Path, target: Path, size: tuple[int, int]) -> None:
    """Keep a picture in few colours."""
    picture = Image.open(made).convert("RGB").resize(size)
    # Few colours cover little ground here, such as the numbers: coverage counts, not frequency.
    picture.quantize(256, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)
    print(f"{target.relative_to(CHECKOUT)}: {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
