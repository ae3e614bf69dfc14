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
from picture.rings import shapes

ADA = Recipe.of("Ada Lovelace")


def same(ones: list[Path], others: list[Path]) -> bool:
    return len(ones) == len(others) and all(
        np.array_equal(one.vertices, other.vertices) for one, other in zip(ones, others, strict=True)
    )


def same_shapes(ones: tuple[ColouredRing, ...], others: tuple[ColouredRing, ...]) -> bool:
    return all(same(one.polygons, other.polygons) for one, other in zip(ones, others, strict=True))


def seen_share(recipe: Recipe, ring: ColouredRing) -> float:
    """Return how much of the picture's figure has a ring's very colour."""
    pixels = paint(recipe)[:, :, :3]
    figure = (pixels != pixels[0, 0]).any(axis=2)
    return float((pixels == ring.colour).all(axis=2).sum() / figure.sum())


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
    """Each ring has as many copies as the symmetry says: no gap, and no half of them."""
    for number in range(30):
        for shape in shapes(Recipe.of(f"closed {number}", symmetry=symmetry, style="bezier_fill")):
            assert [len(copies) for copies in shape.outlines] == [symmetry, symmetry]


def test_areas_are_what_is_seen() -> None:
    """A ring's share of what is told is its share of the picture, within 8 of 100: lines and edges take the rest."""
    for number in range(12):
        recipe = Recipe.of(f"area {number}", rings=4, style="fill")
        rings = compose(recipe)
        for ring in rings:
            assert ring.area / sum(each.area for each in rings) == pytest.approx(seen_share(recipe, ring), abs=0.08)
