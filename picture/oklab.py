"""Colours by lightness, chroma and hue, as the eye sees them.

Formulas and constants: https://bottosson.github.io/posts/oklab
"""

from math import cos, radians, sin

from picture.palettes import Colour

__all__ = ["lightness", "oklab", "oklch"]

Lab = tuple[float, float, float]  # lightness 0 to 1, green to red, blue to yellow: distance is difference to the eye

DARK, DARK_LIGHT = 0.04045, 0.0031308  # up to here, sRGB is linear
DARK_XYZ = 0.008856  # and so is L*
FADING = 0.004  # of chroma, at a time
ROUNDING = 0.001


def oklab(colour: Colour) -> Lab:
    """Return a colour's lightness, green to red and blue to yellow."""
    red, green, blue = map(_linear, colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """Return the colour of a lightness and a hue in degrees, with as much of the chroma as a screen can show."""
    while True:
        light = _light(lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue)))
        if chroma <= 0 or (min(light) >= -ROUNDING and max(light) <= 1 + ROUNDING):
            red, green, blue = map(_channel, light)
            return red, green, blue
        chroma -= FADING


def lightness(colour: Colour) -> float:
    """Return CIE's L*, 0 to 100."""
    red, green, blue = map(_linear, colour)
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * light ** (1 / 3) - 16 if light > DARK_XYZ else 903.3 * light


def _light(lightness: float, green_red: float, blue_yellow: float) -> tuple[float, float, float]:
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _linear(channel: int) -> float:
    """Return the light that a channel of sRGB stands for."""
    share = channel / 255
    return share / 12.92 if share < DARK else ((share + 0.055) / 1.055) ** 2.4


def _channel(light: float) -> int:
    """Return the channel of sRGB that stands for so much light."""
    light = min(max(light, 0.0), 1.0)
    return round(255 * (12.92 * light if light <= DARK_LIGHT else 1.055 * light ** (1 / 2.4) - 0.055))
