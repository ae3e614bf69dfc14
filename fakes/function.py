"""The unmodified function under the real functions-framework, as a process that can be restarted."""

import http.client
import json
import math
import os
import random
import re
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fakes.web import HOST

ROOT = Path(__file__).parents[1]
THREADS = 16  # requests that one instance works on at once
START_SECONDS = 30
STOP_SECONDS = 12  # Cloud Run gives 10 s from SIGTERM
LOOK_SECONDS = 0.3
LAST_WORDS_SECONDS = 1.0  # at most: it has ended, and what it printed is still in the pipe
REMEMBERED = 1000
LAST_WORDS = 12  # lines
PORTS = range(15_000, 32_000)  # below those that outgoing connections get, which may take one before it listens
WORKER_DIED = "Worker (pid:"  # gunicorn's, which starts another
COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # a terminal's
SERVER_CHATTER = ("] [INFO] ", " * ", "WARNING: This is a development server", "Press CTRL+C", "HTTP/1.1")


class DoesNotStart(Exception):
    """The function ended, or does not listen; the message is what it printed."""


@dataclass(frozen=True)
class Program:
    """How a function is started, {port} to be filled in; without a command, somebody else starts and ends it."""

    command: str
    url: str = f"http://{HOST}:{{port}}/"  # of its endpoint
    folder: Path = ROOT

    @classmethod
    def of(cls, target: str, folder: Path, url: str = url) -> "Program":
        """Return functions-framework's for a function of a folder."""
        server = Path(sys.executable).with_name("functions-framework")
        command = f"{shlex.quote(str(server))} --target {target} --host {HOST} --port {{port}}"
        return cls(command, url, folder)


class Function:
    """One instance of the function: start() and stop() it, and read what it logs."""

    def __init__(
        self, environ: Mapping[str, str], say: Callable[[str], object], program: Program | None = None
    ) -> None:
        self.say = say
        self.program = program or Program.of("handle_request", ROOT)
        self.url = self.program.url.replace("{port}", str(free_port()))
        self.host, self.port = urlsplit(self.url).hostname or HOST, urlsplit(self.url).port or 80
        self.command = self.program.command.replace("{port}", str(self.port))
        own = {name: value.replace("{port}", str(self.port)) for name, value in environ.items()}
        self.environ = {**os.environ, "THREADS": str(THREADS), **own}
        self.lines: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)  # of its log
        self._printed: deque[tuple[float, str]] = deque(maxlen=REMEMBERED)  # when, and what that is no log line
        self.heard: Callable[[], object] = lambda: None  # called after each line
        self.died: Callable[[], object] = lambda: None  # called when it ended and nobody asked for it
        self.came: Callable[[], object] = lambda: None  # called when one that others start is there again
        self.started = 0.0  # seconds since 1970
        self._stopped = threading.Event()
        self._process: subprocess.Popen[str] | None = None
        self._reader = threading.Thread()

    @property
    def is_ours(self) -> bool:
        """Whether it is started and ended here."""
        return bool(self.command)

    def start(self) -> None:
        """Start it, or raise DoesNotStart if there is no such program."""
        self.started = time.time()
        if not self.is_ours:
            self._stopped = threading.Event()
            threading.Thread(target=self._look, args=(self._stopped,), daemon=True).start()
            return
        try:
            self._process = subprocess.Popen(  # noqa: S603 - what the user asked for
                shlex.split(self.command),
                cwd=self.program.folder,
                env=self.environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,  # its group is stopped as a whole: the server has children
            )
        except (OSError, ValueError) as error:  # no such program, or a quotation that does not close
            self._note(f"{self.command}: {getattr(error, 'strerror', error)}")
            raise DoesNotStart(self.last_words) from error
        self._reader = threading.Thread(target=self._read, args=(self._process,))
        self._reader.start()
        threading.Thread(target=self._watch, args=(self._process, self._reader), daemon=True).start()

    def _watch(self, process: subprocess.Popen[str], reader: threading.Thread) -> None:
        process.wait()
        reader.join(LAST_WORDS_SECONDS)
        if process is self._process:  # stop() has let go of its own
            self.died()

    def _look(self, stopped: threading.Event) -> None:
        """Tell when one that others start goes, and when it comes."""
        there = self.listens()
        while not stopped.wait(LOOK_SECONDS):
            if there != (there := self.listens()):
                (self.came if there else self.died)()

    @property
    def printed(self) -> list[str]:
        """Return what it has printed since it was started and that is no log line."""
        return [line for moment, line in list(self._printed) if moment >= self.started]

    def words(self, since: float, until: float = math.inf) -> list[str]:
        """Return what it has printed meanwhile (seconds since 1970), without its server's chatter."""
        lines = [line for moment, line in list(self._printed) if since <= moment < until]
        return [line for line in lines if line and not _is_chatter(line)]

    @property
    def last_words(self) -> str:
        """Return the end of what it printed, and which signal ended it."""
        status = self._process.poll() if self._process else None
        said = self.words(self.started)[-LAST_WORDS:]
        return "\n".join([*said, *([signal.strsignal(-status) or ""] if status and status < 0 else [])])

    def wait(self) -> None:
        """Wait until it takes connections, or raise DoesNotStart."""
        deadline = time.monotonic() + START_SECONDS
        while not self.listens():
            if not self.is_running or time.monotonic() > deadline:
                if self.is_ours:
                    self._reader.join(LAST_WORDS_SECONDS)
                raise DoesNotStart("\n".join(self.printed) or f"nothing listens at {self.url}")
            time.sleep(0.005)

    def wait_until_answering(self) -> None:
        """Wait until it answers a request, or raise DoesNotStart: a server may listen before the function is there."""
        self.wait()
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(self.host, self.port, timeout=START_SECONDS)
            with closing(connection):
                connection.request("GET", "/")
                connection.getresponse().read()
                return
        raise DoesNotStart("\n".join(self.printed) or f"nothing answers at {self.url}")

    def listens(self) -> bool:
        with suppress(OSError), socket.create_connection((self.host, self.port), timeout=1):
            return True
        return False

    def stop(self) -> int | None:
        """End it and all of its children, with SIGTERM first as Cloud Run does, and return its exit status."""
        self._stopped.set()
        process, self._process = self._process, None
        if process is None:
            return None
        end(process)
        self._reader.join()
        return process.returncode

    @property
    def is_running(self) -> bool:
        if not self.is_ours:
            return self.listens()
        return self._process is not None and self._process.poll() is None

    @property
    def group(self) -> int:
        """The process group of the server and its children."""
        return self._process.pid if self._process else 0

    def process_ids(self) -> list[int]:
        """Return the server's process and its children: all that are in its group."""
        return [
            process
            for process in map(int, filter(str.isdecimal, os.listdir("/proc")))  # noqa: PTH208 - names, not paths
            if _group_of(process) == self.group
        ]

    def log_of(self, interaction_id: str) -> dict[str, Any] | None:
        """Return its log line of an interaction, if there is one yet."""
        return next((each for each in list(self.lines) if each.get("interaction") == interaction_id), None)

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout  # noqa: S101 - it is a pipe
        with process.stdout:
            for line in process.stdout:
                self._note(line.rstrip("\n"))
                self.heard()

    def _note(self, line: str) -> None:
        line = COLOURS.sub("", line)
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                self.lines.append(entry)
                if entry.get("severity") == "ERROR":
                    self.say(str(entry.get("message")))
                return
        self._printed.append((time.time(), line))
        if line and not _is_chatter(line):
            self.say(line)
        if WORKER_DIED in line:
            self.died()


@contextmanager
def running(environ: Mapping[str, str], say: Callable[[str], object] = print) -> Iterator[Function]:
    """Start the function and wait until it listens; stop it in the end. Raise DoesNotStart."""
    function = Function(environ, say)
    function.start()
    try:
        function.wait()
        yield function
    finally:
        function.stop()


def end(process: subprocess.Popen[str]) -> None:
    """End a process and its children, all of the group that it leads: with SIGTERM, and SIGKILL if that is no use."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _is_chatter(line: str) -> bool:
    return any(each in line for each in SERVER_CHATTER)


def _group_of(process: int) -> int:
    with suppress(ProcessLookupError):
        return os.getpgid(process)
    return -1


def is_free(port: int) -> bool:
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    while True:
        port = random.choice(PORTS)  # noqa: S311 - no secret
        if is_free(port):
            return port
