"""/mando as Discord knows it, and what the bot says: the one thing that the function does."""

from command.definition import DEFINITION
from command.respond import Deletion, Drawing, NotOurs, Response, Sentence, respond

__all__ = ["DEFINITION", "Deletion", "Drawing", "NotOurs", "Response", "Sentence", "respond"]
