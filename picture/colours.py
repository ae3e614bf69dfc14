"""The colours that a mandala shows most, and the nearest that there is a word for."""

import math
from collections import Counter
from functools import cache

from picture.oklab import oklab
from picture.palettes import PAPER, Colour
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


def dominant(recipe: Recipe, count: int = 3) -> dict[str, Colour]:
    """Return the names that cover most of the picture, largest first, each with the largest ring's colour."""
    if recipe.style == "lines":
        return {nearest(PAPER): PAPER}
    from picture.composition import compose  # noqa: PLC0415 - numpy and matplotlib: after the callback

    shares: Counter[str] = Counter()
    largest: dict[str, Colour] = {}
    for ring in sorted(compose(recipe), key=lambda ring: ring.area, reverse=True):
        name = nearest(ring.colour)
        shares[name] += ring.area
        largest.setdefault(name, ring.colour)
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
