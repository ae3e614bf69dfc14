"""The SVG as a browser shows it, held against the PNG."""

import io

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, ViewportSize

from mando import SIZE, Recipe, draw_svg, paint
from picture.recipe import STYLES

TWICE = 2 * SIZE
TOLERANCE = 24  # of 255: two programs smooth an edge in two ways
STRAY = 20  # of a million pixels: where lines that nearly touch leave one of them a gap

Pixels = NDArray[np.uint8]


def shown(browser: Browser, svg: bytes) -> Pixels:
    page = browser.new_page(viewport=ViewportSize(width=TWICE, height=TWICE))
    page.set_content(f"<style>* {{ margin: 0; display: block }}</style>{svg.decode().partition('?>')[2]}")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return np.asarray(picture)


def beyond(one: Pixels, other: Pixels) -> float:
    """Return the share of pixels that are like none of the other's pixel and its eight neighbours."""
    near = sliding_window_view(np.pad(other, ((1, 1), (1, 1), (0, 0)), "edge").astype(np.int16), (3, 3), axis=(0, 1))
    low, high = near.min(axis=(3, 4)) - TOLERANCE, near.max(axis=(3, 4)) + TOLERANCE
    return float(((one < low) | (one > high)).any(axis=2).mean())


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", ["Ada Lovelace", "Hypatia"])
def test_it_is_the_pngs_picture(browser: Browser, style: str, seed: str) -> None:
    """At twice the usual size no edge is a pixel away from the PNG's: half a pixel of the usual picture's."""
    recipe = Recipe.of(seed, style=style)
    svg, png = shown(browser, draw_svg(recipe, "A mandala")), paint(recipe, TWICE)[:, :, :3]

    assert max(beyond(svg, png), beyond(png, svg)) * 1e6 < STRAY
