"""Discord's rules for interactions: what it takes, what it refuses and how, and what a channel then shows. No HTTP."""

import base64
import itertools
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from discord_enums import CallbackType, ErrorCode, MessageFlag, MessageType
from fakes.discord import limits
from fakes.discord.errors import Note, Refusal, judge, unknown, unnoted
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
ORIGINAL = "@original"
Json = Any  # what json.loads returns: anything
Files = Mapping[str, File]  # of a multipart body, by their field's index
NO_RESPONSE = "The application did not respond"
RACE = "a race: this came before the first response had arrived"
DISPLACED = "it takes the place of “thinking…”"


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
    follow_ups: list[Message] = field(default_factory=list)
    callbacks: list[dict[str, Any]] = field(default_factory=list)  # that were taken
    exchanges: list[Exchange] = field(default_factory=list)
    inline: bool = False  # the first response stood in the answer
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
        return "picture" if self.original.image_url else "sentence" if self.original.text else "thinking"

    @property
    def modal(self) -> dict[str, Any]:
        """Return the modal that it opened, as it was sent; {} without one."""
        return next((each["data"] for each in self.callbacks if each["type"] == CallbackType.MODAL), {})

    @property
    def refusals(self) -> list[str]:
        """Return everything that was refused, in the order of the exchanges."""
        return [each.refused for each in self.exchanges if each.refused]

    @property
    def notes(self) -> list[str]:
        """Return everything that was not refused, but is not as it should be."""
        return [note for each in self.exchanges for note in each.notes]

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

    def __init__(self, application_id: str = "1300000000000000001", name: str = "mando") -> None:
        self.application_id, self.name = application_id, name
        self.interactions: dict[str, Interaction] = {}
        self.messages: dict[str, Message] = {}
        self.commands: dict[str | None, list[dict[str, Any]]] = {}  # by guild; None are the global ones
        self.changed = threading.Condition(threading.RLock())  # told of what a page would want to show
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

    @property
    def bot(self) -> dict[str, Any]:
        """Return the application as a user."""
        return {"id": self.application_id, "username": self.name, "bot": True, "avatar": None, "discriminator": "0000"}

    @staticmethod
    def created(snowflake: str) -> float:
        return (int(snowflake) >> 22) / 1000 + EPOCH

    def say(self, author: Mapping[str, Any], content: str) -> Message:
        """Put a person's message into the channel."""
        with self.changed:
            message = self._message(MessageType.DEFAULT, author)
            message.body = {"content": content}
            self.touch()
            return message

    def _message(self, kind: MessageType, author: Mapping[str, Any], channel: str = "") -> Message:
        """Put a message that has nothing yet into a channel."""
        now = self.now()
        message = Message(self.snowflake(now), self.application_id, type=kind, author=author, channel_id=channel)
        message.timestamp = datetime.fromtimestamp(now, UTC).isoformat()
        self.messages[message.id] = message
        return message

    def create(self, payload: Mapping[str, Any], *, age: float = 0.0) -> Interaction:
        """Make an interaction that is age seconds old: the payload gets its id and token."""
        created = self.now() - age
        number = self.snowflake(created)
        secret = f"interaction:{number}:{secrets.token_urlsafe(90)}".encode()
        token = base64.urlsafe_b64encode(secret).decode().rstrip("=")
        whole = {"id": number, "application_id": self.application_id, "token": token, "version": 1, **payload}
        with self.changed:
            source = self.messages.get(str((payload.get("message") or {}).get("id")))
            interaction = Interaction(whole["id"], whole["token"], whole["type"], created, whole, source=source)
            interaction.definition = self.definition_of(whole.get("data") or {})
            self.interactions[interaction.id] = self._by_token[interaction.token] = interaction
            self.touch()
        return interaction

    def definition_of(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is registered of the command that an interaction uses; {} for an unknown one."""
        wanted = data.get("type"), data.get("name")
        return next((each for each in self.registered if (each["type"], each["name"]) == wanted), {})

    @property
    def registered(self) -> list[dict[str, Any]]:
        """Return every command: a server's own before the one of the same name that is everywhere."""
        every = [each for guild in sorted(self.commands, key=bool) for each in self.commands[guild]]
        return list({(each["type"], each["name"]): {"options": [], **each} for each in every}.values())

    def by_token(self, token: str) -> Interaction | None:
        return self._by_token.get(token)

    def callback(
        self, number: str, token: str, body: Json, files: Files | None = None, note: Note = unnoted
    ) -> Interaction:
        """Take the first response to an interaction, or raise Refusal."""
        with self.changed:
            interaction = self.interactions.get(number)
            if interaction is None or interaction.token != token:
                raise unknown(ErrorCode.UNKNOWN_INTERACTION)
            if interaction.callbacks:
                raise Refusal(400, ErrorCode.ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
            if self.now() - interaction.created > FIRST_RESPONSE:
                raise unknown(ErrorCode.UNKNOWN_INTERACTION)
            allowed = limits.callbacks_to(interaction.type, on_message="message" in interaction.payload)
            judge(limits.callback(body, allowed), note)
            self._respond(interaction, body, files or {})
            return interaction

    def _respond(self, interaction: Interaction, body: dict[str, Any], files: Files) -> None:
        data, updated = body.get("data") or {}, interaction.source if body["type"] in UPDATES else None
        changes = _changes(interaction, updated, data, files) if body["type"] in SHOWN_AT_ONCE else None
        interaction.callbacks.append(body)
        interaction.acknowledged = self.now() - interaction.created
        if body["type"] == CallbackType.MODAL:
            self._show(interaction)
        elif body["type"] in UPDATES:
            interaction.message = interaction.source
        else:
            interaction.message = self._reply(interaction, data.get("flags") or 0)
            if changes is None:
                interaction.message.flags |= MessageFlag.LOADING
        if changes and interaction.message:
            _apply(interaction.message, *changes)
            self._show(interaction)
        self.touch()

    def _reply(self, interaction: Interaction, flags: int) -> Message:
        message = self._message(
            MessageType.CHAT_INPUT_COMMAND, self.bot, str(interaction.payload.get("channel_id") or "")
        )
        message.flags = flags
        return message

    def webhook(self, application_id: str, token: str, note: Note = unnoted) -> Interaction:
        """Return the interaction whose token a webhook has, or raise Refusal."""
        interaction = self._by_token.get(token)
        if interaction is None or application_id != self.application_id:
            raise unknown(ErrorCode.UNKNOWN_WEBHOOK)
        if not interaction.callbacks:
            note(RACE)
            raise unknown(ErrorCode.UNKNOWN_WEBHOOK)
        if self.now() - interaction.created > TOKEN_LIFE:
            raise Refusal(401, ErrorCode.INVALID_WEBHOOK_TOKEN, "Invalid Webhook Token")
        return interaction

    def of_webhook(
        self, application_id: str, token: str, message_id: str = ORIGINAL, note: Note = unnoted
    ) -> tuple[Interaction, Message]:
        """Return an interaction and one of its messages, the pressed one's too, or raise Refusal."""
        interaction = self.webhook(application_id, token, note)
        own = [each for each in (interaction.message, interaction.source, *interaction.follow_ups) if each]
        found = interaction.message if message_id == ORIGINAL else next((m for m in own if m.id == message_id), None)
        if found is None or found.deleted:
            raise unknown(ErrorCode.UNKNOWN_MESSAGE)
        return interaction, found

    def edit(  # noqa: PLR0913 - a route's values, and what came with it
        self,
        application_id: str,
        token: str,
        body: Json,
        files: Files | None = None,
        *,
        message_id: str = ORIGINAL,
        note: Note = unnoted,
    ) -> Message:
        """Edit a message of an interaction, or raise Refusal."""
        with self.changed:
            interaction, message = self.of_webhook(application_id, token, message_id, note)
            judge(limits.edit(body, message.flags), note)
            self._edit(interaction, message, body, files or {})
            return message

    def _edit(self, interaction: Interaction, message: Message, body: dict[str, Any], files: Files) -> None:
        _apply(message, *_changes(interaction, message, body, files))
        self._show(interaction)

    def follow_up(
        self, application_id: str, token: str, body: Json, files: Files | None = None, note: Note = unnoted
    ) -> Message:
        """Send one more message, which the first time takes the place of "thinking…"; or raise Refusal."""
        with self.changed:
            interaction = self.webhook(application_id, token, note)
            judge(limits.follow_up(body), note)
            if interaction.message and interaction.message.thinking:
                note(DISPLACED)
                self._edit(interaction, interaction.message, body, files or {})
                return interaction.message
            changes = _changes(interaction, None, body, files or {})
            message = self._reply(interaction, body.get("flags") or 0)
            _apply(message, *changes)
            interaction.follow_ups.append(message)
            self._show(interaction)
            return message

    def delete(self, application_id: str, token: str, message_id: str = ORIGINAL, note: Note = unnoted) -> None:
        with self.changed:
            interaction, message = self.of_webhook(application_id, token, message_id, note)
            message.deleted = True
            self._show(interaction)

    def _show(self, interaction: Interaction) -> None:
        interaction.shown = interaction.shown or self.now() - interaction.created
        self.touch()

    def give_up(self, interaction: Interaction) -> None:
        """Tell the asker that the application did not respond, unless it did."""
        with self.changed:
            interaction.failed = not interaction.callbacks
            self.touch()


def _changes(
    interaction: Interaction, message: Message | None, body: dict[str, Any], uploaded: Files
) -> tuple[dict[str, Any], dict[str, File], int]:
    """Return what a message (None: a new one) shows, holds and is flagged with by a body, or raise Refusal."""
    check_sizes(uploaded, interaction.payload.get("attachment_size_limit", ATTACHMENT_SIZE_LIMIT))
    kept = kept_files(message.attachments if message else {}, body, uploaded)
    new = (message.body if message else {}) | shown_fields(body)
    check_not_empty(new, kept)
    check_attachments(new, kept)
    return new, kept, (body.get("flags") or 0) & MessageFlag.IS_COMPONENTS_V2


def _apply(message: Message, body: dict[str, Any], files: dict[str, File], flags: int) -> None:
    message.body, message.files = body, files
    message.flags = message.flags & ~MessageFlag.LOADING | flags
    message.edits += 1
