"""The payloads of interactions: who did what, where, as whole as Discord sends them."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from discord_enums import CommandType, ContextType, InteractionType, OptionType
from fakes.discord.components import every
from fakes.discord.message import ATTACHMENT_SIZE_LIMIT, Message
from fakes.discord.modal import Value, submitted
from fakes.discord.options import nested, unnested
from fakes.discord.rules import Interaction

GUILD = {"id": "1300000000000000100", "locale": "en-US", "features": []}
CHANNEL = "1300000000000000200"
CHANNEL_NAME = "general"
DIRECT = "1300000000000000201"
COMMAND_ID = "1300000000000000300"
USERS = {
    name: {"id": str(number), "username": name, "global_name": name.title(), "avatar": None, "discriminator": "0"}
    for number, name in enumerate(("ada", "benoit"), start=1300000000000000400)
}
MEMBER: dict[str, Any] = {
    "roles": [],
    "permissions": "2147483647",
    "nick": None,
    "avatar": None,
    "joined_at": "2026-01-01T00:00:00+00:00",
    "premium_since": None,
    "pending": False,
    "communication_disabled_until": None,
    "flags": 0,
}
"""Of a server, as resolved; the one who acts has "deaf" and "mute", too."""
ASKER = "ada"
OPTION_TYPES = {bool: OptionType.BOOLEAN, int: OptionType.INTEGER, str: OptionType.STRING, float: OptionType.NUMBER}
RESOLVED = (OptionType.USER, OptionType.MENTIONABLE, OptionType.CHANNEL)  # whose values are ids


class Where(TypedDict, total=False):
    """Who does something (default: ASKER), in which language, and whether in the direct message or in the server."""

    user: str
    locale: str
    dm: bool


def _common(user: str = ASKER, locale: str = "en-US", *, dm: bool = False) -> dict[str, Any]:
    """Return what tells where and by whom: a DM has a user, a guild a member."""
    who = USERS[user]
    common = {
        "locale": locale,
        "app_permissions": "2147483647",
        "entitlements": [],
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
    }
    if dm:
        where = {"user": who, "channel_id": DIRECT, "channel": {"id": DIRECT, "type": 1}, "context": ContextType.BOT_DM}
        return {**where, "authorizing_integration_owners": {"1": who["id"]}, **common}
    return {
        "member": {"user": who, **MEMBER, "deaf": False, "mute": False},
        "guild_id": GUILD["id"],
        "guild": GUILD,
        "guild_locale": GUILD["locale"],
        "channel_id": CHANNEL,
        "channel": {"id": CHANNEL, "type": 0, "guild_id": GUILD["id"]},
        "context": ContextType.GUILD,
        "authorizing_integration_owners": {"0": GUILD["id"]},
        **common,
    }


def command(
    options: dict[str, Any] | None = None,
    *,
    name: str = "mando",
    path: Sequence[str] = (),
    kinds: Mapping[str, int] | None = None,
    **where: Unpack[Where],
) -> dict[str, Any]:
    """Return the payload of a slash command with these options, without id and token.

    path leads to a subcommand: ("sub",) or ("group", "sub"). kinds are the options' types where the values do not tell.
    """
    types = {key: OPTION_TYPES[type(value)] for key, value in (options or {}).items()} | dict(kinds or {})
    given = [{"name": key, "type": types[key], "value": value} for key, value in (options or {}).items()]
    data: dict[str, Any] = {"id": COMMAND_ID, "name": name, "type": CommandType.CHAT_INPUT}
    if whole := nested(path, given):
        data["options"] = whole
    data |= _resolved([each["value"] for each in given if each["type"] in RESOLVED], where)
    return {"type": InteractionType.APPLICATION_COMMAND, "data": data, **_common(**where)}


def autocomplete(focused: str, options: dict[str, Any], **of: Any) -> dict[str, Any]:  # noqa: ANN401 - command's
    """Return the payload of a command that is being typed, with one option in focus, without id and token."""
    payload = command(options, **of)
    for each in unnested(payload["data"])[1]:
        if each["name"] == focused:
            each["focused"] = True
    return {**payload, "type": InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE}


def ping(application_id: str) -> bytes:
    """Return the body of what Discord tries an endpoint with."""
    identity = {"id": "1", "application_id": application_id, "token": "token", "version": 1}
    return body_of({"type": InteractionType.PING, **identity, "user": USERS[ASKER], "entitlements": []})


def press(
    message: Message, custom_id: str, values: Sequence[str] | None = None, **where: Unpack[Where]
) -> dict[str, Any]:
    """Return the payload of a button's press, or of what is chosen in a select, without id and token."""
    numbered = enumerate(every(message.components), 1)
    number, component = next(each for each in numbered if each[1].get("custom_id") == custom_id)
    data = {"component_type": component["type"], "custom_id": custom_id, "id": component.get("id") or number}
    if values is not None:
        data |= {"values": list(values), **_resolved(values, where)}
    pressed = {"type": InteractionType.MESSAGE_COMPONENT, "data": data, "message": message.as_json()}
    return {**pressed, **_common(**where)}


def submission(opened: Interaction, typed: Mapping[str, Value] | None = None) -> dict[str, Any]:
    """Return the payload of the modal that an interaction has opened, sent by the same user; raise Unsendable.

    Where the modal came from a button, it carries the message as that press did.
    """
    data = submitted(opened.modal, typed)
    chosen = [each for values in (typed or {}).values() if isinstance(values, list) for each in values]
    common = {name: value for name, value in opened.payload.items() if name not in ("id", "token", "type", "data")}
    data |= _resolved(chosen, {"dm": "guild_id" not in common})
    return {**common, "type": InteractionType.MODAL_SUBMIT, "data": data}


def context_command(name: str, on: Message | dict[str, Any], **where: Unpack[Where]) -> dict[str, Any]:
    """Return the payload of a command of the context menu, on a message or on a user, without id and token."""
    if isinstance(on, Message):
        kind, target = CommandType.MESSAGE, on.id
        channel = DIRECT if where.get("dm") else CHANNEL
        of = {"resolved": {"messages": {target: {**on.as_json(), "channel_id": channel}}}}
    else:
        kind, target = CommandType.USER, on["id"]
        of = _resolved([target], where)
    data = {"id": COMMAND_ID, "name": name, "type": kind, "target_id": target, **of}
    return {"type": InteractionType.APPLICATION_COMMAND, "data": data, **_common(**where)}


def _resolved(ids: Collection[object], where: Where) -> dict[str, Any]:
    """Return what the people and the channel of these ids are, as "resolved"; {} for other values."""
    known = {each["id"]: each for each in USERS.values()}
    users = {each: known[each] for each in map(str, ids) if each in known}
    found: dict[str, Any] = {"users": users} if users else {}
    if users and not where.get("dm"):
        found["members"] = dict.fromkeys(users, MEMBER)
    if CHANNEL in ids:
        found["channels"] = {CHANNEL: {"id": CHANNEL, "type": 0, "name": CHANNEL_NAME, "permissions": "2147483647"}}
    return {"resolved": found} if found else {}


def body_of(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def who(payload: dict[str, Any]) -> str:
    """Return the name of the user that a payload comes from."""
    return str((payload.get("user") or payload.get("member", {}).get("user") or {}).get("username", ""))
