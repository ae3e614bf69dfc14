"""Crowds, and what becomes of them: told in time, delivered soon, told "busy", left without an answer, and the cost."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks import price
from benchmarks.scale.assumptions import DELIVERED_SOON, MEMORY_GIB, Settings
from benchmarks.scale.cloud_run import Run, simulate
from benchmarks.scale.instance import Mando

CROWD = 1000
RAMP, MINUTES, HOUR = 60.0, 180.0, 3600.0
WHOLE = 99
BUSY = 20.0
"""A second."""
DAY = 24 * HOUR


@dataclass(frozen=True)
class Scenario:
    name: str
    arrivals: list[float]
    changes: dict[str, Any] = field(default_factory=dict)
    update_at: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """Shares of all who asked, and dollars for all of them."""

    told: float
    soon: float
    late: float
    """Delivered, but not within DELIVERED_SOON."""
    busy: float
    silent: float
    """Nothing within 3 s, or "thinking" for ever."""
    instances: int
    cost: float


def crowd(count: int = CROWD, seconds: float = 1.0, start: float = 0.0) -> list[float]:
    return [start + each * seconds / count for each in range(count)]


def steady(rate: Callable[[float], float], seconds: float, most: float, seed: int = 1) -> Iterator[float]:
    """Return random moments of so many a second, a rate that changes with time and is never above most."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    moment = chance.expovariate(most)
    while moment < seconds:
        if chance.random() < rate(moment) / most:
            yield moment
        moment += chance.expovariate(most)


def a_day(crowds: int = 12, size: int = 300) -> list[float]:
    """Return the moments of a day: one every 20 s, and crowds within 10 s each."""
    moments = list(steady(lambda _: 0.05, DAY, 0.05))
    for number in range(crowds):
        moments += crowd(size, 10.0, start=(number + 0.5) * DAY / crowds)
    return sorted(moments)


def scenarios() -> list[Scenario]:
    ramp = list(steady(lambda at: 1000 * at / RAMP, RAMP, 1000.0))
    busy = list(steady(lambda _: BUSY, MINUTES, BUSY))
    hour = list(steady(lambda _: BUSY, HOUR, BUSY))
    return [
        Scenario("1000 within a second, from zero", crowd()),
        Scenario("... with `MAX_INSTANCES=10`", crowd(), {"max_instances": 10}),
        Scenario("... with `MAX_INSTANCES=3`, as `deploy.sh` begins", crowd(), {"max_instances": 3}),
        Scenario("a ramp to 1000 a second within a minute", ramp),
        Scenario("... with `MAX_INSTANCES=400`", ramp, {"max_instances": 400}),
        Scenario("a day: one in 20 s, and 12 crowds of 300", a_day()),
        Scenario("20 a second for 3 minutes, the bucket takes 5 s", busy, {"bucket": 5.0}),
        Scenario("20 a second for 3 minutes, Discord takes 1 s", busy, {"discord": 1.0}),
        Scenario("20 a second for an hour, updated in the middle", hour, update_at=HOUR / 2),
    ]


def outcome(settings: Settings, scenario: Scenario) -> Outcome:
    settings = replace(settings, **scenario.changes)
    return judge(settings, simulate(settings, scenario.arrivals, update_at=scenario.update_at))


def judge(settings: Settings, run: Run) -> Outcome:
    def share(holds: Callable[[Mando], bool]) -> float:
        return sum(map(holds, run.mandos)) / len(run.mandos)

    pictures = [each for each in run.mandos if each.fate == "picture"]
    instance_second = settings.cpu * price.BY_INSTANCE.vcpu + MEMORY_GIB * price.BY_INSTANCE.gibibyte
    bucket = price.of_a_million(0, price.SIZE) / price.MILLION
    return Outcome(
        told=share(lambda each: each.told is not None),
        soon=share(_soon),
        late=share(lambda each: each.fate == "picture" and not _soon(each)),
        busy=share(lambda each: each.fate in ("busy", "sentence")),
        silent=share(lambda each: each.fate == "silent"),
        instances=run.most,
        cost=run.seconds * instance_second + len(pictures) * bucket,
    )


def _soon(mando: Mando) -> bool:
    return mando.fate == "picture" and mando.shown is not None and mando.shown - mando.created <= DELIVERED_SOON


def table(rows: dict[str, Outcome]) -> str:
    lines = ['| simulated | told within 3 s | picture within 10 s | later | "busy" | nothing | instances | cost |']
    lines.append("| --- |" + " ---: |" * 7)
    for name, each in rows.items():
        shares = " | ".join(_percent(share) for share in (each.told, each.soon, each.late, each.busy, each.silent))
        lines.append(f"| {name} | {shares} | {each.instances} | ${each.cost:.2f} |")
    return "\n".join(lines)


def _percent(share: float) -> str:
    """Return whole percents; what is not quite all or nothing does not pass for it."""
    whole = round(100 * share)
    return f"{whole} %" if share == whole / 100 or 1 <= whole <= WHOLE else f"{100 * share:.1f} %"
