"""Whether the simulation is right where it can be tried: one and two real instances under the same arrivals.

Each real instance has a quota of half a CPU, so that two of them and the sender fit on a machine with two. The costs
are measured on such an instance; how fast the machine was during a run, by the CPU that a mandala took then.
"""

import random
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import fakes
from benchmarks.scale.assumptions import Measured, Settings
from benchmarks.scale.calibrate import measure
from benchmarks.scale.cloud_run import simulate
from benchmarks.scale.real import BUCKET_AWAY, DISCORD_AWAY, NoQuotas, cpu_seconds, instances, play
from fakes import Services

QUOTA = 0.5
CONCURRENCY = 4
"""Fewer than a wave has requests, so that most wait in line as in a crowd."""
WAVES, WAVE, BETWEEN, WITHIN = 4, 12, 5.0, 0.5
"""Waves, the requests of one to each instance, seconds from one to the next, and over which one is spread."""
SEEDS = 5
"""Simulations whose times are taken together: what one draws is up to chance."""
TOLERANCE = 0.3
MEASURES = ("callback, median", "callback, 95th percentile", "picture, median", "picture, 95th percentile")


@dataclass(frozen=True)
class Result:
    seconds: tuple[float, ...]
    """From the creation: MEASURES."""
    cpu: float = 0.0
    """Seconds of a mandala."""


def arrivals(count: int) -> list[float]:
    """Return the moments of requests to so many instances, the same each time."""
    chance = random.Random(count)  # noqa: S311 - no secret
    return sorted(wave * BETWEEN + chance.uniform(0, WITHIN) for wave in range(WAVES) for _ in range(WAVE * count))


def real(services: Services, count: int) -> Result:
    with instances(services, count, QUOTA) as functions:
        before = sum(map(cpu_seconds, functions))
        sent = play(services, functions, arrivals(count), CONCURRENCY)
        cpu = (sum(map(cpu_seconds, functions)) - before) / len(sent)
    callbacks = [each.started - one.created for one in sent for each in one.exchanges if each.kind == "callback"]
    return Result(_quantiles(callbacks, [each.shown for each in sent if each.shown]), cpu)


def simulated(measured: Measured, count: int, cpu: float) -> Result:
    """Simulate the same instances, at the speed at which a mandala takes so much CPU."""
    settings = Settings(
        measured,
        min_instances=count,
        max_instances=count,
        concurrency=CONCURRENCY,
        quota=QUOTA,
        speed=measured.mandala / cpu,
        discord=DISCORD_AWAY,
        bucket=BUCKET_AWAY,
        front=0.0,
    )
    mandos = [each for seed in range(SEEDS) for each in simulate(settings, arrivals(count), seed=seed).mandos]
    callbacks = [each.told - each.created - DISCORD_AWAY for each in mandos if each.told]
    return Result(_quantiles(callbacks, [each.shown - each.created for each in mandos if each.shown]))


def _quantiles(callbacks: Sequence[float], pictures: Sequence[float]) -> tuple[float, ...]:
    cuts = [statistics.quantiles(each, n=20) for each in (callbacks, pictures)]
    return tuple(cut[place] for cut in cuts for place in (9, 18))


def table(pairs: dict[str, tuple[Result, Result]]) -> str:
    lines = [f"| seconds to the ... | {' | '.join(f'{name}: real | simulated | ratio' for name in pairs)} |"]
    lines.append("| --- |" + " ---: |" * 3 * len(pairs))
    for row, measure_ in enumerate(MEASURES):
        cells = [f"{a.seconds[row]:.2f} | {b.seconds[row]:.2f} | {_ratio(a, b, row):.2f}" for a, b in pairs.values()]
        lines.append(f"| {measure_} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _ratio(real_: Result, simulated_: Result, row: int) -> float:
    return simulated_.seconds[row] / real_.seconds[row]


def main() -> int:
    """Print both, and return 1 when they are further apart than TOLERANCE."""
    pairs = {}
    try:
        with fakes.serve() as services:
            measured = measure(services, QUOTA)
            for count, name in ((1, "one instance"), (2, "two instances")):
                result = real(services, count)
                pairs[name] = result, simulated(measured, count, result.cpu)
    except NoQuotas as error:
        print(f"Not checked: {error}.")
        return 0
    print(table(pairs))
    ratios = [_ratio(*pair, row) for pair in pairs.values() for row in range(len(MEASURES))]
    return int(any(abs(ratio - 1) > TOLERANCE for ratio in ratios))


if __name__ == "__main__":
    sys.exit(main())
