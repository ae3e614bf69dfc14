"""Discord's API over HTTP: the routes that a bot of interactions and its tools use."""

import json
import re
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule, Submount

from discord_enums import ErrorCode
from fakes.discord import limits
from fakes.discord.errors import Refusal, invalid, unknown_command
from fakes.discord.message import File
from fakes.discord.rules import Discord, Json
from fakes.discord.schema import Flaw
from fakes.discord.sender import Sender
from fakes.exchange import Exchange
from fakes.faults import Faults
from fakes.web import HOST, Request, Response, Server, json_response

VERSION = 10
USER_AGENT = re.compile(r"DiscordBot \(https?://[^\s,]+, [^)]+\).*")
BLOCKED = b"<!doctype html><title>Attention Required! | Cloudflare</title>Sorry, you have been blocked"
GATEWAY = b"<!doctype html><title>discord.com | Server error</title>"

ROUTES = Map(
    [
        Submount(
            "/api/v<int:version>",
            [
                Rule("/interactions/<number>/<token>/callback", methods=["POST"], endpoint="callback"),
                Rule("/webhooks/<application>/<token>/messages/@original", methods=["PATCH"], endpoint="edit"),
                Rule("/webhooks/<application>/<token>/messages/@original", methods=["GET"], endpoint="get"),
                Rule("/webhooks/<application>/<token>/messages/@original", methods=["DELETE"], endpoint="delete"),
                Rule("/applications/@me", methods=["GET", "PATCH"], endpoint="application"),
                *(
                    Rule(f"/applications/<application>{path}", methods=methods, endpoint="commands")
                    for scope in ("", "/guilds/<guild>")
                    for path, methods in (
                        (f"{scope}/commands", ["GET", "POST", "PUT"]),
                        (f"{scope}/commands/<number>", ["GET", "PATCH", "DELETE"]),
                    )
                ),
            ],
        )
    ]
).bind(HOST)


class Api:
    """Answers for Discord, faults included, and records every exchange with its interaction."""

    def __init__(self, discord: Discord, faults: Faults, sender: Sender) -> None:
        self.discord, self.faults, self.sender = discord, faults, sender
        self.server: Server
        self.bot_token: str = f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
        self.endpoint: str | None = None
        self.commands = discord.commands
        self.exchanges: list[Exchange] = []  # all of them, also those that belong to no interaction
        self._acts: dict[str, Callable[..., Response]] = {
            "callback": self._callback,
            "edit": self._edit,
            "get": self._get,
            "delete": self._delete,
            "application": self._application,
            "commands": self._commands,
        }

    @property
    def url(self) -> str:
        return f"{self.server.url}/api/v{VERSION}"

    def app(self, request: Request) -> Response | None:
        kind, act, values = self._route(request)
        exchange = Exchange.of(kind, "discord", request, self.server.url)
        self._record(exchange, values)
        fault = self.faults.take(kind, "discord")
        self.server.closing.wait(self.faults.discord_latency)

        def judged() -> Response:
            try:
                _check_client(request)
                return act(request, **values)
            except Refusal as refusal:
                exchange.refused = str(refusal)
                return _refused(refusal)

        wait = partial(self.server.wait, request=request)
        response = fault.play(judged, lambda status: _ordered(status, kind), wait) if fault else judged()
        exchange.answered(response, f"to order: {fault.kind}" if fault else "")
        self.discord.touch()
        return response

    def _route(self, request: Request) -> tuple[str, Callable[..., Response], dict[str, Any]]:
        """Return the kind of a request, what answers it, and the values in its path."""
        try:
            kind, values = ROUTES.match(request.path, request.method)
        except HTTPException as error:
            return "unknown", _raise(error.code or 0, ErrorCode.GENERAL, f"{error.code}: {error.name}"), {}
        if (version := values["version"]) != VERSION:
            message = f"Invalid API version: v{version}, where v{VERSION} is current"
            return "unknown", _raise(400, ErrorCode.INVALID_API_VERSION, message), {}
        return kind, self._acts[kind], {name: value for name, value in values.items() if name != "version"}

    def _record(self, exchange: Exchange, values: dict[str, Any]) -> None:
        self.exchanges.append(exchange)
        if interaction := self.discord.by_token(values.get("token", "")):
            interaction.exchanges.append(exchange)
            self.discord.touch()

    def _callback(self, request: Request, number: str, token: str) -> Response:
        interaction = self.discord.callback(number, token, _json(request))
        if request.args.get("with_response") != "true":
            return Response(status=204)
        body = {"id": interaction.id, "type": interaction.type, "response_message_loading": True}
        return json_response(200, {"interaction": body, "resource": {"type": interaction.callbacks[0]["type"]}})

    def _edit(self, request: Request, application: str, token: str) -> Response:
        body, files = _json_and_files(request)
        return json_response(200, self.discord.edit(application, token, body, files).as_json())

    def _get(self, _: Request, application: str, token: str) -> Response:
        return json_response(200, self.discord.original(application, token)[1].as_json())

    def _delete(self, _: Request, application: str, token: str) -> Response:
        self.discord.delete(application, token)
        return Response(status=204)

    def _check_bot(self, request: Request, application: str = "") -> None:
        if self.bot_token and request.headers.get("Authorization") != f"Bot {self.bot_token}":
            raise Refusal(401, 0, "401: Unauthorized")
        if application not in ("", self.discord.application_id):
            raise Refusal(
                403,
                ErrorCode.NOT_AUTHORIZED_ON_APPLICATION,
                "You are not authorized to perform this action on this application",
            )

    def _application(self, request: Request) -> Response:
        self._check_bot(request)
        if request.method == "PATCH":
            self._set_endpoint(_json(request).get("interactions_endpoint_url"))
        return json_response(
            200,
            {
                "id": self.discord.application_id,
                "name": "mando",
                "description": "",
                "verify_key": self.sender.public_key,
                "interactions_endpoint_url": self.endpoint,
            },
        )

    def _set_endpoint(self, url: str | None) -> None:
        """Set the endpoint if it answers a PING and refuses one with a wrong signature, as Discord tries at once."""
        if url and not self.sender.verify_endpoint(url):
            message = "The specified interactions endpoint url could not be verified."
            flaw = Flaw(("interactions_endpoint_url",), "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID", message)
            raise invalid([flaw])
        self.endpoint = url or None

    def _commands(self, request: Request, application: str, guild: str | None = None, number: str = "") -> Response:
        self._check_bot(request, application)
        match request.method:
            case "POST":
                return self._add_command(_json(request), guild)
            case "PUT":
                return json_response(200, self.register(_json(request), guild))
            case "DELETE":
                return self._delete_command(number, guild)
        known = self.commands.get(guild, [])
        if not number:
            return json_response(200, known)
        if not (found := next((each for each in known if each["id"] == number), None)):
            raise unknown_command()
        return (
            self._add_command({**found, **_json(request)}, guild)
            if request.method == "PATCH"
            else json_response(200, found)
        )

    def register(self, wanted: Json, guild: str | None = None) -> list[dict[str, Any]]:
        """Put these commands in place of all that there are, and return them, or raise Refusal."""
        if not isinstance(wanted, list):
            raise invalid([Flaw((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")])
        flaws = [
            Flaw((index, *each.path), *each[1:]) for index, body in enumerate(wanted) for each in limits.command(body)
        ]
        if flaws:
            raise invalid(flaws)
        self.commands[guild] = [self._command(each, guild) for each in wanted]
        self.discord.touch()
        return self.commands[guild]

    def _add_command(self, wanted: Json, guild: str | None) -> Response:
        """Add a command, or replace the one of the same name and type, which keeps its id."""
        if flaws := limits.command(wanted):
            raise invalid(flaws)
        made, all_made = self._command(wanted, guild), self.commands.get(guild, [])
        others = [each for each in all_made if each["id"] != made["id"]]
        most = limits.COMMANDS[made["type"]]
        if [each["type"] for each in others].count(made["type"]) >= most:
            raise Refusal(400, ErrorCode.TOO_MANY_COMMANDS, f"Maximum number of application commands reached ({most}).")
        self.commands[guild] = [*others, made]
        return json_response(200 if len(others) < len(all_made) else 201, made)

    def _delete_command(self, number: str, guild: str | None) -> Response:
        left = [each for each in self.commands.get(guild, []) if each["id"] != number]
        if len(left) == len(self.commands.get(guild, [])):
            raise unknown_command()
        self.commands[guild] = left
        return Response(status=204)

    def _command(self, definition: dict[str, Any], guild: str | None) -> dict[str, Any]:
        """Return a command as Discord keeps it: another of the same type and name takes its place."""
        kind, name = limits.command_type(definition), definition["name"]
        ids = {(each["type"], each["name"]): each["id"] for each in self.commands.get(guild, [])}
        number = ids.get((kind, name)) or self.discord.snowflake(time.time())
        made = {"application_id": self.discord.application_id, **definition, "type": kind}
        return {"id": number, **made, **({"guild_id": guild} if guild else {})}


def _raise(status: int, code: int, message: str) -> Callable[..., Response]:
    def act(_: Request) -> Response:
        raise Refusal(status, code, message)

    return act


def _check_client(request: Request) -> None:
    agent = request.headers.get("User-Agent", "")
    if not USER_AGENT.fullmatch(agent):
        raise Refusal(403, 0, f'User-Agent must be "DiscordBot (url, version)", not {agent!r}')


def _refused(refusal: Refusal) -> Response:
    if "User-Agent" in str(refusal):
        return Response(BLOCKED, 403, {"Server": "cloudflare"}, content_type="text/html")
    return json_response(refusal.status, refusal.body)


def _ordered(status: int, kind: str) -> Response:
    """Answer as Discord does when it fails with status: its edge speaks HTML, its API JSON."""
    if status >= 500:  # noqa: PLR2004 - server errors
        return Response(GATEWAY, status, {"Server": "cloudflare"}, content_type="text/html")
    if status == 429:  # noqa: PLR2004 - too many requests
        return json_response(429, {"message": "You are being rate limited.", "retry_after": 0.3, "global": False})
    known = {
        ("callback", 404): (ErrorCode.UNKNOWN_INTERACTION, "Unknown interaction"),
        ("edit", 404): (ErrorCode.UNKNOWN_WEBHOOK, "Unknown Webhook"),
    }
    code, message = known.get((kind, status), (0, f"{status}: to order"))
    return json_response(status, {"message": message, "code": code})


def _json(request: Request) -> Json:
    if not request.is_json:
        message = "Expected \"Content-Type\" header to be one of {'application/json'}."
        raise invalid([Flaw((), "CONTENT_TYPE_INVALID", message)])
    return _parsed(request.get_data())


def _parsed(body: str | bytes) -> Json:
    try:
        return json.loads(body)
    except ValueError:
        raise Refusal(400, ErrorCode.INVALID_JSON, "The request body contains invalid JSON.") from None


def _json_and_files(request: Request) -> tuple[Any, dict[str, File]]:
    """Read an edit's body: JSON, or multipart with payload_json and files[n]."""
    if request.mimetype != "multipart/form-data":
        return _json(request), {}
    files = {}
    for field, file in request.files.items(multi=True):
        if not (match := re.fullmatch(r"files\[(\d+)\]", field)):
            raise invalid([Flaw((field,), "UNKNOWN_FIELD", "Neither payload_json nor files[n].")])
        files[match[1]] = File(file.filename or "unknown", file.mimetype, file.read())
    return _parsed(request.form.get("payload_json", "{}")), files
