"""The commands of the module that answers, which COMMAND names."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from config import RULES, is_module
from discord_enums import CommandType
from tools.terminal import Trouble

Command = dict[str, Any]
"""As Discord has it, or as a definition defines it."""


def module(settings: Mapping[str, str]) -> str:
    """Return the module's name, or raise Trouble if there is none of it."""
    default, _, cure = RULES["COMMAND"]
    name = settings.get("COMMAND") or default
    if not is_module(name):
        raise Trouble(f"COMMAND {cure}, and is {name}")
    return name


def definitions(settings: Mapping[str, str]) -> tuple[Command, ...]:
    """Return the module's commands as it defines them, or raise Trouble."""
    name = module(settings)
    found: tuple[Command, ...] | None = getattr(import_module(name), "DEFINITIONS", None)
    if not found:
        raise Trouble(f"{name} has no DEFINITIONS: let it define at least one command")
    return found


def title(command: Command) -> str:
    """Return what people know a command by."""
    return f"/{command['name']}" if command["type"] == CommandType.CHAT_INPUT else f"“{command['name']}”"
