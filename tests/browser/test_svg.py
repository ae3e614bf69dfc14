"""The SVG as a browser shows it, held against the PNG."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from mando import SIZE, Recipe, draw_svg, paint
from picture.recipe import STYLES

SMOOTHING = 32  # of 255: two programs blend an edge in two ways
STRAY = 1000  # of a million pixels: needles, whose edges Agg leaves jagged; moved by 3/4 of a pixel, 5000 would be

Pixels = NDArray[np.uint8]


def shown(browser: Browser, svg: bytes) -> Pixels:
    page = browser.new_page(viewport=ViewportSize(width=SIZE, height=SIZE))
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{svg.decode().partition('?>')[2]}")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return np.asarray(picture)


def beyond_half_a_pixel(one: Pixels, other: Pixels) -> float:
    """Return the share of pixels that differ by more than half of what is around: an edge that far away would."""
    padded = np.pad(other.astype(np.int16), ((1, 1), (1, 1), (0, 0)), "edge")
    near = [padded[row : row + SIZE, column : column + SIZE] for row in range(3) for column in range(3)]
    allowed = (np.maximum.reduce(near) - np.minimum.reduce(near)) / 2 + SMOOTHING
    return float((np.abs(one - padded[1:-1, 1:-1]) > allowed).any(axis=2).mean())


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", ["Ada Lovelace", "Hypatia"])
def test_it_is_the_pngs_picture(browser: Browser, style: str, seed: str) -> None:
    """No edge is more than half a pixel away from the PNG's."""
    recipe = Recipe.of(seed, symmetry=8, style=style)  # may have rings of eight petals and of four
    svg, png = shown(browser, draw_svg(recipe, "A mandala")), paint(recipe)[:, :, :3]

    stray = 1e6 * max(beyond_half_a_pixel(svg, png), beyond_half_a_pixel(png, svg))

    assert stray < STRAY
