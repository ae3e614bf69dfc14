"""What a button carries in its custom_id: everything that a press needs, so that nothing is stored anywhere.

    1:another:123456789012345678:12::fill::p:
    1:edit:123456789012345678:12::fill::p:Ada Lovelace

These are version, action, owner, symmetry, rings, style, palette, "p" for private, and the seed where a press needs it;
what was not given is empty. A custom_id has 100 characters, and a seed alone may have as many: one that does not fit
travels as its fingerprint, a name of 23 characters that draws the same picture. The modal of *Edit* carries the same:
whose message it is, and whether that is private.
"""

import re
from dataclasses import dataclass
from typing import Self

from command.options import Options
from picture.recipe import fingerprint

VERSION = 1  # counted up whenever a press of an older button could no longer be understood
LENGTH = 100  # of a custom_id, for Discord

ANOTHER, DELETE, RETRY, EDIT, PRINT = ACTIONS = ("another", "delete", "retry", "edit", "print")
NO_OWNER = "0"
"""Owns the message of a button that opens a modal whose submission is to make a message of its own."""

FORM = re.compile(
    rf"{VERSION}:(?P<action>{'|'.join(ACTIONS)}):(?P<owner>[0-9]{{1,20}}):(?P<symmetry>[0-9]{{0,2}})"
    r":(?P<rings>[0-9]{0,2}):(?P<style>[a-z_]*):(?P<palette>[a-z_]*):(?P<private>p?):(?P<seed>.*)",
)


class Unreadable(ValueError):
    """No button of this version carries this."""


@dataclass(frozen=True)
class Button:
    """What a press of it asks for."""

    action: str
    options: Options
    seed: str = ""

    @property
    def custom_id(self) -> str:
        """At most 100 characters, however Discord counts them: an emoji is one or two."""
        given = self.options
        values = [given.symmetry, given.rings, given.style, given.palette, "p" if given.private else None]
        parts = [VERSION, self.action, given.owner, *("" if value is None else value for value in values), ""]
        start = ":".join(map(str, parts))
        fits = utf16_length(start + self.seed) <= LENGTH
        return start + (self.seed if fits else fingerprint(self.seed))

    @classmethod
    def read(cls, custom_id: object) -> Self:
        """Return the button of a custom_id, or raise Unreadable."""
        match = FORM.fullmatch(custom_id) if isinstance(custom_id, str) else None
        if match is None:
            raise Unreadable
        options = Options(
            match["owner"],
            symmetry=int(match["symmetry"]) if match["symmetry"] else None,
            rings=int(match["rings"]) if match["rings"] else None,
            style=match["style"] or None,
            palette=match["palette"] or None,
            private=bool(match["private"]),
        )
        return cls(match["action"], options, match["seed"])


def utf16_length(text: str) -> int:
    """Count as Discord's client does."""
    return len(text.encode("utf-16-le")) // 2
