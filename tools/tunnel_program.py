"""The programs that give a port of this machine an address in the world."""

import re
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from fakes.function import end
from tools.terminal import Trouble

SECONDS = 30.0
"""Until a program must have an address."""
LAST_LINES = 5


@dataclass(frozen=True)
class Program:
    arguments: tuple[str, ...]
    address: re.Pattern[str]
    """As it stands in what the program prints."""
    install: str


PROGRAMS = {
    "ngrok": Program(
        ("http", "{port}", "--log=stdout", "--log-format=logfmt", "--log-level=info"),
        re.compile(r'msg="started tunnel".* url=(https?://\S+)'),
        "https://ngrok.com/download; it needs an account: ngrok config add-authtoken",
    ),
    "cloudflared": Program(
        # A configuration of the user's own is of another tunnel, and keeps this one from starting.
        ("tunnel", "--no-autoupdate", "--config", "/dev/null", "--url", "http://127.0.0.1:{port}"),
        re.compile(r"\| +(https?://\S+) +\|"),
        "https://github.com/cloudflare/cloudflared/releases; it needs no account",
    ),
}
"""The first one that is installed and gives an address is used."""
NEITHER = "no tunnel program is installed. Either will do:\n" + "\n".join(
    f"  {name}: {program.install}" for name, program in PROGRAMS.items()
)


class Tunnel:
    """A tunnel program at work: its process, and the address that it gave."""

    def __init__(self, name: str, port: int) -> None:
        program, path = PROGRAMS[name], shutil.which(name)
        if not path:
            raise Trouble(f"{name} is not installed: {program.install}")
        self.name, self.url = name, ""
        self.printed: deque[str] = deque(maxlen=LAST_LINES)
        self.process = subprocess.Popen(  # noqa: S603 - a number among fixed words
            [path, *(each.format(port=port) for each in program.arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # a Ctrl-C is ours: the endpoint is set back while the tunnel is still open
        )
        self._address: Future[str] = Future()
        self._reader = threading.Thread(target=self._read, args=(program.address,))
        self._reader.start()

    def has_address(self) -> bool:
        """Wait until it has one, or never will."""
        with suppress(TimeoutError):
            self.url = self._address.result(SECONDS)
        return bool(self.url)

    def trouble(self, what: str) -> Trouble:
        return Trouble("\n  ".join([f"{self.name} {what}; the last that it said:", *(self.printed or ["nothing"])]))

    def stop(self) -> None:
        end(self.process)
        self._reader.join()

    def _read(self, address: re.Pattern[str]) -> None:
        """Read to the end, or the program would wait for a reader."""
        assert self.process.stdout  # noqa: S101 - it is a pipe
        with self.process.stdout:
            for line in self.process.stdout:
                self.printed.append(line.strip())
                if found := address.search(line):
                    with suppress(InvalidStateError):
                        self._address.set_result(found[1])
        with suppress(InvalidStateError):
            self._address.set_result("")


@contextmanager
def opened(names: Sequence[str], port: int) -> Iterator[Tunnel]:
    """Have the first of these programs that gives an address lead to this port, or raise Trouble."""
    troubles = []
    for name in names:
        tunnel = Tunnel(name, port)
        try:
            if tunnel.has_address():
                yield tunnel
                return
            troubles.append(str(tunnel.trouble("gives no address")))
        finally:
            tunnel.stop()
    raise Trouble("\n".join(troubles) or NEITHER)


def installed() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name)]
