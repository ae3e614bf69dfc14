"""How long a fresh instance takes to its first callback, against the same function with all libraries imported first.

Both run under the real functions-framework, each start with an empty font cache, as on a new instance of Cloud Run. The
time runs from the start of the process to the callback's arrival at Discord: a cold start spends the same 3 s.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import fakes
from command.message import PENCIL
from fakes import Services, press
from fakes.function import ROOT, Function

ROUNDS = 9
SOURCES = {"mando": ROOT / "main.py", "all imported first": ROOT / "benchmarks" / "eager.py"}
HELP = "python -m benchmarks.cold_start"


def first(services: Services, source: Path, payload: dict[str, Any] | None = None) -> dict[str, float]:
    """Return the seconds from the start of a process to each request to Discord that this (default: /mando) causes."""
    with tempfile.TemporaryDirectory() as font_cache:
        function = Function({**services.environ, "MPLCONFIGDIR": font_cache, "FUNCTION_SOURCE": str(source)}, print)
        start = time.time()
        function.start()
        try:
            function.wait()
            sent = services.discord.send(function.url, payload).wait()
        finally:
            function.stop()
    return {exchange.kind: exchange.started - start for exchange in sent.exchanges}


def first_modal(services: Services) -> float:
    """Return the seconds from the start of a process to the modal of *Edit*, as its first callback."""
    message = next(each for each in services.discord.messages if PENCIL in each.buttons)
    return first(services, SOURCES["mando"], press(message, message.buttons[PENCIL]))["callback"]


def measure(rounds: int) -> tuple[dict[str, list[tuple[float, float]]], list[float]]:
    """Return the seconds to the callback and to the picture for each way, and to the modal, all taking turns."""
    times: dict[str, list[tuple[float, float]]] = {way: [] for way in SOURCES}
    modals = []
    with fakes.serve() as services:
        for number in range(rounds):
            print(f"\rcold start {number + 1}/{rounds}", end="", file=sys.stderr, flush=True)
            for way, source in SOURCES.items():
                arrived = first(services, source)
                times[way].append((arrived["callback"], arrived["edit"]))
            modals.append(first_modal(services))
    print(file=sys.stderr)
    return times, modals


def table(times: dict[str, list[tuple[float, float]]]) -> str:
    """Return the medians as Markdown."""
    medians = {way: [statistics.median(column) for column in zip(*rows, strict=True)] for way, rows in times.items()}
    ours, theirs = medians.values()
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return "\n".join(
        [
            f"| from a process's start, median of {len(times['mando'])} | to the callback | to the first picture |",
            "| --- | --- | --- |",
            *(f"| {way} | {callback:.2f} s | {edit:.2f} s |" for way, (callback, edit) in medians.items()),
            f"| ratio | **{ratios[0]:.2f}** | **{ratios[1]:.2f}** |",
        ]
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(HELP, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"starts of each way (default {ROUNDS})")
    times, modals = measure(parser.parse_args(argv).rounds)
    print(table(times))
    print(f"\nTo the modal of *Edit*, mando: {statistics.median(modals):.2f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
