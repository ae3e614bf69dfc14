"""The blog post's drawing, re-created from its description, to be measured against: of our recipes, at our size."""

import io
import random
from random import Random

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from RandomMandala import random_mandala

from picture.recipe import Recipe

DARKEST = 64  # of 255: what is darker would sink into a dark theme
DPI = 200
INCHES = 1024 / DPI


def draw(recipe: Recipe) -> bytes:
    """Return the recipe's mandala as a PNG: the current figure is laid out, saved and closed."""
    random.setstate(recipe.stream("shapes").getstate())
    numbers = recipe.stream("colours")
    colours = [_colour(numbers) for _ in range(recipe.rings)]
    random_mandala(
        n_rows=None,
        n_columns=None,
        radius=list(recipe.radii()),
        rotational_symmetry_order=recipe.symmetry,
        connecting_function=recipe.style,
        symmetric_seed="random",
        face_color=colours,
        edge_color=colours,
        figsize=(INCHES, INCHES),
    )
    plt.tight_layout()
    png = io.BytesIO()
    plt.savefig(png, dpi=DPI)
    plt.close()
    return png.getvalue()


def _colour(numbers: Random) -> str:
    """Return a colour by chance, as the post does for each ring."""
    while True:
        red, green, blue = numbers.randbytes(3)
        if (2 * red + 5 * green + blue) / 8 >= DARKEST:
            return f"#{red:02x}{green:02x}{blue:02x}"
