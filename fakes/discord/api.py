"""Discord's API over HTTP: the routes that a bot of interactions and its tools use."""

import re
import secrets
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule, Submount

from discord_enums import ErrorCode
from fakes.discord import limits
from fakes.discord.body import json_and_files, json_of
from fakes.discord.errors import Note, Refusal, invalid, judge, unknown, unnoted
from fakes.discord.rules import Discord, Json
from fakes.discord.schema import Flaw, under
from fakes.discord.sender import Sender
from fakes.exchange import Exchange
from fakes.faults import Faults
from fakes.web import HOST, Request, Response, Server, json_response

VERSION = 10
OLD, OLDEST = 8, 6  # versions: Discord still takes these, and will not for ever
USER_AGENT = re.compile(r"DiscordBot \(https?://[^\s,]+, [^)]+\).*")
RATE_LIMIT = {
    "X-RateLimit-Limit": "5",
    "X-RateLimit-Remaining": "4",
    "X-RateLimit-Reset-After": "1.000",
    "X-RateLimit-Bucket": "80c17d2f203122d936070c88c8d10f33",
}
GIVEN = {"id", "application_id", "guild_id", "version"}  # to a command, by Discord
DEFAULTS = {"default_member_permissions": None, "nsfw": False, "description": ""}  # of a command
GATEWAY = b"<!doctype html><title>discord.com | Server error</title>"

METHODS = {"edit": "PATCH", "get": "GET", "delete": "DELETE"}
RULES = [
    Rule("/interactions/<number>/<token>/callback", methods=["POST"], endpoint="callback"),
    Rule("/webhooks/<application>/<token>", methods=["POST"], endpoint="follow-up"),
    *(
        Rule(f"/webhooks/<application>/<token>/messages/{message}", methods=[method], endpoint=f"{kind}{other}")
        for kind, method in METHODS.items()
        for message, other in (("@original", ""), ("<message_id>", " by id"))
    ),
    Rule("/applications/@me", methods=["GET", "PATCH"], endpoint="application"),
    Rule("/oauth2/applications/@me", methods=["GET"], endpoint="application"),
    Rule("/oauth2/token", methods=["POST"], endpoint="token"),
    Rule("/users/@me", methods=["GET"], endpoint="user"),
    *(
        Rule(f"/applications/<application>{path}", methods=methods, endpoint="commands")
        for scope in ("", "/guilds/<guild>")
        for path, methods in (
            (f"{scope}/commands", ["GET", "POST", "PUT"]),
            (f"{scope}/commands/<number>", ["GET", "PATCH", "DELETE"]),
        )
    ),
]
ROUTES = Map([Submount("/api/v<int:version>", RULES), Submount("/api", RULES)]).bind(HOST)
UNKNOWN = "unknown"  # what is asked for by a route that is not known here
UNPLAYED = "501: the playground does not play"
UNKNOWN_BY = {"callback": ErrorCode.UNKNOWN_INTERACTION, "edit": ErrorCode.UNKNOWN_WEBHOOK}  # whom a 404 to order says
FAULTS = {"edit by id": "edit", "delete by id": "delete", "follow-up": "edit"}  # under whose faults others come


class Api:
    """Answers for Discord, faults included, and records every exchange with its interaction.

    Each kind of request has a method, named as it is.
    """

    def __init__(self, discord: Discord, faults: Faults, sender: Sender) -> None:
        self.discord, self.faults, self.sender = discord, faults, sender
        self.server: Server
        self.bot_token: str = f"{secrets.token_urlsafe(18)}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(28)}"
        self.endpoint: str | None = None
        self.commands = discord.commands
        self.exchanges: list[Exchange] = []  # all of them, also those that belong to no interaction
        self.access_token = secrets.token_urlsafe(24)  # that client credentials bring

    @property
    def url(self) -> str:
        return f"{self.server.url}/api/v{VERSION}"

    def app(self, request: Request) -> Response | None:
        exchange = Exchange.of(UNKNOWN, "discord", request, self.server.url)
        act, values = self._route(request, exchange)
        self._record(exchange, values)
        kind = FAULTS.get(exchange.kind, exchange.kind)
        fault = self.faults.take(kind, "discord")
        self.server.closing.wait(self.faults.discord_latency)

        def judged() -> Response:
            try:
                _check_client(request, exchange.notes.append)
                response = act(request, exchange.notes.append, **values)
            except Refusal as refusal:
                exchange.refused = str(refusal)
                response = json_response(refusal.status, refusal.body)
            response.headers.update(RATE_LIMIT | {"X-RateLimit-Reset": f"{time.time() + 1:.3f}"})
            return response

        refuse = partial(_ordered, kind=kind, seconds=fault.seconds)
        response = fault.play(judged, refuse, partial(self.server.wait, request=request))
        exchange.answered(response, fault.told)
        self.discord.touch()
        return response

    def _route(self, request: Request, exchange: Exchange) -> tuple[Callable[..., Response], dict[str, Any]]:
        """Name what a request asks for, and return what answers it and the values in its path."""
        try:
            exchange.kind, found = ROUTES.match(request.path, request.method)
        except NotFound:
            return _raise(501, ErrorCode.GENERAL, f"{UNPLAYED} {request.method} {request.path}"), {}
        except HTTPException as error:
            return _raise(error.code or 0, ErrorCode.GENERAL, f"{error.code}: {error.name}"), {}
        values = dict(found)
        version = values.pop("version", OLDEST)
        if not OLDEST <= version <= VERSION:
            message = f"Invalid API version: v{version}, where v{VERSION} is current"
            return _raise(400, ErrorCode.INVALID_API_VERSION, message), {}
        if version <= OLD and exchange.kind != "token":
            exchange.notes.append(f"v{version} of the API will not be there for ever: v{VERSION} is current")
        name = exchange.kind.removesuffix(" by id").replace("-", "_")
        return getattr(self, f"_{name}"), values

    def _record(self, exchange: Exchange, values: dict[str, Any]) -> None:
        self.exchanges.append(exchange)
        if interaction := self.discord.by_token(values.get("token", "")):
            interaction.exchanges.append(exchange)
            self.discord.touch()

    def _callback(self, request: Request, note: Note, number: str, token: str) -> Response:
        interaction = self.discord.callback(number, token, *json_and_files(request, note), note)
        if request.args.get("with_response") != "true":
            return Response(status=204)
        message = interaction.message
        body = {"id": interaction.id, "type": interaction.type, "response_message_loading": not interaction.done}
        shown = {"response_message_id": message.id} if message else {}
        resource = {"type": interaction.callbacks[0]["type"], **({"message": message.as_json()} if message else {})}
        return json_response(200, {"interaction": body | shown, "resource": resource})

    def _follow_up(self, request: Request, note: Note, application: str, token: str) -> Response:
        body, files = json_and_files(request, note)
        return json_response(200, self.discord.follow_up(application, token, body, files, note).as_json())

    def _edit(self, request: Request, note: Note, application: str, token: str, **which: str) -> Response:
        body, files = json_and_files(request, note)
        return json_response(200, self.discord.edit(application, token, body, files, **which, note=note).as_json())

    def _get(self, _: Request, note: Note, application: str, token: str, **which: str) -> Response:
        return json_response(200, self.discord.of_webhook(application, token, **which, note=note)[1].as_json())

    def _delete(self, _: Request, note: Note, application: str, token: str, **which: str) -> Response:
        self.discord.delete(application, token, **which, note=note)
        return Response(status=204)

    def _check_bot(self, request: Request, application: str = "") -> None:
        right = (f"Bot {self.bot_token}", f"Bearer {self.access_token}")
        if self.bot_token and request.headers.get("Authorization") not in right:
            raise Refusal(401, 0, "401: Unauthorized")
        if application not in ("", self.discord.application_id):
            message = "You are not authorized to perform this action on this application"
            raise Refusal(403, ErrorCode.NOT_AUTHORIZED_ON_APPLICATION, message)

    def _token(self, request: Request, _: Note) -> Response:
        """Give a token for client credentials: https://docs.discord.com/developers/topics/oauth2."""
        if request.form.get("grant_type") != "client_credentials":
            return json_response(400, {"error": "unsupported_grant_type"})
        basic = request.authorization
        if (basic.username if basic else request.form.get("client_id")) != self.discord.application_id:
            return json_response(401, {"error": "invalid_client"})
        scope = request.form.get("scope", "")
        token = {"access_token": self.access_token, "token_type": "Bearer", "expires_in": 604800, "scope": scope}
        return json_response(200, token)

    def _user(self, request: Request, _: Note) -> Response:
        self._check_bot(request)
        return json_response(200, self.discord.bot)

    def _application(self, request: Request, _: Note) -> Response:
        self._check_bot(request)
        if request.method == "PATCH":
            self._set_endpoint(json_of(request).get("interactions_endpoint_url"))
        return json_response(
            200,
            {
                "id": self.discord.application_id,
                "name": self.discord.name,
                "description": "",
                "icon": None,
                "bot": self.discord.bot,
                "bot_public": True,
                "flags": 0,
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

    def _commands(
        self, request: Request, note: Note, application: str, guild: str | None = None, number: str = ""
    ) -> Response:
        self._check_bot(request, application)
        match request.method:
            case "POST":
                return self._add_command(json_of(request), guild, note)
            case "PUT":
                return json_response(200, self.register(json_of(request), guild, note))
            case "DELETE":
                return self._delete_command(number, guild)
        known = self.commands.get(guild, [])
        if not number:
            return json_response(200, known)
        if not (found := next((each for each in known if each["id"] == number), None)):
            raise unknown(ErrorCode.UNKNOWN_APPLICATION_COMMAND)
        if request.method == "PATCH":
            return self._change_command(found, json_of(request), guild, note)
        return json_response(200, found)

    def register(self, wanted: Json, guild: str | None = None, note: Note = unnoted) -> list[dict[str, Any]]:
        """Put these commands in place of all that there are, and return them, or raise Refusal."""
        if not isinstance(wanted, list):
            raise invalid([Flaw((), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")])
        judge([each for index, body in enumerate(wanted) for each in under(limits.command(body), index)], note)
        self.commands[guild] = [self._command(each, guild) for each in wanted]
        self.discord.touch()
        return self.commands[guild]

    def _add_command(self, wanted: Json, guild: str | None, note: Note) -> Response:
        """Add a command, or replace the one of the same name and type, which keeps its id."""
        judge(limits.command(wanted), note)
        made, all_made = self._command(wanted, guild), self.commands.get(guild, [])
        others = [each for each in all_made if each["id"] != made["id"]]
        most = limits.COMMANDS[made["type"]]
        if [each["type"] for each in others].count(made["type"]) >= most:
            raise Refusal(400, ErrorCode.TOO_MANY_COMMANDS, f"Maximum number of application commands reached ({most}).")
        self.commands[guild] = [*others, made]
        self.discord.touch()
        return json_response(200 if len(others) < len(all_made) else 201, made)

    def _change_command(self, found: dict[str, Any], changes: Json, guild: str | None, note: Note) -> Response:
        """Change a command, also its name; what is no object is refused as a whole."""
        own = {name: value for name, value in found.items() if name not in GIVEN}
        wanted = {**own, **changes} if isinstance(changes, dict) else changes
        judge(limits.command(wanted), note)
        made = {**found, **wanted}
        self.commands[guild] = [made if each is found else each for each in self.commands[guild]]
        self.discord.touch()
        return json_response(200, made)

    def _delete_command(self, number: str, guild: str | None) -> Response:
        left = [each for each in self.commands.get(guild, []) if each["id"] != number]
        if len(left) == len(self.commands.get(guild, [])):
            raise unknown(ErrorCode.UNKNOWN_APPLICATION_COMMAND)
        self.commands[guild] = left
        self.discord.touch()
        return Response(status=204)

    def _command(self, definition: dict[str, Any], guild: str | None) -> dict[str, Any]:
        """Return a command as Discord keeps it: another of the same type and name takes its place."""
        kind, name = limits.command_type(definition), definition["name"]
        ids = {(each["type"], each["name"]): each["id"] for each in self.commands.get(guild, [])}
        number = ids.get((kind, name)) or self.discord.snowflake(time.time())
        given = {"id": number, "application_id": self.discord.application_id, "version": number}
        given |= {"guild_id": guild} if guild else {}
        return {**DEFAULTS, **definition, "type": kind, **given}


def _raise(status: int, code: int, message: str) -> Callable[..., Response]:
    def act(*_: object) -> Response:
        raise Refusal(status, code, message)

    return act


def _check_client(request: Request, note: Note) -> None:
    agent = request.headers.get("User-Agent", "")
    if not USER_AGENT.fullmatch(agent):
        note(f'Cloudflare may block {agent!r}: User-Agent should be "DiscordBot (url, version)"')


def _ordered(status: int, kind: str, seconds: float) -> Response:
    """Answer as Discord does when it fails with status: its edge speaks HTML, its API JSON."""
    if status >= 500:  # noqa: PLR2004 - server errors
        return Response(GATEWAY, status, {"Server": "cloudflare"}, content_type="text/html")
    if status == 429:  # noqa: PLR2004 - too many requests
        return json_response(429, {"message": "You are being rate limited.", "retry_after": seconds, "global": False})
    if status == 404 and kind in UNKNOWN_BY:  # noqa: PLR2004 - not found
        return json_response(404, unknown(UNKNOWN_BY[kind]).body)
    return json_response(status, {"message": f"{status}: to order", "code": 0})
