"""What Discord accepts in a message and in a callback, field by field.

https://docs.discord.com/developers/resources/message#embed-object-embed-limits
https://docs.discord.com/developers/components/reference
"""

import re
from collections.abc import Iterator
from typing import Any

from discord_enums import ButtonStyle, CallbackType, ComponentType, MessageFlag
from fakes.discord.schema import (
    Check,
    Flaw,
    any_of,
    anything,
    boolean,
    both,
    flags,
    flaw,
    many,
    number,
    one_of,
    record,
    text,
    under,
    url,
)

CONTENT = 2000
EMBEDS = 10
EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_TOTAL = 6000
ALT_TEXT = 1024
ROWS = 5
BUTTONS = 5
CUSTOM_ID = 100
LABEL = 80


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
        "type": one_of(ComponentType.BUTTON),
        "id": number(0, 2**31 - 1),
        "style": one_of(*ButtonStyle),
        "label": text(LABEL),
        "emoji": _emoji,
        "custom_id": text(CUSTOM_ID, 1),
        "url": url("https", "http", "discord"),
        "disabled": boolean,
    },
    required=("type", "style"),
)


def _button_rule(value: dict[str, Any]) -> Iterator[Flaw]:
    wanted, refused = ("url", "custom_id") if value.get("style") == ButtonStyle.LINK else ("custom_id", "url")
    if wanted not in value:
        yield flaw("BASE_TYPE_REQUIRED", "This field is required", wanted)
    if refused in value:
        yield flaw("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A url and custom id cannot both be specified")
    if not value.get("label") and not value.get("emoji"):
        yield flaw("BUTTON_COMPONENT_LABEL_EMOJI_REQUIRED", "Either a label or an emoji is required", "label")


def _custom_ids(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Check that custom_ids differ throughout the message."""
    seen: set[str] = set()
    for row, each in enumerate(rows):
        for column, button in enumerate(each["components"]):
            custom_id = button.get("custom_id")
            if custom_id in seen:
                path = (row, "components", column, "custom_id")
                yield flaw("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated", *path)
            seen.add(custom_id or f"{row}.{column}")


_button = both(_button_shape, _button_rule)
_row = record(
    {"type": one_of(ComponentType.ACTION_ROW), "id": number(0, 2**31 - 1), "components": many(_button, BUTTONS, 1)},
    ("type", "components"),
)
_components = both(many(_row, ROWS), _custom_ids)


def _texts(embed: dict[str, Any]) -> Iterator[str]:
    """Yield every text of an embed that counts towards the 6000."""
    yield from (embed.get("title", ""), embed.get("description", ""))
    yield from (embed.get("footer", {}).get("text", ""), embed.get("author", {}).get("name", ""))
    for field in embed.get("fields", []):
        yield from (field["name"], field["value"])


def _total(embeds: list[dict[str, Any]]) -> Iterator[Flaw]:
    if sum(len(each) for embed in embeds for each in _texts(embed)) > EMBED_TOTAL:
        yield flaw("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}")


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
edit = record({**_MESSAGE, "flags": flags(MessageFlag.SUPPRESS_EMBEDS)}, nullable=tuple(_MESSAGE))
"""Check the body of an edit of @original."""
_new = record(
    {
        **_MESSAGE,
        "tts": boolean,
        "flags": flags(MessageFlag.SUPPRESS_EMBEDS, MessageFlag.EPHEMERAL, MessageFlag.SUPPRESS_NOTIFICATIONS),
    }
)
_callback_data: dict[CallbackType, Check] = {
    CallbackType.CHANNEL_MESSAGE_WITH_SOURCE: _new,
    CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE: record({"flags": flags(MessageFlag.EPHEMERAL)}),
    CallbackType.DEFERRED_UPDATE_MESSAGE: record({}),
    CallbackType.UPDATE_MESSAGE: record(
        {**_MESSAGE, "flags": flags(MessageFlag.SUPPRESS_EMBEDS)}, nullable=tuple(_MESSAGE)
    ),
}
UPDATES = (
    CallbackType.DEFERRED_UPDATE_MESSAGE,
    CallbackType.UPDATE_MESSAGE,
)  # callbacks that answer a button, and only that


def _of_its_type(body: dict[str, Any]) -> Iterator[Flaw]:
    if body.get("data") is not None:
        yield from under("data", _callback_data[body["type"]](body["data"]))


def _callback(*kinds: CallbackType) -> Check:
    shape = record({"type": one_of(*kinds), "data": anything}, ("type",), nullable=("data",))
    return both(shape, _of_its_type)


callback_to_command = _callback(*(kind for kind in _callback_data if kind not in UPDATES))
callback_to_component = _callback(*_callback_data)
