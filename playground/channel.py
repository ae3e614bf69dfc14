"""What the page shows, as JSON: the channel's messages, and the wire of an interaction."""

import math
import time
from collections.abc import Callable
from typing import Any

from discord_enums import CommandType, InteractionType, OptionType
from fakes.discord.components import Component, named
from fakes.discord.limits import UPDATES
from fakes.discord.message import ATTACHED, Message
from fakes.discord.options import steps, unnested
from fakes.discord.payloads import CHANNEL, CHANNEL_NAME, USERS, who
from fakes.discord.rules import Discord, Interaction
from fakes.exchange import Exchange
from fakes.function import Function
from fakes.services import Services

IMPATIENT = 1.0  # seconds until it is said what a message waits for
FORM = "Submit"
MENTIONS = {each["id"]: f"@{each['global_name']}" for each in USERS.values()} | {CHANNEL: f"#{CHANNEL_NAME}"}
MENTIONING = (OptionType.USER, OptionType.MENTIONABLE, OptionType.CHANNEL)
ODD = (AttributeError, KeyError, TypeError)  # what reading raises when somebody has edited what was sent
TARGETS = {"bucket": "the bucket", "discord": "Discord"}


def entry(interaction: Interaction) -> dict[str, Any]:
    """Return what the channel shows of an interaction: its message, or that there is none."""
    payload, data = interaction.payload, interaction.payload.get("data") or {}
    return {
        "id": interaction.id,
        "user": _readable(who, payload) or "nobody",
        "dm": "guild_id" not in payload,
        "created": interaction.created * 1000,
        "command": _readable(_typed, interaction),
        "used": used(interaction),
        "pressed": _readable(_pressed, interaction),
        "custom_id": data.get("custom_id"),
        "on": interaction.source.id if interaction.source else None,
        "updates": updates(interaction),
        "state": state(interaction),
        "done": interaction.done,
        "refusals": len(interaction.refusals),
        "message": interaction.message and shown(interaction.message),
        "modal": interaction.modal or None,
    }


def used(interaction: Interaction) -> dict[str, Any] | None:
    """Return what can be typed again: a slash command by name and path, with the values of its options."""
    data = interaction.payload.get("data") or {}
    if data.get("type") != CommandType.CHAT_INPUT:
        return None
    try:
        path, given = unnested(data)
        return {"name": data["name"], "path": path, "options": {each["name"]: each["value"] for each in given}}
    except ODD:
        return None


def said(message: Message, *, dm: bool) -> dict[str, Any]:
    """Return what the channel shows of a person's own message."""
    return {
        "id": message.id,
        "user": message.author["username"],
        "dm": dm,
        "created": Discord.created(message.id) * 1000,
        "state": "said",
        "message": shown(message),
    }


def follow_up(interaction: Interaction, message: Message) -> dict[str, Any]:
    """Return what the channel shows of one more message of an interaction's."""
    whole = entry(interaction)
    return {
        **{name: whole[name] for name in ("user", "dm", "command", "pressed")},
        "id": message.id,
        "of": interaction.id,
        "created": Discord.created(message.id) * 1000,
        "state": "deleted" if message.deleted else "shown",
        "done": True,
        "message": shown(message),
    }


def state(interaction: Interaction) -> str:
    if interaction.failed:
        return "failed"
    if interaction.message is None:
        return "modal" if interaction.modal else "sent"
    if interaction.message.deleted:
        return "deleted"
    return "thinking" if interaction.message.thinking else "shown"


def updates(interaction: Interaction) -> bool:
    """Whether it changes the message whose button was pressed, and shows none of its own."""
    return bool(interaction.callbacks) and interaction.callbacks[0]["type"] in UPDATES


def shown(message: Message) -> dict[str, Any]:
    return {
        **message.as_json(),
        "private": message.private,
        "text": message.text,
        "pictured": message.has_picture,
        "media": f"/media/{message.id}/{message.edits}",
    }


def waits_for(exchanges: list[Exchange]) -> str:
    """Name what has not answered the function for longer than one likes to wait; "" for nothing."""
    late = time.time() - IMPATIENT
    slow = [each.target for each in exchanges if each.ended is None and each.started < late]
    return next((TARGETS[each] for each in slow if each in TARGETS), "")


def _in_milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _readable(read: Callable[[Any], str], sent: object) -> str:
    """Return what is read in what was sent, unless somebody has edited it into something odd."""
    try:
        return read(sent)
    except ODD:
        return "an odd payload"


def _typed(interaction: Interaction) -> str:
    """Return a command as it can be typed, or chosen, in the language of the one who did."""
    data, locale = interaction.payload.get("data") or {}, interaction.payload.get("locale", "")
    definition = interaction.definition or {"name": data.get("name")}
    if data.get("type") != CommandType.CHAT_INPUT:
        return _name(definition, locale)
    path, given = unnested(data)
    called = steps(definition, path)
    options = {each["name"]: each for each in called[-1].get("options") or []}
    names = " ".join(_name(each, locale) for each in called)
    return " ".join([f"/{names}", *(_option(each, options.get(each["name"], each), locale) for each in given)])


def _option(given: dict[str, Any], option: dict[str, Any], locale: str) -> str:
    chosen = [_name(each, locale) for each in option.get("choices") or [] if each["value"] == given["value"]]
    if given["type"] in MENTIONING:
        chosen = [MENTIONS.get(given["value"], given["value"])]
    return f"{_name(option, locale)}:{chosen[0] if chosen else given['value']}"


def _name(each: dict[str, Any], locale: str) -> str:
    return str((each.get("name_localizations") or {}).get(locale, each["name"]))


def _pressed(interaction: Interaction) -> str:
    """Return the label of the button that was pressed, as it was then, or that it was a form."""
    if interaction.type != InteractionType.MESSAGE_COMPONENT:
        return FORM if interaction.type == InteractionType.MODAL_SUBMIT else ""
    found = named(interaction.payload["message"]["components"], interaction.payload["data"]["custom_id"])
    return _label(found) if found else ""


def _label(component: Component) -> str:
    """Return what stands on a button, or over a select."""
    return str(component.get("label") or (component.get("emoji") or {}).get("name") or component.get("placeholder"))


def wire(services: Services, function: Function, interaction: Interaction) -> dict[str, Any]:
    """Return every exchange of an interaction in order, times in ms since its creation, and the function's log line."""
    exchanges = sorted([*interaction.exchanges, *uploads(services, interaction)], key=lambda each: each.started)
    return {
        **entry(interaction),
        "acknowledged": _in_milliseconds(interaction.acknowledged),
        "shown": _in_milliseconds(interaction.shown),
        "exchanges": [_exchange(services, each, interaction.created) for each in exchanges],
        "log": function.log_of(interaction.id),
        "printed": printed(services, function, interaction),
    }


def _exchange(services: Services, exchange: Exchange, created: float) -> dict[str, Any]:
    signed = exchange.kind == "interaction"
    verdict = {"signature": services.discord.sender.verifies(exchange)} if signed else {}
    return {**exchange.as_json(created), **verdict}


def printed(services: Services, function: Function, interaction: Interaction) -> list[str]:
    """Return what the function printed from when this interaction was sent until the next one was."""
    later = [each.created for each in services.discord.interactions if each.created > interaction.created]
    return function.words(interaction.created, min(later, default=math.inf))


def uploads(services: Services, interaction: Interaction) -> list[Exchange]:
    """Return the uploads that were this interaction's.

    An upload does not say whose it is: by the object's name when the message shows it, else by its time.
    """
    if not interaction.callbacks:
        return []
    until = interaction.created + interaction.shown if interaction.shown is not None else math.inf
    within = [
        each
        for each in services.bucket.exchanges
        if each.kind == "upload" and interaction.created <= each.started <= until
    ]
    url = interaction.message.image_url if interaction.message else ""
    if not url or url.startswith(ATTACHED):
        return within
    name = url.rsplit("/", 1)[-1]
    return [each for each in within if name in each.url or name.encode() in each.request_body]
