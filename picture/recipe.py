"""What a mandala is drawn from: a seed, and the choices that were made by hand or follow from it."""

import hashlib
from dataclasses import dataclass
from random import Random
from typing import Self

from picture.palettes import CURATED
from picture.seeds import SEED_LENGTH, fingerprint, fresh_seed, normalise

__all__ = [
    "PALETTES",
    "RINGS",
    "SEED_LENGTH",
    "SEED_STYLES",
    "STYLES",
    "SYMMETRY",
    "VERSION",
    "Recipe",
    "RecipeError",
    "fingerprint",
    "fresh_seed",
    "normalise",
]

VERSION = 2  # of the renderer: counted up whenever a recipe's pixels change, lest an old picture pass for the new one

SEED_STYLES = ("fill", "bezier_fill")  # that a seed may choose
STYLES = (*SEED_STYLES, "lines")
RANDOM_PALETTE = "random"
PALETTES = (RANDOM_PALETTE, *CURATED)
SYMMETRY = range(3, 21)
RINGS = range(4, 20)

FIRST_RADIUS = 3
RADIUS_STEPS = range(1, 6)


class RecipeError(ValueError):
    """No mandala can be drawn from these values; the message says which one is at fault."""


def _check(name: str, value: object, allowed: range | tuple[str, ...]) -> None:
    if type(value) is not type(allowed[0]) or value not in allowed:  # True and 5.0 are in a range, too
        raise RecipeError(f"{name} {value!r} is not among {', '.join(map(str, allowed))}")


@dataclass(frozen=True)
class Recipe:
    """Everything that a picture depends on, checked; the same recipe is the same picture, always."""

    seed: str
    symmetry: int
    rings: int
    style: str
    palette: str

    def __post_init__(self) -> None:
        if not self.seed or self.seed != normalise(self.seed):
            raise RecipeError(f"seed {self.seed!r} is empty or not normalised")
        _check("symmetry", self.symmetry, SYMMETRY)
        _check("rings", self.rings, RINGS)
        _check("style", self.style, STYLES)
        _check("palette", self.palette, PALETTES)

    @classmethod
    def of(
        cls,
        seed: str,
        symmetry: int | None = None,
        rings: int | None = None,
        style: str | None = None,
        palette: str | None = None,
    ) -> Self:
        """Return the seed's recipe, with what is not given following from the seed alone."""
        return cls(
            normalise(seed),
            _stream(seed, "symmetry").choice(SYMMETRY) if symmetry is None else symmetry,
            _stream(seed, "rings").choice(RINGS) if rings is None else rings,
            _stream(seed, "style").choice(SEED_STYLES) if style is None else style,
            RANDOM_PALETTE if palette is None else palette,
        )

    @classmethod
    def random(
        cls,
        symmetry: int | None = None,
        rings: int | None = None,
        style: str | None = None,
        palette: str | None = None,
    ) -> Self:
        """Return a recipe that nobody has had yet."""
        return cls.of(fresh_seed(), symmetry, rings, style, palette)

    @property
    def digest(self) -> str:
        """Return the name of the picture: 32 lower-case hexadecimal digits."""
        parts = (VERSION, fingerprint(self.seed), self.symmetry, self.rings, self.style, self.palette)
        return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:32]

    def radii(self) -> tuple[int, ...]:
        """Return the rings' radii, outermost first."""
        stream = self.stream("radii")
        radii = [FIRST_RADIUS]
        while len(radii) < self.rings:
            radii.append(radii[-1] + stream.choice(RADIUS_STEPS))
        return tuple(reversed(radii))

    def stream(self, purpose: str) -> Random:
        """Return random numbers for one purpose: choosing one thing by hand then changes nothing else."""
        return _stream(self.seed, purpose)


def _stream(seed: str, purpose: str) -> Random:
    return Random(f"{fingerprint(seed)}/{purpose}")  # noqa: S311 - a picture, not a secret
