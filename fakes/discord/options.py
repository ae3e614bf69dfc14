"""Where the options of a command or a subcommand stand: in its definition, and in the payload of its use."""

from collections.abc import Sequence
from typing import Any

from discord_enums import OptionType

BRANCHES = (OptionType.SUB_COMMAND, OptionType.SUB_COMMAND_GROUP)  # from the options up


def branches(definition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the subcommands of a definition, and their groups."""
    return [each for each in definition.get("options") or [] if each["type"] in BRANCHES]


def steps(definition: dict[str, Any], path: Sequence[str]) -> list[dict[str, Any]]:
    """Return the definitions from a command down to the subcommand at a path; of an unknown one just its name."""
    found = [definition]
    for name in path:
        found.append(next((each for each in branches(found[-1]) if each["name"] == name), {"name": name}))
    return found


def leaf(definition: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """Return the definition of the subcommand at a path, or raise LookupError; without a path it is the command's."""
    found = steps(definition, path)[-1]
    if "type" not in found or branches(found):
        raise LookupError(" ".join([definition["name"], *path]))
    return found


def first(definition: dict[str, Any]) -> list[str]:
    """Return the path of the first subcommand; [] for a command without any."""
    return next(([each["name"], *first(each)] for each in branches(definition)), [])


def kinds(definition: dict[str, Any]) -> dict[str, int]:
    """Return the type of each option by its name."""
    return {each["name"]: each["type"] for each in definition.get("options") or []}


def nested(path: Sequence[str], given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what a payload has as its options when these are given to the subcommand at a path."""
    for name, kind in zip(reversed(path), BRANCHES, strict=False):
        given = [{"type": kind, "name": name, "options": given}]
    return given


def unnested(data: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the path of what a payload uses, and the options that are given to it."""
    path, options = [], data.get("options") or []
    while options and options[0]["type"] in BRANCHES:
        path.append(options[0]["name"])
        options = options[0].get("options") or []
    return path, options
