"""Lines: a page to colour in."""

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mando import Recipe, paint
from picture.layers import DPI, PENCIL

PAGES = [Recipe.of(f"page {number}", style="lines") for number in range(8)]
LINE = PENCIL * DPI / 72


def grey(recipe: Recipe) -> NDArray[np.uint8]:
    return paint(recipe)[:, :, 0]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_page_is_black_on_white(page: Recipe) -> None:
    """No colour is there before the pencil, and little ink: 2 to 12 % of the page."""
    pixels = paint(page)[:, :, :3]

    assert (pixels == pixels[:, :, :1]).all()
    assert (pixels[0] == 255).all()
    assert 0.02 < (pixels < 128).mean() < 0.12


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_lines_run_together(page: Recipe) -> None:
    """At most one in 50 black pixels is further from white than two lines side by side would be: no black tangles."""
    black = grey(page) < 128
    side = 2 * round(1.25 * LINE) + 1
    middle = sliding_window_view(sliding_window_view(black, side, axis=0).all(axis=2), side, axis=1).all(axis=2)

    assert middle.sum() < black.sum() / 50


@pytest.mark.parametrize("page", PAGES[:3], ids=str)
def test_shapes_are_closed(page: Recipe) -> None:
    """White poured in at a corner stays outside of the mandala, and every ring has shapes that can be filled."""
    image = Image.fromarray(grey(page)).point(lambda value: 255 * (value > 128))
    ImageDraw.floodfill(image, (0, 0), 64)
    inside = np.asarray(image) == 255

    assert inside.mean() > 0.2
    assert inside[512 - 40 : 512 + 40, 512 - 40 : 512 + 40].any()
