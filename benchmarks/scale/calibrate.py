"""What the real function costs in CPU: a callback, a drawing, a delivery, and the imports of a first drawing."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import fakes
import mando
from benchmarks.scale.assumptions import Measured
from benchmarks.scale.real import PATIENCE, cpu_seconds, instances
from fakes import Services
from fakes.function import Function
from picture.recipe import Recipe

COUNT = 60
USERS = 4
SENTENCE = {"symmetry": 99}
"""Options that are answered with a private sentence: a callback and nothing else."""
SMALL = {"symmetry": 3, "rings": 4}
"""Options of a mandala that is drawn in no time: what is left is mostly its delivery."""


def measure(services: Services, quota: float | None) -> Measured:
    """Measure an instance, with this quota if any, under load as it is in a crowd."""
    with instances(services, 1, quota, warm=False) as (function,):
        first = _spent(services, function, 1, {})
        whole = _spent(services, function, COUNT, {}) / COUNT
        callback = _spent(services, function, COUNT, SENTENCE) / COUNT
        small = _spent(services, function, COUNT, SMALL) / COUNT
    delivery = max(small - callback - statistics.median(_drawings(SMALL)), 0.0)
    drawings = _drawings({})
    scale = (whole - callback - delivery) / statistics.mean(drawings)  # the sender beside it makes it slower
    drawings = [scale * each for each in drawings]
    return Measured(callback, delivery, max(first - whole, 0.0), tuple(drawings), _second_cpu())


def _drawings(options: dict[str, Any]) -> list[float]:
    """Return the CPU seconds of as many drawings, in this process."""
    spent = []
    for _ in range(COUNT):
        recipe = Recipe.random(**options)
        start = time.thread_time()
        mando.draw(recipe)
        spent.append(time.thread_time() - start)
    return spent


def _second_cpu() -> float:
    """Return what two threads draw more than one in the same time."""
    recipes = [Recipe.of(str(number)) for number in range(COUNT)]
    took = []
    for threads in (1, 2):
        with ThreadPoolExecutor(threads) as pool:
            start = time.monotonic()
            list(pool.map(mando.draw, recipes))
            took.append(time.monotonic() - start)
    return max(took[0] / took[1] - 1, 0.0)


def _spent(services: Services, function: Function, count: int, options: dict[str, Any]) -> float:
    """Return the CPU seconds that so many interactions take."""

    def send(_: int) -> object:
        return services.discord.send(function.url, fakes.command(options)).wait(PATIENCE)

    before = cpu_seconds(function)
    with ThreadPoolExecutor(USERS) as users:
        list(users.map(send, range(count)))
    return cpu_seconds(function) - before
