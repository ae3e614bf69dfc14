"""The palettes by name: lists of colours that stand well together on the picture's ground."""

Colour = tuple[int, int, int]  # red, green, blue, 0-255 each

GROUND: Colour = (30, 31, 34)


def _colours(text: str) -> tuple[Colour, ...]:
    """Read colours written as six hexadecimal digits each."""
    return tuple((*bytes.fromhex(code),) for code in text.split())


# From the outermost ring inwards; a mandala with more rings than colours begins again.
CURATED: dict[str, tuple[Colour, ...]] = {
    "aurora": _colours("2dd4a7 7c5cff 38bdf8 b8f27c e35bd8"),
    "beacon": _colours("e69f00 56b4e9 009e73 f0e442 0072b2 d55e00 cc79a7"),
    "blossom": _colours("e8638b f7b4c4 a64d79 ffd9dc 7fb08a"),
    "dune": _colours("c8803f f1d6a8 7d4f35 e6a65d 5f8a8b"),
    "ember": _colours("e5383b ff9f1c 7a1f2b ffd166 f26430"),
    "forest": _colours("2f7d4f b5c76b 155e4b 8a6b3d e3e0a1"),
    "ink": _colours("e8e6df 8d99ae c9ada7 5c677d f2e9e4"),
    "jewel": _colours("b5179e 1fa187 f2b134 3a56d4 d7263d"),
    "ocean": _colours("1b6ca8 7fd1e0 0f9d9a d8f3ee 3d5fc4"),
    "sunset": _colours("f25f5c ffb26b 8e3b79 ffe0a3 d6457f"),
}
