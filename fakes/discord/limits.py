"""What Discord accepts: by its own OpenAPI document, and what that does not say, from its documentation.

https://docs.discord.com/developers/resources/message#embed-object-embed-limits
https://docs.discord.com/developers/components/reference
https://docs.discord.com/developers/interactions/application-commands
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from discord_enums import ButtonStyle, CallbackType, CommandType, InteractionType, MessageFlag
from fakes.discord import modal
from fakes.discord.schema import SCHEMAS, Flaw, check, flaw

EMBED_TOTAL = 6000
ROWS = 5  # as long as a message is not of components alone
COMMANDS = {CommandType.CHAT_INPUT: 100, CommandType.USER: 15, CommandType.MESSAGE: 15}
"""Commands of an application, by type: everywhere, and once more in each server."""
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
LOCALES = {each["const"] for each in SCHEMAS["AvailableLocalesEnum"]["oneOf"]}

SHOWN_AT_ONCE = (CallbackType.CHANNEL_MESSAGE_WITH_SOURCE, CallbackType.UPDATE_MESSAGE)
UPDATES = (CallbackType.DEFERRED_UPDATE_MESSAGE, CallbackType.UPDATE_MESSAGE)
CALLBACKS = {
    CallbackType.CHANNEL_MESSAGE_WITH_SOURCE: "CreateMessageInteractionCallbackRequest",
    CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE: "CreateMessageInteractionCallbackRequest",
    CallbackType.DEFERRED_UPDATE_MESSAGE: "UpdateMessageInteractionCallbackRequest",
    CallbackType.UPDATE_MESSAGE: "UpdateMessageInteractionCallbackRequest",
}
FLAGS = {
    CallbackType.CHANNEL_MESSAGE_WITH_SOURCE: (
        MessageFlag.SUPPRESS_EMBEDS | MessageFlag.EPHEMERAL | MessageFlag.SUPPRESS_NOTIFICATIONS
    ),
    CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE: MessageFlag.EPHEMERAL,
    CallbackType.UPDATE_MESSAGE: MessageFlag.SUPPRESS_EMBEDS,
}


def edit(body: Any) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the body of an edit of @original."""
    return check("IncomingWebhookUpdateRequestPartial", body) or list(_message(body, MessageFlag.SUPPRESS_EMBEDS))


def callbacks_to(interaction_type: int, *, on_message: bool) -> set[CallbackType]:
    """Return the first responses that Discord takes: a message's updates only on it, no modal after another."""
    allowed = {*CALLBACKS, CallbackType.MODAL}
    if not on_message:
        allowed -= {*UPDATES}
    if interaction_type == InteractionType.MODAL_SUBMIT:
        allowed -= {CallbackType.MODAL}
    return allowed


def callback(body: Any, allowed: Collection[CallbackType]) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the body of the first response to an interaction to which these are allowed."""
    kind: Any = body.get("type") if isinstance(body, dict) else None
    if isinstance(kind, bool) or kind not in allowed:
        return [flaw("BASE_TYPE_CHOICES", "Not a callback to this kind of interaction.", "type")]
    if kind == CallbackType.MODAL:
        return modal.flaws(body)
    if flaws := check(CALLBACKS[kind], body):
        return flaws
    data = body.get("data") or {}
    rules = _message(data, FLAGS.get(kind, 0)) if kind in SHOWN_AT_ONCE else _deferred(data, FLAGS.get(kind, 0))
    return [each._replace(path=("data", *each.path)) for each in rules]


def command(body: Any) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the body that adds a command, or replaces one."""
    return check("ApplicationCommandCreateRequest", body) or list(_command(body))


def command_type(definition: dict[str, Any]) -> int:
    return definition.get("type") or CommandType.CHAT_INPUT


def _message(data: dict[str, Any], allowed: int) -> Iterator[Flaw]:
    yield from _flags(data, allowed)
    embeds, rows = data.get("embeds") or [], data.get("components") or []
    if sum(len(each) for embed in embeds for each in _texts(embed)) > EMBED_TOTAL:
        yield flaw("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}", "embeds")
    for index, embed in enumerate(embeds):
        if "image" in embed and not embed["image"].get("url"):
            yield flaw("BASE_TYPE_REQUIRED", "This field is required", "embeds", index, "image", "url")
    if len(rows) > ROWS:
        yield flaw("BASE_TYPE_BAD_LENGTH", f"Must be {ROWS} or fewer in length.", "components")
    yield from _buttons(rows)


def _deferred(data: dict[str, Any], allowed: int) -> Iterator[Flaw]:
    yield from _flags(data, allowed)
    for name in set(data) - {"flags"}:
        yield flaw("UNKNOWN_FIELD", "A deferred message has no content yet.", name)


def _flags(data: dict[str, Any], allowed: int) -> Iterator[Flaw]:
    if (data.get("flags") or 0) & ~allowed:
        yield flaw("BITFIELD_TYPE_INVALID", f"Flags {data['flags']} are not valid here, only {allowed}.", "flags")


def _texts(embed: dict[str, Any]) -> Iterator[str]:
    """Yield every text of an embed that counts towards the 6000."""
    of = {"footer": {}, "author": {}, **embed}
    pieces = [embed, of["footer"] or {}, of["author"] or {}, *(embed.get("fields") or [])]
    yield from (each.get(name) or "" for each in pieces for name in ("title", "description", "text", "name", "value"))


def _buttons(rows: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Check each button, and that custom_ids differ throughout the message."""
    seen: set[str] = set()
    for row, each in enumerate(rows):
        for column, button in enumerate(each["components"]):
            path = ("components", row, "components", column)
            yield from _button(button, path)
            if (custom_id := button.get("custom_id")) in seen:
                code = "COMPONENT_CUSTOM_ID_DUPLICATED"
                yield flaw(code, "Component custom id cannot be duplicated", *path, "custom_id")
            seen |= {custom_id} - {None}


def _button(button: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[Flaw]:
    wanted, refused = ("url", "custom_id") if button["style"] == ButtonStyle.LINK else ("custom_id", "url")
    if wanted not in button:
        yield flaw("BASE_TYPE_REQUIRED", "This field is required", *path, wanted)
    if refused in button:
        message = "A url and custom id cannot both be specified"
        yield flaw("BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message, *path)
    if not button.get("label") and not button.get("emoji"):
        yield flaw("BUTTON_COMPONENT_LABEL_EMOJI_REQUIRED", "Either a label or an emoji is required", *path, "label")


def _command(command: dict[str, Any]) -> Iterator[Flaw]:
    kind = command_type(command)
    if kind == CommandType.CHAT_INPUT:
        yield from _chat_input(command)
    elif kind in COMMANDS:
        for name in {"description", "description_localizations", "options"} & set(command):
            yield flaw("UNKNOWN_FIELD", "A command of a context menu has none.", name)
    else:
        yield flaw("BASE_TYPE_CHOICES", f"Must be one of {[*map(int, COMMANDS)]}.", "type")
    yield from _locales(command)


def _chat_input(command: dict[str, Any]) -> Iterator[Flaw]:
    options = command.get("options") or []
    yield from _named(command)
    if not command.get("description"):
        yield flaw("BASE_TYPE_REQUIRED", "This field is required", "description")
    for index, option in enumerate(options):
        for found in (*_named(option), *_locales(option)):
            yield found._replace(path=("options", index, *found.path))
    yield from _order(options)


def _order(options: list[dict[str, Any]]) -> Iterator[Flaw]:
    if len(options) > len({option["name"] for option in options}):
        yield flaw("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", "Option name already exists", "options")
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        message = "Required options must be placed before non-required options"
        yield flaw("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message, "options")


def _named(thing: dict[str, Any]) -> Iterator[Flaw]:
    """Check the names of a command or an option."""
    for locale, name in {"": thing["name"], **(thing.get("name_localizations") or {})}.items():
        if not COMMAND_NAME.fullmatch(name) or name != name.lower():
            where = ("name_localizations", locale) if locale else ("name",)
            yield flaw("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid", *where)


def _locales(thing: dict[str, Any]) -> Iterator[Flaw]:
    for field in ("name_localizations", "description_localizations"):
        for locale in set(thing.get(field) or {}) - LOCALES:
            yield flaw("BASE_TYPE_CHOICES", "Not a locale of Discord's", field, locale)
