"""Cloud Run, its instances, the bucket and Discord as a SimPy simulation. Seconds throughout."""

import math
import random
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass

import simpy

from benchmarks.scale.assumptions import (
    DOUBLING_SECONDS,
    END_SECONDS,
    EVALUATION_SECONDS,
    FIRST_RESPONSE,
    IDLE_SECONDS,
    PENDING_SECONDS,
    PENDING_STARTS,
    PERIOD,
    SWITCH_SECONDS,
    TARGET,
    TURNS,
    WINDOW_SECONDS,
    WRITES,
    Settings,
)

PATIENCE = 15.0
"""For an upload; then the picture travels as an attachment."""
INSTANT = 1e-9
"""Less than that is nothing: sums of seconds are not exact."""
LEARNING = 0.2
"""Weight of the newest drawing in an instance's measure of its own."""

Process = Generator[simpy.Event, None, None]


@dataclass(slots=True)
class Mando:
    """One /mando and what became of it: "picture", "busy", "sentence", or still "silent"."""

    created: float
    told: float | None = None
    shown: float | None = None
    fate: str = "silent"


@dataclass(slots=True)
class Job:
    left: float
    done: simpy.Event


class Cpu:
    """One interpreter's CPU: threads take turns, and a quota below 1 is spent early in each period."""

    def __init__(self, env: simpy.Environment, speed: float, quota: float) -> None:
        self.env, self.speed, self.quota = env, speed, quota
        self.busy = 0.0
        self._ready: deque[Job] = deque()
        self._running: Job | None = None
        self._began = self._until = 0.0
        self._slice = 0  # counts them: the end of one that was cut short is ignored
        self._period, self._spent = 0, 0.0

    def use(self, seconds: float) -> simpy.Event:
        """Compute so long, and return the event of having done so."""
        job = Job(seconds / self.speed, self.env.event())
        self._ready.append(job)
        if self._running is None:
            self._next()
        elif self._until - self.env.now > SWITCH_SECONDS:
            self._run_until(self.env.now + SWITCH_SECONDS)
        return job.done

    def _next(self) -> None:
        if not self._ready:
            self._running = None
            return
        job = self._running = self._ready.popleft()
        self._began = self.env.now
        turn = min(job.left, SWITCH_SECONDS) if self._ready else job.left
        self._run_until(self.env.now + min(turn, self._budget()))

    def _budget(self) -> float:
        """Return how long may be computed until the quota is spent or granted anew."""
        if self.quota >= 1:
            return math.inf
        period = math.floor(self.env.now / PERIOD + INSTANT)
        if period != self._period:
            self._period, self._spent = period, 0.0
        return min(self.quota * PERIOD - self._spent, (period + 1) * PERIOD - self.env.now)

    def _run_until(self, moment: float) -> None:
        self._slice += 1
        number, self._until = self._slice, moment
        self.env.timeout(moment - self.env.now).callbacks.append(lambda _: self._end(number))

    def _end(self, number: int) -> None:
        job = self._running
        if number != self._slice or job is None:
            return
        used = self.env.now - self._began
        self.busy += used
        self._spent += used
        job.left -= used
        if job.left < INSTANT:
            job.done.succeed()
        else:
            self._ready.append(job)
        if self._budget() > INSTANT:
            self._next()
        else:
            self._slice += 1
            wake = (self._period + 1) * PERIOD - self.env.now
            self.env.timeout(wake).callbacks.append(lambda _: self._next())


class Bucket:
    """Takes so many writes a second, and twice as many after each DOUBLING_SECONDS of use at its limit."""

    def __init__(self, env: simpy.Environment) -> None:
        self.env, self.rate, self._free, self._full = env, WRITES, 0.0, 0.0

    def wait(self) -> float:
        """Return how long a write that comes now waits for its turn."""
        now = self.env.now
        delay = max(0.0, self._free - now)
        self._full += 1 / self.rate if delay else 0.0
        if self._full > DOUBLING_SECONDS:
            self.rate, self._full = 2 * self.rate, 0.0
        if delay < PATIENCE:
            self._free = max(self._free, now) + 1 / self.rate
        return min(delay, PATIENCE)


class Instance:
    """The function: callback, admission, drawing, upload, edit, and its end."""

    def __init__(self, cloud: "CloudRun") -> None:
        self.cloud, self.env, self.settings = cloud, cloud.env, cloud.settings
        set_ = self.settings
        more = set_.measured.second_cpu if set_.cpu > 1 else 0.0
        self.cpu = Cpu(self.env, set_.speed * (1 + more), set_.quota)
        self.easel = simpy.Resource(self.env, set_.slots)
        self.first = set_.measured.first
        self.drawing = set_.first_drawing
        self.unfinished = self.open = 0
        self.started, self.idle_since = self.env.now, math.inf
        self.parked = self.ready = self.dead = False
        self.deadline = math.inf

    def admits(self) -> bool:
        """Tell whether one more could still be drawn, uploaded and edited if SIGTERM came now."""
        if not self.settings.admission:
            return True
        return (self.unfinished + 1) * self.drawing / self.settings.slots <= self.time_to_draw()

    def time_to_draw(self) -> float:
        return min(self.deadline, self.env.now + END_SECONDS) - self.settings.reserve - self.env.now

    def answer(self, mando: Mando) -> Process:
        """Tell the asker something and keep the promise; the slot is free when that is done or the hold is over."""
        costs = self.settings.measured
        slot = Slot(self)
        for _ in range(TURNS):
            yield self.cpu.use(costs.callback / TURNS)
        admitted = self.admits() and self.deadline == math.inf
        self.unfinished += admitted
        yield self.env.timeout(self.settings.discord)
        if self.env.now - mando.created <= FIRST_RESPONSE and not self.dead:
            mando.told = self.env.now
            if admitted:
                left = max(0.0, mando.created + self.settings.hold - self.env.now)
                self.env.timeout(left).callbacks.append(slot.free)
                yield from self.deliver(mando)
            else:
                mando.fate = "busy"
        self.unfinished -= admitted
        slot.free()

    def deliver(self, mando: Mando) -> Process:
        """Draw, upload and edit; or say that this cannot be done any more."""
        costs, rest = self.settings.measured, self.settings.discord
        with self.easel.request() as turn:
            yield turn
            can = self.drawing <= self.deadline - self.env.now - self.settings.reserve
            if can:
                imports, self.first = self.first, 0.0
                yield self.cpu.use(imports)
                began = self.env.now
                yield self.cpu.use(self.cloud.chance.choice(costs.drawings))
                took = self.env.now - began
                self.drawing = (
                    took
                    if self.drawing == self.settings.first_drawing
                    else ((1 - LEARNING) * self.drawing + LEARNING * took)
                )
        if can:
            yield self.cpu.use(costs.delivery / 2)
            yield self.env.timeout(self.cloud.bucket.wait() + self.settings.bucket)
        yield self.cpu.use(costs.delivery / 2)
        yield self.env.timeout(rest)
        if not self.dead:
            mando.shown, mando.fate = self.env.now, "picture" if can else "sentence"

    def end(self) -> Process:
        """Live on after SIGTERM as long as there is work, and no longer than END_SECONDS."""
        self.deadline = self.env.now + END_SECONDS
        while (self.open or self.unfinished) and self.env.now < self.deadline:
            yield self.env.timeout(SWITCH_SECONDS * 10)
        self.dead = True
        self.cloud.billed += self.env.now - self.started


class Slot:
    """One of the requests that an instance works on: freed once, whoever does it first."""

    def __init__(self, instance: Instance) -> None:
        self.instance, self._taken = instance, True

    def free(self, _: simpy.Event | None = None) -> None:
        if self._taken:
            self._taken = False
            self.instance.cloud.freed(self.instance)


class CloudRun:
    """The front end and the autoscaler: requests wait in one line for the slot that has been free for longest."""

    def __init__(self, env: simpy.Environment, settings: Settings, seed: int = 1) -> None:
        self.env, self.settings, self.bucket = env, settings, Bucket(env)
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.instances: list[Instance] = []
        self.pending: deque[Mando] = deque()
        self.free: deque[Instance] = deque()
        self._parked: list[Instance] = []
        self._starting = 0
        self.billed = 0.0
        self.refused = 0
        self.most = 0
        self._next_start = 0.0
        self._open, self._changed, self._open_seconds, self._busy = 0, 0.0, 0.0, 0.0
        self._window: deque[tuple[float, float]] = deque(maxlen=round(WINDOW_SECONDS / EVALUATION_SECONDS))
        for _ in range(settings.min_instances):
            self._begin(warm=True)
        env.process(self._autoscale())

    # --- the front end

    def arrive(self, mando: Mando) -> None:
        self.pending.append(mando)
        self._dispatch()

    def freed(self, instance: Instance) -> None:
        self._count(-1)
        instance.open -= 1
        if not instance.open:
            instance.idle_since = self.env.now
        if not instance.parked and instance.deadline == math.inf:
            self.free.append(instance)
            self._dispatch()

    def _dispatch(self) -> None:
        while self.pending:
            longest = max(PENDING_SECONDS, PENDING_STARTS * self.settings.start)
            if self.env.now - self.pending[0].created > longest:
                self.pending.popleft()
                self.refused += 1
            elif instance := self._slot():
                self._count(1)
                instance.open += 1
                self.env.process(instance.answer(self.pending.popleft()))
            else:
                self._start_for_the_pending()
                return

    def _slot(self) -> Instance | None:
        """Return the instance whose slot has been free for longest; who is parked is called back when all are taken."""
        if not self.free and self._parked:
            instance = self._parked.pop()
            instance.parked = False
            self.free.extend([instance] * (self.settings.concurrency - instance.open))
        return self.free.popleft() if self.free else None

    def _count(self, change: int) -> None:
        self._open_seconds += self._open * (self.env.now - self._changed)
        self._open, self._changed = self._open + change, self.env.now

    # --- the autoscaler

    def _start_for_the_pending(self) -> None:
        wanted = math.ceil(len(self.pending) / self.settings.concurrency) - self._starting
        self._start(min(wanted, self.settings.max_instances - len(self.instances)))

    def _start(self, count: int) -> None:
        for _ in range(count):
            self._begin()

    def _begin(self, *, warm: bool = False) -> None:
        instance = Instance(self)
        self.instances.append(instance)
        self.most = max(self.most, len(self.instances))
        if warm:
            instance.first = 0.0
            self._ready(instance)
        else:
            self._starting += 1
            self._next_start = max(self._next_start, self.env.now) + 1 / self.settings.starts_a_second
            wait = self._next_start - self.env.now + self.settings.start
            self.env.timeout(wait).callbacks.append(lambda _: self._started(instance))

    def _started(self, instance: Instance) -> None:
        self._starting -= 1
        self._ready(instance)

    def _ready(self, instance: Instance) -> None:
        instance.ready, instance.idle_since = True, self.env.now
        if instance.deadline == math.inf:
            self.free.extend([instance] * self.settings.concurrency)
            self._dispatch()

    def _autoscale(self) -> Process:
        while True:
            yield self.env.timeout(EVALUATION_SECONDS)
            self._count(0)
            busy = self.billed_busy()
            self._window.append((self._open_seconds, busy))
            self._dispatch()
            wanted = self._recommended()
            self._start(wanted - len(self.instances))
            self._park(len(self.instances) - wanted)
            for instance in [each for each in self._parked if each.idle_since < self.env.now - IDLE_SECONDS]:
                if not instance.open and not instance.unfinished and len(self.instances) > self.settings.min_instances:
                    self.terminate(instance)

    def billed_busy(self) -> float:
        """Return the CPU seconds of all instances, those that have ended included."""
        return self._busy + sum(each.cpu.busy for each in self.instances)

    def _recommended(self) -> int:
        (open_then, busy_then), (open_now, busy_now) = self._window[0], self._window[-1]
        span = max(1, len(self._window) - 1) * EVALUATION_SECONDS
        by_concurrency = (open_now - open_then) / span / (TARGET * self.settings.concurrency)
        by_cpu = (busy_now - busy_then) / span / (TARGET * self.settings.cpu)
        wanted = math.ceil(max(by_concurrency, by_cpu))
        return min(max(wanted, self.settings.min_instances), self.settings.max_instances)

    def _park(self, count: int) -> None:
        """Send no more to the newest ones; they stay for a while, and are called back when they are needed."""
        for instance in [each for each in reversed(self.instances) if each.ready][: max(count, 0)]:
            if not instance.parked:
                instance.parked = True
                self._parked.append(instance)
                self.free = deque(each for each in self.free if each is not instance)

    def terminate(self, instance: Instance) -> None:
        self.instances.remove(instance)
        if instance.parked:
            self._parked.remove(instance)
        self.free = deque(each for each in self.free if each is not instance)
        self._busy += instance.cpu.busy
        self.env.process(instance.end())

    def update(self) -> None:
        """Deploy anew: one new instance is started, and when it answers the old ones end."""
        old = list(self.instances)
        self._begin()

        def end(_: simpy.Event) -> None:
            for each in old:
                self.terminate(each)

        self.env.timeout(self.settings.start).callbacks.append(end)

    def seconds(self) -> float:
        """Return the instance seconds that are paid for until now."""
        return self.billed + sum(self.env.now - each.started for each in self.instances)


@dataclass(frozen=True)
class Run:
    """What became of each /mando, and of the service."""

    mandos: list[Mando]
    most: int
    """Instances at a time."""
    seconds: float
    """Of all instances."""


def simulate(
    settings: Settings, arrivals: Sequence[float], *, update_at: float = math.inf, after: float = 60.0, seed: int = 1
) -> Run:
    """Play these arrivals, seconds in order, and some time after the last."""
    env = simpy.Environment()
    cloud = CloudRun(env, settings, seed)
    mandos = [Mando(moment) for moment in arrivals]

    def crowd() -> Process:
        for mando in mandos:
            yield env.timeout(max(0.0, mando.created + settings.front - env.now))
            cloud.arrive(mando)

    env.process(crowd())
    if update_at < math.inf:
        env.timeout(update_at).callbacks.append(lambda _: cloud.update())
    env.run(until=arrivals[-1] + after)
    return Run(mandos, cloud.most, cloud.seconds())
