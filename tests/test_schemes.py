"""The seed's own colours: what makes a picture flat, dull or harsh does not occur."""

from collections import Counter
from itertools import pairwise
from math import atan2, degrees, hypot
from random import Random
from statistics import mean

import pytest

from picture.composition import compose
from picture.oklab import lightness, oklab, oklch
from picture.palettes import BACKGROUND, Colour
from picture.recipe import Recipe
from picture.schemes import SCHEMES, arrange, scheme

OPAQUE = [scheme(Random(number), translucent=False) for number in range(1000)]  # noqa: S311 - a picture
TRANSLUCENT = [scheme(Random(number), translucent=True) for number in range(1000)]  # noqa: S311 - a picture


def hue(colour: Colour) -> float:
    _, green_red, blue_yellow = oklab(colour)
    return degrees(atan2(blue_yellow, green_red)) % 360


def chroma(colour: Colour) -> float:
    return hypot(*oklab(colour)[1:])


def test_no_two_seeds_share_their_colours() -> None:
    """A thousand seeds have a thousand schemes."""
    assert len(set(OPAQUE)) == len(set(TRANSLUCENT)) == 1000


def test_all_hues_come_up() -> None:
    """Of a thousand seeds some have their strongest colour in each twelfth of the wheel where there are strong ones."""
    strongest = [max(colours, key=chroma) for colours in OPAQUE]

    assert {int(hue(colour) // 30) for colour in strongest} >= {0, *range(4, 12)}


@pytest.mark.parametrize("schemes", [OPAQUE, TRANSLUCENT], ids=["opaque", "translucent"])
def test_a_scheme_spans_light_and_deep(schemes: list[tuple[Colour, ...]]) -> None:
    """Each has four or five colours, one of them light, one deep, and none that sinks into the background."""
    for colours in schemes:
        light = sorted(map(lightness, colours))
        assert len(colours) in (4, 5)
        assert light[-1] > 85
        assert 25 < light[0] < 50
        assert light[0] > lightness(BACKGROUND) + 20


def test_no_olive_ochre_or_brown() -> None:
    """Between orange and yellow-green no colour is darker than L* 65."""
    colours = [colour for colours in OPAQUE for colour in colours]

    assert [colour for colour in colours if 40 < hue(colour) < 115 and lightness(colour) < 65] == []


def test_neighbours_are_told_apart_by_lightness_alone() -> None:
    """Of the neighbouring rings of 200 seeds, 29 in 30 are 20 or more apart in L*, and hardly any less than 10."""
    gaps = [
        abs(lightness(one.colour) - lightness(other.colour))
        for number in range(200)
        for one, other in pairwise(compose(Recipe.of(f"neighbours {number}")))
    ]

    assert sum(gap >= 20 for gap in gaps) / len(gaps) > 29 / 30
    assert sum(gap < 10 for gap in gaps) / len(gaps) < 0.005


def test_no_colour_is_most_of_the_picture() -> None:
    """Of 200 seeds the largest colour has 36 % of the picture on average, and more than half of it in one of 25."""
    largest = []
    for number in range(200):
        shares: Counter[Colour] = Counter()
        for ring in compose(Recipe.of(f"largest {number}")):
            shares[ring.colour] += ring.area
        largest.append(max(shares.values()) / shares.total())

    assert mean(largest) < 0.38
    assert sum(share > 0.5 for share in largest) <= 200 / 25


def test_the_largest_area_is_neither_pale_nor_dull() -> None:
    """Of a light, an ochre, a deep and a strong colour, a ring of half the figure gets one of the last two."""
    light, ochre = oklch(0.92, 0.07, 40), oklch(0.79, 0.16, 90)
    deep, strong = oklch(0.41, 0.16, 300), oklch(0.64, 0.22, 330)

    colours = arrange((light, ochre, deep, strong), (10, 50, 10, 10), translucent=False)

    assert colours[1] in (deep, strong)


def test_every_colour_comes_up() -> None:
    """All of a scheme's colours are in a picture that has rings enough, and no two neighbours have the same."""
    colours = arrange(OPAQUE[0], [1] * 19, translucent=False)

    assert len(colours) == 19
    assert {*colours} == {*OPAQUE[0]}
    assert all(one != other for one, other in pairwise(colours))


def test_every_scheme_keeps_its_share() -> None:
    """Each is chosen as often as the others."""
    lengths = [len(colours) for colours in OPAQUE]

    assert sum(length == 5 for length in lengths) / 1000 == pytest.approx(
        sum(len(tones) == 5 for tones in SCHEMES.values()) / len(SCHEMES), abs=0.05
    )


@pytest.mark.parametrize("code", ["2dd4a7", "7c5cff", "000000", "ffffff", "e69f00"])
def test_oklch_is_oklabs_inverse(code: str) -> None:
    """A colour taken apart and put together again is the same one."""
    colour = (*bytes.fromhex(code),)
    light, green_red, blue_yellow = oklab(colour)

    again = oklch(light, hypot(green_red, blue_yellow), degrees(atan2(blue_yellow, green_red)))

    assert max(abs(one - other) for one, other in zip(colour, again, strict=True)) <= 2
