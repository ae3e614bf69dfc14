"""What becomes of a crowd at one instance: thirty at once over HTTPS and HTTP, a thousand, and an end in the middle.

The instance has the 64 threads that deploy.sh sets; the platform's concurrency stands before it only where it is said.
"""

import argparse
import socket
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from typing import override

import fakes
from benchmarks.load import first_callback, progress
from fakes import Services
from fakes.discord.rules import Interaction
from fakes.discord.sender import Sender
from fakes.function import Function, running

THREADS = 64
THIRTY, ROUNDS, KEPT = 30, 6, 120
THOUSAND, CONCURRENCY = 1000, 8
CROWD, ENDS, KILLED_AT = 300, 5, 0.5
TRICKLERS, TRICKLE = 4, 0.3
FIRST_RESPONSE = 3.0
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"


class FrontEnd(Sender):
    """Sends as a proxy does, Cloud Run's in all likelihood: each of its threads keeps a connection."""

    def __init__(self, sender: Sender) -> None:
        super().__init__(sender.discord, sender.faults, sender.key)
        self._kept = threading.local()

    @override
    @contextmanager
    def connected(self, host: str, port: int | None, seconds: float) -> Iterator[HTTPConnection]:
        connection: HTTPConnection = vars(self._kept).setdefault("connection", HTTPConnection(host, port))
        connection.timeout = seconds
        if connection.sock:
            connection.sock.settimeout(seconds)
        try:
            yield connection
        except BaseException:
            connection.close()  # it opens again
            raise


def warm(services: Services) -> AbstractContextManager[Function]:
    return running({**services.environ, "THREADS": str(THREADS)}, say=lambda _: None)


def at_once(services: Services, function: Function, count: int, users: int) -> list[Interaction]:
    """Create so many interactions in one moment and send them, so many requests at a time; return them answered."""
    everybody = [services.discord.rules.create(fakes.command()) for _ in range(count)]
    front_end = FrontEnd(services.discord.sender)
    with ThreadPoolExecutor(users) as crowd:
        list(crowd.map(lambda each: front_end.deliver(function.url, each), everybody))
    return everybody


def thirty(*, tls: bool) -> str:
    """Return how late the last of thirty callbacks is, and how many connections are opened for KEPT mandalas."""
    with fakes.serve(tls=tls) as services, warm(services) as function:
        services.discord.send(function.url).wait()
        slowest = []
        for number in range(ROUNDS):
            progress(f"thirty over {'HTTPS' if tls else 'HTTP'}: {number + 1}/{ROUNDS}")
            everybody = at_once(services, function, THIRTY, THIRTY)
            slowest.append(max(first_callback(each.wait()) - each.created for each in everybody))
        before = services.discord.api.server.opened
        for _ in range(KEPT // THIRTY):
            for each in at_once(services, function, THIRTY, THIRTY):
                each.wait()
        opened = services.discord.api.server.opened - before
    return f"{statistics.median(slowest):.2f} s ({min(slowest):.2f} to {max(slowest):.2f}) | {opened}"


def thousand(users: int) -> str:
    """Return what a thousand at once are told within 3 s, so many requests at a time."""
    with fakes.serve() as services, warm(services) as function:
        services.discord.send(function.url).wait()
        progress(f"a thousand, {users} at a time")
        everybody = at_once(services, function, THOUSAND, users)
        told = sum(bool(each.callbacks) and first_callback(each) - each.created <= FIRST_RESPONSE for each in everybody)
        with suppress(TimeoutError):
            for each in everybody:
                if each.callbacks:
                    each.wait()
        return f"{told} | {_counted(everybody)}"


def end(bucket: str | None = None, tricklers: int = 0) -> str:
    """Return what becomes of a crowd whose instance gets SIGTERM half a second later, and its exit status."""
    with fakes.serve() as services, warm(services) as function, ExitStack() as stack:
        services.discord.send(function.url).wait()
        services.faults.bucket = bucket
        stack.enter_context(_trickling(function.port, tricklers))
        sending = threading.Thread(target=lambda: everybody.extend(at_once(services, function, CROWD, CROWD)))
        everybody: list[Interaction] = []
        sending.start()
        time.sleep(KILLED_AT)
        start = time.monotonic()
        status = function.stop()
        seconds = time.monotonic() - start
        sending.join()
    return f"{_counted(everybody)} | {status} | {seconds:.1f} s"


@contextmanager
def _trickling(port: int, count: int) -> Iterator[None]:
    """Send so many requests a byte at a time until the block ends."""
    over = threading.Event()
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(count)]
        for client in clients:
            client.sendall(HEAD)

        def drip() -> None:
            while not over.wait(TRICKLE):
                for client in clients:
                    with suppress(OSError):
                        client.sendall(b"{")

        threading.Thread(target=drip, daemon=True).start()
        yield
        over.set()


def _counted(everybody: Sequence[Interaction]) -> str:
    return ", ".join(f"{count} {name}" for name, count in Counter(each.fate for each in everybody).most_common())


ENDINGS: dict[str, tuple[str | None, int]] = {
    "all is well": (None, 0),
    "the bucket hangs": ("hang", 0),
    "the bucket hangs, 4 trickle": ("hang", TRICKLERS),
}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.crowd", description=__doc__)
    parser.add_argument(
        "--ends", type=int, default=ENDS, help=f"runs of a thousand, and of each kind of end (default {ENDS})"
    )
    ends = parser.parse_args(argv).ends
    print(
        f"| {THIRTY} at once | slowest callback, median of {ROUNDS} | connections for {KEPT} |\n| --- | ---: | ---: |"
    )
    for name, tls in {"HTTP": False, "HTTPS": True}.items():
        print(f"| {name} | {thirty(tls=tls)} |")
    print(f"\n| {THOUSAND} at once | told within 3 s | in the end |\n| --- | ---: | --- |")
    for users in (CONCURRENCY, THREADS):
        for _ in range(ends):
            print(f"| {users} requests at a time | {thousand(users)} |")
    print(
        f"\n| {CROWD} at once, SIGTERM after {KILLED_AT} s | in the end | exit | after |\n| --- | --- | ---: | ---: |"
    )
    for name, (bucket, tricklers) in ENDINGS.items():
        for number in range(ends):
            progress(f"{name}: {number + 1}/{ends}")
            print(f"| {name} | {end(bucket, tricklers)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
