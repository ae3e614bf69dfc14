"""A message of the channel, and what an edit leaves of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from discord_enums import ErrorCode, MessageFlag, MessageType
from fakes.discord.errors import Refusal, invalid
from fakes.discord.schema import Flaw

ATTACHMENT_SIZE_LIMIT = 10 * 2**20
"""Bytes of each file of a request, unless the server or the user has paid for more."""


@dataclass(frozen=True)
class File:
    name: str
    content_type: str
    content: bytes


@dataclass
class Message:
    id: str
    application_id: str
    body: dict[str, Any] = field(default_factory=dict)  # content, embeds, components
    type: int = MessageType.CHAT_INPUT_COMMAND
    author: Mapping[str, Any] = field(default_factory=dict)  # the application, if nobody
    files: dict[str, File] = field(default_factory=dict)  # by name
    flags: int = 0
    deleted: bool = False
    edits: int = 0

    @property
    def thinking(self) -> bool:
        return bool(self.flags & MessageFlag.LOADING)

    @property
    def private(self) -> bool:
        return bool(self.flags & MessageFlag.EPHEMERAL)

    @property
    def content(self) -> str:
        return self.body.get("content") or ""

    @property
    def image_url(self) -> str:
        """Return where the picture is: its public URL, attachment://name, or "" without one."""
        urls = [embed["image"]["url"] for embed in self.body.get("embeds") or [] if "image" in embed]
        return urls[0] if urls else ""

    @property
    def has_picture(self) -> bool:
        """Whether it shows one, in an embed or attached."""
        return bool(self.image_url or self.files)

    @property
    def buttons(self) -> dict[str, str]:
        """Return the custom_id of each button by its label, or by its emoji if that is all it shows."""
        buttons = [each for row in self.body.get("components") or [] for each in row["components"]]
        return {
            each.get("label") or each["emoji"]["name"]: each["custom_id"] for each in buttons if "custom_id" in each
        }

    def as_json(self) -> dict[str, Any]:
        """Return it as Discord's API does."""
        names = enumerate(self.files.values())
        attachments = [
            {"id": str(index), "filename": each.name, "content_type": each.content_type, "size": len(each.content)}
            for index, each in names
        ]
        return {
            "id": self.id,
            "application_id": self.application_id,
            "author": dict(self.author) or {"id": self.application_id, "username": "mando", "bot": True},
            "content": self.content,
            "embeds": self.body.get("embeds") or [],
            "components": self.body.get("components") or [],
            "attachments": attachments,
            "flags": self.flags,
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "type": self.type,
        }


def shown_fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("content", "embeds", "components") if name in data}


def kept_files(message: Message, body: dict[str, Any], uploaded: Mapping[str, File]) -> dict[str, File]:
    """Return the files by name once an edit is done: "attachments" lists what stays and describes what is new."""
    present = {str(index): each for index, each in enumerate(message.files.values())}
    if body.get("attachments") is not None:
        listed = [each["id"] for each in body["attachments"]]
        missing = [index for index, each in enumerate(listed) if each not in present and each not in uploaded]
        if missing:
            path = ("attachments", missing[0], "id")
            raise invalid([Flaw(path, "ATTACHMENT_NOT_FOUND", "No such attachment in this message or request.")])
        present = {key: each for key, each in present.items() if key in listed}
    return {each.name: each for each in (*present.values(), *uploaded.values())}


def check_not_empty(data: dict[str, Any], files: Mapping[str, File] | None = None) -> None:
    if not (data.get("content") or data.get("embeds") or data.get("components") or files):
        raise Refusal(400, ErrorCode.EMPTY_MESSAGE, "Cannot send an empty message")


def check_attachments(data: dict[str, Any], files: Mapping[str, File]) -> None:
    """Refuse a picture by attachment://name that the message does not hold."""
    for index, embed in enumerate(data.get("embeds") or []):
        for kind in ("image", "thumbnail"):
            url = embed.get(kind, {}).get("url", "")
            if url.startswith("attachment://") and url.removeprefix("attachment://") not in files:
                path = ("embeds", index, kind, "url")
                raise invalid([Flaw(path, "ATTACHMENT_NOT_FOUND", f"{url} was not sent with the message.")])


def check_sizes(files: Mapping[str, File], limit: int) -> None:
    """Refuse files of which one has more bytes than the limit; it is each file's own."""
    if any(len(each.content) > limit for each in files.values()):
        raise Refusal(413, ErrorCode.FILE_TOO_LARGE, "Request entity too large")
