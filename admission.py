"""How much an instance takes on: no more than it can finish, even if it is told to end in the next moment."""

import os
import threading
from math import ceil
from pathlib import Path

WORK_SECONDS = 6.0
"""From SIGTERM. Of Cloud Run's 10 s this leaves two for the last upload, and the rest for the last edits."""
FIRST_GUESS = 0.2
"""Seconds that work takes on a processor, until some was measured: three times what a mandala needs in quiet."""
WEIGHT = 0.1
"""Of the newest in the average: twenty make it forget its guess, or notice that the machine became slower."""
LEAST = 16
"""A processor, however slow it seems: what an end leaves undone is told so, and a pause of the machine is no crowd."""
FEW = 4
"""A processor, in hand at most, for something long to begin: what comes after it finds the processor in use."""
CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")


class Admission:
    """Counts the work in hand; safe with threads.

    The bound follows from the end: whatever is in hand when SIGTERM comes must be made in WORK_SECONDS, at the pace
    that this instance has kept so far. A delivery counts until its last edit, since one that waits for the
    bucket or for Discord will still need its share of those seconds.
    """

    def __init__(self, processors: int) -> None:
        self.processors = processors
        self._seconds = FIRST_GUESS
        self._is_warm = False
        self._in_hand = 0
        self._lock = threading.Lock()

    @property
    def bound(self) -> int:
        """Return how much may be in hand at once."""
        return self.processors * max(int(WORK_SECONDS / self._seconds), LEAST)

    @property
    def is_little(self) -> bool:
        return self._in_hand <= self.processors * FEW

    def admit(self) -> bool:
        """Take one more on, to be followed by release(), or return False."""
        with self._lock:
            admitted = self._in_hand < self.bound
            self._in_hand += admitted
        return admitted

    def release(self) -> None:
        with self._lock:
            self._in_hand -= 1

    def measured(self, seconds: float) -> None:
        """Learn what one took on its processor, with whatever else went on; not of the first, which imports."""
        with self._lock:
            if self._is_warm:
                self._seconds += WEIGHT * (seconds - self._seconds)
            self._is_warm = True


class OneAtATime:
    """Lets one long work in beside the others, as long as these are no crowd; safe with threads."""

    def __init__(self, others: Admission) -> None:
        self._others = others
        self._free = threading.Lock()

    def admit(self) -> bool:
        """Take it on, to be followed by release(), or return False."""
        return self._others.is_little and self._free.acquire(blocking=False)

    def release(self) -> None:
        self._free.release()

    def measured(self, seconds: float) -> None:
        """Learn nothing: the bound is of the others."""


def processors(cgroup: Path = CPU_QUOTA) -> int:
    """Return how many processors this process was given, of all that the host has."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = map(int, cgroup.read_text().split())
    except (OSError, ValueError):  # no cgroup v2, or "max": all that is available
        return available
    return min(available, ceil(quota / period))
