"""What takes longer than Discord waits: a mandala in a message, and one to print."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from command import message
from command.buttons import PRINT
from command.options import Options
from command.translations import translate
from discord_enums import CallbackType, MessageFlag
from picture import printing
from picture.recipe import Recipe
from response import Aside, Body, File, Immediate, Message

NEW_MESSAGE: Body = {"type": CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE}
NEW_PRIVATE_MESSAGE: Body = {**NEW_MESSAGE, "data": {"flags": MessageFlag.EPHEMERAL}}
SAME_MESSAGE: Body = {"type": CallbackType.DEFERRED_UPDATE_MESSAGE}


@dataclass(frozen=True)
class Drawing:
    """A mandala to draw and to bring into the original message."""

    recipe: Recipe
    callback: Mapping[str, Any]
    options: Options
    locale: str
    file_name: str
    """Of the object in the bucket: the same for the same recipe, unless it is private and nobody may foresee it."""

    def make(self) -> Message:
        """Draw it."""
        import mando  # noqa: PLC0415 - matplotlib and numpy: after the callback

        alt = message.alt_text(self.recipe, self.locale)
        png = File(self.file_name, "image/png", mando.draw(self.recipe), alt)
        return Message(message.picture(self.recipe, self.options, self.locale, png.reference), (png,))

    def failure(self) -> dict[str, Any]:
        """Return the message that says that there is no picture, with a button to try again; one of before stays."""
        body = message.failure(self.recipe, self.options, self.locale)
        if self.callback == SAME_MESSAGE:
            del body["embeds"]
        return body

    def busy(self) -> Immediate:
        """Return the sentence for when there is too much to draw already; what was asked for is not lost."""
        sentence = translate(self.locale, "busy")
        return Immediate(message.private_with_edit(sentence, self.options, self.recipe.seed, self.locale), "busy")


@dataclass(frozen=True)
class Print(Aside):
    """A mandala as large as a poster, for whoever asked alone."""

    recipe: Recipe
    options: Options
    locale: str
    size_limit: int
    """Bytes of a file."""

    callback: ClassVar[Body] = NEW_PRIVATE_MESSAGE

    def make(self) -> Message:
        """Draw it in a process of its own. The SVG alone comes where a PNG is too large: it is as sharp, and small."""
        alt = message.alt_text(self.recipe, self.locale)
        png, svg = printing.draw(self.recipe, alt)
        files = [File("mandala.png", "image/png", png, alt), File("mandala.svg", "image/svg+xml", svg, alt)]
        if len(png) > self.size_limit:
            return Message(message.prints(self.locale, None), (files[1],))
        return Message(message.prints(self.locale, printing.SIZE), tuple(files))

    def failure(self) -> dict[str, Any]:
        """Return the message that says that there is none, with a button to try again."""
        return message.failure(self.recipe, self.options, self.locale, again=PRINT)

    def busy(self) -> Immediate:
        """Return the sentence for when another is being made: no outcome to be told of, as a crowd's would be."""
        return Immediate(message.private(translate(self.locale, "busy")))
