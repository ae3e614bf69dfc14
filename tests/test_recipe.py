"""A recipe: the same words, the same mandala."""

import re
import subprocess
import sys
import unicodedata
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture.recipe import (
    RINGS,
    SEED_LENGTH,
    SEED_STYLES,
    SYMMETRY,
    Recipe,
    RecipeError,
    fingerprint,
    fresh_seed,
    normalise,
)

ADA = Recipe.of("Ada Lovelace")
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
HEART = "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}"

any_text = st.text() | st.text(f" \n`\u200d\ufe0f\u202e\u3164=#1a\u0301{FAMILY}{HEART}")


def test_same_words_are_the_same_recipe() -> None:
    """A seed's recipe is pinned: it is the same today, tomorrow and on another machine."""
    assert Recipe("Ada Lovelace", symmetry=6, rings=9, style="bezier_fill", palette="random") == ADA
    assert ADA.digest == "8e08f753db7c9e8db30f23b2d804f516"
    assert ADA.radii() == (32, 27, 22, 17, 13, 8, 6, 5, 3)


@given(any_text.filter(normalise))
def test_retyping_what_a_message_names_is_the_same_recipe(seed: str) -> None:
    """All five values together give the recipe that the seed alone gave."""
    recipe = Recipe.of(seed)

    retyped = Recipe.of(recipe.seed, recipe.symmetry, recipe.rings, recipe.style, recipe.palette)

    assert retyped == recipe


@pytest.mark.parametrize("choice", [{"symmetry": 12}, {"rings": 7}, {"style": "fill"}, {"palette": "ocean"}])
def test_choosing_one_thing_leaves_the_rest_alone(choice: dict[str, Any]) -> None:
    """What is chosen by hand changes nothing else that follows from the seed."""
    assert Recipe.of("Ada Lovelace", **choice) == replace(ADA, **choice)


@pytest.mark.parametrize(
    "change", [{"seed": "Bob"}, {"symmetry": 7}, {"rings": 8}, {"style": "fill"}, {"palette": "ink"}]
)
def test_another_recipe_has_another_digest(change: dict[str, Any]) -> None:
    """Each of the five values, and nothing less, names the picture."""
    assert replace(ADA, **change).digest != ADA.digest


def test_seeds_spread_over_every_value() -> None:
    """Among a thousand seeds every symmetry, number of rings and style occurs."""
    recipes = [Recipe.of(str(number)) for number in range(1000)]

    assert {recipe.symmetry for recipe in recipes} == set(SYMMETRY)
    assert {recipe.rings for recipe in recipes} == set(RINGS)
    assert {recipe.style for recipe in recipes} == set(SEED_STYLES)


def test_random_recipes_differ() -> None:
    """Nobody's seed is drawn twice, and an option is kept."""
    recipes = [Recipe.random(palette="ocean") for _ in range(100)]

    assert len({recipe.digest for recipe in recipes}) == 100
    assert {recipe.palette for recipe in recipes} == {"ocean"}


@pytest.mark.parametrize(
    "fault",
    [
        {"seed": ""},
        {"seed": " Ada"},
        {"seed": "x" * (SEED_LENGTH + 1)},
        {"symmetry": 2},
        {"symmetry": 21},
        {"symmetry": 6.0},
        {"rings": 3},
        {"rings": 20},
        {"rings": True},
        {"style": "line"},
        {"palette": "beige"},
    ],
)
def test_what_cannot_be_drawn_is_refused(fault: dict[str, Any]) -> None:
    """A value out of range, or of another type, is no recipe; the error names it and its field."""
    ((field, value),) = fault.items()

    with pytest.raises(RecipeError, match=f"^{field} {re.escape(repr(value))} is "):
        replace(ADA, **fault)


@pytest.mark.parametrize("seed", ["", " \n", "\u200b\u2060", "\u3164", "\x00"])
def test_a_seed_that_shows_nothing_is_refused(seed: str) -> None:
    """There is no recipe for what cannot be seen."""
    with pytest.raises(RecipeError):
        Recipe.of(seed)


@pytest.mark.parametrize(
    ("seed", "shown"),
    [
        ("  Ada \n\t Lovelace ", "Ada Lovelace"),
        ("cafe\u0301", "café"),
        ("a`b", "a'b"),
        ("a\u202eb\u200bc\u00add\x07e\u200df\ufe0fg\ud800", "abcdefg"),
        ("a \u200b b", "a b"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        (FAMILY, FAMILY),
        (f"{HEART}\u200d\N{FIRE}", f"{HEART}\u200d\N{FIRE}"),
        (f"{FAMILY}\u200d", FAMILY),
        ("x" * 200, "x" * SEED_LENGTH),
        ("x" * 99 + " y", "x" * 99),
        ("x" * 99 + FAMILY, "x" * 99 + "\N{MAN}"),
        ("\u200b", ""),
    ],
)
def test_canonical_keeps_what_can_be_seen(seed: str, shown: str) -> None:
    """A seed is one line of visible characters, and emoji made of several stay whole."""
    assert normalise(seed) == shown


@given(any_text)
def test_canonical_is_final(seed: str) -> None:
    """What is shown can be typed again: its own normalised form is itself, within the limits."""
    shown = normalise(seed)

    assert normalise(shown) == shown
    assert len(shown) <= SEED_LENGTH
    assert "`" not in shown
    assert unicodedata.is_normalized("NFC", shown)


@given(any_text.filter(normalise))
def test_a_folded_seed_draws_the_same(seed: str) -> None:
    """A seed's short name gives the same picture under the same name."""
    recipe, folded = Recipe.of(seed), Recipe.of(fingerprint(seed))

    assert folded == replace(recipe, seed=fingerprint(seed))
    assert (folded.digest, folded.radii()) == (recipe.digest, recipe.radii())
    assert folded.stream("colours").random() == recipe.stream("colours").random()
    assert len(fingerprint(seed)) == 23
    assert fingerprint(seed).isascii()


def test_capitals_make_no_difference() -> None:
    """A telephone's capital at the start draws the same mandala; other words do not."""
    assert fingerprint("Ada lovelace") == fingerprint("ada Lovelace")
    assert fingerprint("Ada Lovelace") != fingerprint("Ada Lovelice")


def test_fresh_seeds_are_typable() -> None:
    """A fresh seed is three short words of plain letters that survive being typed again."""
    seed = fresh_seed()

    assert seed == normalise(seed)
    assert len(seed.split()) == 3
    assert seed.replace(" ", "").isalpha()
    assert seed.isascii()
    assert len(seed) == 20


def test_fresh_seeds_follow_from_entropy() -> None:
    """One interaction delivered twice gets one seed; two interactions get two."""
    assert fresh_seed("1:token") == fresh_seed("1:token")
    assert len({fresh_seed(str(number)) for number in range(1000)}) == 1000
    assert fresh_seed() != fresh_seed()


def test_radii_grow_by_the_posts_steps() -> None:
    """The innermost ring has radius 3, each next is 1 to 5 further out, and more rings keep those within."""
    radii = Recipe.of("Ada", rings=19).radii()[::-1]

    assert radii[0] == 3
    assert {outer - inner for inner, outer in pairwise(radii)} <= {1, 2, 3, 4, 5}
    assert Recipe.of("Ada", rings=9).radii()[::-1] == radii[:9]


def test_importing_a_recipe_loads_no_drawing() -> None:
    """What answers Discord first must not wait for numpy or matplotlib."""
    program = "import sys, picture.recipe; print({'numpy', 'matplotlib', 'RandomMandala'} & set(sys.modules))"
    root = Path(__file__).parent.parent

    shown = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)  # noqa: S603 - our own words

    assert shown.stdout.strip() == "set()"
