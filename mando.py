"""A recipe's picture."""

from itertools import product
from math import ceil
from typing import Any

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from numpy.typing import NDArray

from picture import svg
from picture.curves import turns
from picture.layers import DPI, Drawing, Pen, drawing
from picture.palettes import Colour
from picture.png import encode
from picture.recipe import Recipe

__all__ = ["SIZE", "SIZES", "Recipe", "draw", "draw_svg"]

SIZE = 1024
SIZES = range(256, 4097)


def draw(recipe: Recipe, size: int = SIZE) -> bytes:
    """Return the recipe's picture as a PNG of size x size pixels; threads may draw at once."""
    if size not in SIZES:
        raise ValueError(f"{size} pixels are not from {SIZES[0]} to {SIZES[-1]}")
    return encode(_corner(recipe, size), lambda places: _unfold(places, size))


def draw_svg(recipe: Recipe, description: str) -> bytes:
    """Return the recipe's picture as an SVG, which the description describes to those who cannot see it."""
    return svg.encode(drawing(recipe), recipe.seed, description)


def paint(recipe: Recipe, size: int = SIZE) -> NDArray[np.uint8]:
    """Return the picture as rows of columns of red, green, blue and 255."""
    return _unfold(_corner(recipe, size), size)


def _corner(recipe: Recipe, size: int) -> NDArray[np.uint8]:
    """Return the upper half of the picture, which the lower one mirrors, or its right half if the left one mirrors it.

    Of a large one as many rows at a time as make up half of a usual picture, and every path by a call of its own: the
    interpreter waits for each call, and other threads have Discord to answer.
    """
    drawn = drawing(recipe)
    scale = drawn.scale(size)
    half = -(-size // 2)
    width = size if any(ring.copies % 2 for ring in drawn.rings) else half
    height = min(half, SIZE * SIZE // size // 2)
    edge = ceil(max(layer.pen.width for layer in drawn.layers) * DPI / 72 * size / SIZE)  # Agg ends lines beside it
    canvas: Any = RendererAgg(edge + width, edge + height + edge, DPI * size / SIZE)  # type: ignore[no-untyped-call]  # matplotlib leaves its backends untyped
    band: NDArray[np.uint8] = np.asarray(canvas.buffer_rgba())
    pixels = np.empty((half, width, 4), np.uint8)
    for top in range(0, half, height):
        band.view(np.uint32)[:] = np.array([*drawn.ground, 255], np.uint8).view(np.uint32)
        _paint(drawn, canvas, scale, (edge + width - size / 2, top + height + edge - size / 2))
        rows = pixels[top : top + height]
        rows[:] = band[edge : edge + len(rows), edge:]
    return pixels


def _unfold[Value: np.generic](corner: NDArray[Value], size: int) -> NDArray[Value]:
    """Return the whole of an upper half, or of an upper right quarter."""
    height, width = corner.shape[:2]
    whole = np.empty((size, size, *corner.shape[2:]), corner.dtype)
    whole[:height, size - width :] = corner
    whole[:height, : size - width] = corner[:, ::-1][:, : size - width]
    whole[height:] = whole[: size - height][::-1]
    return whole


def _paint(drawn: Drawing, canvas: Any, scale: float, centre: tuple[float, float]) -> None:  # noqa: ANN401 - matplotlib's, untyped
    """Paint around a centre, counted from the canvas's lower left corner; it may lie outside."""
    place = np.array([[scale, 0.0, centre[0]], [0.0, scale, centre[1]], [0.0, 0.0, 1.0]])
    for layer in drawn.layers:
        ring = drawn.rings[layer.ring]
        pen = _pen(layer.pen)
        paint = _paint_of(layer.colour, layer.opacity)
        pen.set_foreground(paint, isRGBA=True)
        turned = place @ turns(ring.copies)
        width = layer.pen.width * canvas.dpi / 72
        reach = width * max(1, width) / 2  # matplotlib lets a corner reach as many widths as one has pixels
        seen = [_is_seen(path, turned, canvas.height, reach) for path in ring.petal]
        for turn, part in product(range(ring.copies), range(len(ring.petal))):
            if seen[part][turn]:
                canvas.draw_path(pen, ring.petal[part], turned[turn], paint if layer.filled else None)


def _is_seen(path: Path, turned: NDArray[np.float64], height: int, reach: float) -> NDArray[np.bool]:
    """Tell of each copy whether it comes as near as its line reaches to these rows: a curve stays among its points."""
    rows: NDArray[np.float64] = turned[:, 1, :2] @ np.transpose(path.vertices) + turned[:, 1, 2:]
    seen: NDArray[np.bool] = (rows.max(axis=1) > -reach) & (rows.min(axis=1) < height + reach)
    return seen


def _pen(pen: Pen) -> GraphicsContextBase:
    context = GraphicsContextBase()
    context.set_linewidth(pen.width)
    context.set_joinstyle(pen.join)
    context.set_capstyle(pen.cap)
    return context


def _paint_of(colour: Colour, opacity: float) -> tuple[float, float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255, opacity
