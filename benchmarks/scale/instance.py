"""One instance of the function: callback, admission, drawing, upload, edit, and its end."""

import math
import random
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass

from simpy import Environment, Event, Resource

from benchmarks.scale.assumptions import (
    DOUBLING_SECONDS,
    END_SECONDS,
    FIRST_RESPONSE,
    TURNS,
    UPLOAD_SECONDS,
    WRITES,
    Settings,
)
from benchmarks.scale.cpu import INSTANT, Cpu

Process = Generator[Event, None, None]
POLL = 0.05  # seconds between two looks whether an ending instance has done its work


@dataclass(slots=True, eq=False)
class Mando:
    """One /mando and what became of it: "picture", "busy", "sentence", or still "silent"."""

    created: float
    arrived: float = 0.0
    """At an instance, after whatever it waited for one."""
    told: float | None = None
    shown: float | None = None
    fate: str = "silent"
    holds_slot: bool = True


class Bucket:
    """Takes WRITES a second, and twice as many after each DOUBLING_SECONDS at its limit."""

    def __init__(self, env: Environment) -> None:
        self.env, self.rate, self._free_at, self._full_for = env, WRITES, 0.0, 0.0

    def wait(self) -> float:
        """Return how long a write that comes now waits for its turn."""
        delay = max(0.0, self._free_at - self.env.now)
        if delay > UPLOAD_SECONDS:
            return UPLOAD_SECONDS  # the picture is attached to the message instead
        self._free_at = self.env.now + delay + 1 / self.rate
        self._full_for += 1 / self.rate if delay else 0.0
        if self._full_for > DOUBLING_SECONDS:
            self.rate, self._full_for = 2 * self.rate, 0.0
        return delay


class Instance:
    """Answers what the front end sends it, and calls release when a request is answered."""

    def __init__(
        self,
        env: Environment,
        settings: Settings,
        bucket: Bucket,
        chance: random.Random,
        release: Callable[["Instance"], None],
    ) -> None:
        self.env, self.settings, self.bucket, self.chance, self._release = env, settings, bucket, chance, release
        more = settings.measured.second_cpu if settings.cpu > 1 else 0.0
        self.cpu = Cpu(env, settings.speed * (1 + more), settings.quota)
        self.drawing_slots = Resource(env, settings.slots)
        self.imports = settings.measured.first
        self.drawing = settings.first_drawing  # seconds, by its own measure
        self._held: list[Mando] = []
        self._created = deque([-math.inf] * settings.pace, settings.pace)
        self.open = self.unfinished = 0  # requests, deliveries
        self.newest = 0.0  # arrival
        self.started, self.idle_since, self.deadline = env.now, math.inf, math.inf
        self.is_parked = False

    @property
    def is_ending(self) -> bool:
        return self.deadline < math.inf

    def answer(self, mando: Mando) -> Process:
        """Acknowledge and deliver; the slot is free when that is done or the hold is over."""
        self.open += 1
        mando.arrived = self.newest = self.env.now
        self._created.append(mando.created)
        for _ in range(TURNS):
            yield self.cpu.use(self.settings.measured.callback / TURNS)
        is_admitted = self._admits()
        self.unfinished += is_admitted
        yield self.env.timeout(self.settings.discord)
        if self.env.now <= min(mando.created + FIRST_RESPONSE, self.deadline):
            mando.told = self.env.now
            if is_admitted:
                self._hold(mando)
                yield from self._deliver(mando)
            else:
                mando.fate = "busy"
        self.unfinished -= is_admitted
        self._free(mando)

    def _admits(self) -> bool:
        """Tell whether one more could still be drawn, uploaded and edited if SIGTERM came now."""
        bound = max(self.settings.slots * self.settings.to_draw / self.drawing, self.settings.slots)
        return not self.is_ending and (self.unfinished < int(bound) or not self.settings.admission)

    def _hold(self, mando: Mando) -> None:
        left = max(0.0, mando.created + self.settings.hold - self.env.now)
        self.env.timeout(left).callbacks.append(lambda _: self._free(mando))
        self._held.append(mando)
        too_many = len(self._held) - self.settings.held if self._others_wait(mando) else 0
        for each in self._held[: max(too_many, 0)]:
            self._free(each)

    def _others_wait(self, mando: Mando) -> bool:
        """Tell whether this one was kept outside for long, or a crowd still is."""
        age, created = mando.arrived - mando.created, self._created
        waiting = len(created) * age
        return age > self.settings.waited or waiting > self.settings.crowd * (max(created) - min(created))

    def _free(self, mando: Mando) -> None:
        if mando.holds_slot:
            mando.holds_slot = False
            if mando in self._held:
                self._held.remove(mando)
            self.open -= 1
            self._release(self)

    def _deliver(self, mando: Mando) -> Process:
        """Draw, upload and edit; or say that this cannot be done any more."""
        delivery, latest = self.settings.measured.delivery, self.env.now + self.settings.longest_calm
        with self.drawing_slots.request() as turn:
            yield turn
            yield from self._let_callbacks_pass(latest)
            left = self.deadline - END_SECONDS + self.settings.to_draw - self.env.now
            is_possible = self.drawing <= left
            if is_possible:
                yield from self._draw()
        if is_possible:
            yield self.cpu.use(delivery / 2)
            yield self.env.timeout(self.bucket.wait() + min(self.settings.bucket, UPLOAD_SECONDS))
        yield self.cpu.use(delivery / 2)
        yield self.env.timeout(self.settings.discord)
        if self.env.now <= self.deadline:
            mando.shown, mando.fate = self.env.now, "picture" if is_possible else "sentence"

    def _let_callbacks_pass(self, latest: float) -> Process:
        while not self.is_ending and (rest := min(self.newest + self.settings.calm, latest) - self.env.now) > INSTANT:
            yield self.env.timeout(rest)

    def _draw(self) -> Process:
        imports, self.imports = self.imports, 0.0
        yield self.cpu.use(imports)
        began = self.env.now
        yield self.cpu.use(self.chance.choice(self.settings.measured.drawings))
        self.drawing += self.settings.learning * (self.env.now - began - self.drawing)

    def end(self) -> Process:
        """Live on after SIGTERM as long as there is work, and no longer than END_SECONDS."""
        self.deadline = self.env.now + END_SECONDS
        while (self.open or self.unfinished) and self.env.now < self.deadline:
            yield self.env.timeout(POLL)
