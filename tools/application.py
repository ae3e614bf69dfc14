"""An application at Discord as its owner sees it: with the bot token, which never leaves this module."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from config import DISCORD_API_URL
from discord_api import USER_AGENT
from discord_enums import ErrorCode, IntegrationType
from tools.commands import Command, definitions
from tools.http import Answer, NoAnswer, ask
from tools.settings import WHERE, require
from tools.terminal import Trouble

SECONDS = 20.0
"""Setting the endpoint takes as long as the endpoint takes to answer Discord's PING."""
INVITE = "https://discord.com/oauth2/authorize?client_id={app_id}&scope=applications.commands&integration_type={kind:d}"
CURES: dict[int, str] = {
    ErrorCode.MISSING_ACCESS: "the application is not in that server: invite it first",
    ErrorCode.UNKNOWN_APPLICATION: f"DISCORD_APP_ID {WHERE['DISCORD_APP_ID'][1]}",
    ErrorCode.NOT_AUTHORIZED_ON_APPLICATION: "DISCORD_BOT_TOKEN and DISCORD_APP_ID are of two different applications",
    ErrorCode.TOO_MANY_COMMANDS: "the application has as many commands as Discord allows: delete one of them",
    ErrorCode.TOO_MANY_COMMANDS_A_DAY: "Discord allows 200 new ones a day, updates not counted: try again tomorrow",
}
UNVERIFIED = (
    "Discord could not verify the endpoint: it must answer a PING within 3 s and refuse a wrong signature."
    " Is DISCORD_PUBLIC_KEY this application's? make doctor ARGS={url}"
)
NOT_DISCORD = (
    "what answers at {url} is not Discord ({status}, {kind}): does this network ask to log in first, or is"
    " DISCORD_API_URL wrong?"
)

Check = Callable[[Any], bool]


class Unverified(Trouble):
    """Discord tried the address and did not get what it wants."""


def invitation(app_id: str) -> str:
    server, account = (INVITE.format(app_id=app_id, kind=kind) for kind in IntegrationType)
    return f"Invite it to a server:  {server}\nor to your own account: {account}"


class Application:
    """One application, by its bot token. Whatever Discord refuses is Trouble."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.id, self._token = require(settings, "DISCORD_APP_ID", "DISCORD_BOT_TOKEN")
        self.definitions = definitions(settings)
        self.url = (settings.get("DISCORD_API_URL") or DISCORD_API_URL).rstrip("/")

    def commands(self, guild: str | None = None) -> list[Command]:
        """Return the commands that are registered everywhere, or in one server, with all their translations."""
        found: list[Command] = self._ask(
            "GET", f"{commands_path(self.id, guild)}?with_localizations=true", _are_commands
        )
        return found

    def ours(self, guild: str | None = None) -> list[Command]:
        """Return those that we registered: Discord keeps one command of each name and type."""
        identities = {(each["name"], each["type"]) for each in self.definitions}
        return [each for each in self.commands(guild) if (each["name"], each["type"]) in identities]

    def register(self, command: Command, guild: str | None = None) -> None:
        """Add this command, or replace the one of its name and type."""
        self._ask("POST", commands_path(self.id, guild), _is_command, command)

    def unregister(self, command_id: str, guild: str | None = None) -> None:
        """Remove a command by its id."""
        self._ask("DELETE", f"{commands_path(self.id, guild)}/{command_id}", None)

    def details(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", "/applications/@me", _is_application)
        return found

    def endpoint(self) -> str | None:
        found: str | None = self.details().get("interactions_endpoint_url")
        return found

    def set_endpoint(self, url: str | None) -> None:
        """Set where interactions are sent, or nowhere; Discord tries the address at once, or Unverified is raised."""
        self._ask("PATCH", "/applications/@me", _is_application, {"interactions_endpoint_url": url})

    def _ask(self, method: str, path: str, is_right: Check | None, body: Command | None = None) -> Any:  # noqa: ANN401
        """Return the answer's JSON, if it passes the check (None: there is none), or raise Trouble."""
        headers = {"Authorization": f"Bot {self._token}", "User-Agent": USER_AGENT.format(app_id=self.id)}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = ask(method, self.url + path, json.dumps(body).encode() if body else b"", headers, SECONDS)
        except NoAnswer as error:
            raise Trouble(f"Discord cannot be reached: {error}: {error.cure}") from None
        found = answer.json()
        if is_right and answer.status in {HTTPStatus.OK, HTTPStatus.CREATED} and is_right(found):
            return found
        if is_right or answer.status != HTTPStatus.NO_CONTENT:
            raise explain(answer, self.url, body or {})
        return None


def commands_path(app_id: str, guild: str | None = None) -> str:
    return f"/applications/{app_id}" + (f"/guilds/{guild}" if guild else "") + "/commands"


def _is_application(found: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(found, dict) and "verify_key" in found


def _is_command(found: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(found, dict) and {"id", "name", "type"} <= found.keys()


def _are_commands(found: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(found, list) and all(map(_is_command, found))


def explain(answer: Answer, url: str, sent: Command) -> Trouble:  # noqa: PLR0911 - a table of refusals
    """Put what Discord refuses into a sentence that says what to do."""
    body = answer.json()
    error = body if isinstance(body, dict) else {}
    code, message, errors = error.get("code"), error.get("message", ""), error.get("errors", {})
    if code == ErrorCode.INVALID_FORM_BODY and "interactions_endpoint_url" in errors:
        return Unverified(UNVERIFIED.format(url=sent["interactions_endpoint_url"]))
    if isinstance(code, int) and code in CURES:
        return Trouble(f"{message}: {CURES[code]}")
    if answer.status == HTTPStatus.UNAUTHORIZED and error:
        return Trouble(f"Discord does not know this token: DISCORD_BOT_TOKEN {WHERE['DISCORD_BOT_TOKEN'][1]}")
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = answer.headers.get("Retry-After") or error.get("retry_after", 60)
        return Trouble(f"Discord asks to wait: try again in {wait} s")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Trouble(f"Discord is out of order ({answer.status}): try again later; https://discordstatus.com")
    if error:
        return Trouble(f"Discord refuses it ({answer.status}): {message} {errors or ''}".rstrip())
    kind = answer.headers.get("Location") or answer.headers.get("Content-Type") or "no content"
    return Trouble(NOT_DISCORD.format(url=url, status=answer.status, kind=kind))
