"""The palettes: colours that are seen on the ground, and one that all eyes tell apart."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from picture.palettes import BACKGROUND, CURATED, Colour

Matrix = NDArray[np.float64]

# How eyes without one kind of cone see linear red, green and blue: Machado, Oliveira and Fernandes, 2009.
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ @ np.ones(3)


def lab(colour: Colour, eye: Matrix) -> Matrix:
    """Return CIE L*a*b* of a colour as the eye sees it."""
    part = np.array(colour) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(eye @ linear, 0, 1) / WHITE
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(one: Colour, other: Colour, eye: Matrix) -> float:
    return float(np.linalg.norm(lab(one, eye) - lab(other, eye)))


def test_there_is_a_choice() -> None:
    """At least eight palettes stand beside the random one."""
    assert len(CURATED) >= 8


@pytest.mark.parametrize("eye", EYES)
def test_beacon_is_told_apart_by_all_eyes(eye: str) -> None:
    """Any two of its colours differ clearly: 2.3 is just noticeable."""
    assert min(difference(*pair, EYES[eye]) for pair in combinations(CURATED["beacon"], 2)) > 15


@pytest.mark.parametrize("name", CURATED)
def test_colours_stand_off_the_ground(name: str) -> None:
    """No eye loses a colour in the ground."""
    assert min(difference(colour, BACKGROUND, eye) for colour in CURATED[name] for eye in EYES.values()) > 25
