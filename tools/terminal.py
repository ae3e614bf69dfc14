"""How a tool ends: with a sentence, whatever went wrong."""

import sys
from collections.abc import Callable

INTERRUPTED = 130


class Trouble(Exception):
    """What went wrong, with its cure: a sentence for the person at the terminal."""


def run(name: str, work: Callable[[], int]) -> int:
    """Return the exit code of a tool's work; trouble is told, and is 1."""
    try:
        return work()
    except Trouble as trouble:
        print(f"{name}: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
