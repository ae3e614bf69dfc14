"""The function as a process of its own, for a test."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from config import RULES
from discord_enums import OptionType
from fakes import Services, command
from fakes.discord.rules import FIRST_RESPONSE, Interaction
from fakes.function import ROOT, DoesNotStart, Function, running

__all__ = ["HEAVY", "DoesNotStart", "Function", "acknowledged", "imported_for", "line_of", "printed", "running", "used"]

HEAVY = {"matplotlib", "numpy", "PIL", "RandomMandala", "bezier", "google.cloud.storage", "google.auth"}
AFTER_THE_CALLBACK = """
import atexit, json, sys
from functions_framework import create_app

headers, body = json.load(sys.stdin)
atexit.register(lambda: print(json.dumps(sorted(sys.modules))))  # once the deliveries have ended
create_app("handle_request", "main.py").test_client().post("/", headers=headers, data=body)
"""

DEFINITION = import_module(os.environ.get("COMMAND", RULES["COMMAND"][0])).DEFINITIONS[0]


def used(words: str = "red 3, blue 5", **where: Any) -> dict[str, Any]:  # noqa: ANN401 - fakes.command's
    """Return the payload of a use of the function's command, with these words in its first option that takes text."""
    texts = [each["name"] for each in DEFINITION["options"] if each["type"] == OptionType.STRING]
    return command({texts[0]: words}, name=DEFINITION["name"], **where)


@contextmanager
def acknowledged(services: Services, function: Function, *payloads: dict[str, Any]) -> Iterator[list[Interaction]]:
    """Send all at once, and yield when each has its callback; wait in the end until each request is answered."""
    everybody = [services.discord.rules.create(payload) for payload in payloads]
    with ThreadPoolExecutor(len(everybody)) as crowd:
        for sent in everybody:
            crowd.submit(services.discord.sender.deliver, function.url, sent)
        deadline = time.monotonic() + FIRST_RESPONSE
        while not all(sent.callbacks for sent in everybody):
            assert time.monotonic() < deadline, [sent.refusals for sent in everybody]
            time.sleep(0.005)
        yield everybody


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


def imported_for(services: Services, sent: Interaction) -> list[str]:
    """Return all modules that a fresh process has imported once it has answered an interaction."""
    body = json.dumps(sent.payload)
    fresh = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", AFTER_THE_CALLBACK],
        input=json.dumps([services.discord.sender.signed(body.encode()), body]),
        env={**os.environ, **services.environ},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    modules: list[str] = json.loads(fresh.stdout.splitlines()[-1])
    return modules
