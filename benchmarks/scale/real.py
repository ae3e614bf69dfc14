"""Real instances, each with a quota of CPU, behind a front end that plays Cloud Run's concurrency."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue

import fakes
from benchmarks.scale.assumptions import PERIOD
from fakes import Services
from fakes.discord.rules import Interaction
from fakes.function import Function

CGROUPS = Path("/sys/fs/cgroup")
FIRST_V1, FIRST_V2 = {"cpu.shares": 262144}, {"cpu.weight": 10000}
"""The most there is: what else runs on this machine takes nothing of the quota."""
FIRST = -20
"""The niceness of the sender, for the same reason."""
PATIENCE = 60
DISCORD_AWAY, BUCKET_AWAY = 0.1, 0.15  # seconds


class NoQuotas(Exception):
    """No process can be given a share of a CPU on this machine."""


@contextmanager
def quota(name: str, cpus: float) -> Iterator[Path]:
    """Make a control group that gets so many CPUs, and yield the file that takes its processes."""
    is_v1 = (CGROUPS / "cpu").is_dir()
    group = CGROUPS / ("cpu" if is_v1 else "") / f"mando-{name}-{os.getpid()}"
    grant, period = round(cpus * PERIOD * 1e6), round(PERIOD * 1e6)
    limits = {"cpu.cfs_quota_us": grant, **FIRST_V1} if is_v1 else {"cpu.max": f"{grant} {period}", **FIRST_V2}
    try:
        if not is_v1:
            (CGROUPS / "cgroup.subtree_control").write_text("+cpu")
        group.mkdir()
        for file, value in limits.items():
            (group / file).write_text(str(value))
        before = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
    except OSError as error:
        raise NoQuotas(f"quotas need root and control groups ({error})") from error
    try:
        yield group / "cgroup.procs"
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)
        with suppress(OSError):
            group.rmdir()


@contextmanager
def instances(services: Services, count: int, cpus: float | None, *, warm: bool = True) -> Iterator[list[Function]]:
    """Start instances of the function, each with a quota of its own, if any; warm ones have drawn before."""
    with ExitStack() as stack:
        functions = []
        for number in range(count):
            function = Function(services.environ, say=lambda _: None)
            group = stack.enter_context(quota(str(number), cpus)) if cpus else None
            function.start()
            stack.callback(function.stop)
            if group:
                for process in function.process_ids():  # those that it starts are born into the group
                    group.write_text(str(process))
                    os.sched_setaffinity(process, {number % (os.cpu_count() or 1)})  # so that it draws one at a time
            functions.append(function)
        for function in functions:
            function.wait_until_answering()
            if warm:
                services.discord.send(function.url).wait(PATIENCE)
        yield functions


def play(
    services: Services, functions: Sequence[Function], arrivals: Sequence[float], concurrency: int
) -> list[Interaction]:
    """Send a /mando at each of these seconds, first come, first served, to the slot that has been free for longest."""
    services.faults.discord_latency, services.faults.bucket_latency = DISCORD_AWAY, BUCKET_AWAY
    slots: SimpleQueue[str] = SimpleQueue()
    for function in [*functions] * concurrency:
        slots.put(function.url)

    def enter(interaction: Interaction) -> None:
        url = slots.get()
        try:
            services.discord.sender.deliver(url, interaction)
        finally:
            slots.put(url)

    sent, entered = [], []
    start = time.monotonic()
    with ThreadPoolExecutor(slots.qsize()) as front_end:
        for moment in arrivals:
            time.sleep(max(0.0, start + moment - time.monotonic()))
            sent.append(services.discord.rules.create(fakes.command()))
            entered.append(front_end.submit(enter, sent[-1]))
    for request in entered:
        request.result()
    for each in sent:
        with suppress(TimeoutError):
            each.wait(PATIENCE)
    services.faults.clear()
    return sent


def cpu_seconds(function: Function) -> float:
    """Return what the function's processes have computed, in user and kernel mode."""
    ticks = 0
    for process in function.process_ids():
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
