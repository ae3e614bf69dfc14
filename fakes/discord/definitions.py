"""What Discord accepts as the definitions of an application's commands.

https://docs.discord.com/developers/interactions/application-commands
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from discord_enums import CommandType, ContextType, IntegrationType
from fakes.discord.schema import Check, Flaw, any_of, boolean, both, flaw, many, number, one_of, record, table, text

MOST = {CommandType.CHAT_INPUT: 100, CommandType.USER: 15, CommandType.MESSAGE: 15}
"""Commands of an application, by type: everywhere, and once more in each server."""
CONTEXT_MENU = (CommandType.USER, CommandType.MESSAGE)
NAME = 32
OPTIONS = 25
CHOICES = 25
SHORT_TEXT = 100
OPTION_TEXT = 6000
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2}|-419)?")

_snowflake = any_of(re.compile(r"\d{1,20}"), "Must be a snowflake.")
_whole = number(-(2**53), 2**53)
_name = any_of(COMMAND_NAME, "Command name is invalid")
_locale = any_of(LOCALE, "Not a locale of Discord's")
_names = table(_locale, _name)
_descriptions = table(_locale, text(SHORT_TEXT, 1))


def _choice_value(value: object) -> Iterator[Flaw]:
    return (text(SHORT_TEXT) if isinstance(value, str) else _whole)(value)


_choice = record(
    {
        "name": text(SHORT_TEXT, 1),
        "name_localizations": table(_locale, text(SHORT_TEXT, 1)),
        "value": _choice_value,
    },
    ("name", "value"),
    ("name_localizations",),
)
_option = record(
    {
        "type": one_of(*range(1, 12)),
        "name": _name,
        "name_localizations": _names,
        "description": text(SHORT_TEXT, 1),
        "description_localizations": _descriptions,
        "required": boolean,
        "choices": many(_choice, CHOICES),
        "min_value": _whole,
        "max_value": _whole,
        "min_length": number(0, OPTION_TEXT),
        "max_length": number(1, OPTION_TEXT),
        "autocomplete": boolean,
    },
    ("type", "name", "description"),
    ("name_localizations", "description_localizations"),
)


def _lower_case(name: str) -> Iterator[Flaw]:
    if name != name.lower():
        yield flaw("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


_common: dict[str, Check] = {
    "id": _snowflake,
    "default_member_permissions": text(20),
    "integration_types": many(one_of(*IntegrationType), 2, 1),
    "contexts": many(one_of(*ContextType), 3, 1),
    "nsfw": boolean,
}
_chat_input = record(
    _common
    | {
        "type": one_of(CommandType.CHAT_INPUT),
        "name": both(_name, _lower_case),
        "name_localizations": _names,
        "description": text(SHORT_TEXT, 1),
        "description_localizations": _descriptions,
        "options": many(_option, OPTIONS),
    },
    ("name", "description"),
    ("name_localizations", "description_localizations", "default_member_permissions", "contexts"),
)
_context_menu = record(
    _common
    | {
        "type": one_of(*CONTEXT_MENU),
        "name": text(NAME, 1),
        "name_localizations": table(_locale, text(NAME, 1)),
    },
    ("name",),
    ("name_localizations", "default_member_permissions", "contexts"),
)


def _of_its_type(value: object) -> Iterator[Flaw]:
    is_context_menu = isinstance(value, dict) and value.get("type") in CONTEXT_MENU
    return (_context_menu if is_context_menu else _chat_input)(value)


def _options_in_order(definition: dict[str, Any]) -> Iterator[Flaw]:
    options = definition.get("options", [])
    if _repeats(option["name"] for option in options):
        yield flaw("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists", "options")
    required = [option.get("required", False) for option in options]
    if required != sorted(required, reverse=True):
        message = "Required options must be placed before non-required options"
        yield flaw("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message, "options")


def _repeats(values: Iterable[object]) -> bool:
    return any(count > 1 for count in Counter(values).values())


def identity(definition: dict[str, Any]) -> tuple[int, str]:
    """Return what a command is known by: another of the same takes its place."""
    return definition.get("type", CommandType.CHAT_INPUT), definition["name"]


command = both(_of_its_type, _options_in_order)
"""Check the body that adds a command, or replaces one."""
