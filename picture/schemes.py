"""A seed's own colours: a scheme of tones about a hue, and their order from rim to hub."""

from collections.abc import Callable, Sequence
from itertools import pairwise, permutations
from math import atan2, degrees, hypot
from operator import getitem
from random import Random
from typing import NamedTuple

from picture.oklab import lightness, oklab, oklch
from picture.palettes import BACKGROUND, Colour


class Tone(NamedTuple):
    """A colour in OKLCH; its hue in degrees from the scheme's."""

    lightness: float
    chroma: float
    turn: float


# One light, one deep and the rest between, of two families of hue or more; chosen by looking at contact sheets.
SCHEMES = {
    "ramp": (
        Tone(0.92, 0.07, 90), Tone(0.78, 0.16, 63), Tone(0.64, 0.22, 0), Tone(0.53, 0.20, -18), Tone(0.41, 0.16, -54)
    ),
    "accent": (
        Tone(0.92, 0.07, 40), Tone(0.65, 0.21, 0), Tone(0.53, 0.19, -25), Tone(0.40, 0.14, -40), Tone(0.79, 0.16, 180)
    ),
    "pair": (Tone(0.92, 0.07, 30), Tone(0.63, 0.22, 0), Tone(0.42, 0.16, -40), Tone(0.79, 0.16, 180)),
    "triad": (Tone(0.92, 0.07, 180), Tone(0.62, 0.22, 0), Tone(0.41, 0.16, -110), Tone(0.79, 0.16, 110)),
}  # fmt: skip
STRETCH = (0.8, 1.2)  # times the turns
SHIFT = 0.02  # of all lightness, up or down

# Chance, and the hue that it stands for. OKLCH gives much room to yellows, which are light, and to greens, which are
# alike.
WHEEL = ((0.0, 0), (0.12, 30), (0.24, 90), (0.32, 150), (0.52, 230), (0.76, 300), (1.0, 360))

# A round petal lets the background through, so its tones are lighter and stronger from the start.
OPACITY = 0.625
RAISE, FADE, STRENGTHEN = 0.175, 0.8, 0.03


class Zone(NamedTuple):
    """Hues that are olive, ochre or brown below a lightness, and the nearest that are not."""

    lightness: float
    start: float
    end: float
    before: float
    after: float

    def leave(self, hue: float) -> float:
        """Return a hue beside the zone; what lies deeper in it goes further."""
        if not self.start < hue < self.end:
            return hue
        if hue < PARTING:
            return self.before - SPREAD * (hue - self.start) / (PARTING - self.start)
        return self.after + SPREAD * (self.end - hue) / (self.end - PARTING)


ZONES = (Zone(0.54, 30, 195, 12, 200), Zone(0.72, 32, 148, 24, 160))
ZONES_THROUGH = (Zone(0.56, 25, 195, 8, 200), Zone(0.87, 32, 148, 22, 163))
PARTING, SPREAD = 105, 45  # degrees: yellow goes to red and on to plum, yellow-green to green and on to teal

CONTRAST, RIM, HUB = 20, 60, 70  # L* between neighbours, of the outermost ring and of the innermost, at the least
FIRM, SOFT = 0.4, 1.0  # how bad it is that neighbours are less apart, and, besides, that they are alike
PALE = 78  # L*, above which a colour is for small shapes
LARGEST, EXCESS = 0.36, 16  # of the picture, for one colour; how bad more is

# What looks dull or harsh as a large area. (Hue from, to; below this lightness; how bad.)
DULL = ((28, 45, 0.62, 0.5), (45, 120, 0.7, 1.0), (45, 150, 1.0, 0.6), (135, 175, 0.65, 0.4))
DIGITS = 6  # of what is judged: no machine's last one decides
GREY, GREY_DULL = 0.085, 0.8  # chroma


def scheme(stream: Random, *, translucent: bool) -> tuple[Colour, ...]:
    """Return four or five colours that nobody has had yet."""
    hue = _on_wheel(stream.random())
    tones = SCHEMES[stream.choice(list(SCHEMES))]
    stretch = stream.choice((-1, 1)) * stream.uniform(*STRETCH)
    shift = stream.uniform(-SHIFT, SHIFT)
    colour = _translucent if translucent else _opaque
    return tuple(colour(tone.lightness + shift, tone.chroma, (hue + stretch * tone.turn) % 360) for tone in tones)


def _on_wheel(chance: float) -> float:
    (low, start), (high, end) = next(arc for arc in pairwise(WHEEL) if chance < arc[1][0])
    return start + (end - start) * (chance - low) / (high - low)


def _opaque(light: float, chroma: float, hue: float, zones: Sequence[Zone] = ZONES) -> Colour:
    zone = next((zone for zone in zones if light < zone.lightness), None)
    return oklch(light, chroma, zone.leave(hue) if zone else hue)


def _translucent(light: float, chroma: float, hue: float) -> Colour:
    return _opaque(RAISE + FADE * light, chroma + STRENGTHEN, hue, ZONES_THROUGH)


def arrange(colours: Sequence[Colour], areas: Sequence[int], *, translucent: bool) -> tuple[Colour, ...]:
    """Return a colour for each ring, by the rings' visible areas, outermost first.

    They take turns in the order that suits best; then each ring gets another colour as long as that is better.
    """
    places, rings = range(len(colours)), range(len(areas))
    fault = _judge(colours, [area / sum(areas) for area in areas], translucent=translucent)
    best = min(([order[ring % len(order)] for ring in rings] for order in permutations(places)), key=fault)
    before: list[int] = []
    while best != before:
        before = best
        for ring in rings:
            best = min(([*best[:ring], place, *best[ring + 1 :]] for place in places), key=fault)
    return tuple(colours[place] for place in best)


def _judge(colours: Sequence[Colour], shares: Sequence[float], *, translucent: bool) -> Callable[[list[int]], float]:
    """Return how to tell how bad colours, by their places, are for rings that have these shares of the picture."""
    light = [lightness(colour) for colour in colours]
    dull = [_dull(_through(colour) if translucent else colour) for colour in colours]
    bad = [2 * grey + max(0, each - PALE) / 7.5 for grey, each in zip(dull, light, strict=True)]
    alone = [[share * each for each in bad] for share in shares]
    for place, each in enumerate(light):
        alone[0][place] += max(0, RIM - each) / 10
        alone[-1][place] += max(0, HUB - each) / 40
    beside = [[_alike(one, other) for other in light] for one in light]

    def fault(order: list[int]) -> float:
        sums = [0.0] * len(colours)
        for share, place in zip(shares, order, strict=True):
            sums[place] += share
        unused = sums.count(0.0)
        together = EXCESS * sum(max(0, share - LARGEST) for share in sums)
        neighbours = sum(map(getitem, map(beside.__getitem__, order), order[1:]))
        return round(unused + together + neighbours + sum(map(getitem, alone, order)), DIGITS)

    return fault


def _alike(one: float, other: float) -> float:
    """Return how bad it is that two rings of these lightnesses are neighbours."""
    gap = abs(one - other)
    return FIRM + SOFT * (1 - gap / CONTRAST) if gap < CONTRAST else 0.0


def _through(colour: Colour) -> Colour:
    """Return the colour as it is seen of a round petal."""
    red, green, blue = (round(OPACITY * a + (1 - OPACITY) * b) for a, b in zip(colour, BACKGROUND, strict=True))
    return red, green, blue


def _dull(colour: Colour) -> float:
    """Return how bad the colour is as a large area, from 0 to 1."""
    light, green_red, blue_yellow = oklab(colour)
    hue = degrees(atan2(blue_yellow, green_red)) % 360
    if hypot(green_red, blue_yellow) < GREY:
        return GREY_DULL
    return next((bad for start, end, limit, bad in DULL if start <= hue < end and light < limit), 0.0)
