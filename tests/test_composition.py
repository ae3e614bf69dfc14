"""The composition: which shapes and colours a recipe's rings have."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.path import Path

from mando import paint
from picture.composition import ColouredRing, compose
from picture.palettes import CURATED
from picture.recipe import PALETTES, Recipe

ADA = Recipe.of("Ada Lovelace")


def same(ones: list[Path], others: list[Path]) -> bool:
    return len(ones) == len(others) and all(
        np.array_equal(one.vertices, other.vertices) for one, other in zip(ones, others, strict=True)
    )


def same_shapes(ones: tuple[ColouredRing, ...], others: tuple[ColouredRing, ...]) -> bool:
    return all(same(one.shape.petal, other.shape.petal) for one, other in zip(ones, others, strict=True))


def pixels(recipe: Recipe, ring: ColouredRing) -> int:
    """Return how many pixels of the picture have a ring's very colour."""
    return int((paint(recipe)[:, :, :3] == ring.colour).all(axis=2).sum())


@pytest.mark.parametrize("palette", PALETTES)
def test_every_ring_has_a_colour(palette: str) -> None:
    """There are as many colours as rings, no two neighbours are alike, and every one of the palette's is there."""
    colours = [ring.colour for ring in compose(replace(ADA, rings=19, palette=palette))]

    assert len(colours) == 19
    assert all(one != other for one, other in pairwise(colours))
    assert palette not in CURATED or set(colours) == set(CURATED[palette])


@pytest.mark.parametrize("choice", [{"palette": "ocean"}, {"palette": "ink"}])
def test_a_palette_changes_no_shape(choice: dict[str, Any]) -> None:
    """Whatever the colours, a seed's shapes are its own."""
    assert same_shapes(compose(ADA), compose(replace(ADA, **choice)))


def test_more_rings_keep_those_within() -> None:
    """But for what was outermost, which had to look well as such, the inner rings stay as they are."""
    nine, twelve = (compose(replace(ADA, rings=rings))[::-1] for rings in (9, 12))

    assert same_shapes(nine[:8], twelve[:8])


@pytest.mark.parametrize("symmetry", [3, 5, 6, 9, 19])
def test_every_ring_closes(symmetry: int) -> None:
    """Each ring has as many petals as the symmetry says: no gap, and no half of them."""
    for number in range(30):
        rings = compose(Recipe.of(f"closed {number}", symmetry=symmetry, style="bezier_fill"))
        assert {ring.shape.copies for ring in rings} == {symmetry}


def test_areas_are_what_is_seen() -> None:
    """A ring's share of the areas is its share of the picture's flat colours, within a tenth: edges are blends."""
    for number in range(12):
        recipe = Recipe.of(f"area {number}", rings=4, style="fill")
        rings = compose(recipe)
        areas, seen = [ring.area for ring in rings], [pixels(recipe, ring) for ring in rings]
        for area, flat in zip(areas, seen, strict=True):
            assert area / sum(areas) == pytest.approx(flat / sum(seen), abs=0.1)
