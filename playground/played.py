"""What is played: the commands of the module that COMMAND names, and of them the first that is typed."""

import sys

from discord_enums import CommandType
from tools import settings
from tools.commands import definitions, module
from tools.terminal import Trouble

__all__ = ["DEFINITION", "DEFINITIONS", "MODULE"]

try:
    MODULE = module(settings.read())
    DEFINITIONS = list(definitions({"COMMAND": MODULE}))
    DEFINITION = {"options": [], **next(each for each in DEFINITIONS if each["type"] == CommandType.CHAT_INPUT)}
except Trouble as trouble:
    sys.exit(f"playground: {trouble}")
