"""Four colours of a clinic become all colours of a letter, light and dark, with enough contrast.

Contrast is that of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio). Text reaches 4.6:1
on every ground it may stand on, running text 7:1, whatever the clinic chose: a pale brand is
darkened for light grounds and lifted, with its hue kept, for dark ones.
"""

import colorsys
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.errors import SettingError
from pipeline.values import Brand

Colour = tuple[float, float, float]

BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)

READABLE = 4.6
RUNNING = 7.05
_STEP = 0.01
# Below this luminance a paper leaves no room for readable text on the tints made from it.
_PAPER = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """The colours of one scheme as ``#rrggbb``.

    Attributes:
        page: Around the cards of the design "calm".
        desk: Around the sheet of the other designs, without a breath of the accent.
        paper: The cards, the sheet.
        plate: Behind a quotation, a figure, code.
        warm: Behind a number.
        action: The card with the button.
        rule: Hairlines.
        off: The bars of parts that are not this one.
        ink: Running text.
        muted: Notes, captions, the footer.
        link: Links and quotations.
        button: The button and its likes; ``on`` is the text on it.
        hot: Numbers and markers.
    """

    page: str
    desk: str
    paper: str
    plate: str
    warm: str
    action: str
    rule: str
    off: str
    ink: str
    muted: str
    link: str
    button: str
    on: str
    hot: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a letter in both schemes."""

    light: Scheme
    dark: Scheme


@lru_cache(maxsize=64)
def palette(brand: Brand) -> Palette:
    """All colours of a letter.

    Raises:
        SettingError: A colour is not written ``#rrggbb``.
    """
    return Palette(_light(brand), _dark(brand))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: Colour) -> float:
    """Relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rgb(colour: str) -> Colour:
    """A colour written ``#rrggbb`` as three parts from 0 to 1.

    Raises:
        SettingError: It is written otherwise.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise SettingError(
            f"the brand colour {colour!r} cannot be read",
            mend='Write it as six hexadecimal digits: "#2f6f62".',
            path="content/clinic.toml",
        )
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """The colour with a share of another, from 0 to 1, rounded to what ``#rrggbb`` can say."""
    red, green, blue = (
        round((c * (1 - share) + o * share) * 255) / 255 for c, o in zip(colour, other, strict=True)
    )
    return red, green, blue


def fix(colour: Colour, grounds: Iterable[Colour], ratio: float, *, towards: Colour) -> Colour:
    """The nearest mix with ``towards`` that reaches the ratio on all grounds."""
    grounds, share = tuple(grounds), 0.0
    fixed = colour
    while share < 1 and min(contrast(fixed, ground) for ground in grounds) < ratio:
        share += _STEP
        fixed = mix(colour, towards, min(share, 1))
    return fixed


def lift(colour: Colour, grounds: Iterable[Colour], ratio: float, *, saturation: float) -> Colour:
    """The colour made lighter until it reaches the ratio on all grounds; its hue stays.

    Mixing with white would give grey pastels; raising the lightness alone keeps it a colour.
    """
    grounds = tuple(grounds)
    hue, lightness, own = colorsys.rgb_to_hls(*colour)
    lifted = _hls(hue, lightness, min(own, saturation))
    while lightness < 1 and min(contrast(lifted, ground) for ground in grounds) < ratio:
        lightness += _STEP
        lifted = _hls(hue, min(lightness, 1), min(own, saturation))
    return lifted


def _light(brand: Brand) -> Scheme:
    main, accent, ink = rgb(brand.brand), rgb(brand.accent), rgb(brand.ink)
    paper = _bright(rgb(brand.paper))
    # A breath of the accent makes the page warm; the ink makes it a page and not a stain.
    page = mix(mix(paper, accent, 0.05), ink, 0.02)
    desk = mix(paper, ink, 0.05)
    plate, warm, action = mix(paper, main, 0.08), mix(paper, accent, 0.11), mix(paper, accent, 0.17)
    grounds = (paper, page, desk, plate, warm, action)
    ink = fix(ink, grounds, RUNNING, towards=BLACK)
    return Scheme(
        page=_hex(page),
        desk=_hex(desk),
        paper=_hex(paper),
        plate=_hex(plate),
        warm=_hex(warm),
        action=_hex(action),
        rule=_hex(mix(paper, ink, 0.15)),
        off=_hex(mix(paper, main, 0.22)),
        ink=_hex(ink),
        muted=_hex(fix(mix(ink, paper, 0.34), grounds, READABLE, towards=BLACK)),
        link=_hex(fix(main, grounds, READABLE, towards=BLACK)),
        # The text on it is paper, so this is the only ground that counts.
        button=_hex(fix(main, (paper,), READABLE, towards=BLACK)),
        on=_hex(paper),
        hot=_hex(fix(accent, grounds, READABLE, towards=BLACK)),
    )


def _dark(brand: Brand) -> Scheme:
    main, accent = rgb(brand.brand), rgb(brand.accent)
    # Near black, never black: white text on pure black glares.
    page, paper = mix(rgb("#0d0e10"), main, 0.10), mix(rgb("#17181b"), main, 0.13)
    plate, warm = mix(rgb("#212327"), main, 0.20), mix(rgb("#232326"), accent, 0.12)
    action = mix(rgb("#212124"), accent, 0.15)
    grounds = (page, paper, plate, warm, action)
    ink = fix(rgb("#ebe9e6"), grounds, RUNNING, towards=WHITE)
    # 6.2 and not 4.6: thin light letters on dark read worse than their ratio says.
    shine = lift(main, grounds, 6.2, saturation=0.42)
    return Scheme(
        page=_hex(page),
        desk=_hex(page),
        paper=_hex(paper),
        plate=_hex(plate),
        warm=_hex(warm),
        action=_hex(action),
        rule=_hex(mix(paper, WHITE, 0.17)),
        off=_hex(mix(paper, WHITE, 0.18)),
        ink=_hex(ink),
        muted=_hex(fix(mix(ink, paper, 0.34), grounds, 5, towards=WHITE)),
        link=_hex(shine),
        button=_hex(shine),
        on=_hex(page),
        hot=_hex(lift(accent, grounds, 6.2, saturation=0.55)),
    )


def _bright(paper: Colour) -> Colour:
    share, bright = 0.0, paper
    while luminance(bright) < _PAPER:
        share += _STEP
        bright = mix(paper, WHITE, share)
    return bright


def _hls(hue: float, lightness: float, saturation: float) -> Colour:
    return mix(colorsys.hls_to_rgb(hue, lightness, saturation), BLACK, 0)


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
