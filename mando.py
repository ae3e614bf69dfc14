"""A recipe's picture, drawn as RandomMandala draws it and matplotlib paints it, without their bookkeeping."""

import random
import struct
import threading
import zlib
from dataclasses import dataclass
from math import cos, floor, pi, sin

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.path import Path
from numpy.typing import NDArray
from RandomMandala import RandomMandala

from palettes import Colour
from recipe import Recipe

__all__ = ["Recipe", "draw"]

SIZE = 1024
MARGIN = 0.05  # of the picture's side, all around the outermost point
GROUND = (30, 31, 34)

# RandomMandala's and matplotlib's ways, repeated here since the pictures are to be equal to theirs.
ELEMENTS = 6  # points on each of the two rays of a ring's seed
SYMMETRIC = 0.3  # a random number above it makes a ring's seed symmetric
EDGE_POINTS = 24
FILL_ALPHA = 0.625
OUTLINE_WIDTH, LINE_WIDTH = 1.0, 1.5  # points, 72 an inch
DPI = 200

_global_random = threading.Lock()


@dataclass(frozen=True)
class Ring:
    """The shapes that, turned about the centre, make one ring."""

    angle: float
    outlines: list[NDArray[np.float64]]  # x and y of each point, a row a point

    def reach(self) -> float:
        return max(float(np.hypot(*outline.T).max()) for outline in self.outlines)

    def turns(self) -> list[NDArray[np.float64]]:
        """Return the rotation of every copy."""
        turn = np.array([[cos(self.angle), -sin(self.angle)], [sin(self.angle), cos(self.angle)]])
        turns = [np.eye(2)]
        for _ in range(1, floor(2 * pi / self.angle)):
            turns.append(turn @ turns[-1])
        return turns


def _bernstein(degree: int) -> NDArray[np.float64]:
    s = np.linspace(0.0, 1.0, EDGE_POINTS)[1:, np.newaxis]
    row = [1.0]
    for k in range(degree):
        row.append(row[-1] * (degree - k) / (k + 1))
    k = np.arange(degree + 1)
    return np.array(row) * s**k * (1 - s) ** (degree - k)


CURVE = _bernstein(2 * ELEMENTS - 1)
CHORD = _bernstein(1)


def _bezier(nodes):
    there = CURVE @ nodes
    back = CHORD @ nodes[[-1, 0]]
    return np.vstack([there, back, there[:1]])


def _rings(recipe: Recipe) -> list[Ring]:
    """Let RandomMandala choose every ring's seed, undisturbed by other threads and without disturbing them."""
    rings = []
    with _global_random:
        before = random.getstate()
        random.setstate(recipe.stream("shapes").getstate())
        for radius in recipe.radii():
            symmetric = random.random() > SYMMETRIC
            angle = 2 * pi / recipe.symmetry
            seed = RandomMandala().make_seed_segment(radius, angle / 2 if symmetric else angle, ELEMENTS)
            points = np.array(seed.take_seed_points())
            halves = [points, points * (1, -1)] if symmetric else [points]
            if recipe.style == "fill":
                outlines = [np.vstack([*halves, points[:1]])]
            else:
                outlines = [_bezier(half) for half in halves]
            rings.append(Ring(angle, outlines))
        random.setstate(before)
    return rings


def paint(recipe: Recipe) -> RendererAgg:
    rings = _rings(recipe)
    scale = SIZE * (0.5 - MARGIN) / max(ring.reach() for ring in rings)
    renderer = RendererAgg(SIZE, SIZE, DPI)
    np.asarray(renderer.buffer_rgba())[:] = (*GROUND, 255)
    fill = recipe.style == "fill"

    def matrices(ring):
        for turn in ring.turns():
            m = np.eye(3)
            m[:2, :2] = scale * turn
            m[:2, 2] = SIZE / 2
            yield m

    gc = GraphicsContextBase()
    gc.set_linewidth(OUTLINE_WIDTH)
    gc.set_joinstyle("miter")
    alpha = 1.0 if fill else FILL_ALPHA
    for ring, colour in zip(rings, recipe.colours(), strict=True):
        rgba = (*(part / 255 for part in colour), alpha)
        gc.set_foreground(rgba, isRGBA=True)
        ms = list(matrices(ring))
        for outline in ring.outlines:
            path = Path(outline, closed=fill)
            for m in ms:
                renderer.draw_path(gc, path, m, rgba)
    if not fill:
        gc.set_linewidth(LINE_WIDTH)
        gc.set_joinstyle("round")
        gc.set_capstyle("projecting")
        for ring, colour in zip(rings, recipe.colours(), strict=True):
            gc.set_foreground((*(part / 255 for part in colour), 1.0), isRGBA=True)
            ms = list(matrices(ring))
            for outline in ring.outlines:
                path = Path(outline)
                for m in ms:
                    renderer.draw_path(gc, path, m, None)
    return renderer


def pixels(recipe):
    return np.asarray(paint(recipe).buffer_rgba())[:, :, :3]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def encode(rgb):
    h, w, _ = rgb.shape
    rows = np.zeros((h, 1 + 3 * w), np.uint8)
    rows[:, 1:] = rgb.reshape(h, -1)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 6))
        + _chunk(b"IEND", b"")
    )


def draw(recipe: Recipe) -> bytes:
    """Return the picture as a PNG of 1024 x 1024 pixels."""
    return encode(pixels(recipe))
