"""The CPU of one interpreter: its threads take turns, and a quota below one is spent early in each period."""

import math
from collections import deque
from dataclasses import dataclass

from simpy import Environment, Event

from benchmarks.scale.assumptions import PERIOD, SWITCH_SECONDS

INSTANT = 1e-9
"""Seconds: less is nothing, for sums of seconds are not exact."""


@dataclass(slots=True)
class Job:
    left: float  # seconds
    done: Event


class Cpu:
    """Computes one job at a time, in turns of SWITCH_SECONDS while others wait."""

    def __init__(self, env: Environment, speed: float, quota: float) -> None:
        self.env, self.speed, self.quota = env, speed, quota
        self.busy = 0.0  # seconds
        self._ready: deque[Job] = deque()
        self._running: Job | None = None
        self._began = self._until = 0.0
        self._turn = 0  # counts them: the end of one that was cut short is ignored
        self._period, self._spent = 0, 0.0

    def use(self, seconds: float) -> Event:
        """Compute so long, and return the event of having done so."""
        job = Job(seconds / self.speed, self.env.event())
        self._ready.append(job)
        if self._running is None:
            self._next()
        elif self._until - self.env.now > SWITCH_SECONDS:
            self._run_until(self.env.now + SWITCH_SECONDS)
        return job.done

    def _next(self) -> None:
        self._running = job = self._ready.popleft() if self._ready else None
        if job:
            self._began = self.env.now
            turn = min(job.left, SWITCH_SECONDS) if self._ready else job.left
            self._run_until(self.env.now + min(turn, self._budget()))

    def _run_until(self, moment: float) -> None:
        self._turn += 1
        turn, self._until = self._turn, moment
        self.env.timeout(moment - self.env.now).callbacks.append(lambda _: self._end(turn))

    def _end(self, turn: int) -> None:
        job = self._running
        if turn != self._turn or job is None:
            return
        used = self.env.now - self._began
        self.busy, self._spent, job.left = self.busy + used, self._spent + used, job.left - used
        if job.left < INSTANT:
            job.done.succeed()
        else:
            self._ready.append(job)
        if self._budget() > INSTANT:
            self._next()
        else:
            self._turn += 1  # nobody cuts short a turn that has ended
            granted = (self._period + 1) * PERIOD
            self.env.timeout(granted - self.env.now).callbacks.append(lambda _: self._next())

    def _budget(self) -> float:
        """Return how long may be computed until the quota is spent, or granted anew."""
        if self.quota >= 1:
            return math.inf
        period = math.floor(self.env.now / PERIOD + INSTANT)
        if period != self._period:
            self._period, self._spent = period, 0.0
        return min(self.quota * PERIOD - self._spent, (period + 1) * PERIOD - self.env.now)
