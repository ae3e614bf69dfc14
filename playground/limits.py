"""What Discord accepts in a message, a callback and a command definition, field by field.

https://docs.discord.com/developers/resources/message#embed-object-embed-limits
https://docs.discord.com/developers/components/reference
https://docs.discord.com/developers/interactions/application-commands

A check yields a Fault per fault found. Discord quietly drops a field it does not know; here it is a fault, so that a
misspelt one is noticed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

CONTENT = 2000
EMBEDS = 10
EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_TOTAL = 6000
ALT_TEXT = 1024
URL = 2048
ROWS = 5
BUTTONS = 5
CUSTOM_ID = 100
LABEL = 80
OPTIONS = 25
CHOICES = 25
COMMAND_TEXT = 100
OPTION_TEXT = 6000

EPHEMERAL = 64
SUPPRESS_EMBEDS = 4
SUPPRESS_NOTIFICATIONS = 4096
LINK = 5  # the style of a button that opens a page
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2}|-419)?")


class Fault(NamedTuple):
    path: tuple[str | int, ...]
    code: str
    message: str


Check = Callable[[object], Iterator[Fault]]


def as_tree(faults: Iterable[Fault]) -> dict[str, Any]:
    """Return faults as the "errors" of Discord's JSON: nested by path."""
    tree: dict[str, Any] = {}
    for fault in faults:
        node = tree
        for step in fault.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": fault.code, "message": fault.message})
    return tree


def _fault(code: str, message: str, *path: str | int) -> Fault:
    return Fault(path, code, message)


def _under(step: str | int, faults: Iterable[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield fault._replace(path=(step, *fault.path))


def both(shape: Check, rule: Callable[[Any], Iterator[Fault]]) -> Check:
    """Return a check of the shape and then, when it is right, of a rule that relies on it."""

    def check(value: object) -> Iterator[Fault]:
        faults = list(shape(value))
        yield from faults or rule(value)

    return check


def text(most: int, least: int = 0) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield _fault("STRING_TYPE_CONVERT", "Could not interpret as string.")
        elif least and not least <= len(value) <= most:
            yield _fault("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            yield _fault("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    return check


def number(least: float, most: float) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield _fault("NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif not least <= value <= most:
            yield _fault("NUMBER_TYPE_MAX", f"Value should be between {least} and {most}.")

    return check


def anything(_: object) -> Iterator[Fault]:
    yield from ()


def boolean(value: object) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield _fault("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def one_of(*values: object) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if isinstance(value, bool) or value not in values:
            yield _fault("BASE_TYPE_CHOICES", f"Value must be one of {values}.")

    return check


def flags(*allowed: int) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if not isinstance(value, int) or value & ~sum(allowed):
            yield _fault("BITFIELD_TYPE_INVALID", f"Flags {value} are not valid here, only {allowed}.")

    return check


def any_of(pattern: re.Pattern[str], message: str) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield _fault("STRING_TYPE_REGEX", message)

    return check


def url(*schemes: str) -> Check:
    def check(value: object) -> Iterator[Fault]:
        yield from text(URL, 1)(value)
        if isinstance(value, str) and not (urlsplit(value).scheme in schemes and urlsplit(value).netloc):
            yield _fault("URL_TYPE_INVALID_URL", f"Not a well formed URL: one of {schemes}.")

    return check


def many(each: Check, most: int, least: int = 0) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield _fault("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if not least <= len(value) <= most:
            yield _fault("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        for index, item in enumerate(value):
            yield from _under(index, each(item))

    return check


def record(known: Mapping[str, Check], required: tuple[str, ...] = (), nullable: tuple[str, ...] = ()) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield _fault("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        for name in required:
            if value.get(name) is None:
                yield _fault("BASE_TYPE_REQUIRED", "This field is required", name)
        for name, item in value.items():
            if name not in known:
                yield _fault("UNKNOWN_FIELD", "Discord knows no such field here and would ignore it.", name)
            elif item is not None or name not in nullable:
                yield from _under(name, known[name](item))

    return check


def table(keys: Check, values: Check) -> Check:
    def check(value: object) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield _fault("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for key, item in value.items():
            yield from _under(key, [*keys(key), *values(item)])

    return check


_media = record(
    {"url": url("https", "http", "attachment"), "description": text(ALT_TEXT)},
    required=("url",),
    nullable=("description",),
)
_embed = record(
    {
        "title": text(EMBED_TITLE),
        "type": one_of("rich"),
        "description": text(EMBED_DESCRIPTION),
        "url": url("https", "http"),
        "timestamp": text(40),
        "color": number(0, 0xFFFFFF),
        "footer": record({"text": text(2048, 1), "icon_url": url("https", "http", "attachment")}, ("text",)),
        "image": _media,
        "thumbnail": _media,
        "author": record(
            {"name": text(256, 1), "url": url("https", "http"), "icon_url": url("https", "http")}, ("name",)
        ),
        "fields": many(
            record({"name": text(256, 1), "value": text(1024, 1), "inline": boolean}, ("name", "value")), 25
        ),
    }
)
_emoji = record({"id": text(20), "name": text(32), "animated": boolean}, nullable=("id", "name"))
_button_shape = record(
    {
        "type": one_of(2),
        "id": number(0, 2**31 - 1),
        "style": one_of(1, 2, 3, 4, LINK),
        "label": text(LABEL),
        "emoji": _emoji,
        "custom_id": text(CUSTOM_ID, 1),
        "url": url("https", "http", "discord"),
        "disabled": boolean,
    },
    required=("type", "style"),
)


def _button_rule(value: dict[str, Any]) -> Iterator[Fault]:
    wanted, refused = ("url", "custom_id") if value.get("style") == LINK else ("custom_id", "url")
    if wanted not in value:
        yield _fault("BASE_TYPE_REQUIRED", "This field is required", wanted)
    if refused in value:
        yield _fault(
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A url and custom id cannot both be specified"
        )
    if not value.get("label") and not value.get("emoji"):
        yield _fault("BUTTON_COMPONENT_LABEL_EMOJI_REQUIRED", "Either a label or an emoji is required", "label")


def _custom_ids(rows: list[dict[str, Any]]) -> Iterator[Fault]:
    """Check that custom_ids differ throughout the message."""
    seen: set[str] = set()
    for row, each in enumerate(rows):
        for column, button in enumerate(each["components"]):
            custom_id = button.get("custom_id")
            if custom_id in seen:
                path = (row, "components", column, "custom_id")
                yield _fault("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated", *path)
            seen.add(custom_id or f"{row}.{column}")


_button = both(_button_shape, _button_rule)
_row = record(
    {"type": one_of(1), "id": number(0, 2**31 - 1), "components": many(_button, BUTTONS, 1)}, ("type", "components")
)
_components = both(many(_row, ROWS), _custom_ids)


def _texts(embed: dict[str, Any]) -> Iterator[str]:
    """Yield every text of an embed that counts towards the 6000."""
    yield from (embed.get("title", ""), embed.get("description", ""))
    yield from (embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", ""))
    for field in embed.get("fields", []):
        yield from (field["name"], field["value"])


def _total(embeds: list[dict[str, Any]]) -> Iterator[Fault]:
    if sum(len(each) for embed in embeds for each in _texts(embed)) > EMBED_TOTAL:
        yield _fault("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}")


_embeds = both(many(_embed, EMBEDS), _total)
_snowflake = any_of(re.compile(r"\d{1,20}"), "Must be a snowflake.")
_allowed_mentions = record(
    {
        "parse": many(one_of("roles", "users", "everyone"), 3),
        "roles": many(_snowflake, 100),
        "users": many(_snowflake, 100),
        "replied_user": boolean,
    }
)
_attachment = record(
    {"id": anything, "filename": text(1024), "description": text(ALT_TEXT), "title": text(1024)},
    required=("id",),
    nullable=("description",),
)
_MESSAGE: dict[str, Check] = {
    "content": text(CONTENT),
    "embeds": _embeds,
    "allowed_mentions": _allowed_mentions,
    "components": _components,
    "attachments": many(_attachment, 10),
}
edit = record({**_MESSAGE, "flags": flags(SUPPRESS_EMBEDS)}, nullable=tuple(_MESSAGE))
"""Check the body of an edit of @original."""
_new = record({**_MESSAGE, "tts": boolean, "flags": flags(SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS)})
_callback_data: dict[int, Check] = {
    4: _new,
    5: record({"flags": flags(EPHEMERAL)}),
    6: record({}),
    7: record({**_MESSAGE, "flags": flags(SUPPRESS_EMBEDS)}, nullable=tuple(_MESSAGE)),
}
UPDATES = (6, 7)  # callbacks that answer a button, and only that


def _of_its_type(body: dict[str, Any]) -> Iterator[Fault]:
    if body.get("data") is not None:
        yield from _under("data", _callback_data[body["type"]](body["data"]))


def _callback(*kinds: int) -> Check:
    shape = record({"type": one_of(*kinds), "data": anything}, ("type",), nullable=("data",))
    return both(shape, _of_its_type)


callback_to_command = _callback(*(kind for kind in _callback_data if kind not in UPDATES))
callback_to_component = _callback(*_callback_data)


_whole = number(-(2**53), 2**53)
_name = any_of(COMMAND_NAME, "Command name is invalid")
_names = table(any_of(LOCALE, "Not a locale of Discord's"), _name)
_descriptions = table(any_of(LOCALE, "Not a locale of Discord's"), text(COMMAND_TEXT, 1))


def _choice_value(value: object) -> Iterator[Fault]:
    return (text(COMMAND_TEXT) if isinstance(value, str) else _whole)(value)


_choice = record(
    {
        "name": text(COMMAND_TEXT, 1),
        "name_localizations": table(any_of(LOCALE, "Not a locale of Discord's"), text(COMMAND_TEXT, 1)),
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
        "description": text(COMMAND_TEXT, 1),
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
        "type": one_of(1),
        "name": _name,
        "name_localizations": _names,
        "description": text(COMMAND_TEXT, 1),
        "description_localizations": _descriptions,
        "options": many(_option, OPTIONS),
        "default_member_permissions": text(20),
        "integration_types": many(one_of(0, 1), 2, 1),
        "contexts": many(one_of(0, 1, 2), 3, 1),
        "nsfw": boolean,
    },
    ("name", "description"),
    ("name_localizations", "description_localizations", "default_member_permissions", "contexts"),
)


def _unique_names(definitions: list[dict[str, Any]]) -> Iterator[Fault]:
    for index, each in enumerate(definitions):
        if _repeats(option["name"] for option in each.get("options", [])):
            yield _fault(
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists", index, "options"
            )
    if _repeats(each["name"] for each in definitions):
        yield _fault("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")


def _repeats(names: Iterable[str]) -> bool:
    return any(count > 1 for count in Counter(names).values())


commands = both(many(_command, 100), _unique_names)
"""Check the body that sets an application's commands."""
