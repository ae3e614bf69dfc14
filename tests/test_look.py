"""The look: what makes a ring's shape a bad one, and how much of it is seen."""

import numpy as np
import pytest

from picture.look import OUTERMOST_POINT, Look, Outlines

REACH = 30 * OUTERMOST_POINT


def star(points: int, inner: float, outer: float = REACH) -> list[Outlines]:
    """Return a star about the centre as a ring's polygons, a point each."""
    half = np.pi / points
    angles = 2 * half * np.arange(points)[:, None] + [0, half, 0, -half]
    away = np.array([outer, inner, 0, inner])
    return [np.stack([away * np.cos(angles), away * np.sin(angles)], axis=2)]


def fault(ring: list[Outlines], *, outermost: bool = True) -> float:
    look = Look()
    look.make_room(30)
    return look.at(ring, outermost=outermost).fault


@pytest.mark.parametrize(
    ("ring", "fair"),
    [
        (star(12, 0.5 * REACH), True),
        (star(20, 0.99 * REACH), False),
        (star(4, 0.1 * REACH), False),
        (star(12, 0.03 * REACH), False),
    ],
    ids=["star", "plain disc", "sparse", "strokes"],
)
def test_plain_sparse_and_stray_shapes_are_faults(ring: list[Outlines], fair: bool) -> None:  # noqa: FBT001 - a table
    """A star of twelve points over a smaller one looks well; one flat disc, four petals or mere strokes do not."""
    look = Look()
    look.make_room(20)
    look.add(look.at(star(12, 0.3 * REACH, 0.6 * REACH), outermost=False))
    look.make_room(30)

    assert (look.at(ring, outermost=True).fault == 0) is fair


def test_strokes_within_are_no_fault_of_reach() -> None:
    """Only the outermost ring has to end in something wide enough to be seen."""
    assert fault(star(12, 0.3 * REACH), outermost=False) < fault(star(12, 0.3 * REACH), outermost=True)


def test_what_lies_within_covers_a_ring() -> None:
    """Of a disc behind another of half its radius three quarters are seen, at whatever scale each was looked at."""
    look = Look()
    look.make_room(15)
    inner = look.at(star(20, REACH / 2, REACH / 2), outermost=False)
    look.add(inner)
    look.make_room(30)

    assert look.at(star(20, REACH), outermost=False).area / inner.area == pytest.approx(3, abs=0.15)
