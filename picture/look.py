"""How a ring would look outside of others: how much of it is seen, and what is wrong with it."""

from functools import cache
from math import cos, pi, sin
from typing import Any, NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from numpy.typing import NDArray

from picture.curves import Points, turns

Mask = NDArray[np.bool]

# All that is decided here is decided by counts of pixels, which every machine counts alike. A quarter will do.
SIDE = 64
OUTERMOST_POINT = 5 / 6  # of a ring's radius
COVERED = 128  # of 255, at the least

PLAIN = 0.35  # of the disc, for one ring
SPARSE_WITHIN = 0.23  # of the disc, for all rings together

# Of the outermost ring: its part of the figure, at the least, and any ring's, at the most; the figure's of the disc;
# how far it reaches where it is wide enough to be seen; how far a mere stroke leaves it; how full its rim is: a disc's
# is fuller.
SMALLEST, LARGEST, SPARSE, WIDE, BARE, RIM, FULL = 0.08, 0.36, 0.44, 0.85, 0.08, 0.88, 0.75
DIGITS = 6  # of a fault: no machine's last one decides

STEPS = np.arange(SIDE) + 0.5
AXIS = 2 * np.arange(SIDE) + 1  # twice the pixels' places
AWAY = AXIS**2 + AXIS[:, None] ** 2  # the square of twice each pixel's distance from the centre


class View(NamedTuple):
    """A ring as it would stand among those inside it; its fault is 0 if it looks well."""

    together: Mask
    area: int  # that is seen of it, in units of its own
    reach: float
    fault: float


class Look:
    """A small picture of the rings so far, from the innermost; it shows the quarter where x and y are positive."""

    def __init__(self) -> None:
        canvas: Any = RendererAgg(SIDE, SIDE, 72)  # type: ignore[no-untyped-call]  # matplotlib leaves its backends untyped
        self._canvas = canvas
        self._opacity: NDArray[np.uint8] = np.asarray(canvas.buffer_rgba())[::-1, :, 3]
        self._pen = GraphicsContextBase()
        self._pen.set_linewidth(0)
        self._covered: Mask = np.zeros((SIDE, SIDE), np.bool)
        self._room, self._reach, self._largest = 1, 0.0, 0
        self.make_room(self._room)

    def make_room(self, radius: int) -> None:
        """Shrink what there is, so that a ring of this radius fills the picture."""
        scale = SIDE / (radius * OUTERMOST_POINT)
        self._place = np.diag([scale, scale, 1])
        old = AXIS * radius // (2 * self._room)
        inside = old[old < SIDE]
        covered = np.zeros((SIDE, SIDE), np.bool)
        covered[: len(inside), : len(inside)] = self._covered[inside[:, None], inside]
        self._covered, self._room = covered, radius

    def at(self, petal: list[Points], copies: int, *, outermost: bool) -> View:
        """Look at a ring of so many petals, of one polygon or two halves each, outside of the others."""
        mask = self._mask(petal, copies)
        together = mask | self._covered
        area = int(np.count_nonzero(mask & ~self._covered))
        reach = max(self._reach, float(np.hypot(*petal[0]).max()))
        scale = float(self._place[0, 0])
        if outermost:
            bare = _bare(scale * petal[0], pi / copies, together)
            largest = max(area, self._largest / self._room**2)
            fault = _fault_outermost(together, area, largest, scale * reach, bare)
        else:
            fault = _fault_within(together, area, scale * reach)
        return View(together, area * self._room**2, reach, round(fault, DIGITS))

    def add(self, view: View) -> None:
        """Add a ring as it was looked at."""
        self._covered, self._reach, self._largest = view.together, view.reach, max(self._largest, view.area)

    def _mask(self, petal: list[Points], copies: int) -> Mask:
        """Return the pixels that the petals cover: no two of them, and no two halves, cover the same ones."""
        within = turns(copies)[: (copies + 2) // 4 + 1, np.newaxis, :2, :2]  # the others lie in the other quarters
        outlines = (within @ np.array(petal)).swapaxes(2, 3)
        path = Path(outlines.reshape(-1, 2), _codes(outlines.size // petal[0].size, petal[0].shape[1]))
        self._canvas.clear()
        self._canvas.draw_path(self._pen, path, self._place, (1.0, 1.0, 1.0, 1.0))
        return self._opacity >= COVERED


def _fault_within(together: Mask, area: int, radius: float) -> float:
    """Return how far an inner ring is from looking well; the radius is in pixels, as of all below."""
    disc = pi * radius**2 / 4
    return max(0, area / disc - PLAIN) + max(0, SPARSE_WITHIN - np.count_nonzero(together) / disc)


def _fault_outermost(together: Mask, area: int, largest: float, radius: float, bare: float) -> float:
    """Return how far the outermost ring is from looking well, and the largest of all from being too large."""
    figure, disc = np.count_nonzero(together), pi * radius**2 / 4
    away = AWAY**0.5 / (2 * radius)
    rim = together[(away > RIM) & (away < 1)]
    faults = (
        3 * (largest / figure - LARGEST),
        SMALLEST - area / figure,
        SPARSE - figure / disc,
        WIDE - _solid_reach(together) / radius,
        bare / radius - BARE,
        np.count_nonzero(rim) / rim.size - FULL,
    )
    return sum(max(0.0, float(fault)) for fault in faults)


def _bare(points: Points, angle: float, mask: Mask) -> float:
    """Return how far a mere stroke leaves the mask, on either of the rays where a petal's points lie."""
    longest = 0.0
    for x, y in ((1.0, 0.0), (cos(angle), sin(angle))):
        along, across = x * points[0] + y * points[1], x * points[1] - y * points[0]
        tip = along[abs(across) < 1].max(initial=0)
        covered = mask[(STEPS * y).astype(int), (STEPS * x).astype(int)]
        longest = max(longest, float(tip - STEPS[covered].max(initial=0)))
    return longest


def _solid_reach(mask: Mask) -> float:
    """Return how far from the centre a pixel with four neighbours lies."""
    solid = mask[1:-1, 1:-1] & mask[:-2, 1:-1] & mask[2:, 1:-1] & mask[1:-1, :-2] & mask[1:-1, 2:]
    return float(AWAY[1:-1, 1:-1][solid].max(initial=0) ** 0.5 / 2)


@cache
def _codes(count: int, vertices: int) -> NDArray[np.uint8]:
    """Return what makes one path of so many polygons."""
    return np.tile(np.array([Path.MOVETO] + [Path.LINETO] * (vertices - 1), np.uint8), count)
