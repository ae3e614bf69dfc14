"""The function as a process of its own, for a test."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playground.discord import Interaction
from playground.function import DoesNotStart, Function

__all__ = ["DoesNotStart", "Function", "line_of", "printed", "running"]


@contextmanager
def running(environ: Mapping[str, str]) -> Iterator[Function]:
    """Start the function and wait until it listens; stop it in the end."""
    function = Function(environ, print)
    function.start()
    try:
        function.wait()
        yield function
    finally:
        function.stop()


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
