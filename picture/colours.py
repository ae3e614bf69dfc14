"""The colours that a mandala shows most, and the nearest that there is a word for."""

import math
from collections import Counter
from functools import cache

from picture.palettes import Colour
from picture.recipe import Recipe

# Each name is a key of the catalogue. The colours are what the names bring to mind, spread over what screens show.
NAMED = {
    "black": "0c0c0e",
    "grey": "808284",
    "silver": "c2c5c8",
    "white": "fbfbfb",
    "cream": "fff3d0",
    "beige": "dcc7a0",
    "brown": "7a4a22",
    "rust": "b4511f",
    "burgundy": "74122a",
    "red": "d8202c",
    "coral": "fb7460",
    "peach": "ffc69c",
    "orange": "fd900e",
    "ochre": "c4843c",
    "gold": "d6ac34",
    "yellow": "fde73a",
    "olive": "6e6f1c",
    "lime": "a6e022",
    "green": "2c8f3f",
    "forest": "104f2c",
    "mint": "a4ecc4",
    "sage": "8fa98a",
    "teal": "0b8480",
    "turquoise": "34d4c6",
    "sky": "6cbcf0",
    "blue": "2763ea",
    "steel": "52708c",
    "navy": "0f1f5e",
    "indigo": "4a2a9c",
    "violet": "8c42d4",
    "lavender": "bba8ea",
    "mauve": "937aa8",
    "plum": "7e3070",
    "magenta": "e0259c",
    "pink": "fcb2c8",
    "rose": "d877a8",
}

DARK = 0.04045  # up to here, sRGB is linear


def dominant(recipe: Recipe, count: int = 3) -> dict[str, Colour]:
    """Return the names that cover most of the picture, largest first, each with the largest ring's colour."""
    radii = recipe.radii()
    areas = [outer**2 - inner**2 for outer, inner in zip(radii, (*radii[1:], 0), strict=True)]  # the rest is covered
    shares: Counter[str] = Counter()
    largest: dict[str, Colour] = {}
    for area, colour in sorted(zip(areas, recipe.colours(), strict=True), reverse=True):
        name = nearest(colour)
        shares[name] += area
        largest.setdefault(name, colour)
    return {name: largest[name] for name, _ in shares.most_common(count)}


def nearest(colour: Colour) -> str:
    """Return the name that looks most like a colour."""
    seen = _perceived(colour)
    return min(NAMED, key=lambda name: math.dist(seen, _named()[name]))


@cache
def _named() -> dict[str, tuple[float, float, float]]:
    return {name: _perceived((*bytes.fromhex(code),)) for name, code in NAMED.items()}


def _perceived(colour: Colour) -> tuple[float, float, float]:
    """Return OKLab with hue and chroma counted double, as a name goes by them more than by lightness."""
    lightness, green_red, blue_yellow = oklab(colour)
    return lightness, 2 * green_red, 2 * blue_yellow


def oklab(colour: Colour) -> tuple[float, float, float]:
    """Return lightness, green to red and blue to yellow, in which distance is difference to the eye.

    Formula and constants: https://bottosson.github.io/posts/oklab
    """
    red, green, blue = map(_linear, colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _linear(channel: int) -> float:
    """Return the light that a channel of sRGB stands for."""
    share = channel / 255
    return share / 12.92 if share < DARK else ((share + 0.055) / 1.055) ** 2.4
