"""Pictures of whole letters as a reader sees them: which there are, how one is taken and compared.

Where the machine has the very fonts of :data:`FONTS`, pictures are compared dot by dot; elsewhere
the places of what has a place whatever the font: paragraphs, plates, tiles, images.
"""

import io
import os
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser, Page, Route

from pipeline.stages.design.colours import mix, palette, rgb
from pipeline.values import Design
from tests.specimens import BRANDS, DESIGNS, FIGURE, specimen

GOLDENS = Path(__file__).parents[1] / "goldens"
BOXES = GOLDENS / "boxes.json"
FONTS_CONF = Path(__file__).with_name("fonts.conf")
# Of 255: what an edge of a letter may differ by, and what two grounds of a letter differ by.
_GREATLY, _AT_ALL = 80, 4

# The versions the pictures were taken with, as fontconfig counts them (1.0 is 65536).
FONTS = {
    "Roboto": 140116,
    "Noto Serif": 131334,
    "Noto Sans CJK KR": 131334,
    "Noto Sans Arabic": 131400,
}
_NOWHERE = "https://example.com/none.png"
# The two tones of the figure; both stand out from the plates of both schemes.
_GREEN, _RED = (104, 148, 138), (196, 110, 84)
_PLACED = """() => [...document.querySelectorAll('h1,h2,h3,p,ul,ol,img,.plate,.tile')]
    .map(found => [found, found.getBoundingClientRect()])
    .map(([found, box]) => [found.tagName, Math.round(box.left), Math.round(box.width)])
    .map(parts => parts.join(' ').toLowerCase())"""

Scheme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class View:
    """A letter in a window."""

    design: Design
    language: str
    width: int
    scheme: Scheme
    images: bool = True

    @property
    def name(self) -> str:
        """The name of its picture."""
        off = "" if self.images else "-noimages"
        return f"{self.design}.{self.language}-{self.width}-{self.scheme}{off}"

    @property
    def place(self) -> str:
        """The name of its boxes: they are the same in both schemes."""
        return self.name.removesuffix(f"-{self.scheme}")


VIEWS = (
    *(
        View(design, language, width, scheme)
        for design in DESIGNS
        for language in ("en", "ko", "es")
        for width in (375, 680)
        for scheme in ("light", "dark")
    ),
    *(View(design, "ar", 375, "light") for design in DESIGNS),
    *(View(design, "en", 680, "light", images=False) for design in DESIGNS),
)


@cache
def pinned() -> bool:
    """Whether the machine has the fonts of the pictures, version by version."""
    return {family: _version(family) for family in FONTS} == FONTS


def environment() -> dict[str, str | float | bool]:
    """The environment of a browser that sees these fonts."""
    return {**_environment()}


class Booth:
    """One page in which letter after letter is shown; nothing but their figure is fetched."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context()
        self.page = self._context.new_page()
        self.page.route("**/*", self._answer)

    def show(self, view: View) -> Page:
        """The letter of a view, open."""
        self.page.set_viewport_size({"width": view.width, "height": 900})
        self.page.emulate_media(color_scheme=view.scheme)
        html = specimen(view.language, view.design).html
        # Another address, or the browser would take the picture it has seen a moment ago.
        self.page.set_content(html if view.images else html.replace(FIGURE, _NOWHERE))
        return self.page

    def close(self) -> None:
        """Done."""
        self._context.close()

    def _answer(self, route: Route) -> None:
        if route.request.url == FIGURE:
            route.fulfill(body=_FIGURE, content_type="image/png")
        else:
            route.abort()


def picture(page: Page) -> Image.Image:
    """The whole page as a picture."""
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")


def boxes(page: Page) -> list[str]:
    """Name, left edge and width of all that has its place whatever the font, in CSS pixels."""
    found: list[str] = page.evaluate(_PLACED)
    return found


def reduced(taken: Image.Image, view: View) -> Image.Image:
    """The picture in few colours: those of the letter, and one for the edges of its words."""
    return taken.quantize(palette=_few(view), dither=Image.Dither.NONE)


def different(taken: Image.Image, golden: Image.Image) -> tuple[float, float]:
    """The shares of dots, from 0 to 1, that differ greatly, and that differ at all.

    The first shows words that moved or changed, the second a ground that is another.
    """
    if taken.size != golden.size:
        return 1.0, 1.0
    red, green, blue = ImageChops.difference(taken.convert("RGB"), golden.convert("RGB")).split()
    apart = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    counts, dots = apart.histogram(), taken.width * taken.height
    return sum(counts[_GREATLY:]) / dots, sum(counts[_AT_ALL:]) / dots


def figure() -> bytes:
    """A line drawing as PNG: transparent, in two tones that stand out from both schemes' plates."""
    scale, green, red = 2, (*_GREEN, 255), (*_RED, 255)
    drawn = Image.new("RGBA", (1200 * scale, 600 * scale))
    pen = ImageDraw.Draw(drawn)
    for ring, radius in enumerate(range(48, 270, 44)):
        shade = (*green[:3], 255 - 32 * ring)
        box = (
            [scale * (840 + x * radius) for x in (-1, 1)],
            [scale * (300 + y * radius) for y in (-1, 1)],
        )
        pen.ellipse((box[0][0], box[1][0], box[0][1], box[1][1]), outline=shade, width=6 * scale)
    pen.ellipse((scale * 824, scale * 284, scale * 856, scale * 316), fill=red)
    for row in range(5):
        pen.rounded_rectangle(
            (
                scale * 120,
                scale * (190 + 46 * row),
                scale * (470 - 30 * (row % 2)),
                scale * (214 + 46 * row),
            ),
            radius=12 * scale,
            fill=green if row != 2 else red,
        )
    stream = io.BytesIO()
    drawn.resize((1200, 600), Image.Resampling.LANCZOS).save(stream, "PNG")
    return stream.getvalue()


_FIGURE = figure()


def _few(view: View) -> Image.Image:
    scheme = getattr(palette(BRANDS[view.design]), view.scheme)
    unused = ("desk",) if view.design == "calm" else ("page", "warm", "action", "off")
    of = {name: rgb(colour) for name, colour in asdict(scheme).items() if name not in unused}
    figure = [tuple(part / 255 for part in tone) for tone in (_GREEN, _RED)]
    colours = list(dict.fromkeys([*of.values(), mix(of["ink"], of["paper"], 0.5), *figure]))
    # More than sixteen, or a dot takes half a byte: then the same letter is packed in two ways.
    colours += colours[:1] * (24 - len(colours))
    few = Image.new("P", (1, 1))
    few.putpalette([round(part * 255) for colour in colours for part in colour])
    return few


def _environment() -> dict[str, str]:
    return {**os.environ, "FONTCONFIG_FILE": str(FONTS_CONF)}


def _version(family: str) -> int:
    command = ["fc-match", "-f", "%{family[0]}|%{fontversion}", family]
    try:
        told = subprocess.run(
            command, env=_environment(), capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    found, _, version = told.stdout.partition("|")
    return int(version or 0) if found == family else 0
