"""Pictures of other sizes: the same mandala, in bounded memory."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mando import SIZE, Recipe, draw, paint
from picture.recipe import STYLES

ROOT = Path(__file__).parent.parent
MEBIBYTES = 400
PEAK = """
from pathlib import Path
from mando import Recipe, draw
draw(Recipe.of("Hypatia", symmetry=20, rings=19, style="{}"), 4096)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.parametrize("size", [256, 257, 1500, 4096])
def test_any_size_can_be_drawn(size: int) -> None:
    """The file has as many pixels as were asked for."""
    picture = Image.open(io.BytesIO(draw(Recipe.of("Ada Lovelace"), size)))

    assert picture.size == (size, size)


@pytest.mark.parametrize("size", [255, 4097, 0, -1])
def test_other_sizes_are_refused(size: int) -> None:
    """What is too small to see or too large for memory is an error that names the limits."""
    with pytest.raises(ValueError, match="256 to 4096"):
        draw(Recipe.of("Ada Lovelace"), size)


@pytest.mark.parametrize("style", STYLES)
def test_a_large_picture_is_the_usual_one(style: str) -> None:
    """Four by four pixels together are the usual picture's one, but for edges; also where two bands of rows meet."""
    recipe = Recipe.of("Ada Lovelace", style=style)
    small = paint(recipe)[:, :, :3].astype(np.int16)

    large = paint(recipe, 4 * SIZE)[:, :, :3].reshape(SIZE, 4, SIZE, 4, 3).mean(axis=(1, 3))
    off = np.abs(large - small).mean(axis=(1, 2))

    assert off.mean() < 1.5
    assert off[:: SIZE // 16].mean() < 1.5


@pytest.mark.parametrize("style", STYLES)
def test_memory_is_bounded(style: str) -> None:
    """The largest picture of the most rings needs less than 400 MiB, all of Python and its libraries included."""
    program = [sys.executable, "-c", PEAK.format(style)]
    peak = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words

    assert int(peak) < MEBIBYTES * 1024
