"""The function under the real functions-framework, as a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.discord import Interaction

ROOT = Path(__file__).parents[1]
SERVER = Path(sys.executable).with_name("functions-framework")
START_SECONDS = 20


@dataclass(frozen=True)
class Function:
    """A running function: where it listens, and what it has printed."""

    process: subprocess.Popen[bytes]
    port: int
    output: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def printed(self) -> str:
        return self.output.read_text()

    def lines(self) -> list[dict[str, Any]]:
        """Return the log lines so far."""
        return [json.loads(line) for line in self.printed.splitlines() if line.startswith("{")]

    def line_of(self, sent: Interaction, seconds: float = 20) -> dict[str, Any]:
        """Return the log line of an interaction, once it is written."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in self.lines():
                if line.get("interaction") == sent.id:
                    return line
            time.sleep(0.02)
        raise AssertionError(f"no log line for {sent.id}:\n{self.printed}")

    def terminate(self) -> None:
        """Send SIGTERM, as Cloud Run does before it takes an instance away."""
        self.process.send_signal(signal.SIGTERM)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(environ: Mapping[str, str], output: Path, threads: int = 16) -> Iterator[Function]:
    """Start the function and wait until it listens; in the end, stop it."""
    port = free_port()
    settings = {"THREADS": str(threads), "PYTHONPATH": os.environ.get("PYTHONPATH", ""), **environ}
    with output.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [SERVER, "--target", "handle_request", "--host", "127.0.0.1", "--port", str(port)],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **settings},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    function = Function(process, port, output)
    try:
        wait_until_listening(function)
        yield function
    finally:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_until_listening(function: Function) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and function.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", function.port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"the function does not start:\n{function.printed}")
