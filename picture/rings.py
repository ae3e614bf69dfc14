"""A recipe's rings, as RandomMandala and bezier lay them: polygons about the centre."""

import threading
from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from math import cos, floor, pi, sin
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
from bezier import Curve  # type: ignore[import-untyped]  # published without types
from matplotlib.path import Path
from numpy.typing import NDArray

from picture.recipe import Recipe

# The libraries' own values and order of operations: the pixels are to be theirs.
ELEMENTS = 6  # points on each of the two rays between which a segment lies
ASYMMETRIC = 0.3  # of all segments
STEPS = np.linspace(0.0, 1.0, 24)  # along a curve

Points = NDArray[np.float64]  # x above y; a column a point

Ring = list[Path]  # a polygon each
Segment = Any  # RandomMandala's object: published without types


def _load_library() -> ModuleType:
    """Return the module with RandomMandala's class, our own copy.

    Its package would import all of pyplot along with it, which nothing here draws with: a third of a cold start.
    """
    package = find_spec("RandomMandala")
    spec = package and PathFinder.find_spec("RandomMandala", package.submodule_search_locations)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError("RandomMandala is not installed")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_library: Any = _load_library()
_library_random = threading.Lock()


def rings(recipe: Recipe) -> list[Ring]:
    """Return each ring's polygons in the order in which they are painted, outermost ring first."""
    polygons = _curved if recipe.style == "bezier_fill" else _straight
    return [list(polygons(segment)) for segment in _segments(recipe)]


def _segments(recipe: Recipe) -> list[Segment]:
    stream = recipe.stream("shapes")
    return [make_segment(stream, radius, recipe.symmetry) for radius in recipe.radii()]


def make_segment(stream: Random, radius: int, symmetry: int) -> Segment:
    """Let RandomMandala make a ring's segment from random numbers that are the recipe's own.

    The library takes them from the generator that all threads share, the bucket's client among them, which shuffles its
    retries and invents its boundaries: so it is given the recipe's instead.
    """
    symmetric = stream.random() > ASYMMETRIC
    angle = 2 * pi / symmetry
    if symmetric:
        angle = angle / 2
    with _library_random:
        _library.random = stream
        return _library.RandomMandala().make_seed_segment(radius, angle, ELEMENTS).make_seed_symmetric(symmetric)


def _straight(segment: Segment) -> Iterator[Path]:
    points = segment.take_seed_points() + (segment.take_value() if segment.take_symmetric() else [])
    for turned in turns(segment, points):
        yield Path(np.concatenate([turned.T, turned.T[:1]]), closed=True)


def _curved(segment: Segment) -> Iterator[Path]:
    halves = [segment.take_seed_points()] + ([segment.take_value()] if segment.take_symmetric() else [])
    for half in halves:
        for nodes in turns(segment, half):
            yield Path(_vertices(nodes))


def turns(segment: Segment, points: Iterable[tuple[float, float]]) -> Iterator[Points]:
    """Yield the points once for every copy, each turned from the one before."""
    angle = segment.take_angle() * (2 if segment.take_symmetric() else 1)
    turn = np.array([[cos(angle), -sin(angle)], [sin(angle), cos(angle)]])
    turned = np.array(points).T
    yield turned
    for _ in range(1, floor(2 * pi / angle)):
        turned = np.dot(turn, turned)
        yield turned


def _vertices(nodes: Points) -> NDArray[np.float64]:
    """Return the vertices of a Bezier curve and the chord that closes it, a row each."""
    curve = Curve(np.asfortranarray(nodes), nodes.shape[1] - 1, copy=False, verify=False).evaluate_multi(STEPS)
    chord = nodes[:, -1:] * (1 - STEPS) + nodes[:, :1] * STEPS
    return np.hstack([curve[:, 1:], chord[:, 1:], curve[:, 1:2]]).T
