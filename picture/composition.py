"""A recipe's rings in their colours: what is painted, and what a message tells of it."""

from functools import lru_cache
from typing import NamedTuple

from picture.palettes import CURATED, Colour
from picture.recipe import Recipe
from picture.rings import Ring, round_ring, shapes, sharp_ring
from picture.schemes import arrange, scheme

DRAWN_AT_ONCE = 8  # a recipe is asked for twice, to be painted and to be told


class ColouredRing(NamedTuple):
    """A ring, its colour, and the part of it that the rings inside leave to be seen."""

    shape: Ring
    colour: Colour
    area: int


@lru_cache(DRAWN_AT_ONCE)
def compose(recipe: Recipe) -> tuple[ColouredRing, ...]:
    """Return the rings in the order in which they are painted, outermost first."""
    chosen = shapes(recipe)
    colours = _colours(recipe, [shape.area for shape in chosen])
    ring = round_ring if recipe.style == "bezier_fill" else sharp_ring
    return tuple(
        ColouredRing(ring(shape.segment), colour, shape.area) for shape, colour in zip(chosen, colours, strict=True)
    )


def _colours(recipe: Recipe, areas: list[int]) -> tuple[Colour, ...]:
    stream = recipe.stream("colours")
    if recipe.palette in CURATED:
        colours = CURATED[recipe.palette]
        first = stream.randrange(len(colours))
        return tuple(colours[(first + ring) % len(colours)] for ring in range(recipe.rings))
    translucent = recipe.style == "bezier_fill"
    return arrange(scheme(stream, translucent=translucent), areas, translucent=translucent)
