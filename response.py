"""What a command answers: all that the rest of the function knows of it.

The module that COMMAND names has

    respond(interaction) -> Response    what this interaction asks for, or NotOurs raised
    DEFINITIONS                         of its commands, as Discord registers them

Callbacks and bodies are Discord's JSON: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

Body = Mapping[str, Any]


class NotOurs(Exception):
    """No command, button or modal of this bot: the message says, in English, what is wrong with it."""


@dataclass(frozen=True)
class File:
    """Something to show or to download."""

    name: str
    """Also of the object in the bucket, which is public and never overwritten: the same name is the same content."""
    content_type: str
    content: bytes
    description: str = ""
    """For those who cannot see it."""

    @property
    def reference(self) -> str:
        """What stands in a body that shows this file: as an attachment, or by its public URL if there is a bucket."""
        return f"attachment://{self.name}"


@dataclass(frozen=True)
class Message:
    """What takes the place of "thinking". Files that the body does not refer to are attached to it.

    Where a message is changed, what the body does not name stays as it was; the files stay with the embeds.
    """

    body: Body
    files: tuple[File, ...] = ()

    def shown(self) -> list[File]:
        """Return the files that the body refers to."""
        text = json.dumps(self.body, ensure_ascii=False)
        return [file for file in self.files if file.reference in text]

    def linked(self, file: File, url: str) -> "Message":
        """Return the message that shows a file by its URL instead of bringing it."""
        body = json.loads(json.dumps(self.body, ensure_ascii=False).replace(file.reference, url))
        return replace(self, body=body, files=tuple(each for each in self.files if each is not file))


class Work(Protocol):
    """Something that takes longer than Discord waits."""

    @property
    def callback(self) -> Body:
        """Announces a message, or a change of the one that was acted on: types 5 and 6."""

    def make(self) -> Message:
        """Do it: all CPU, on a thread that is kept for this. Whatever is slow to import is imported here."""

    def failure(self) -> Body:
        """Return the message for when it cannot be done."""

    def busy(self) -> "Immediate":
        """Return the answer for when too much is being done already."""


class Aside:
    """Marks work that takes seconds, while make() waits for a process: one at a time beside others, none in a crowd."""


@dataclass(frozen=True)
class Deletion:
    """The original message is to be deleted."""

    callback: Body


@dataclass(frozen=True)
class Immediate:
    """A callback that is all there is to it: a sentence, a modal."""

    callback: Body
    outcome: str = "refused privately"
    """For the log."""


Response = Work | Deletion | Immediate
