"""The palettes by name: colours that stand well beside each other on the background."""

Colour = tuple[int, int, int]  # red, green, blue, 0-255 each

# A deep ink, chosen by looking at contact sheets on Discord's themes. White glares in the dark theme, and what is
# pale or translucent fades on it; on ink the colours glow, and the picture is a card in the light theme, too.
# Transparent, the same mandala would be two: one with the theme shining through its translucent petals.
BACKGROUND: Colour = (16, 18, 27)
PAPER: Colour = (255, 255, 255)


def _colours(text: str) -> tuple[Colour, ...]:
    """Read colours written as six hexadecimal digits each."""
    return tuple((*bytes.fromhex(code),) for code in text.split())


# From the outermost ring inwards; a mandala with more rings than colours begins again.
CURATED: dict[str, tuple[Colour, ...]] = {
    "aurora": _colours("2dd4a7 7c5cff 38bdf8 b8f27c e35bd8"),
    # Okabe and Ito's, which all eyes tell apart: https://jfly.uni-koeln.de/color/
    "beacon": _colours("e69f00 56b4e9 009e73 f0e442 0072b2 d55e00 cc79a7"),
    "blossom": _colours("e8638b f7b4c4 a64d79 ffd9dc 7fb08a"),
    "dune": _colours("e07a4f f6dcae 7f3f63 f2a65a 4aa3a6"),
    "ember": _colours("e5383b ff9f1c 9d2235 ffd166 f26430"),
    "forest": _colours("1f9d63 f0eab8 12635a a9d86e 6f86e8"),
    "ink": _colours("f4efe4 4a5fc0 a9bdf0 6d4fa0 e8604c"),
    "jewel": _colours("b5179e 1fa187 f2b134 3a56d4 d7263d"),
    "ocean": _colours("1b6ca8 7fd1e0 0f9d9a d8f3ee 3d5fc4"),
    "sunset": _colours("f25f5c ffb26b 8e3b79 ffe0a3 d6457f"),
}
