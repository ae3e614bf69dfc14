"""Whether many at once are all answered: 120 /mando, 16 at a time, on one instance, against the post's way.

Discord is 100 ms and the bucket 150 ms away; the instance has 16 threads. Then mandala after mandala on one warm
instance, to see whether its memory grows.
"""

import argparse
import resource
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import fakes
from fakes import Services
from fakes.discord.rules import Interaction
from fakes.function import ROOT, Function, running

AT_ONCE = 16
COUNT = 120
STEADY = 500
WARM_UP = 60
PATIENCE = 60
DISCORD_AWAY, BUCKET_AWAY = 0.1, 0.15  # seconds
SOURCES = {"mando": ROOT / "main.py", "the post's way": ROOT / "benchmarks" / "the_post.py"}


@dataclass(frozen=True)
class Result:
    answered: int
    delivered: int
    distinct: int
    callback: float  # seconds from the creation of an interaction to the callback, median
    shown: float  # to the picture, median
    rate: float  # mandalas a second


def instance(services: Services, source: Path) -> AbstractContextManager[Function]:
    environ = {**services.environ, "THREADS": str(AT_ONCE), "FUNCTION_SOURCE": str(source)}
    return running(environ, say=lambda _: None)


def send(services: Services, function: Function) -> Interaction:
    sent = services.discord.send(function.url)
    try:
        return sent.wait(PATIENCE)
    except TimeoutError:
        return sent


def crowd(services: Services, source: Path) -> Result:
    """Send COUNT interactions, AT_ONCE at a time, to an instance that has drawn before."""
    with instance(services, source) as function, ThreadPoolExecutor(AT_ONCE) as users:
        send(services, function)
        services.faults.discord_latency, services.faults.bucket_latency = DISCORD_AWAY, BUCKET_AWAY
        start = time.monotonic()
        everybody = list(users.map(lambda _: send(services, function), range(COUNT)))
        seconds = time.monotonic() - start
        services.faults.clear()
    pictures = [services.picture(sent.message).data for sent in everybody if sent.message and sent.message.image_url]
    callbacks = [first_callback(sent) - sent.created for sent in everybody if sent.callbacks]
    return Result(
        answered=sum(sent.status is not None and bool(sent.callbacks) for sent in everybody),
        delivered=len(pictures),
        distinct=len(set(pictures)),
        callback=statistics.median(callbacks or [float("nan")]),
        shown=statistics.median([sent.shown for sent in everybody if sent.shown] or [float("nan")]),
        rate=len(pictures) / seconds,
    )


def first_callback(sent: Interaction) -> float:
    return next(exchange.started for exchange in sent.exchanges if exchange.kind == "callback")


def steady(services: Services, count: int) -> tuple[float, float]:
    """Return the worker's resident memory, in MB, after WARM_UP mandalas and after count more."""
    with instance(services, SOURCES["mando"]) as function, ThreadPoolExecutor(4) as users:
        sizes = []
        for part in (WARM_UP, count):
            for number, _ in enumerate(users.map(lambda _: send(services, function), range(part))):
                progress(f"mandala {number + 1}/{part}")
            sizes.append(resident(function))
    return sizes[0], sizes[1]


def resident(function: Function) -> float:
    """Return the resident memory of the process that draws: the largest of the function's, in MB."""
    pages = [int(Path(f"/proc/{process}/statm").read_text().split()[1]) for process in function.process_ids()]
    return max(pages) * resource.getpagesize() / 1e6


def progress(text: str) -> None:
    print(f"\r{text}  ", end="", file=sys.stderr, flush=True)


def table(results: dict[str, Result]) -> str:
    rows = {
        "callback within 3 s, and the request answered": lambda result: f"{result.answered} of {COUNT}",
        "delivered": lambda result: f"{result.delivered} of {COUNT}",
        "distinct pictures": lambda result: f"{result.distinct}",
        "creation to callback, median": lambda result: f"{result.callback:.2f} s",
        "creation to picture, median": lambda result: f"{result.shown:.2f} s",
        "mandalas a second": lambda result: f"{result.rate:.1f}",
    }
    lines = [f"| {COUNT} `/mando`, {AT_ONCE} at once | {' | '.join(results)} |", "| --- |" + " --- |" * len(results)]
    lines += [f"| {name} | {' | '.join(map(cell, results.values()))} |" for name, cell in rows.items()]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.load", description=__doc__)
    parser.add_argument("--steady", type=int, default=STEADY, help=f"mandalas for the memory (default {STEADY})")
    count = parser.parse_args(argv).steady
    with fakes.serve() as services:
        results = {}
        for way, source in SOURCES.items():
            progress(f"{COUNT} at {AT_ONCE}: {way}")
            results[way] = crowd(services, source)
        before, after = steady(services, count)
    progress("\n")
    print(table(results))
    print(
        f"\nMemory: {before:.0f} MB after {WARM_UP} mandalas, {after:.0f} MB after {count} more ({after / before:.2f})"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
