"""What each use of /mando, and each press of its buttons, asks for."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from command import message
from command.buttons import ANOTHER, DELETE, Button, Unreadable
from command.definition import DEFINITION
from command.options import Options, Refused, read_options
from command.translations import translate
from discord_enums import CallbackType, CommandType, ComponentType, InteractionType, MessageFlag
from interaction import Interaction
from picture.recipe import Recipe, RecipeError, fresh_seed
from response import Deletion, File, Immediate, Message, NotOurs, Response

NEW_MESSAGE = {"type": CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE}
NEW_PRIVATE_MESSAGE = {**NEW_MESSAGE, "data": {"flags": MessageFlag.EPHEMERAL}}
SAME_MESSAGE = {"type": CallbackType.DEFERRED_UPDATE_MESSAGE}


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
        """Return the message that says that there is no picture, with a button to try again."""
        return message.failure(self.recipe, self.options, self.locale)

    def busy(self) -> Immediate:
        """Return the sentence for when there is too much to draw already."""
        return Immediate(message.private(translate(self.locale, "busy")), "busy")


def respond(interaction: Interaction) -> Response:
    """Return what the user asks for, or a sentence where it cannot be done; raise NotOurs."""
    try:
        if interaction.type == InteractionType.APPLICATION_COMMAND:
            return _use(interaction)
        if interaction.type == InteractionType.MESSAGE_COMPONENT:
            return _press(interaction)
    except Refused as refusal:
        return Immediate(message.private(str(refusal)))
    raise NotOurs("neither a command nor a component")


def _use(interaction: Interaction) -> Drawing:
    kind = interaction.data.get("type", CommandType.CHAT_INPUT)
    if (interaction.data.get("name"), kind) != (DEFINITION["name"], CommandType.CHAT_INPUT):
        raise NotOurs("unknown command")
    options = read_options(interaction.data.get("options", []), interaction.locale)
    seed = options.pop("seed", None) or _fresh_seed(interaction)
    return _new(interaction, Options(interaction.user_id, **options), seed)


def _press(interaction: Interaction) -> Drawing | Deletion:
    if interaction.data.get("component_type") != ComponentType.BUTTON:
        raise NotOurs("unknown component")
    try:
        button = Button.read(interaction.data.get("custom_id"))
        return _follow(button, interaction)
    except (Unreadable, RecipeError) as error:
        raise Refused(translate(interaction.locale, "refused.outdated")) from error


def _follow(button: Button, interaction: Interaction) -> Drawing | Deletion:
    """Do what the button says; a new mandala belongs to whoever pressed for it."""
    if button.action == ANOTHER:
        return _new(interaction, replace(button.options, owner=interaction.user_id), _fresh_seed(interaction))
    if button.action == DELETE:
        if interaction.user_id != button.options.owner:
            raise Refused(translate(interaction.locale, "refused.not_yours"))
        return Deletion(SAME_MESSAGE)
    return _drawing(interaction, button.options, button.seed, SAME_MESSAGE)


def _new(interaction: Interaction, options: Options, seed: str) -> Drawing:
    return _drawing(interaction, options, seed, NEW_PRIVATE_MESSAGE if options.private else NEW_MESSAGE)


def _drawing(interaction: Interaction, options: Options, seed: str, callback: Mapping[str, Any]) -> Drawing:
    recipe = options.recipe(seed)
    name = secrets.token_hex(16) if options.private else recipe.digest
    return Drawing(recipe, callback, options, interaction.locale, f"{name}.png")


def _fresh_seed(interaction: Interaction) -> str:
    """Return the same seed for a second delivery of the interaction, and one that nobody can foresee."""
    return fresh_seed(f"{interaction.id}:{interaction.token}")
