"""What Discord is told to show: the mandala with its words and buttons, what is printed, the failure, the sentence."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from command.buttons import ANOTHER, DELETE, EDIT, NO_OWNER, PRINT, RETRY, Button
from command.options import Options
from command.translations import join_list, translate
from discord_enums import ButtonStyle, CallbackType, ComponentType, MessageFlag
from picture.colours import dominant
from picture.recipe import Recipe, fingerprint

Body = dict[str, Any]

NOBODY: Body = {"parse": []}
DICE, PENCIL, PRINTER, BIN = "🎲", "✏️", "🖨️", "🗑️"
SEPARATOR = " · "
PERSON = re.compile(r"<@[0-9]{1,20}>", re.ASCII)
"""A mention: what *Their mandala* draws from, and what Discord sends of an "@" in the seed of a /mando."""


def picture(recipe: Recipe, options: Options, locale: str, image_url: str) -> Body:
    """Return the message with the mandala, and below it what it takes to type it again.

    The URL is the picture's own, or attachment://<file name>. The words are a footer, under the picture and plain: no
    markdown, no mention; backticks tell where a seed ends. A person is shown by name instead, which notifies nobody in
    an embed.
    """
    red, green, blue = next(iter(dominant(recipe).values()))
    words = [ingredients(recipe, locale)]
    embed: Body = {
        "color": red << 16 | green << 8 | blue,
        "image": {"url": image_url, "description": alt_text(recipe, locale)},
    }
    if PERSON.fullmatch(recipe.seed):
        embed["description"] = recipe.seed
    else:
        words.insert(0, _quoted(recipe.seed))
    embed["footer"] = {"text": SEPARATOR.join(words)}
    return _body(None, [embed], _four_buttons(recipe, options, locale))


def _four_buttons(recipe: Recipe, options: Options, locale: str) -> list[Body]:
    """Return one row of a telephone: only the first has room for a word."""
    another = translate(locale, "button.another")
    return [
        _button(Button(ANOTHER, options), DICE, another),
        _button(Button(EDIT, options, recipe.seed), PENCIL),
        _button(Button(PRINT, options, recipe.seed), PRINTER),
        _button(Button(DELETE, options), BIN, style=ButtonStyle.DANGER),
    ]


def prints(locale: str, size: int | None) -> Body:
    """Return the message to which an SVG is attached, and a PNG of so many pixels a side unless that is too large."""
    sentence = translate(locale, "print.both", size=size) if size else translate(locale, "print.svg")
    return _body(sentence, [], [])


def failure(recipe: Recipe, options: Options, locale: str, again: str = RETRY) -> Body:
    """Return the message for a mandala that could not be drawn; its button tries this action again."""
    retry = _button(Button(again, options, recipe.seed), label=translate(locale, "button.retry"))
    return _body(translate(locale, "failure"), [], [retry])


def private(sentence: str) -> Body:
    """Return the callback that shows a sentence to the asker alone."""
    return {
        "type": CallbackType.CHANNEL_MESSAGE_WITH_SOURCE,
        "data": {"content": sentence, "flags": MessageFlag.EPHEMERAL, "allowed_mentions": NOBODY},
    }


def private_with_edit(sentence: str, options: Options, seed: str, locale: str) -> Body:
    """Return the private sentence with a button that opens the modal with what was asked for.

    It owns nobody's message, so what is submitted then becomes a message of its own. Where the custom_id has only the
    seed's fingerprint, the words stand beside it.
    """
    edit = Button(EDIT, replace(options, owner=NO_OWNER), seed)
    body = private(sentence)
    body["data"]["components"] = [_row([_button(edit, PENCIL, translate(locale, "button.edit"))])]
    if seed and not edit.custom_id.endswith(f":{seed}"):
        body["data"]["embeds"] = [{"footer": {"text": _quoted(seed)}}]
    return body


def seed_in_words(message: Mapping[str, Any], seed: str) -> str:
    """Return the words whose fingerprint a seed is, if the message shows them; else the seed as it is."""
    match message:
        case {"embeds": [{"footer": {"text": str(text)}}]} if fingerprint(words := text[1:].partition("`")[0]) == seed:
            return words
    return seed


def _quoted(seed: str) -> str:
    """Return a seed, in which no backtick stands, in backticks."""
    return f"`{seed}`"


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
    return SEPARATOR.join(f"{translate(locale, option)} {value}" for option, value in values.items())


def _body(content: str | None, embeds: list[Body], buttons: list[Body]) -> Body:
    """Return the body of an edit: it says everything, so that nothing of the message before is left."""
    components = [_row(buttons)] if buttons else []
    return {"content": content, "embeds": embeds, "components": components, "allowed_mentions": NOBODY}


def _row(buttons: list[Body]) -> Body:
    return {"type": ComponentType.ACTION_ROW, "components": buttons}


def _button(button: Button, emoji: str = "", label: str = "", style: ButtonStyle = ButtonStyle.SECONDARY) -> Body:
    look = {"label": label} if label else {}
    picture = {"emoji": {"name": emoji}} if emoji else {}
    return {"type": ComponentType.BUTTON, "style": style, "custom_id": button.custom_id, **look, **picture}
