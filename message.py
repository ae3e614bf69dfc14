"""What Discord is told to show: the mandala with its words and buttons, the failure, the private sentence."""

from typing import Any

from buttons import ANOTHER, DELETE, RETRY, Button, Wish
from colours import dominant
from discord_api import EPHEMERAL
from recipe import Recipe
from words import enumerate_words, say

Body = dict[str, Any]

ROW, BUTTON = 1, 2  # types of components
GREY, RED = 2, 4  # styles of buttons
SENTENCE = 4  # type of callback
NOBODY: Body = {"parse": []}
DICE = "🎲"
ATTACHED = "attachment://"


def picture(recipe: Recipe, wish: Wish, locale: str, image_url: str) -> Body:
    """Return the message with the mandala, and with what it takes to type it again.

    The URL is the picture's own, or attachment://<file name> for a file that is sent along as files[0].
    """
    red, green, blue = next(iter(dominant(recipe).values()))
    alt = alt_text(recipe, locale)
    embed = {
        "description": f"{say(locale, 'seed')} `{recipe.seed}`",
        "color": red << 16 | green << 8 | blue,
        "image": {"url": image_url, "description": alt},
        "footer": {"text": ingredients(recipe, locale)},
    }
    another = _button(Button(ANOTHER, wish), GREY, say(locale, "button.another"), emoji={"name": DICE})
    delete = _button(Button(DELETE, wish), RED, say(locale, "button.delete"))
    body = _body(content=None, embeds=[embed], buttons=[another, delete])
    if image_url.startswith(ATTACHED):
        body["attachments"] = [{"id": 0, "filename": image_url.removeprefix(ATTACHED), "description": alt}]
    return body


def failure(recipe: Recipe, wish: Wish, locale: str) -> Body:
    """Return the message for a mandala that could not be drawn."""
    retry = _button(Button(RETRY, wish, recipe.seed), GREY, say(locale, "button.retry"))
    return _body(content=say(locale, "failure"), embeds=[], buttons=[retry])


def private(sentence: str) -> Body:
    """Return the callback that shows a sentence to the asker alone."""
    return {"type": SENTENCE, "data": {"content": sentence, "flags": EPHEMERAL, "allowed_mentions": NOBODY}}


def alt_text(recipe: Recipe, locale: str) -> str:
    """Describe the picture to those who cannot see it."""
    colours = enumerate_words(locale, [say(locale, f"colour.{name}") for name in dominant(recipe)])
    return say(locale, f"alt.{recipe.style}", symmetry=recipe.symmetry, rings=recipe.rings, colours=colours)


def ingredients(recipe: Recipe, locale: str) -> str:
    """Name each option but the seed as /mando offers it."""
    values = {
        "symmetry": recipe.symmetry,
        "rings": recipe.rings,
        "style": say(locale, f"style.{recipe.style}"),
        "palette": say(locale, f"palette.{recipe.palette}"),
    }
    return " · ".join(f"{say(locale, option)} {value}" for option, value in values.items())


def _body(content: str | None, embeds: list[Body], buttons: list[Body]) -> Body:
    """Return the body of an edit: it says everything, so that nothing of the message before is left."""
    row = {"type": ROW, "components": buttons}
    return {"content": content, "embeds": embeds, "components": [row], "allowed_mentions": NOBODY}


def _button(button: Button, style: int, label: str, **look: object) -> Body:
    return {"type": BUTTON, "style": style, "label": label, "custom_id": button.custom_id, **look}
