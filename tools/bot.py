"""Discord's API as the owner of an application uses it: with the bot token, which never leaves this module."""

from typing import Any

import requests

from discord_api import USER_AGENT
from tools.settings import DISCORD_API_URL, WHERE, Trouble

TIMEOUT = 20
"""Seconds. Setting the endpoint takes as long as the endpoint takes to answer Discord's PING."""
INVITE = "https://discord.com/oauth2/authorize?client_id={app_id}&scope=applications.commands&integration_type={kind}"
SERVER, ACCOUNT = 0, 1

MISSING_ACCESS, UNKNOWN_APPLICATION, OTHER_APPLICATION = 50001, 10002, 20012
TOO_MANY_COMMANDS, INVALID = 30034, 50035
CURES = {
    MISSING_ACCESS: "the application is not in that server: invite it first",
    UNKNOWN_APPLICATION: f"DISCORD_APP_ID is of no application: {WHERE['DISCORD_APP_ID']}",
    OTHER_APPLICATION: "DISCORD_BOT_TOKEN and DISCORD_APP_ID are of two different applications",
    TOO_MANY_COMMANDS: "200 new commands a day is Discord's limit: try again tomorrow (updating one does not count)",
}
UNVERIFIED = (
    "Discord could not verify the endpoint: it must answer a PING within 3 s and refuse a wrong signature."
    " Is DISCORD_PUBLIC_KEY this application's? python -m tools.doctor {url}"
)


def invitation(app_id: str) -> str:
    server, account = (INVITE.format(app_id=app_id, kind=kind) for kind in (SERVER, ACCOUNT))
    return f"Invite it to a server:  {server}\nor to your own account: {account}"


class Bot:
    """One application, by its bot token."""

    def __init__(self, app_id: str, token: str, url: str = DISCORD_API_URL) -> None:
        self.app_id, self.url = app_id, url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bot {token}"
        self._session.headers["User-Agent"] = USER_AGENT.format(app_id=app_id)

    def commands(self) -> list[dict[str, Any]]:
        """Return the global commands, with all their translations."""
        found: list[dict[str, Any]] = self._ask("GET", f"{self.commands_path()}?with_localizations=true")
        return found

    def set_commands(self, commands: list[dict[str, Any]], guild: str | None = None) -> None:
        """Make these the application's only commands, everywhere or in one server."""
        self._ask("PUT", self.commands_path(guild), commands)

    def commands_path(self, guild: str | None = None) -> str:
        return f"/applications/{self.app_id}" + (f"/guilds/{guild}" if guild else "") + "/commands"

    def application(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", "/applications/@me")
        return found

    def set_endpoint(self, url: str | None) -> None:
        """Set where interactions are sent, or nowhere; Discord tries the address at once."""
        self._ask("PATCH", "/applications/@me", {"interactions_endpoint_url": url})

    def _ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        try:
            answer = self._session.request(method, self.url + path, json=body, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise Trouble(f"Discord cannot be reached ({type(error).__name__}): {self.url}") from None
        if not answer.ok:
            raise Trouble(explain(answer, body))
        return answer.json()


def explain(answer: requests.Response, sent: object = None) -> str:
    """Put what Discord refuses into a sentence that says what to do."""
    try:
        told = answer.json()
    except ValueError:
        told = {}
    code, message = told.get("code", 0), told.get("message", answer.reason)
    if code == INVALID and isinstance(sent, dict) and "interactions_endpoint_url" in told.get("errors", {}):
        return UNVERIFIED.format(url=sent["interactions_endpoint_url"])
    if code in CURES:
        return f"{message}: {CURES[code]}"
    if answer.status_code == requests.codes.unauthorized:
        return f"Discord does not know what is in DISCORD_BOT_TOKEN. It must be {WHERE['DISCORD_BOT_TOKEN']}"
    if answer.status_code == requests.codes.too_many_requests:
        return (
            f"Discord asks to wait: try again in {answer.headers.get('Retry-After') or told.get('retry_after', 60)} s"
        )
    if answer.status_code >= requests.codes.internal_server_error:
        return f"Discord is out of order ({answer.status_code}): try again later; https://discordstatus.com"
    return f"Discord refuses it ({answer.status_code}): {message} {told.get('errors', '')}".rstrip()
