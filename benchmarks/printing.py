"""What *Print* costs, and what others notice of it: eight /mando at once, by themselves and while one prints.

The function has one processor to itself, as on Cloud Run; both stand-ins and the crowd share another.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import fakes
from benchmarks.load import first_callback, progress
from command.message import PRINTER
from fakes import Services, command
from fakes.discord.message import Message
from fakes.discord.rules import Interaction
from fakes.function import Function, running
from picture.recipe import STYLES

ROUNDS, CROWD = 9, 8
HEAD_START = 0.5
"""Seconds from the press of Print to the crowd."""
GLANCE = 0.03
"""Seconds between two looks at the memory."""
BETWEEN = 0.5
"""Seconds from one Print to the next."""


@dataclass
class Measured:
    alone: list[float] = field(default_factory=list)
    """Milliseconds to the callbacks of the crowd."""
    meanwhile: list[float] = field(default_factory=list)
    prints: list[Interaction] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    """MiB, at the most, of each print."""


@contextmanager
def on_processors(*numbers: int) -> Iterator[None]:
    """Keep this process, and whatever it starts meanwhile, to these processors."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, numbers)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def pictures(services: Services, function: Function) -> list[Message]:
    """Return a message of each style, of as many petals as there can be."""
    most = {"seed": "print", "rings": 19, "symmetry": 20}
    return [services.discord.send(function.url, command({**most, "style": style})).wait().original for style in STYLES]


def crowd(services: Services, function: Function, users: ThreadPoolExecutor) -> list[float]:
    """Return the milliseconds from the creation of each of eight /mando at once to the arrival of its callback."""
    sent = list(users.map(lambda _: services.discord.send(function.url), range(CROWD)))
    for each in sent:
        each.wait()
    return [1000 * (first_callback(each) - each.created) for each in sent]


def start(services: Services, function: Function, message: Message, users: ThreadPoolExecutor) -> Future[Interaction]:
    """Press Print; the result is the interaction once it is answered."""
    return users.submit(services.discord.press, function.url, message, PRINTER)


def peak_memory(function: Function, printed: Future[Interaction]) -> float:
    """Return the most MiB that the function and the process that draws have together until it is printed."""
    most = 0.0
    while not (printed.done() and printed.result().done):
        most = max(most, sum(map(_memory, _family(function.process_ids()))))
        time.sleep(GLANCE)
    return most


def _family(parents: list[int]) -> set[int]:
    """Return these processes and their children."""
    family = set(parents)
    for task in (path for parent in parents for path in Path(f"/proc/{parent}/task").glob("*/children")):
        with suppress(OSError):
            family |= set(map(int, task.read_text().split()))
    return family


def _memory(process: int) -> float:
    """Return a process's share of the memory, in MiB: what several use is counted once."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return 0.0


def measure(services: Services, function: Function, users: ThreadPoolExecutor, rounds: int) -> Measured:
    messages = pictures(services, function)
    measured = Measured()
    for number in range(rounds):
        progress(f"crowd {number + 1}/{rounds}")
        message = messages[number % len(messages)]
        measured.alone += crowd(services, function, users)
        printed = start(services, function, message, users)
        time.sleep(HEAD_START)
        measured.meanwhile += crowd(services, function, users)
        finish(printed)
        again = start(services, function, message, users)
        measured.memory.append(peak_memory(function, again))
        measured.prints.append(finish(again))
    return measured


def finish(printed: Future[Interaction]) -> Interaction:
    """Wait until it is printed, and until the next can be."""
    sent = printed.result().wait()
    time.sleep(BETWEEN)
    return sent


def report(measured: Measured) -> str:
    seconds = [each.shown or 0.0 for each in measured.prints]
    files = [file for each in measured.prints for file in each.original.files.values()]
    png, svg = (max(len(each.content) for each in files if each.name.endswith(kind)) / 1000 for kind in ("png", "svg"))
    return "\n".join(
        [
            f"| {CROWD} `/mando` at once, {len(measured.alone) // CROWD} times | alone | while one prints | ratio |",
            "| --- | ---: | ---: | ---: |",
            _row("callback, median", *map(statistics.median, (measured.alone, measured.meanwhile))),
            _row("callback, the last", max(measured.alone), max(measured.meanwhile)),
            "",
            f"To the files, with nobody else: {statistics.median(seconds):.1f} s, at the most {max(seconds):.1f} s.",
            f"A PNG of {png:.0f} kB and an SVG of {svg:.0f} kB, at the most.",
            f"Memory of the function and of what it starts: {max(measured.memory):.0f} MiB at the most.",
        ]
    )


def _row(what: str, alone: float, meanwhile: float) -> str:
    return f"| {what} | {alone:.0f} ms | {meanwhile:.0f} ms | **{meanwhile / alone:.2f}** |"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.printing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"crowds with and without (default {ROUNDS})")
    rounds = parser.parse_args(argv).rounds
    for_function, *others = sorted(os.sched_getaffinity(0))
    with (
        on_processors(*others),
        fakes.serve() as services,
        ThreadPoolExecutor(CROWD + 1) as users,
        on_processors(for_function),
        running(services.environ) as function,
        on_processors(*others),
    ):
        measured = measure(services, function, users, rounds)
    progress("\n")
    print(report(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())
