"""What Discord accepts as the definitions of an application's commands.

https://docs.discord.com/developers/interactions/application-commands
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from discord_enums import CommandType, ContextType, IntegrationType
from fakes.discord.schema import Flaw, any_of, boolean, both, flaw, many, number, one_of, record, table, text

OPTIONS = 25
CHOICES = 25
SHORT_TEXT = 100
OPTION_TEXT = 6000
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2}|-419)?")

_snowflake = any_of(re.compile(r"\d{1,20}"), "Must be a snowflake.")
_whole = number(-(2**53), 2**53)
_name = any_of(COMMAND_NAME, "Command name is invalid")
_names = table(any_of(LOCALE, "Not a locale of Discord's"), _name)
_descriptions = table(any_of(LOCALE, "Not a locale of Discord's"), text(SHORT_TEXT, 1))


def _choice_value(value: object) -> Iterator[Flaw]:
    return (text(SHORT_TEXT) if isinstance(value, str) else _whole)(value)


_choice = record(
    {
        "name": text(SHORT_TEXT, 1),
        "name_localizations": table(any_of(LOCALE, "Not a locale of Discord's"), text(SHORT_TEXT, 1)),
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
_command = record(
    {
        "id": _snowflake,
        "type": one_of(CommandType.CHAT_INPUT),
        "name": _name,
        "name_localizations": _names,
        "description": text(SHORT_TEXT, 1),
        "description_localizations": _descriptions,
        "options": many(_option, OPTIONS),
        "default_member_permissions": text(20),
        "integration_types": many(one_of(*IntegrationType), 2, 1),
        "contexts": many(one_of(*ContextType), 3, 1),
        "nsfw": boolean,
    },
    ("name", "description"),
    ("name_localizations", "description_localizations", "default_member_permissions", "contexts"),
)


def _unique_names(definitions: list[dict[str, Any]]) -> Iterator[Flaw]:
    for index, each in enumerate(definitions):
        if _repeats(option["name"] for option in each.get("options", [])):
            yield flaw(
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists", index, "options"
            )
    if _repeats(each["name"] for each in definitions):
        yield flaw("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")


def _repeats(names: Iterable[str]) -> bool:
    return any(count > 1 for count in Counter(names).values())


commands = both(many(_command, 100), _unique_names)
"""Check the body that sets an application's commands."""
