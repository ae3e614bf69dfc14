"""What the page shows, as JSON: the channel's messages, and the wire of an interaction."""

from typing import Any

from discord_enums import InteractionType
from fakes.discord.limits import UPDATES
from fakes.discord.message import Message
from fakes.discord.payloads import who
from fakes.discord.rules import Interaction
from fakes.exchange import Exchange
from fakes.function import Function
from fakes.services import Services


def entry(interaction: Interaction) -> dict[str, Any]:
    """Return what the channel shows of an interaction: its message, or that there is none."""
    payload = interaction.payload
    return {
        "id": interaction.id,
        "user": who(payload),
        "dm": "guild_id" not in payload,
        "locale": payload.get("locale"),
        "created": interaction.created * 1000,
        "command": _typed(payload),
        "pressed": _pressed(interaction),
        "custom_id": payload["data"].get("custom_id"),
        "on": interaction.source.id if interaction.source else None,
        "updates": updates(interaction),
        "state": state(interaction),
        "acknowledged": _in_milliseconds(interaction.acknowledged),
        "shown": _in_milliseconds(interaction.shown),
        "refusals": len(interaction.refusals),
        "message": interaction.message and shown(interaction.message),
    }


def state(interaction: Interaction) -> str:
    if interaction.failed:
        return "failed"
    if interaction.message is None:
        return "sent"
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
        "picture": f"/media/{message.id}/{message.edits}" if message.image_url else None,
        "edits": message.edits,
    }


def _in_milliseconds(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def _typed(payload: dict[str, Any]) -> str:
    """Return a command as it was typed."""
    data = payload.get("data") or {}
    options = data.get("options") or []
    return " ".join([f"/{data.get('name')}", *(f"{each['name']}:{_plain(each['value'])}" for each in options)])


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _pressed(interaction: Interaction) -> str:
    """Return the label of the button that was pressed, as it was then."""
    if interaction.type != InteractionType.MESSAGE_COMPONENT:
        return ""
    rows = interaction.payload["message"]["components"]
    buttons = [each for row in rows for each in row["components"]]
    wanted = interaction.payload["data"]["custom_id"]
    return next((str(each["label"]) for each in buttons if each.get("custom_id") == wanted), "")


def wire(services: Services, function: Function, interaction: Interaction) -> dict[str, Any]:
    """Return every exchange of an interaction in order, times in ms since its creation, and the function's log line."""
    exchanges = sorted([*interaction.exchanges, *uploads(services, interaction)], key=lambda each: each.started)
    return {
        **entry(interaction),
        "exchanges": [each.as_json(interaction.created) for each in exchanges],
        "log": function.log_of(interaction.id),
    }


def uploads(services: Services, interaction: Interaction) -> list[Exchange]:
    """Return the uploads that were this interaction's.

    An upload does not say whose it is: by the object's name when the message shows it, else by its time.
    """
    if not interaction.callbacks:
        return []
    until = interaction.created + interaction.shown if interaction.shown is not None else float("inf")
    within = [
        each
        for each in services.bucket.exchanges
        if each.kind == "upload" and interaction.created <= each.started <= until
    ]
    url = interaction.message.image_url if interaction.message else ""
    if not url or url.startswith("attachment://"):
        return within
    name = url.rsplit("/", 1)[-1]
    return [each for each in within if name in each.url or name.encode() in each.request_body]
