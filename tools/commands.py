"""The commands that are ours among an application's."""

from collections.abc import Iterable, Iterator

from command import DEFINITIONS
from tools.application import Command

COMMANDS: tuple[Command, ...] = DEFINITIONS


def ours(found: Iterable[Command]) -> Iterator[Command]:
    """Yield what we registered: Discord keeps one command of each name and type."""
    identities = {(command["name"], command["type"]) for command in COMMANDS}
    return (command for command in found if (command["name"], command["type"]) in identities)
