"""The options of a /mando, read as strictly as Discord has promised to check them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from command.definition import DEFINITION
from command.translations import join_list, translate
from picture.recipe import Recipe, normalise

SPECS: dict[str, dict[str, Any]] = {spec["name"]: spec for spec in DEFINITION["options"]}


class Refused(Exception):
    """What is asked for cannot be done; the message is one sentence for the asker, in their language."""


@dataclass(frozen=True)
class Options:
    """Who asked for a mandala, and the options as they were given; None is the seed's to decide."""

    owner: str
    symmetry: int | None = None
    rings: int | None = None
    style: str | None = None
    palette: str | None = None
    private: bool = False

    def recipe(self, seed: str) -> Recipe:
        """Return what a seed makes of the options, or raise RecipeError."""
        return Recipe.of(seed, self.symmetry, self.rings, self.style, self.palette)


def read_options(given: object, locale: str, required: Collection[str] = ()) -> dict[str, Any]:
    """Return the options' values by name, or raise Refused for what Discord would not send."""
    options: dict[str, Any] = {}
    for entry in _entries(given, locale):
        name = entry["name"]
        if name not in SPECS:
            known = join_list(locale, [translate(locale, known) for known in SPECS])
            raise Refused(translate(locale, "refused.unknown", option=normalise(name), known=known))
        if name in options:
            raise Refused(translate(locale, "refused.twice", option=translate(locale, name)))
        options[name] = _value(entry, SPECS[name], locale)
    for name in required:
        if name not in options:
            raise Refused(_cure(SPECS[name], locale))
    return options


def _entries(given: object, locale: str) -> list[dict[str, Any]]:
    if not (isinstance(given, list) and all(map(_has_name, given))):
        raise Refused(translate(locale, "refused.garbled"))
    return given


def _has_name(entry: object) -> bool:
    name = entry.get("name") if isinstance(entry, dict) else None
    return isinstance(name, str) and normalise(name) != ""


def _value(entry: Mapping[str, Any], spec: Mapping[str, Any], locale: str) -> object:
    value = entry.get("value")
    if entry.get("type") != spec["type"] or not _fits(value, spec):
        raise Refused(_cure(spec, locale))
    return value


def _fits(value: object, spec: Mapping[str, Any]) -> bool:
    match spec:
        case {"choices": choices}:
            return value in [choice["value"] for choice in choices]
        case {"min_value": low, "max_value": high}:
            return type(value) is int and low <= value <= high  # isinstance would let True in
        case {"max_length": limit}:
            return isinstance(value, str) and len(value) <= limit and normalise(value) != ""
        case _:
            return isinstance(value, bool)


def _cure(spec: Mapping[str, Any], locale: str) -> str:
    """Say what an option takes."""
    option = translate(locale, spec["name"])
    match spec:
        case {"choices": choices}:
            names = [translate(locale, f"{spec['name']}.{choice['value']}") for choice in choices]
            return translate(
                locale, "refused.choice", option=option, choices=translate(locale, "list.comma").join(names)
            )
        case {"min_value": low, "max_value": high}:
            return translate(locale, "refused.integer", option=option, low=low, high=high)
        case {"max_length": limit}:
            return translate(locale, "refused.text", option=option, limit=limit)
        case _:
            return translate(locale, "refused.boolean", option=option)
