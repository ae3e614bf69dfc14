"""What Discord is told to show: the mandala with its words and buttons, the failure, the private sentence."""

from typing import Any

from command.buttons import ANOTHER, DELETE, RETRY, Button
from command.options import Options
from command.translations import join_list, translate
from discord_enums import ButtonStyle, CallbackType, ComponentType, MessageFlag
from picture.colours import dominant
from picture.recipe import Recipe

Body = dict[str, Any]

NOBODY: Body = {"parse": []}
DICE = "🎲"


def picture(recipe: Recipe, options: Options, locale: str, image_url: str) -> Body:
    """Return the message with the mandala, and with what it takes to type it again.

    The URL is the picture's own, or attachment://<file name>.
    """
    red, green, blue = next(iter(dominant(recipe).values()))
    embed = {
        "description": f"{translate(locale, 'seed')} `{recipe.seed}`",
        "color": red << 16 | green << 8 | blue,
        "image": {"url": image_url, "description": alt_text(recipe, locale)},
        "footer": {"text": ingredients(recipe, locale)},
    }
    another = _button(
        Button(ANOTHER, options), ButtonStyle.SECONDARY, translate(locale, "button.another"), emoji={"name": DICE}
    )
    delete = _button(Button(DELETE, options), ButtonStyle.DANGER, translate(locale, "button.delete"))
    return _body(content=None, embeds=[embed], buttons=[another, delete])


def failure(recipe: Recipe, options: Options, locale: str) -> Body:
    """Return the message for a mandala that could not be drawn."""
    retry = _button(Button(RETRY, options, recipe.seed), ButtonStyle.SECONDARY, translate(locale, "button.retry"))
    return _body(content=translate(locale, "failure"), embeds=[], buttons=[retry])


def private(sentence: str) -> Body:
    """Return the callback that shows a sentence to the asker alone."""
    return {
        "type": CallbackType.CHANNEL_MESSAGE_WITH_SOURCE,
        "data": {"content": sentence, "flags": MessageFlag.EPHEMERAL, "allowed_mentions": NOBODY},
    }


def alt_text(recipe: Recipe, locale: str) -> str:
    """Describe the picture to those who cannot see it."""
    colours = join_list(locale, [translate(locale, f"colour.{name}") for name in dominant(recipe)])
    return translate(locale, f"alt.{recipe.style}", symmetry=recipe.symmetry, rings=recipe.rings, colours=colours)


def ingredients(recipe: Recipe, locale: str) -> str:
    """Name each option but the seed as /mando offers it; a colouring page has no palette."""
    values = {
        "symmetry": recipe.symmetry,
        "rings": recipe.rings,
        "style": translate(locale, f"style.{recipe.style}"),
    }
    if recipe.style != "lines":
        values["palette"] = translate(locale, f"palette.{recipe.palette}")
    return " · ".join(f"{translate(locale, option)} {value}" for option, value in values.items())


def _body(content: str | None, embeds: list[Body], buttons: list[Body]) -> Body:
    """Return the body of an edit: it says everything, so that nothing of the message before is left."""
    row = {"type": ComponentType.ACTION_ROW, "components": buttons}
    return {"content": content, "embeds": embeds, "components": [row], "allowed_mentions": NOBODY}


def _button(button: Button, style: ButtonStyle, label: str, **look: object) -> Body:
    return {"type": ComponentType.BUTTON, "style": style, "label": label, "custom_id": button.custom_id, **look}
