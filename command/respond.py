"""What each command, each press of a button and each modal asks for."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from command import buttons, context_menu, message, modal
from command.buttons import Button, Unreadable
from command.definition import DEFINITION, DRAW_THIS, THEIR_MANDALA
from command.options import Options, Refused, read_options
from command.translations import translate
from command.work import NEW_MESSAGE, NEW_PRIVATE_MESSAGE, SAME_MESSAGE, Drawing, Print
from discord_enums import CommandType, ComponentType, InteractionType
from interaction import Interaction
from picture.recipe import RecipeError, fresh_seed
from response import Deletion, Immediate, NotOurs, Response


def respond(interaction: Interaction) -> Response:
    """Return what the user asks for, or a sentence where it cannot be done; raise NotOurs."""
    try:
        match interaction.type:
            case InteractionType.APPLICATION_COMMAND:
                return _use(interaction)
            case InteractionType.MESSAGE_COMPONENT:
                return _press(interaction)
            case InteractionType.MODAL_SUBMIT:
                return _submit(interaction)
    except Refused as refusal:
        return Immediate(message.private(str(refusal)))
    except (Unreadable, RecipeError):
        return Immediate(message.private(translate(interaction.locale, "refused.outdated")))
    raise NotOurs("neither a command nor a component nor a modal")


def _use(interaction: Interaction) -> Drawing:
    used = (interaction.data.get("name"), interaction.data.get("type", CommandType.CHAT_INPUT))
    for definition, act in ((DEFINITION, _mando), (DRAW_THIS, _draw_this), (THEIR_MANDALA, _their_mandala)):
        if used == (definition["name"], definition["type"]):
            return act(interaction)
    raise NotOurs("unknown command")


def _mando(interaction: Interaction) -> Drawing:
    options = read_options(interaction.data.get("options", []), interaction.locale)
    seed = options.pop("seed", None) or _fresh_seed(interaction)
    return _new(interaction, Options(interaction.user_id, **options), seed)


def _draw_this(interaction: Interaction) -> Drawing:
    words = context_menu.words(interaction.data)
    if not words:
        raise Refused(translate(interaction.locale, "refused.no_words"))
    return _new(interaction, Options(interaction.user_id), words)


def _their_mandala(interaction: Interaction) -> Drawing:
    person = context_menu.person(interaction.data)
    if not person:
        raise NotOurs("no user")
    return _new(interaction, Options(interaction.user_id), person)


def _press(interaction: Interaction) -> Response:
    """Do what the button says; a new mandala belongs to whoever pressed for it."""
    if interaction.data.get("component_type") != ComponentType.BUTTON:
        raise NotOurs("unknown component")
    button = Button.read(interaction.data.get("custom_id"))
    match button.action:
        case buttons.ANOTHER:
            return _new(interaction, replace(button.options, owner=interaction.user_id), _fresh_seed(interaction))
        case buttons.DELETE:
            return _delete(interaction, button)
        case buttons.EDIT:
            seed = message.seed_in_words(interaction.message, button.seed)
            return Immediate(modal.opened(button, seed, interaction.locale), "opened a modal")
        case buttons.PRINT:
            recipe = button.options.recipe(button.seed)
            return Print(recipe, button.options, interaction.locale, interaction.attachment_size_limit)
    return _drawing(interaction, button.options, button.seed, SAME_MESSAGE)


def _delete(interaction: Interaction, button: Button) -> Deletion:
    if interaction.user_id != button.options.owner:
        raise Refused(translate(interaction.locale, "refused.not_yours"))
    return Deletion(SAME_MESSAGE)


def _submit(interaction: Interaction) -> Drawing | Immediate:
    """Draw what the modal says: into its message if that is the user's own, else into a new one."""
    button, locale = Button.read(interaction.data.get("custom_id")), interaction.locale
    asked = Options(interaction.user_id, private=button.options.private)
    entries = modal.typed(interaction.data.get("components"), locale)
    try:
        options = read_options(entries, locale, required={"seed"})
    except Refused as refusal:
        options = modal.legible(entries, locale)
        seed = options.pop("seed")
        return Immediate(message.private_with_edit(str(refusal), replace(asked, **options), seed, locale))
    seed = options.pop("seed")
    if interaction.message and interaction.user_id == button.options.owner:
        return _drawing(interaction, replace(asked, **options), seed, SAME_MESSAGE)
    return _new(interaction, replace(asked, **options), seed)


def _new(interaction: Interaction, options: Options, seed: str) -> Drawing:
    return _drawing(interaction, options, seed, NEW_PRIVATE_MESSAGE if options.private else NEW_MESSAGE)


def _drawing(interaction: Interaction, options: Options, seed: str, callback: Mapping[str, Any]) -> Drawing:
    recipe = options.recipe(seed)
    name = secrets.token_hex(16) if options.private else recipe.digest
    return Drawing(recipe, callback, options, interaction.locale, f"{name}.png")


def _fresh_seed(interaction: Interaction) -> str:
    """Return the same seed for a second delivery of the interaction, and one that nobody can foresee."""
    return fresh_seed(f"{interaction.id}:{interaction.token}")
