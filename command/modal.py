"""The modal of *Edit*: what was asked for, to be changed, and what comes back of it.

Fields and limits: https://docs.discord.com/developers/components/using-modal-components
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from command.buttons import EDIT, Button, utf16_length
from command.options import SPECS, Options, Refused, read_options
from command.translations import translate
from discord_enums import CallbackType, ComponentType, OptionType, TextInputStyle
from picture.recipe import RANDOM_PALETTE, SEED_LENGTH, Recipe, fingerprint, normalise

Body = dict[str, Any]

OPTIONS = ("symmetry", "rings", "style", "palette")
FROM_SEED = "seed"
"""The value of what is not chosen by hand: an option of a select cannot be empty."""
SMALL_NUMBER = re.compile(r"[0-9]{1,3}", re.ASCII)


def opened(button: Button, seed: str, locale: str) -> Body:
    """Return the callback that opens the modal with the button's options and a seed, perhaps an empty one, filled in.

    Numbers are chosen from a list as well: there is nothing to mistype, and no keyboard on a telephone. Raise
    RecipeError when nothing could be drawn from the options.
    """
    button.options.recipe(seed or FROM_SEED)
    seed_input = {
        "type": ComponentType.TEXT_INPUT,
        "custom_id": "seed",
        "style": TextInputStyle.SHORT,
        "max_length": SEED_LENGTH,
        "value": seed if utf16_length(seed) <= SEED_LENGTH else fingerprint(seed),
    }
    recipe = Recipe.of(seed) if normalise(seed) else None
    selects = [
        _label(name, _select(name, getattr(button.options, name), getattr(recipe, name, None), locale), locale)
        for name in OPTIONS
    ]
    owner = Options(button.options.owner, private=button.options.private)
    data = {
        "custom_id": Button(EDIT, owner).custom_id,
        "title": translate(locale, "button.edit"),
        "components": [_label("seed", seed_input, locale), *selects],
    }
    return {"type": CallbackType.MODAL, "data": data}


def _label(name: str, component: Body, locale: str) -> Body:
    return {"type": ComponentType.LABEL, "label": translate(locale, name).capitalize(), "component": component}


def _select(name: str, chosen: object, seeds_own: object, locale: str) -> Body:
    """Offer what the seed decides by itself, and all that can be chosen instead; chosen is None for the first."""
    names = dict(_choices(name, locale))
    if name == "palette":
        chosen = chosen or RANDOM_PALETTE  # which is the seed's, and a choice
    else:
        own = translate(locale, "edit.from_seed", value=names.get(str(seeds_own), "…"))
        names = {FROM_SEED: own, **names}
    options = [
        {"label": label, "value": value, "default": value == str(chosen or FROM_SEED)} for value, label in names.items()
    ]
    return {"type": ComponentType.STRING_SELECT, "custom_id": name, "options": options}


def _choices(name: str, locale: str) -> Iterator[tuple[str, str]]:
    """Yield each value that an option can have, as a text, with its name."""
    match SPECS[name]:
        case {"choices": choices}:
            yield from ((choice["value"], translate(locale, f"{name}.{choice['value']}")) for choice in choices)
        case {"min_value": low, "max_value": high}:
            yield from ((str(number), str(number)) for number in range(low, high + 1))


def typed(components: object, locale: str) -> list[Body]:
    """Return what a submission says in the form of a command's options; raise Refused for what no modal sends."""
    if not isinstance(components, list):
        raise Refused(translate(locale, "refused.garbled"))
    entries = [_entry(*_input(component, locale)) for component in components]
    return [entry for entry in entries if entry["value"] is not None]


def legible(entries: list[Body], locale: str) -> dict[str, Any]:
    """Return those values that can be read, each by itself, and what can be seen of the seed."""
    values = {"seed": ""}
    for entry in entries:
        with suppress(Refused):
            values |= read_options([entry], locale)
        if entry["name"] == "seed":
            values["seed"] = normalise(entry["value"])
    return values


def _input(component: object, locale: str) -> tuple[str, str]:
    """Return the name and the text or value of what stands in a Label."""
    match component:
        case {"component": {"type": ComponentType.TEXT_INPUT, "custom_id": str(name), "value": str(text)}}:
            return name, text
        case {"component": {"type": ComponentType.STRING_SELECT, "custom_id": str(name), "values": [str(value)]}}:
            return name, value
    raise Refused(translate(locale, "refused.garbled"))


def _entry(name: str, text: str) -> Body:
    kind = SPECS[name]["type"] if name in SPECS else OptionType.STRING
    value: object = text
    if name in OPTIONS and text == FROM_SEED:
        value = None
    elif kind == OptionType.INTEGER and SMALL_NUMBER.fullmatch(text):
        value = int(text)
    return {"name": name, "type": kind, "value": value}
