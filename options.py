"""The options of a /mando, read as strictly as Discord has promised to check them."""

from collections.abc import Mapping
from typing import Any

from definition import DEFINITION
from recipe import canonical
from words import enumerate_words, say

SPECS: dict[str, dict[str, Any]] = {spec["name"]: spec for spec in DEFINITION["options"]}


class Refused(Exception):
    """What is asked for cannot be done; the message is one sentence for the asker, in their language."""


def read_options(given: object, locale: str) -> dict[str, Any]:
    """Return the options' values by name, or raise Refused for what Discord would not send."""
    options: dict[str, Any] = {}
    for entry in _entries(given, locale):
        name = entry["name"]
        if name not in SPECS:
            known = enumerate_words(locale, [say(locale, known) for known in SPECS])
            raise Refused(say(locale, "refused.unknown", option=canonical(name), known=known))
        if name in options:
            raise Refused(say(locale, "refused.twice", option=say(locale, name)))
        options[name] = _value(entry, SPECS[name], locale)
    return options


def _entries(given: object, locale: str) -> list[dict[str, Any]]:
    if not (isinstance(given, list) and all(map(_has_name, given))):
        raise Refused(say(locale, "refused.garbled"))
    return given


def _has_name(entry: object) -> bool:
    name = entry.get("name") if isinstance(entry, dict) else None
    return isinstance(name, str) and canonical(name) != ""


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
            return isinstance(value, str) and len(value) <= limit and canonical(value) != ""
        case _:
            return isinstance(value, bool)


def _cure(spec: Mapping[str, Any], locale: str) -> str:
    """Say what an option takes."""
    option = say(locale, spec["name"])
    match spec:
        case {"choices": choices}:
            names = [say(locale, f"{spec['name']}.{choice['value']}") for choice in choices]
            return say(locale, "refused.choice", option=option, choices=say(locale, "list.comma").join(names))
        case {"min_value": low, "max_value": high}:
            return say(locale, "refused.integer", option=option, low=low, high=high)
        case {"max_length": limit}:
            return say(locale, "refused.text", option=option, limit=limit)
        case _:
            return say(locale, "refused.boolean", option=option)
