"""The function as a process of its own, for a test."""

import json
import time
from typing import Any

from fakes.discord.rules import Interaction
from fakes.function import DoesNotStart, Function, running

__all__ = ["DoesNotStart", "Function", "line_of", "printed", "running"]


def line_of(function: Function, sent: Interaction, seconds: float = 20) -> dict[str, Any]:
    """Return the log line of an interaction, once it is written."""
    deadline = time.monotonic() + seconds
    while (line := function.log_of(sent.id)) is None:
        assert time.monotonic() < deadline, f"no log line for {sent.id}: {printed(function)}"
        time.sleep(0.02)
    return line


def printed(function: Function) -> str:
    """Return everything that the function has printed: log lines, and whatever else."""
    return "\n".join([*map(json.dumps, function.lines), *function.printed])
