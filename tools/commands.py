"""The commands that are ours among an application's."""

from collections.abc import Iterable, Iterator

from command import DEFINITIONS
from discord_enums import CommandType
from tools.application import Command

COMMANDS: tuple[Command, ...] = DEFINITIONS


def title(command: Command) -> str:
    """Return what people know a command by."""
    return f"/{command['name']}" if command["type"] == CommandType.CHAT_INPUT else f"“{command['name']}”"


def ours(found: Iterable[Command]) -> Iterator[Command]:
    """Yield what we registered: Discord keeps one command of each name and type."""
    identities = {(command["name"], command["type"]) for command in COMMANDS}
    return (command for command in found if (command["name"], command["type"]) in identities)
