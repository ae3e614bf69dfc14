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

import fakes
from fakes import Services
from fakes.function import ROOT, Function

ROUNDS = 9
SOURCES = {"mando": ROOT / "main.py", "all imported first": ROOT / "benchmarks" / "eager.py"}
HELP = "python -m benchmarks.cold_start"


def first_mandala(services: Services, source: Path) -> tuple[float, float]:
    """Return the seconds from the start of a process to its first callback, and to its first picture's edit."""
    with tempfile.TemporaryDirectory() as font_cache:
        function = Function({**services.environ, "MPLCONFIGDIR": font_cache, "FUNCTION_SOURCE": str(source)}, print)
        start = time.time()
        function.start()
        try:
            function.wait()
            sent = services.discord.send(function.url).wait()
        finally:
            function.stop()
    arrived = {exchange.kind: exchange.started - start for exchange in sent.exchanges}
    return arrived["callback"], arrived["edit"]


def measure(rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return what first_mandala() gave for each way, the ways taking turns."""
    times: dict[str, list[tuple[float, float]]] = {way: [] for way in SOURCES}
    with fakes.serve() as services:
        for number in range(rounds):
            print(f"\rcold start {number + 1}/{rounds}", end="", file=sys.stderr, flush=True)
            for way, source in SOURCES.items():
                times[way].append(first_mandala(services, source))
    print(file=sys.stderr)
    return times


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
    print(table(measure(parser.parse_args(argv).rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
