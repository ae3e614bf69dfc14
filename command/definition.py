"""The definitions of /mando and of the two commands that a right click offers: what Discord registers and shows.

Fields and limits: https://discord.com/developers/docs/interactions/application-commands
"""

from collections.abc import Iterable
from typing import Any

from command.translations import CATALOGUE, DEFAULT
from discord_enums import CommandType, ContextType, IntegrationType, OptionType
from picture.recipe import PALETTES, RINGS, SEED_LENGTH, STYLES, SYMMETRY


def _translated(field: str, key: str, **values: int) -> dict[str, Any]:
    """Return a field and its translations, the default among them, or Discord might take another's instead."""
    translations = {locale: text.format(**values) for locale, text in CATALOGUE[key].items()}
    return {field: translations[DEFAULT], f"{field}_localizations": translations}


def _option(name: str, kind: OptionType, limits: dict[str, Any] | None = None, **values: int) -> dict[str, Any]:
    texts = _translated("name", name) | _translated("description", f"{name}.description", **values)
    return {"type": kind, **texts, **(limits or {})}


def _number(name: str, allowed: range) -> dict[str, Any]:
    low, high = allowed[0], allowed[-1]
    return _option(name, OptionType.INTEGER, {"min_value": low, "max_value": high}, low=low, high=high)


def _choice(name: str, values: Iterable[str]) -> dict[str, Any]:
    choices = [{**_translated("name", f"{name}.{value}"), "value": value} for value in values]
    return _option(name, OptionType.STRING, {"choices": choices})


EVERYWHERE: dict[str, Any] = {"integration_types": list(IntegrationType), "contexts": list(ContextType)}
DEFINITION: dict[str, Any] = {
    "name": "mando",  # in every language: it is what people tell each other to type
    "type": CommandType.CHAT_INPUT,
    **_translated("description", "command.description"),
    **EVERYWHERE,
    "options": [
        _option("seed", OptionType.STRING, {"min_length": 1, "max_length": SEED_LENGTH}),
        _number("symmetry", SYMMETRY),
        _number("rings", RINGS),
        _choice("style", STYLES),
        _choice("palette", PALETTES),
        _option("private", OptionType.BOOLEAN),
    ],
}
DRAW_THIS: dict[str, Any] = {
    **_translated("name", "command.draw_this"),
    "type": CommandType.MESSAGE,
    **EVERYWHERE,
}
THEIR_MANDALA: dict[str, Any] = {
    **_translated("name", "command.their_mandala"),
    "type": CommandType.USER,
    **EVERYWHERE,
}
DEFINITIONS = (DEFINITION, DRAW_THIS, THEIR_MANDALA)
