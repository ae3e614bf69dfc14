"""The blog post's drawing, re-created from its description, to be measured against: of our recipes, at our size."""

import io
import random

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from RandomMandala import random_mandala

from picture.recipe import Recipe

DPI = 200
INCHES = 1024 / DPI


def draw(recipe: Recipe) -> bytes:
    """Return the recipe's mandala as a PNG: the current figure is laid out, saved and closed."""
    random.setstate(recipe.stream("shapes").getstate())
    colours = [f"#{bytes(colour).hex()}" for colour in recipe.colours()]
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
