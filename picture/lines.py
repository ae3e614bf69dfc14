"""The rings of a colouring page: round petals with room for a pencil, in true curves."""

from random import Random

import numpy as np

from picture.curves import along
from picture.recipe import Recipe
from picture.rings import Ring, Segment, make_segment, round_ring

TRIES = 24
ROOM = (0.15, 0.5)  # less is a needle, more a disc
TIPS = 8  # 2 would be the plain share of a disc's area: the higher, the more the tips of the petals count
WIDE = 0.6  # of the ring's radius, at the least: what is narrower hides below the next
STEPS = np.linspace(0.0, 1.0, 48)


def outlines(recipe: Recipe) -> list[Ring]:
    """Return each ring in the order in which they are painted, outermost ring first."""
    stream = recipe.stream("lines")
    return [round_ring(_roomy_segment(stream, radius, recipe.symmetry)) for radius in recipe.radii()]


def _roomy_segment(stream: Random, radius: int, symmetry: int) -> Segment:
    """Return the first of RandomMandala's segments that leaves room to colour, or the last that was tried."""
    for _ in range(TRIES):
        segment = make_segment(stream, radius, symmetry)
        share, width = _room(segment)
        if ROOM[0] <= share <= ROOM[1] and width >= WIDE * radius:
            break
    return segment


def _room(segment: Segment) -> tuple[float, float]:
    """Return how much of a disc the petals cover, the outer parts counting most, and the disc's radius."""
    x, y = along(np.array(segment.take_seed_points()).T, STEPS)
    away, angle = np.hypot(x, y), np.arctan2(y, x)
    around, turn = np.append(away, away[0]), np.diff(angle, append=angle[0])
    covered = abs(float((around[1:] * around[:-1]) ** (TIPS / 2) @ turn))
    width = float(away.max())
    return covered / (width**TIPS * segment.take_angle()), width
