"""A recipe's rings, as RandomMandala and bezier lay them: polygons about the centre."""

import threading
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from math import inf, pi
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from matplotlib.path import Path

from picture.curves import Points, along, closed_curve
from picture.look import Look
from picture.recipe import Recipe

# The libraries' own values and order of operations: the pixels are to be theirs.
ELEMENTS = 6  # points on each of the two rays between which a segment lies
ASYMMETRIC = 0.3  # of all segments

# Of an asymmetric segment there are half as many copies: an odd number leaves a gap, and few look lopsided.
ASYMMETRIC_SYMMETRIES = range(8, 21, 2)

STEPS = np.linspace(0.0, 1.0, 24)  # along a curve that is looked at

TRIES, TRIES_OUTERMOST = 3, 16
SMALL = 7  # radius, below which the first one will do: it is a detail of most mandalas

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


class Ring(NamedTuple):
    """A petal, whole or in two halves, and how many there are about the centre."""

    petal: list[Path]
    copies: int


class Shape(NamedTuple):
    """A ring as RandomMandala made it, and how much of it is seen, in units of a Look."""

    segment: Segment
    area: int


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
    outline = _curves if recipe.style == "bezier_fill" else _corners
    least = inf
    for _ in range(tries):
        segment = make_segment(numbers, radius, recipe.symmetry)
        view = look.at(outline(segment), copies(segment), outermost=tries == TRIES_OUTERMOST)
        if view.fault < least:
            least, best = view.fault, (segment, view)
        if not least:
            break
    segment, view = best
    look.add(view)
    return Shape(segment, view.area)


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


def sharp_ring(segment: Segment) -> Ring:
    """Return petals of straight edges."""
    corners = _corners(segment)[0].T
    return Ring([Path(np.vstack([corners, corners[:1]]), closed=True)], copies(segment))


def round_ring(segment: Segment) -> Ring:
    """Return petals of two curves, each with its chord."""
    return Ring([closed_curve(half) for half in _halves(segment)], copies(segment))


def copies(segment: Segment) -> int:
    """Return how many petals the segment's ring has."""
    angle: float = segment.take_angle()
    return round(pi / angle)


def _corners(segment: Segment) -> list[Points]:
    return [np.hstack(_halves(segment))]


def _curves(segment: Segment) -> list[Points]:
    return [along(half, STEPS) for half in _halves(segment)]


def _halves(segment: Segment) -> list[Points]:
    return [np.array(points).T for points in (segment.take_seed_points(), segment.take_value())]
