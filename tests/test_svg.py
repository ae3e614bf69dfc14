"""The picture as an SVG: what is in the file. tests/browser holds it against the PNG."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from bezier import Curve  # type: ignore[import-untyped]  # published without types
from hypothesis import given, settings
from hypothesis import strategies as st

from mando import SIZE, Recipe, draw_svg
from picture.curves import STEPS, closed_curve
from picture.layers import MARGIN
from picture.recipe import STYLES, normalise
from picture.rings import make_segment

SVG = "{http://www.w3.org/2000/svg}"
REACH = SIZE * (0.5 - MARGIN)
WORDS = st.text(min_size=1, max_size=40).filter(lambda text: normalise(text) != "")


@pytest.mark.parametrize("style", STYLES)
def test_it_says_what_it_shows(style: str) -> None:
    """A screen reader finds one image, named by its seed and described."""
    image = ET.fromstring(draw_svg(Recipe.of("Ada <& Lovelace>", style=style), "Rings & petals"))  # noqa: S314 - our own file

    assert image.attrib["role"] == "img"
    title, description = (image.find(f"{SVG}*[@id='{name}']") for name in image.attrib["aria-labelledby"].split())
    assert title is not None
    assert description is not None
    assert (title.tag, title.text) == (f"{SVG}title", "Ada <& Lovelace>")
    assert (description.tag, description.text) == (f"{SVG}desc", "Rings & petals")


@settings(max_examples=30)  # each is a whole drawing
@given(seed=WORDS | st.just("\ufffe\uffff.").map(str))
def test_every_seed_makes_a_valid_file(seed: str) -> None:
    """Whatever the words, the file is XML."""
    image = ET.fromstring(draw_svg(Recipe.of(seed, symmetry=3, rings=4), ""))  # noqa: S314 - our own file

    assert image.tag == f"{SVG}svg"


@pytest.mark.parametrize("style", STYLES)
def test_all_that_is_used_is_there(style: str) -> None:
    """Every reference leads to an element of the file, and no name is given twice."""
    file = draw_svg(Recipe.of("Ada Lovelace", style=style), "").decode()
    names = re.findall(r'\bid="([^"]+)"', file)

    assert set(re.findall(r'href="#([^"]+)"', file)) <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("style", STYLES)
def test_the_file_is_small(style: str) -> None:
    """With the most rings and the highest symmetry it has less than 100 kB, and a petal at most 50 points."""
    file = draw_svg(Recipe.of("Hypatia", symmetry=20, rings=19, style=style), "").decode()
    points = [len(re.findall("[MLC]", data)) for data in re.findall(r' d="([^"]+)"', file)]

    assert len(file) < 100_000
    assert 19 <= len(points) <= 38
    assert max(points) <= 50


def test_curves_are_true() -> None:
    """Of 500 rings every point is within half a pixel of the same point of RandomMandala's Bezier curve."""
    stream, off = Recipe.of("true").stream("shapes"), []
    share = np.linspace(0.0, 1.0, 12)
    weights = np.array([(1 - share) ** 3, 3 * share * (1 - share) ** 2, 3 * share**2 * (1 - share), share**3])
    steps = (STEPS[:-1, np.newaxis] + np.diff(STEPS)[:, np.newaxis] * share).ravel()
    for number in range(500):
        nodes = np.array(make_segment(stream, 1, 3 + number % 18).take_seed_points()).T
        meant = Curve(np.asfortranarray(nodes), nodes.shape[1] - 1).evaluate_multi(steps)
        vertices = np.asarray(closed_curve(nodes).vertices)[:-1]
        drawn = np.vstack([weights.T @ vertices[start : start + 4] for start in range(0, len(vertices) - 1, 3)])
        off.append(np.hypot(*(drawn.T - meant)).max() / np.hypot(*meant).max())

    assert REACH * max(off) < 0.5
