"""What Discord accepts: by its own OpenAPI document, and what that does not say, from its documentation.

https://docs.discord.com/developers/resources/message#embed-object-embed-limits
https://docs.discord.com/developers/components/reference
https://docs.discord.com/developers/interactions/application-commands
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

from discord_enums import CallbackType, CommandType, InteractionType, MessageFlag
from fakes.discord import components, modal
from fakes.discord.schema import IGNORED, SCHEMAS, Flaw, check, flaw, refused, under

EMBED_TOTAL = 6000
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
        MessageFlag.SUPPRESS_EMBEDS
        | MessageFlag.EPHEMERAL
        | MessageFlag.SUPPRESS_NOTIFICATIONS
        | MessageFlag.IS_COMPONENTS_V2
    ),
    CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE: MessageFlag.EPHEMERAL,
    CallbackType.UPDATE_MESSAGE: MessageFlag.SUPPRESS_EMBEDS | MessageFlag.IS_COMPONENTS_V2,
}


def edit(body: Any, flags: int = 0) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the body of an edit of a message that has these flags."""
    return _checked("IncomingWebhookUpdateRequestPartial", body, FLAGS[CallbackType.UPDATE_MESSAGE], flags)


def follow_up(body: Any) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the body of one more message."""
    return _checked("IncomingWebhookRequestPartial", body, FLAGS[CallbackType.CHANNEL_MESSAGE_WITH_SOURCE])


def _checked(schema: str, body: Any, allowed: int, flags: int = 0) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    flaws = check(schema, body)
    return flaws if refused(flaws) else [*flaws, *_message(body, allowed, flags)]


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
    flaws = check(CALLBACKS[kind], body)
    if refused(flaws):
        return flaws
    data = body.get("data") or {}
    rules = (_message if kind in SHOWN_AT_ONCE else _deferred)(data, FLAGS.get(kind, 0))
    return [*flaws, *under(rules, "data")]


def command(body: Any) -> list[Flaw]:  # noqa: ANN401 - whatever was sent
    """Check the body that adds a command, or replaces one."""
    flaws = check("ApplicationCommandCreateRequest", body)
    return flaws if refused(flaws) else [*flaws, *_command(body)]


def command_type(definition: dict[str, Any]) -> int:
    return definition.get("type") or CommandType.CHAT_INPUT


def _message(data: dict[str, Any], allowed: int, flags: int = 0) -> Iterator[Flaw]:
    """Check a message's data; flags are those that it has already."""
    yield from _flags(data, allowed)
    embeds, alone = data.get("embeds") or [], ((data.get("flags") or 0) | flags) & MessageFlag.IS_COMPONENTS_V2
    for name in ("content", "embeds", "poll") if alone else ():
        if data.get(name):
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            yield flaw(code, f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", name)
    if sum(len(each) for embed in embeds for each in _texts(embed)) > EMBED_TOTAL:
        yield flaw("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TOTAL}", "embeds")
    for index, embed in enumerate(embeds):
        if embed.get("image") and not embed["image"].get("url"):
            yield flaw("BASE_TYPE_REQUIRED", "This field is required", "embeds", index, "image", "url")
    for index, attachment in enumerate(data.get("attachments") or []):
        if isinstance(attachment.get("id"), int):
            yield flaw(IGNORED, "Discord takes a number, but has text in its document.", "attachments", index, "id")
    yield from components.flaws(data.get("components") or [], alone=bool(alone))


def _deferred(data: dict[str, Any], allowed: int) -> Iterator[Flaw]:
    yield from _flags(data, allowed)
    for name in (each for each in data if each != "flags" and data[each]):
        yield flaw(IGNORED, "A deferred message has no content yet.", name)


def _flags(data: dict[str, Any], allowed: int) -> Iterator[Flaw]:
    if (data.get("flags") or 0) & ~allowed:
        yield flaw("BITFIELD_TYPE_INVALID", f"Flags {data['flags']} are not valid here, only {allowed}.", "flags")


def _texts(embed: dict[str, Any]) -> Iterator[str]:
    """Yield every text of an embed that counts towards the 6000."""
    pieces = [embed, embed.get("footer") or {}, embed.get("author") or {}, *(embed.get("fields") or [])]
    yield from (each.get(name) or "" for each in pieces for name in ("title", "description", "text", "name", "value"))


def _command(command: dict[str, Any]) -> Iterator[Flaw]:
    kind = command_type(command)
    if kind == CommandType.CHAT_INPUT:
        yield from _chat_input(command)
    elif kind in COMMANDS:
        for name in filter(command.get, ("description", "description_localizations", "options")):
            yield flaw("APPLICATION_COMMAND_INVALID_FIELD", "A command of a context menu has none.", name)
    else:
        yield flaw("BASE_TYPE_CHOICES", f"Must be one of {[*map(int, COMMANDS)]}.", "type")
    yield from _locales(command)


def _chat_input(command: dict[str, Any]) -> Iterator[Flaw]:
    yield from _named(command)
    if not command.get("description"):
        yield flaw("BASE_TYPE_REQUIRED", "This field is required", "description")
    yield from _options(command.get("options") or [])


def _options(options: list[dict[str, Any]]) -> Iterator[Flaw]:
    """Check the options of a command, and those of its subcommands."""
    for index, option in enumerate(options):
        found = (*_named(option), *_locales(option), *_options(option.get("options") or []))
        yield from under(found, "options", index)
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
