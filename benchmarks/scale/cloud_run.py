"""Cloud Run as a SimPy simulation: one line of requests, slots of instances, and an autoscaler. Seconds throughout."""

import math
import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from simpy import Environment, Event

from benchmarks.scale.assumptions import (
    END_SECONDS,
    EVALUATION_SECONDS,
    IDLE_SECONDS,
    PENDING_SECONDS,
    PENDING_STARTS,
    TARGET,
    WINDOW_SECONDS,
    Settings,
)
from benchmarks.scale.instance import Bucket, Instance, Mando, Process


@dataclass(frozen=True)
class Run:
    """What became of each /mando, and of the service."""

    mandos: list[Mando]
    most: int
    """Instances at a time."""
    seconds: float
    """Of all instances together."""


class CloudRun:
    """The front end sends the oldest request to the slot that has been free for longest."""

    def __init__(self, env: Environment, settings: Settings, seed: int) -> None:
        self.env, self.settings = env, settings
        self.bucket, self.chance = Bucket(env), random.Random(seed)  # noqa: S311 - no secret
        self.instances: list[Instance] = []
        self.most, self.ended_seconds, self._ended_busy = 0, 0.0, 0.0
        self._pending: deque[Mando] = deque()
        self._slots: deque[Instance] = deque()
        self._parked: list[Instance] = []
        self._starting, self._next_start = 0, 0.0
        self._open, self._open_seconds, self._counted = 0, 0.0, 0.0
        self._window: deque[tuple[float, float]] = deque(maxlen=round(WINDOW_SECONDS / EVALUATION_SECONDS))
        for _ in range(settings.min_instances):
            self._add().imports = 0.0
            self._serve(self.instances[-1])
        env.process(self._autoscale())

    # --- the front end

    def arrive(self, mando: Mando) -> None:
        self._pending.append(mando)
        self._dispatch()

    def _dispatch(self) -> None:
        patience = max(PENDING_SECONDS, PENDING_STARTS * self.settings.start)
        while self._pending:
            if self._pending[0].created < self.env.now - patience:
                self._pending.popleft()  # 429
            elif self._slots or self._call_back():
                self._count(1)
                self.env.process(self._slots.popleft().answer(self._pending.popleft()))
            else:
                self._start(math.ceil(len(self._pending) / self.settings.concurrency) - self._starting)
                return

    def _released(self, instance: Instance) -> None:
        self._count(-1)
        instance.idle_since = self.env.now if not instance.open else math.inf
        if not instance.is_parked and not instance.is_ending:
            self._slots.append(instance)
            self._dispatch()

    def _count(self, change: int) -> None:
        """Keep the open requests, and their sum over time."""
        self._open_seconds += self._open * (self.env.now - self._counted)
        self._open, self._counted = self._open + change, self.env.now

    # --- instances

    def _start(self, count: int) -> None:
        for _ in range(min(count, self.settings.max_instances - len(self.instances))):
            instance = self._add()
            self._starting += 1
            self._next_start = max(self._next_start, self.env.now) + 1 / self.settings.starts_a_second
            self._after(self._next_start - self.env.now + self.settings.start, instance)

    def _add(self) -> Instance:
        instance = Instance(self.env, self.settings, self.bucket, self.chance, self._released)
        self.instances.append(instance)
        self.most = max(self.most, len(self.instances))
        return instance

    def _after(self, seconds: float, instance: Instance) -> None:
        def serve(_: Event) -> None:
            self._starting -= 1
            self._serve(instance)

        self.env.timeout(seconds).callbacks.append(serve)

    def _serve(self, instance: Instance) -> None:
        if not instance.is_ending:
            instance.idle_since = self.env.now
            self._slots.extend([instance] * self.settings.concurrency)
            self._dispatch()

    def _park(self, instance: Instance) -> None:
        """Send it no more: it stays for a while, and is called back when it is needed."""
        instance.is_parked = True
        self._parked.append(instance)
        self._slots = deque(each for each in self._slots if each is not instance)

    def _call_back(self) -> bool:
        if not self._parked:
            return False
        instance = self._parked.pop()
        instance.is_parked = False
        self._slots.extend([instance] * (self.settings.concurrency - instance.open))
        return bool(self._slots)

    def terminate(self, instance: Instance) -> None:
        """Send SIGTERM."""
        self.instances.remove(instance)
        self._parked = [each for each in self._parked if each is not instance]
        self._slots = deque(each for each in self._slots if each is not instance)

        def end() -> Process:
            yield from instance.end()
            self.ended_seconds += self.env.now - instance.started
            self._ended_busy += instance.cpu.busy

        self.env.process(end())

    def update(self) -> Process:
        """Deploy anew: when the first new instance answers, all old ones are ended."""
        old = list(self.instances)
        yield self.env.timeout(self.settings.start)
        for each in old:
            self.terminate(each)
        self._serve(self._add())

    # --- the autoscaler

    def _autoscale(self) -> Process:
        while True:
            yield self.env.timeout(EVALUATION_SECONDS)
            self._count(0)
            self._window.append((self._open_seconds, self._busy_seconds()))
            wanted = self._recommended()
            self._start(wanted - len(self.instances))
            serving = [each for each in self.instances if each.idle_since < math.inf or each.open]
            for instance in serving[wanted:]:
                if not instance.is_parked:
                    self._park(instance)
            for instance in [each for each in self._parked if each.idle_since < self.env.now - IDLE_SECONDS]:
                if not instance.unfinished and len(self.instances) > self.settings.min_instances:
                    self.terminate(instance)
            self._dispatch()

    def _busy_seconds(self) -> float:
        return self._ended_busy + sum(each.cpu.busy for each in self.instances)

    def _recommended(self) -> int:
        """Return the instances at which CPU and concurrency would have been at TARGET."""
        (open_then, busy_then), (open_now, busy_now) = self._window[0], self._window[-1]
        seconds = max(1, len(self._window) - 1) * EVALUATION_SECONDS
        by_concurrency = (open_now - open_then) / self.settings.concurrency
        by_cpu = (busy_now - busy_then) / self.settings.cpu
        wanted = math.ceil(max(by_concurrency, by_cpu) / seconds / TARGET)
        return min(max(wanted, self.settings.min_instances), self.settings.max_instances)


def simulate(settings: Settings, arrivals: Sequence[float], *, update_at: float = 0.0, seed: int = 1) -> Run:
    """Play these arrivals, seconds in order, until all instances that are not wanted any more have ended."""
    env = Environment()
    cloud = CloudRun(env, settings, seed)
    mandos = [Mando(moment) for moment in arrivals]

    def crowd() -> Process:
        for mando in mandos:
            yield env.timeout(max(0.0, mando.created + settings.front - env.now))
            cloud.arrive(mando)

    def update() -> Process:
        yield env.timeout(update_at)
        yield from cloud.update()

    env.process(crowd())
    if update_at:
        env.process(update())
    env.run(until=arrivals[-1] + WINDOW_SECONDS + IDLE_SECONDS + 2 * END_SECONDS)
    seconds = cloud.ended_seconds + sum(env.now - each.started for each in cloud.instances)
    return Run(mandos, cloud.most, seconds)
