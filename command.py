"""/mando as Discord knows it: what each use of it, and each press of its buttons, asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import message
from buttons import ANOTHER, DELETE, Button, Unreadable, Wish
from definition import CHAT_INPUT, DEFINITION
from discord_api import EPHEMERAL, Interaction
from options import Refused, read_options
from recipe import Recipe, RecipeError, fresh_seed
from words import say

__all__ = ["DEFINITION", "Deletion", "Drawing", "NotOurs", "Refused", "respond"]

COMMAND, COMPONENT = 2, 3  # types of interactions
BUTTON = 2  # type of component
NEW_MESSAGE, UPDATE = {"type": 5}, {"type": 6}  # deferred callbacks


class NotOurs(Exception):
    """No command or button of this bot: the message says, in English, what is wrong with it."""


@dataclass(frozen=True)
class Drawing:
    """A mandala to draw and to bring into the original message."""

    recipe: Recipe
    callback: Mapping[str, Any]
    wish: Wish
    locale: str

    def message(self, image_url: str) -> dict[str, Any]:
        """Return the message that shows the picture: the one of this URL, or of attachment://<name of the file>."""
        return message.picture(self.recipe, self.wish, self.locale, image_url)

    def failure(self) -> dict[str, Any]:
        """Return the message that says that there is no picture, with a button to try again."""
        return message.failure(self.recipe, self.wish, self.locale)


@dataclass(frozen=True)
class Deletion:
    """The original message is to be deleted."""

    callback: Mapping[str, Any]


def respond(interaction: Interaction) -> Drawing | Deletion:
    """Return what the user asks for; raise Refused when it cannot be done, NotOurs when this is no business of ours."""
    if interaction.type == COMMAND:
        return _use(interaction)
    if interaction.type == COMPONENT:
        return _press(interaction)
    raise NotOurs("neither a command nor a component")


def _use(interaction: Interaction) -> Drawing:
    if interaction.data.get("name") != DEFINITION["name"] or interaction.data.get("type", CHAT_INPUT) != CHAT_INPUT:
        raise NotOurs("unknown command")
    options = read_options(interaction.data.get("options", []), interaction.locale)
    seed = options.pop("seed", None) or _fresh_seed(interaction)
    return _new(interaction, Wish(interaction.user_id, **options), seed)


def _press(interaction: Interaction) -> Drawing | Deletion:
    if interaction.data.get("component_type") != BUTTON:
        raise NotOurs("unknown component")
    try:
        button = Button.read(interaction.data.get("custom_id"))
        return _follow(button, interaction)
    except (Unreadable, RecipeError) as error:
        raise Refused(say(interaction.locale, "refused.outdated")) from error


def _follow(button: Button, interaction: Interaction) -> Drawing | Deletion:
    """Do what the button says; a new mandala belongs to whoever pressed for it."""
    if button.action == ANOTHER:
        return _new(interaction, replace(button.wish, owner=interaction.user_id), _fresh_seed(interaction))
    if button.action == DELETE:
        if interaction.user_id != button.wish.owner:
            raise Refused(say(interaction.locale, "refused.not_yours"))
        return Deletion(UPDATE)
    return Drawing(button.wish.recipe(button.seed), UPDATE, button.wish, interaction.locale)


def _new(interaction: Interaction, wish: Wish, seed: str) -> Drawing:
    callback = {**NEW_MESSAGE, "data": {"flags": EPHEMERAL}} if wish.private else NEW_MESSAGE
    return Drawing(wish.recipe(seed), callback, wish, interaction.locale)


def _fresh_seed(interaction: Interaction) -> str:
    """Return the same seed for a second delivery of the interaction, and one that nobody can foresee."""
    return fresh_seed(f"{interaction.id}:{interaction.token}")
