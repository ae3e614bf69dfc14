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


Check = Callable[[Any], Iterator[Fault]]


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


def text(most: int, least: int = 0) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield _fault("STRING_TYPE_CONVERT", "Could not interpret as string.")
        elif least and not least <= len(value) <= most:
            yield _fault("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            yield _fault("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    return check


def number(least: float, most: float) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield _fault("NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif not least <= value <= most:
            yield _fault("NUMBER_TYPE_MAX", f"Value should be between {least} and {most}.")

    return check


def one_of(*values: object) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if value not in values or isinstance(value, bool) is not any(isinstance(each, bool) for each in values):
            yield _fault("BASE_TYPE_CHOICES", f"Value must be one of {values}.")

    return check


def flags(*allowed: int) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, int) or value & ~sum(allowed):
            yield _fault("BITFIELD_TYPE_INVALID", f"Flags {value} are not valid here, only {allowed}.")

    return check


def any_of(pattern: re.Pattern[str], message: str) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield _fault("STRING_TYPE_REGEX", message)

    return check


def url(*schemes: str) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        yield from text(URL, 1)(value)
        if isinstance(value, str) and not (urlsplit(value).scheme in schemes and urlsplit(value).netloc):
            yield _fault("URL_TYPE_INVALID_URL", f"Not a well formed URL: one of {schemes}.")

    return check


def many(each: Check, most: int, least: int = 0) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield _fault("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if not least <= len(value) <= most:
            yield _fault("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        for index, item in enumerate(value):
            for fault in each(item):
                yield fault._replace(path=(index, *fault.path))

    return check


def record(known: Mapping[str, Check], required: tuple[str, ...] = (), nullable: tuple[str, ...] = ()) -> Check:
    def check(value: Any) -> Iterator[Fault]:
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
                for fault in known[name](item):
                    yield fault._replace(path=(name, *fault.path))

    return check


def table(keys: Check, values: Check) -> Check:
    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield _fault("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for key, item in value.items():
            for fault in [*keys(key), *values(item)]:
                yield fault._replace(path=(key, *fault.path))

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
            record({"name": text(256, 1), "value": text(1024, 1), "inline": one_of(True, False)}, ("name", "value")), 25
        ),
    }
)
_emoji = record({"id": text(20), "name": text(32), "animated": one_of(True, False)}, nullable=("id", "name"))
_button_shape = record(
    {
        "type": one_of(2),
        "id": number(0, 2**31 - 1),
        "style": one_of(1, 2, 3, 4, LINK),
        "label": text(LABEL),
        "emoji": _emoji,
        "custom_id": text(CUSTOM_ID, 1),
        "url": url("https", "http", "discord"),
        "disabled": one_of(True, False),
    },
    required=("type", "style"),
)


def _button(value: Any) -> Iterator[Fault]:
    yield from _button_shape(value)
    if not isinstance(value, dict):
        return
    wanted, refused = ("url", "custom_id") if value.get("style") == LINK else ("custom_id", "url")
    if wanted not in value:
        yield _fault("BASE_TYPE_REQUIRED", "This field is required", wanted)
    if refused in value:
        yield _fault(
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A url and custom id cannot both be specified"
        )
    if not value.get("label") and not value.get("emoji"):
        yield _fault("BUTTON_COMPONENT_LABEL_EMOJI_REQUIRED", "Either a label or an emoji is required", "label")


_row = record(
    {"type": one_of(1), "id": number(0, 2**31 - 1), "components": many(_button, BUTTONS, 1)}, ("type", "components")
)
_rows = many(_row, ROWS)


def _components(value: Any) -> Iterator[Fault]:
    """Check rows of buttons, whose custom_ids must differ throughout the message."""
    faults = list(_rows(value))
    yield from faults
    if faults:
        return
    seen: set[str] = set()
    for row, each in enumerate(value):
        for column, button in enumerate(each["components"]):
            custom_id = button.get("custom_id")
            if custom_id in seen:
                path = (row, "components", column, "custom_id")
                yield _fault("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated", *path)
            seen.add(custom_id or f"{row}.{column}")


def _texts(value: Any) -> Iterator[str]:
    """Yield every text of an embed that counts towards the 6000."""
    for embed in value:
        yield from (embed.get("title", ""), embed.get("description", ""))
        yield from (embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", ""))
        for field in embed.get("fields", []):
            yield from (field["name"], field["value"])


def _embeds(value: Any) -> Iterator[Fault]:
    faults = list(many(_embed, EMBEDS)(value))
    yield from faults
    if not faults and sum(map(len, _texts(value))) > EMBED_TOTAL:
        yield _fault("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}")


_snowflake = any_of(re.compile(r"\d{1,20}"), "Must be a snowflake.")
_allowed_mentions = record(
    {
        "parse": many(one_of("roles", "users", "everyone"), 3),
        "roles": many(_snowflake, 100),
        "users": many(_snowflake, 100),
        "replied_user": one_of(True, False),
    }
)
_attachment = record(
    {"id": lambda _: iter(()), "filename": text(1024), "description": text(ALT_TEXT), "title": text(1024)},
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
_edit = record({**_MESSAGE, "flags": flags(SUPPRESS_EMBEDS)}, nullable=tuple(_MESSAGE))
_new = record(
    {
        **_MESSAGE,
        "tts": one_of(True, False),
        "flags": flags(SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS),
    }
)
_callback_data: dict[int, Check] = {
    4: _new,
    5: record({"flags": flags(EPHEMERAL)}),
    6: record({}),
    7: record({**_MESSAGE, "flags": flags(SUPPRESS_EMBEDS)}, nullable=tuple(_MESSAGE)),
}
UPDATES = (6, 7)  # callbacks that answer a button, and only that


def edit(value: Any) -> Iterator[Fault]:
    """Check the body of an edit of @original."""
    yield from _edit(value)


def callback(value: Any, *, of_component: bool) -> Iterator[Fault]:
    """Check the body of a callback: to a button's press, or to a command."""
    kinds = tuple(each for each in _callback_data if of_component or each not in UPDATES)
    shape = record({"type": one_of(*kinds), "data": lambda _: iter(())}, ("type",), nullable=("data",))
    faults = list(shape(value))
    yield from faults
    if not faults and value.get("data") is not None:
        for fault in _callback_data[value["type"]](value["data"]):
            yield fault._replace(path=("data", *fault.path))


_name = any_of(COMMAND_NAME, "Command name is invalid")
_names = table(any_of(LOCALE, "Not a locale of Discord's"), _name)
_descriptions = table(any_of(LOCALE, "Not a locale of Discord's"), text(COMMAND_TEXT, 1))
_choice = record(
    {
        "name": text(COMMAND_TEXT, 1),
        "name_localizations": table(any_of(LOCALE, "Not a locale of Discord's"), text(COMMAND_TEXT, 1)),
        "value": lambda value: text(COMMAND_TEXT)(value) if isinstance(value, str) else number(-(2**53), 2**53)(value),
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
        "required": one_of(True, False),
        "choices": many(_choice, CHOICES),
        "min_value": number(-(2**53), 2**53),
        "max_value": number(-(2**53), 2**53),
        "min_length": number(0, OPTION_TEXT),
        "max_length": number(1, OPTION_TEXT),
        "autocomplete": one_of(True, False),
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
        "nsfw": one_of(True, False),
    },
    ("name", "description"),
    ("name_localizations", "description_localizations", "default_member_permissions", "contexts"),
)


def commands(value: Any) -> Iterator[Fault]:
    """Check the body that sets an application's commands."""
    faults = list(many(_command, 100)(value))
    yield from faults
    if faults:
        return
    for index, each in enumerate(value):
        options = Counter(option["name"] for option in each.get("options", []))
        if any(count > 1 for count in options.values()):
            yield _fault(
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists", index, "options"
            )
    if len({each["name"] for each in value}) < len(value):
        yield _fault("APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
