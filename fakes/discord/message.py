"""A message of the channel, and what an edit leaves of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from discord_enums import ComponentType, ErrorCode, MessageFlag, MessageType
from fakes.discord.components import Component, every, media, named, texts
from fakes.discord.errors import Refusal, invalid
from fakes.discord.schema import Flaw

ATTACHMENT_SIZE_LIMIT = 10 * 2**20
"""Bytes of each file of a request, unless the server or the user has paid for more."""
ATTACHED = "attachment://"


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
    author: Mapping[str, Any] = field(default_factory=dict)
    channel_id: str = ""
    timestamp: str = ""  # ISO 8601
    files: dict[str, File] = field(default_factory=dict)  # by name
    flags: int = 0
    deleted: bool = False
    edits: int = 0  # what it shows first is one, too

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
    def text(self) -> str:
        """Return its content, or what stands there in components."""
        return self.content or "\n".join(texts(self.components))

    @property
    def components(self) -> list[Component]:
        return self.body.get("components") or []

    @property
    def media(self) -> list[str]:
        """Return the URL of each picture and file that it shows, in order."""
        return [url for _, url in _media(self.body)]

    @property
    def image_url(self) -> str:
        """Return where the first picture is: its public URL, attachment://name, or "" without one."""
        return next(iter(self.media), "")

    @property
    def has_picture(self) -> bool:
        """Whether it shows one, in an embed or attached."""
        return bool(self.image_url or self.files)

    @property
    def buttons(self) -> dict[str, str]:
        """Return the custom_id of each button by its label, or by its emoji if that is all it shows."""
        buttons = [each for each in every(self.components) if each["type"] == ComponentType.BUTTON]
        return {
            each.get("label") or each["emoji"]["name"]: each["custom_id"] for each in buttons if each.get("custom_id")
        }

    @property
    def attachments(self) -> dict[str, File]:
        """Return its files by their ids, which are no index that a file of a request could have."""
        return {str(int(self.id) + place): each for place, each in enumerate(self.files.values(), 1)}

    def component(self, custom_id: str) -> Component | None:
        return named(self.components, custom_id)

    def as_json(self) -> dict[str, Any]:
        """Return it as Discord's API does."""
        attachments = [
            {"id": number, "filename": each.name, "content_type": each.content_type, "size": len(each.content)}
            for number, each in self.attachments.items()
        ]
        return {
            "id": self.id,
            "application_id": self.application_id,
            "channel_id": self.channel_id,
            "author": dict(self.author),
            "timestamp": self.timestamp,
            "edited_timestamp": None,
            "content": self.content,
            "embeds": self.body.get("embeds") or [],
            "components": self.components,
            "attachments": attachments,
            "flags": self.flags,
            "mentions": [],
            "mention_roles": [],
            "mention_everyone": False,
            "pinned": False,
            "tts": False,
            "type": self.type,
        }


def _media(body: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, embed in enumerate(body.get("embeds") or []):
        for kind in ("image", "thumbnail"):
            if (embed.get(kind) or {}).get("url"):
                yield ("embeds", index, kind, "url"), embed[kind]["url"]
    yield from media(body.get("components"))


def shown_fields(data: dict[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("content", "embeds", "components") if name in data}


def kept_files(present: Mapping[str, File], body: dict[str, Any], uploaded: Mapping[str, File]) -> dict[str, File]:
    """Return a message's files once a body is taken: "attachments" lists what stays and describes what is new."""
    if body.get("attachments") is not None:
        listed = [str(each["id"]) for each in body["attachments"]]
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
    """Refuse a picture or file by attachment://name that the message does not hold."""
    for path, url in _media(data):
        if url.startswith(ATTACHED) and url.removeprefix(ATTACHED) not in files:
            raise invalid([Flaw(path, "ATTACHMENT_NOT_FOUND", f"{url} was not sent with the message.")])


def check_sizes(files: Mapping[str, File], limit: int) -> None:
    """Refuse files of which one has more bytes than the limit; it is each file's own."""
    if any(len(each.content) > limit for each in files.values()):
        raise Refusal(413, ErrorCode.FILE_TOO_LARGE, "Request entity too large")
