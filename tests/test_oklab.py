"""Colours as the eye sees them."""

import pytest

from picture.oklab import lightness, oklab, oklch


@pytest.mark.parametrize(("grey", "light"), [(0, 0), (8, 2.19), (20, 6.32), (26, 9.26), (119, 50.03), (255, 100)])
def test_lightness_is_cies(grey: int, light: float) -> None:
    """L* of an sRGB grey, by IEC 61966-2-1 and CIE 15: both have a straight piece near black."""
    assert lightness((grey, grey, grey)) == pytest.approx(light, abs=0.015)


def test_greys_come_back() -> None:
    """Every grey that is taken apart and put together again is the same one, down to black."""
    greys = [(value, value, value) for value in range(256)]

    assert [oklch(oklab(grey)[0], 0, 0) for grey in greys] == greys
