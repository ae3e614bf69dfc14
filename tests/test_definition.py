"""The definition of /mando, against what Discord accepts.

https://discord.com/developers/docs/interactions/application-commands
"""

import inspect
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from command.definition import DEFINITION
from command.translations import CATALOGUE
from picture.recipe import PALETTES, Recipe

LARGEST_COMMAND = 8000
NAME, TEXT, OPTIONS, CHOICES = 32, 100, 25, 25

OPTION = {option["name"]: option for option in DEFINITION["options"]}
EVERY_LEVEL = [
    DEFINITION,
    *DEFINITION["options"],
    *(choice for option in DEFINITION["options"] for choice in option.get("choices", [])),
]
NAMED = [DEFINITION, *DEFINITION["options"]]


def texts(level: dict[str, Any], field: str) -> list[str]:
    """Return a field's default and its translations."""
    return [level[field], *level.get(f"{field}_localizations", {}).values()]


def counted(level: dict[str, Any]) -> Iterator[int]:
    """Yield what counts towards the largest command: of each field, the longest translation alone."""
    yield from (max(map(len, texts(level, field))) for field in ("name", "description") if field in level)
    yield len(str(level.get("value", "")))


@pytest.mark.parametrize("name", [name for level in NAMED for name in texts(level, "name")])
def test_names_are_of_letters_in_lower_case(name: str) -> None:
    """Names of the command and its options are 1 to 32 letters, digits, hyphens and underscores, without capitals."""
    assert 1 <= len(name) <= NAME
    assert all(character in "-_'" or unicodedata.category(character)[0] in "LN" for character in name)
    assert name == name.lower()


@pytest.mark.parametrize("level", NAMED, ids=lambda level: level["name"])
def test_descriptions_are_of_100_characters_at_most(level: dict[str, Any]) -> None:
    """Each description has 1 to 100 characters in every language."""
    assert all(1 <= len(text) <= TEXT for text in texts(level, "description"))


def test_options_and_choices_are_25_at_most() -> None:
    """Discord shows 25 options, and 25 choices of each, with names and values of 1 to 100 characters."""
    choices = [option["choices"] for option in DEFINITION["options"] if "choices" in option]

    assert len(DEFINITION["options"]) <= OPTIONS
    assert all(1 <= len(each) <= CHOICES for each in choices)
    assert all(1 <= len(text) <= TEXT for each in choices for choice in each for text in texts(choice, "name"))
    assert all(1 <= len(choice["value"]) <= TEXT for each in choices for choice in each)


def test_command_is_of_8000_characters_at_most() -> None:
    """Names, descriptions and values are 8000 characters together, each counted in its longest language."""
    assert sum(count for level in EVERY_LEVEL for count in counted(level)) <= LARGEST_COMMAND


@pytest.mark.parametrize("locale", CATALOGUE["seed"])
def test_names_of_options_differ_in_every_language(locale: str) -> None:
    """A translated name differs from the others of its language and from the other options' default names."""
    names = {name: option["name_localizations"][locale] for name, option in OPTION.items()}

    assert len(set(names.values())) == len(names)
    assert all(translated not in OPTION or translated == name for name, translated in names.items())


def test_every_translation_is_there() -> None:
    """Every field that can be translated is, except the command's name; the default is among the translations."""
    for level in EVERY_LEVEL:
        for field in {"name", "description"} & level.keys() - ({"name"} if level is DEFINITION else set()):
            assert level[f"{field}_localizations"].keys() == CATALOGUE["seed"].keys()
            assert level[field] in level[f"{field}_localizations"].values()


def test_options_are_what_a_recipe_takes() -> None:
    """Discord sends the options under the names that a recipe has for them, and whether it is private."""
    assert [*OPTION] == [*inspect.signature(Recipe.of).parameters, "private"]


def test_limits_of_the_options() -> None:
    """Discord itself refuses most of what a recipe would."""
    assert (OPTION["seed"]["min_length"], OPTION["seed"]["max_length"]) == (1, 100)
    assert (OPTION["symmetry"]["min_value"], OPTION["symmetry"]["max_value"]) == (3, 20)
    assert (OPTION["rings"]["min_value"], OPTION["rings"]["max_value"]) == (4, 19)
    assert {choice["name"]: choice["value"] for choice in OPTION["style"]["choices"]} == {
        "Sharp": "fill",
        "Round": "bezier_fill",
        "Lines": "lines",
    }
    assert tuple(choice["value"] for choice in OPTION["palette"]["choices"]) == PALETTES


def test_command_is_offered_everywhere() -> None:
    """A server or a user may install it, and it works in servers, in direct messages and in private channels."""
    assert DEFINITION["integration_types"] == [0, 1]
    assert DEFINITION["contexts"] == [0, 1, 2]


def test_options_can_all_be_left_out() -> None:
    """/mando alone draws a mandala."""
    assert not any(option.get("required") for option in DEFINITION["options"])


@pytest.mark.parametrize("locale", CATALOGUE["seed"])
def test_palette_for_colour_blind_eyes_is_named(locale: str) -> None:
    """The description of the option names the palette that is safe for colour-blind eyes as its choice does."""
    assert CATALOGUE["palette.beacon"][locale] in OPTION["palette"]["description_localizations"][locale]
