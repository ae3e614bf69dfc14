"""What a function suggests for an option while it is typed: asked for, judged, and kept nowhere."""

import secrets
from typing import Any

from discord_enums import CallbackType, OptionType
from fakes.discord.errors import invalid
from fakes.discord.options import unnested
from fakes.discord.payloads import body_of
from fakes.discord.schema import check, refused
from fakes.discord.sender import Sender
from fakes.web import Response

SCHEMA = "InteractionApplicationCommandAutocompleteCallback{}Data"
KINDS = {OptionType.STRING: "String", OptionType.INTEGER: "Integer", OptionType.NUMBER: "Number"}
OK = 200


class NoChoices(Exception):
    """Discord's client would say that loading the options failed; the message says why."""


def choices(sender: Sender, endpoint: str, payload: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask the function and return the choices that stand in its answer, or raise NoChoices."""
    discord = sender.discord
    number, token = discord.snowflake(discord.now()), secrets.token_urlsafe(90)
    body = body_of({"id": number, "application_id": discord.application_id, "token": token, "version": 1, **payload})
    data = _data(sender.post(endpoint, body, sender.signed(body)))
    focused = next(each for each in unnested(payload["data"])[1] if each.get("focused"))
    if flaws := refused(check(SCHEMA.format(KINDS[focused["type"]]), data)):
        raise NoChoices(str(invalid(flaws)))
    return [each for each in data.get("choices") or [] if each]


def _data(response: Response | None) -> dict[str, Any]:
    if response is None:
        raise NoChoices("there was no answer within 3 s")
    if response.status_code != OK:
        raise NoChoices(f"the answer was {response.status_code}")
    kind = CallbackType.APPLICATION_COMMAND_AUTOCOMPLETE_RESULT
    match response.get_json(force=True, silent=True):
        case {"type": int(given), "data": dict(data)} if given == kind:
            return data
    raise NoChoices(f"the answer is no callback of type {kind} with data")
