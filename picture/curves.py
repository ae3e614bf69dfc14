"""Bezier curves of any degree as the cubic ones that Agg, SVG and printers know; and turns about the centre."""

from functools import cache

import numpy as np
from bezier import Curve  # type: ignore[import-untyped]  # published without types
from matplotlib.path import Path
from numpy.typing import NDArray

Points = NDArray[np.float64]  # x above y; a column a point

PIECES = 16  # of a curve of twelve nodes: within half a pixel of 1024, as a test measures
_EVEN = np.linspace(0.0, 1.0, PIECES + 1)
STEPS = (_EVEN + (1 - np.cos(np.pi * _EVEN)) / 2) / 2  # closer towards both ends, where such a curve bends most


def closed_curve(nodes: Points) -> Path:
    """Return a Bezier curve, in cubic pieces that touch it and run along with it at every step, and its chord."""
    degree = nodes.shape[1] - 1
    points = along(nodes, STEPS)
    handles = along(degree * np.diff(nodes), STEPS) / 3
    length = np.diff(STEPS)
    leaving, arriving = points[:, :-1] + handles[:, :-1] * length, points[:, 1:] - handles[:, 1:] * length
    pieces = np.stack([leaving, arriving, points[:, 1:]], axis=2).reshape(2, -1)
    vertices = np.hstack([points[:, :1], pieces, points[:, :1]]).T
    return Path(vertices, [Path.MOVETO, *[Path.CURVE4] * (3 * PIECES), Path.CLOSEPOLY])


def along(nodes: Points, steps: NDArray[np.float64]) -> Points:
    """Return the points of a Bezier curve at these steps, from 0 to 1."""
    curve = Curve(np.asfortranarray(nodes), nodes.shape[1] - 1, copy=False, verify=False)
    points: Points = curve.evaluate_multi(steps)
    return points


@cache
def turns(copies: int) -> NDArray[np.float64]:
    """Return the matrices, 3 x 3, that turn one petal into each of so many about the centre."""
    angles = 2 * np.pi / copies * np.arange(copies)
    matrices = np.zeros((copies, 3, 3))
    matrices[:, 0, 0] = matrices[:, 1, 1] = np.cos(angles)
    matrices[:, 1, 0] = np.sin(angles)
    matrices[:, 0, 1] = -matrices[:, 1, 0]
    matrices[:, 2, 2] = 1
    return matrices
