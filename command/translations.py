"""What the bot says, in the languages of its catalogue."""

import json
from collections.abc import Sequence
from pathlib import Path

CATALOGUE: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("catalogue.json").read_bytes())
"""Each text by its key, then by Discord's locale: https://discord.com/developers/docs/reference#locales.

A word that Discord's client has too is the client's: https://github.com/brawaru/discord-i18n-monitor (2019).
"""

DEFAULT = "en-GB"
FALLBACKS = {"es-419": "es-ES"}  # Discord's own, for the names of commands


def translate(locale: str, key: str, **values: object) -> str:
    """Return a text in the asker's language, or in English when the catalogue does not have it."""
    texts = CATALOGUE[key]
    return texts.get(FALLBACKS.get(locale, locale), texts[DEFAULT]).format(**values)


def join_list(locale: str, items: Sequence[str]) -> str:
    """Return "teal, gold and plum" from at least one item."""
    *others, last = items
    return (
        translate(locale, "list.and", others=translate(locale, "list.comma").join(others), last=last)
        if others
        else last
    )
