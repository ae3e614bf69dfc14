"""The look: what makes a ring's shape a bad one, and how much of it is seen."""

import numpy as np
import pytest

from picture.curves import Points
from picture.look import OUTERMOST_POINT, Look

REACH = 30 * OUTERMOST_POINT

Star = tuple[list[Points], int]


def star(points: int, inner: float, outer: float = REACH, stroke: float = 0) -> Star:
    """Return a star's petal, and how many there are: a tip, a stroke that goes on from it, a corner at either side."""
    angles = np.array([0, 0, 0, np.pi / points, 0, -np.pi / points])
    away = np.array([outer, max(outer, stroke), outer, inner, 0, inner])
    return [away * np.array([np.cos(angles), np.sin(angles)])], points


def fault(ring: Star, *, outermost: bool = True) -> float:
    """Return the fault of a ring around three stars, each within the next."""
    look = Look()
    for radius in (12, 18, 24):
        reach = radius * OUTERMOST_POINT
        look.make_room(radius)
        look.add(look.at(*star(12, 0.5 * reach, reach), outermost=False))
    look.make_room(30)
    return look.at(*ring, outermost=outermost).fault


def test_a_star_looks_well() -> None:
    """Twelve tips around smaller stars are what is wanted."""
    assert fault(star(12, 0.5 * REACH)) == 0


@pytest.mark.parametrize(
    "ring",
    [
        star(20, 0.99 * REACH),
        star(4, 0.1 * REACH),
        star(12, 0.03 * REACH),
        star(12, 0.5 * REACH, 0.85 * REACH, REACH),
        star(12, 0.4 * REACH, 0.8 * REACH),
    ],
    ids=["plain disc", "four petals", "needles", "strokes beyond the tips", "hidden"],
)
def test_what_looks_bad_is_a_fault(ring: Star) -> None:
    """So is a flat disc, a sparse figure, mere strokes, tips that end in strokes, and what the next ring hides."""
    assert fault(ring) > 0


def test_strokes_within_are_no_fault_of_reach() -> None:
    """Only the outermost ring has to end in something wide enough to be seen."""
    assert fault(star(12, 0.3 * REACH), outermost=False) < fault(star(12, 0.3 * REACH), outermost=True)


def test_what_lies_within_covers_a_ring() -> None:
    """Of a disc behind another of half its radius three quarters are seen, at whatever scale each was looked at."""
    look = Look()
    look.make_room(15)
    inner = look.at(*star(20, REACH / 2, REACH / 2), outermost=False)
    look.add(inner)
    look.make_room(30)

    assert look.at(*star(20, REACH), outermost=False).area / inner.area == pytest.approx(3, abs=0.1)
