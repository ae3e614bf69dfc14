"""Discord's rules for interactions: what it takes, what it refuses and how, and what a channel then shows. No HTTP."""

import base64
import itertools
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from discord_enums import CallbackType, ErrorCode, MessageFlag, MessageType
from fakes.discord import limits
from fakes.discord.errors import Refusal, invalid, unknown_interaction, unknown_message, unknown_webhook
from fakes.discord.limits import SHOWN_AT_ONCE, UPDATES
from fakes.discord.message import (
    ATTACHMENT_SIZE_LIMIT,
    File,
    Message,
    check_attachments,
    check_not_empty,
    check_sizes,
    kept_files,
    shown_fields,
)
from fakes.exchange import Exchange

EPOCH = 1_420_070_400.0  # seconds; snowflakes count from 2015
FIRST_RESPONSE = 3.0  # seconds from the interaction's creation
TOKEN_LIFE = 15 * 60.0
Json = Any  # what json.loads returns: anything
NO_RESPONSE = "The application did not respond"


@dataclass
class Interaction:
    """What was sent, all that came back, and what the asker sees of it."""

    id: str
    token: str
    type: int
    created: float  # seconds since the epoch, of Discord's clock
    payload: dict[str, Any]
    definition: dict[str, Any] = field(default_factory=dict)  # of the command that is used, if it is registered
    source: Message | None = None  # the message whose button was pressed, perhaps to open the modal
    message: Message | None = None  # @original
    callbacks: list[dict[str, Any]] = field(default_factory=list)  # that were taken
    exchanges: list[Exchange] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)  # to how the function answered the HTTP request itself
    failed: bool = False  # the asker was told that the application did not respond
    status: int | None = None  # of the function's own answer
    body: bytes = b""
    elapsed: float | None = None  # seconds until that answer
    acknowledged: float | None = None  # seconds from the creation until the callback was taken
    shown: float | None = None  # seconds from the creation until the asker saw the result

    @property
    def original(self) -> Message:
        """Return the message; raise LookupError as long as there is none."""
        if self.message is None:
            raise LookupError(f"no message: {self.refusals}")
        return self.message

    @property
    def fate(self) -> str:
        """Return what the asker sees in the end, in a word."""
        if not self.callbacks:
            return "nothing"
        if self.callbacks[0]["type"] == CallbackType.CHANNEL_MESSAGE_WITH_SOURCE:
            return "busy"
        return "picture" if self.original.image_url else "sentence" if self.original.content else "thinking"

    @property
    def modal(self) -> dict[str, Any]:
        """Return the modal that it opened, as it was sent; {} without one."""
        return next((each["data"] for each in self.callbacks if each["type"] == CallbackType.MODAL), {})

    @property
    def refusals(self) -> list[str]:
        """Return everything that was refused, in the order of the exchanges."""
        return [each.refused for each in self.exchanges if each.refused] + self.objections

    @property
    def done(self) -> bool:
        """Whether nothing more is awaited: shown, a modal opened, deleted, or given up by Discord."""
        return self.failed or self.shown is not None

    def wait(self, seconds: float = 30) -> "Interaction":
        """Wait until it is done; raise TimeoutError when it is not by then."""
        deadline = time.monotonic() + seconds
        while not self.done:
            if time.monotonic() > deadline:
                raise TimeoutError(f"still waiting after {seconds} s: {self.refusals}")
            time.sleep(0.005)
        return self


class Discord:
    """All interactions and messages of one application, safe with threads."""

    def __init__(self, application_id: str = "1300000000000000001") -> None:
        self.application_id = application_id
        self.interactions: dict[str, Interaction] = {}
        self.messages: dict[str, Message] = {}
        self.commands: dict[str | None, list[dict[str, Any]]] = {}  # by guild; None are the global ones
        self.changes = 0  # counts what a page would want to show
        self.changed = threading.Condition(threading.RLock())
        self._by_token: dict[str, Interaction] = {}
        self._increment = itertools.count(1)
        self._skipped = 0.0

    def now(self) -> float:
        return time.time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Let Discord's clock jump ahead."""
        self._skipped += seconds

    def touch(self) -> None:
        with self.changed:
            self.changes += 1
            self.changed.notify_all()

    def forget(self, until: str = "~") -> None:
        """Take what is older than this id out of the channel, or all; its tokens are unknown from now on."""
        with self.changed:
            for each in [each for each in self.interactions.values() if each.id < until]:
                del self.interactions[each.id], self._by_token[each.token]
            for message in [message for message in self.messages if message < until]:
                del self.messages[message]
            self.touch()

    def snowflake(self, moment: float) -> str:
        return str((int((moment - EPOCH) * 1000) << 22) | (next(self._increment) & 0xFFF))

    @staticmethod
    def created(snowflake: str) -> float:
        return (int(snowflake) >> 22) / 1000 + EPOCH

    def say(self, author: Mapping[str, Any], content: str) -> Message:
        """Put a person's message into the channel."""
        with self.changed:
            number, body = self.snowflake(self.now()), {"content": content}
            message = Message(number, self.application_id, body, type=MessageType.DEFAULT, author=author)
            self.messages[message.id] = message
            self.touch()
            return message

    def create(self, payload: Mapping[str, Any], *, age: float = 0.0) -> Interaction:
        """Make an interaction that is age seconds old: the payload gets its id and token."""
        created = self.now() - age
        number = self.snowflake(created)
        secret = f"interaction:{number}:{secrets.token_urlsafe(90)}".encode()
        token = base64.urlsafe_b64encode(secret).decode().rstrip("=")
        whole = {"id": number, "application_id": self.application_id, "token": token, "version": 1, **payload}
        with self.changed:
            source = self.messages.get((payload.get("message") or {}).get("id", ""))
            interaction = Interaction(whole["id"], whole["token"], whole["type"], created, whole, source=source)
            interaction.definition = self.definition_of(whole.get("data") or {})
            self.interactions[interaction.id] = self._by_token[interaction.token] = interaction
            self.touch()
        return interaction

    def definition_of(self, data: Mapping[str, Any]) -> dict[str, Any]:
        used = (
            each for each in self.registered if each["name"] == data.get("name") and each["type"] == data.get("type")
        )
        return next(used, {})

    @property
    def registered(self) -> list[dict[str, Any]]:
        """Return every command: a server's own before the one of the same name that is everywhere."""
        every = [each for guild in sorted(self.commands, key=bool) for each in self.commands[guild]]
        return list({(each["type"], each["name"]): {"options": [], **each} for each in every}.values())

    def by_token(self, token: str) -> Interaction | None:
        return self._by_token.get(token)

    def callback(self, number: str, token: str, body: Json) -> Interaction:
        """Take the first response to an interaction, or raise Refusal."""
        with self.changed:
            interaction = self.interactions.get(number)
            if interaction is None or interaction.token != token:
                raise unknown_interaction()
            if interaction.callbacks:
                raise Refusal(400, ErrorCode.ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
            if self.now() - interaction.created > FIRST_RESPONSE:
                raise unknown_interaction()
            allowed = limits.callbacks_to(interaction.type, on_message="message" in interaction.payload)
            if flaws := limits.callback(body, allowed):
                raise invalid(flaws)
            self._respond(interaction, body)
            return interaction

    def _respond(self, interaction: Interaction, body: dict[str, Any]) -> None:
        data = body.get("data") or {}
        if body["type"] in SHOWN_AT_ONCE:
            check_not_empty(data)
            check_attachments(data, {})
        interaction.callbacks.append(body)
        interaction.acknowledged = self.now() - interaction.created
        if body["type"] == CallbackType.MODAL:
            self._show(interaction)
        elif body["type"] in UPDATES:
            interaction.message = interaction.source
        else:
            interaction.message = Message(self.snowflake(self.now()), self.application_id)
            interaction.message.flags = data.get("flags", 0) | (
                MessageFlag.LOADING if body["type"] == CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE else 0
            )
            self.messages[interaction.message.id] = interaction.message
        if body["type"] in SHOWN_AT_ONCE and interaction.message:
            interaction.message.body |= shown_fields(data)
            self._show(interaction)
        self.touch()

    def original(self, application_id: str, token: str) -> tuple[Interaction, Message]:
        """Return the interaction and message that a webhook's @original stands for, or raise Refusal."""
        interaction = self._by_token.get(token)
        if interaction is None or application_id != self.application_id or not interaction.callbacks:
            raise unknown_webhook()
        if self.now() - interaction.created > TOKEN_LIFE:
            raise Refusal(401, ErrorCode.INVALID_WEBHOOK_TOKEN, "Invalid Webhook Token")
        if interaction.message is None or interaction.message.deleted:
            raise unknown_message()
        return interaction, interaction.message

    def edit(self, application_id: str, token: str, body: Json, files: Mapping[str, File] | None = None) -> Message:
        """Edit @original, with the files of a multipart request by their field's index, or raise Refusal."""
        with self.changed:
            interaction, message = self.original(application_id, token)
            if flaws := limits.edit(body):
                raise invalid(flaws)
            uploaded = dict(files or {})
            check_sizes(uploaded, interaction.payload.get("attachment_size_limit", ATTACHMENT_SIZE_LIMIT))
            kept = kept_files(message, body, uploaded)
            new = message.body | shown_fields(body)
            check_not_empty(new, kept)
            check_attachments(new, kept)
            message.body, message.files = new, kept
            message.flags &= ~MessageFlag.LOADING
            message.edits += 1
            self._show(interaction)
            self.touch()
            return message

    def delete(self, application_id: str, token: str) -> None:
        with self.changed:
            interaction, message = self.original(application_id, token)
            message.deleted = True
            self._show(interaction)
            self.touch()

    def _show(self, interaction: Interaction) -> None:
        interaction.shown = interaction.shown or self.now() - interaction.created

    def give_up(self, interaction: Interaction) -> None:
        """Tell the asker that the application did not respond, unless it did."""
        with self.changed:
            interaction.failed = not interaction.callbacks
            self.touch()
