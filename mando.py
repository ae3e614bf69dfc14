"""A recipe's picture."""

from typing import Any, Literal

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from numpy.typing import NDArray

from picture.composition import compose
from picture.palettes import BACKGROUND, Colour
from picture.png import encode
from picture.recipe import Recipe
from picture.rings import Ring

__all__ = ["Recipe", "draw"]

SIZE = 1024
MARGIN = 0.05  # of the side, between its edge and the outermost point

# matplotlib's and bezier's own values: the pixels are to be theirs. Thickness is in points, 72 an inch.
DPI = 200  # the post's
OUTLINE, LINE = 1.0, 1.5
OPAQUE, TRANSLUCENT = 1.0, 0.625


def draw(recipe: Recipe) -> bytes:
    """Return the recipe's picture as a PNG; threads may draw at once."""
    return encode(paint(recipe))


def paint(recipe: Recipe) -> NDArray[np.uint8]:
    """Return the picture as rows of columns of red, green, blue and 255.

    Every polygon is painted by a call of its own, since the interpreter waits for each: one call for all takes ten
    times as long as the longest of these, and other threads have Discord to answer.
    """
    canvas: Any = RendererAgg(SIZE, SIZE, DPI)  # type: ignore[no-untyped-call]  # matplotlib leaves its backends untyped
    pixels: NDArray[np.uint8] = np.asarray(canvas.buffer_rgba())
    pixels.view(np.uint32)[:] = np.array([*BACKGROUND, 255], np.uint8).view(np.uint32)
    drawn = [(ring.polygons, ring.colour) for ring in compose(recipe)]
    place = _place([ring for ring, _ in drawn])
    curved = recipe.style == "bezier_fill"
    pen = _pen(OUTLINE, "miter", "butt")
    for ring, colour in drawn:
        paint = _paint(colour, TRANSLUCENT if curved else OPAQUE)
        pen.set_foreground(paint, isRGBA=True)
        for polygon in ring:
            canvas.draw_path(pen, polygon, place, paint)
    pen = _pen(LINE, "round", "projecting")
    for ring, colour in drawn if curved else ():
        pen.set_foreground(_paint(colour, OPAQUE), isRGBA=True)
        for polygon in ring:
            canvas.draw_path(pen, polygon, place)
    return pixels


def _place(drawn: list[Ring]) -> NDArray[np.float64]:
    """Return the matrix that puts the centre in the middle of the picture, and the outermost point at its margin."""
    reach = max(np.hypot(*np.asarray(polygon.vertices).T).max() for ring in drawn for polygon in (ring[0], ring[-1]))
    scale = SIZE * (0.5 - MARGIN) / reach
    return np.array([[scale, 0.0, SIZE / 2], [0.0, scale, SIZE / 2], [0.0, 0.0, 1.0]])


def _pen(width: float, join: Literal["miter", "round"], cap: Literal["butt", "projecting"]) -> GraphicsContextBase:
    pen = GraphicsContextBase()
    pen.set_linewidth(width)
    pen.set_joinstyle(join)
    pen.set_capstyle(cap)
    return pen


def _paint(colour: Colour, alpha: float) -> tuple[float, float, float, float]:
    red, green, blue = colour
    return red / 255, green / 255, blue / 255, alpha
