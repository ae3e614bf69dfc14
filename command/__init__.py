"""/mando as Discord knows it, and what the bot says: the one thing that the function does."""

from command.definition import DEFINITION, DEFINITIONS
from command.respond import respond

__all__ = ["DEFINITION", "DEFINITIONS", "respond"]
