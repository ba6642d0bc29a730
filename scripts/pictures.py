"""Makes the pictures of README and docs anew, from what the example home renders.

Needs Chromium (apt-get install chromium). Run it as `make pictures`.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

CHECKOUT = Path(__file__).resolve().parents[1]
ARTICLE = CHECKOUT / "content" / "articles" / "how-acupuncture-eases-pain.md"
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
        subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    """Render the example article, and put what came out side by side."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        meridian = Path(sys.executable).with_name("meridian")
        command = [meridian, "render", ARTICLE, "--to", folder / "out"]
        home = folder / "home"
        shutil.copytree(CHECKOUT / "content", home / "content")
        subprocess.run(command, check=True, env={"MERIDIAN_HOME": str(home)}, capture_output=True)
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
        target = CHECKOUT / "docs" / "pictures" / "issue.png"
        target.parent.mkdir(exist_ok=True)
        picture = Image.open(folder / "issue.png").convert("RGB").resize((1600, 1125))
        # Few colours cover little ground here, such as the numbers: coverage counts, not frequency.
        picture.quantize(256, Image.Quantize.MAXCOVERAGE).save(target, optimize=True)
        print(f"{target.relative_to(CHECKOUT)}: {target.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
