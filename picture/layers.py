"""A style: what is painted of a recipe's rings, in which order, and with which pens."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from picture.composition import compose
from picture.lines import outlines
from picture.palettes import BACKGROUND, PAPER, Colour
from picture.recipe import Recipe
from picture.rings import Ring

DPI = 200  # the post's
MARGIN = 0.05  # of the side, between its edge and the outermost point

INK = (0, 0, 0)

# matplotlib's and bezier's own values: the coloured styles are to look as theirs.
OUTLINE, LINE = 1.0, 1.5
OPAQUE, TRANSLUCENT = 1.0, 0.625

# Of a colouring page: half a millimetre on A4, and no white between two lines narrower than 1.3 mm.
PENCIL, CLEAR = 0.9, 2.5


class Pen(NamedTuple):
    """How a line is drawn, its width in points: 72 an inch of the usual picture's 1024 pixels at DPI."""

    width: float
    join: Literal["miter", "round"] = "round"
    cap: Literal["butt", "round"] = "round"


NO_PEN = Pen(0)


class Layer(NamedTuple):
    """A ring, painted once: every petal of it in turn, filled if it is to be, then outlined if it has a pen."""

    ring: int  # its number
    colour: Colour
    opacity: float
    filled: bool
    pen: Pen


class Drawing(NamedTuple):
    """All that is painted of a recipe, whatever it is painted on."""

    ground: Colour
    rings: list[Ring]
    layers: list[Layer]

    def scale(self, side: int) -> float:
        """Return the pixels of one of the rings' units, in a picture of this side."""
        outlines = [ring.petal[0].to_polygons(closed_only=False) for ring in self.rings]
        return side * (0.5 - MARGIN) / float(max(np.hypot(*np.vstack(outline).T).max() for outline in outlines))


def drawing(recipe: Recipe) -> Drawing:
    """Return what the recipe's style makes of its rings."""
    if recipe.style == "lines":
        return Drawing(PAPER, outlines(recipe), list(_pencilled(recipe.rings)))
    rings = compose(recipe)
    layers = _round if recipe.style == "bezier_fill" else _sharp
    return Drawing(BACKGROUND, [ring.shape for ring in rings], list(layers([ring.colour for ring in rings])))


def _sharp(colours: Sequence[Colour]) -> Iterator[Layer]:
    for ring, colour in enumerate(colours):
        yield Layer(ring, colour, OPAQUE, filled=True, pen=Pen(OUTLINE, "miter", "butt"))


def _round(colours: Sequence[Colour]) -> Iterator[Layer]:
    for ring, colour in enumerate(colours):
        yield Layer(ring, colour, TRANSLUCENT, filled=True, pen=NO_PEN)
    for ring, colour in enumerate(colours):
        yield Layer(ring, colour, OPAQUE, filled=False, pen=Pen(LINE))


def _pencilled(count: int) -> Iterator[Layer]:
    """Outline each ring as a whole: what is painted white again leaves the outer rim of a broad line.

    So lines within a ring vanish, inner rings cover the outer ones, and what is too thin for a pencil grows or closes.
    """
    for ring in range(count):
        yield Layer(ring, INK, OPAQUE, filled=False, pen=Pen(CLEAR + 2 * PENCIL))
        yield Layer(ring, PAPER, OPAQUE, filled=True, pen=Pen(CLEAR))
