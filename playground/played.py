"""The command that is played: of the module that COMMAND names, the first that is typed."""

import sys

from discord_enums import CommandType
from tools import settings
from tools.commands import definitions, module
from tools.terminal import Trouble

__all__ = ["DEFINITION", "MODULE"]

try:
    MODULE = module(settings.read())
    typed = (each for each in definitions({"COMMAND": MODULE}) if each["type"] == CommandType.CHAT_INPUT)
    DEFINITION = {"options": [], **next(typed)}
except Trouble as trouble:
    sys.exit(f"playground: {trouble}")
