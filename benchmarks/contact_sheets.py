"""Contact sheets, to look at when colours or shapes change: mandalas.png, palettes.png and lines.png of docs/.

Nobody picked the seeds: they are the numbers from 1.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mando import paint
from picture.palettes import BACKGROUND, CURATED
from picture.png import encode
from picture.recipe import SEED_STYLES, Recipe

DOCS = Path(__file__).parents[1] / "docs"
SIDE, CAPTION = 200, 28  # pixels
MANDALAS, ACROSS = 24, 8
PALETTES_ACROSS = 5
PAGE, PAGES, PAGES_ACROSS = 400, 8, 4
TEXT = (219, 222, 225)


def mandala(recipe: Recipe, side: int = SIDE) -> Image.Image:
    return Image.fromarray(paint(recipe)[:, :, :3]).resize((side, side), Image.Resampling.LANCZOS)


def grid(cells: Sequence[Image.Image], across: int) -> Image.Image:
    """Return the cells, all of one size, row by row."""
    width, height = cells[0].size
    sheet = Image.new("RGBA", (across * width, -(-len(cells) // across) * height), BACKGROUND)
    for number, cell in enumerate(cells):
        sheet.paste(cell, (number % across * width, number // across * height))
    return sheet


def captioned(name: str) -> Image.Image:
    """Return a palette's mandalas, one Sharp and one Round, and its name."""
    pictures = [
        mandala(Recipe.of(str(number), style=style, palette=name)) for number, style in enumerate(SEED_STYLES, 1)
    ]
    cell = Image.new("RGBA", (len(pictures) * SIDE, SIDE + CAPTION), BACKGROUND)
    cell.paste(grid(pictures, len(pictures)))
    font = ImageFont.load_default(CAPTION * 2 / 3)
    ImageDraw.Draw(cell).text((cell.width / 2, SIDE), name.capitalize(), TEXT, font, anchor="ma")
    return cell


def save(sheet: Image.Image, name: str) -> None:
    (DOCS / name).write_bytes(encode(np.array(sheet)))
    print(DOCS / name)


def main() -> int:
    pages = [mandala(Recipe.of(str(number), style="lines"), PAGE) for number in range(1, PAGES + 1)]
    save(grid([mandala(Recipe.of(str(number))) for number in range(1, MANDALAS + 1)], ACROSS), "mandalas.png")
    save(grid([captioned(name) for name in CURATED], PALETTES_ACROSS), "palettes.png")
    save(grid(pages, PAGES_ACROSS), "lines.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
