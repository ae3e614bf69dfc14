"""A recipe's rings, as RandomMandala and bezier lay them: polygons about the centre."""

import threading
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from math import floor, inf, pi
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from bezier import Curve  # type: ignore[import-untyped]  # published without types
from matplotlib.path import Path
from numpy.typing import NDArray

from picture.look import Look, Outlines
from picture.recipe import Recipe

# The libraries' own values and order of operations: the pixels are to be theirs.
ELEMENTS = 6  # points on each of the two rays between which a segment lies
ASYMMETRIC = 0.3  # of all segments
STEPS = np.linspace(0.0, 1.0, 24)  # along a curve

# Of an asymmetric segment there are half as many copies: an odd number leaves a gap, and few look lopsided.
ASYMMETRIC_SYMMETRIES = range(8, 21, 2)

TRIES, TRIES_OUTERMOST = 3, 12  # shapes for a ring, the best of which is taken if none looks well
SMALL = 7  # radius, below which the first one will do: it is a detail of most mandalas

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


class Shape(NamedTuple):
    """A ring as RandomMandala made it, and how much of it is seen, in units of a Look."""

    segment: Segment
    outlines: list[Outlines]
    area: int


def rings(recipe: Recipe) -> list[Ring]:
    """Return each ring's polygons in the order in which they are painted, outermost ring first."""
    return [polygons(recipe, shape) for shape in shapes(recipe)]


def polygons(recipe: Recipe, shape: Shape) -> Ring:
    """Return a ring's polygons in the order in which they are painted."""
    closed = recipe.style != "bezier_fill"
    return [Path(outline, closed=closed) for outlines in shape.outlines for outline in outlines]


def shapes(recipe: Recipe) -> list[Shape]:
    """Return each ring's shape, outermost first.

    They are chosen from the innermost outwards, each from random numbers of its own: more rings keep those within.
    """
    radii = recipe.radii()
    look = Look()
    stream = recipe.stream("shapes")
    inner = [_shape(recipe, radius, stream, look, 1 if radius < SMALL else TRIES) for radius in radii[:0:-1]]
    return [_shape(recipe, radii[0], stream, look, TRIES_OUTERMOST), *reversed(inner)]


def _shape(recipe: Recipe, radius: int, stream: Random, look: Look, tries: int) -> Shape:
    """Return the first of the ring's shapes that looks well, or the best of so many; and add it to the look."""
    numbers = Random(stream.getrandbits(64))  # noqa: S311 - a picture, not a secret
    look.make_room(radius)
    least = inf
    for _ in range(tries):
        segment = make_segment(numbers, radius, recipe.symmetry)
        outlines = _outlines(segment, curved=recipe.style == "bezier_fill")
        view = look.at(outlines, outermost=tries == TRIES_OUTERMOST)
        if view.fault < least:
            least, best = view.fault, (segment, outlines, view)
        if not least:
            break
    segment, outlines, view = best
    look.add(view)
    return Shape(segment, outlines, view.area)


def make_segment(numbers: Random, radius: int, symmetry: int) -> Segment:
    """Let RandomMandala make a ring's segment from random numbers that are the recipe's own.

    The library takes them from the generator that all threads share, the bucket's client among them, which shuffles its
    retries and invents its boundaries: so it is given the recipe's instead.
    """
    symmetric = numbers.random() > ASYMMETRIC or symmetry not in ASYMMETRIC_SYMMETRIES
    angle = 2 * pi / symmetry
    if symmetric:
        angle = angle / 2
    with _library_random:
        _library.random = numbers
        return _library.RandomMandala().make_seed_segment(radius, angle, ELEMENTS).make_seed_symmetric(symmetry)


def _outlines(segment: Segment, *, curved: bool) -> list[Outlines]:
    halves = [segment.take_seed_points(), segment.take_value()]
    lines = [_curve(half) for half in halves] if curved else [_closed(halves[0] + halves[1])]
    return [turns(segment, line).transpose(0, 2, 1) for line in lines]


def turns(segment: Segment, points: Points) -> NDArray[np.float64]:
    """Return the points once for every copy, each turned from the one before."""
    angle = 2 * segment.take_angle()
    angles = angle * np.arange(floor(2 * pi / angle))
    cosine, sine = np.cos(angles), np.sin(angles)
    turned: NDArray[np.float64] = np.array([[cosine, -sine], [sine, cosine]]).transpose(2, 0, 1) @ points
    return turned


def _closed(points: list[tuple[float, float]]) -> Points:
    return np.array([*points, points[0]]).T


def _curve(points: list[tuple[float, float]]) -> Points:
    """Return the vertices of a Bezier curve and the chord that closes it."""
    nodes = np.asfortranarray(np.array(points).T)
    curve = Curve(nodes, len(points) - 1, copy=False, verify=False).evaluate_multi(STEPS)
    chord = nodes[:, -1:] * (1 - STEPS) + nodes[:, :1] * STEPS
    return np.hstack([curve[:, 1:], chord[:, 1:], curve[:, 1:2]])
