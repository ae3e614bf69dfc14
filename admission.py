"""How much an instance takes on: no more than it can finish, even if it is told to end in the next moment."""

import os
import threading
from math import ceil
from pathlib import Path

DRAWING_SECONDS = 6.0
"""From SIGTERM. Of Cloud Run's 10 s this leaves two for the last upload, and the rest for the last edits."""
FIRST_GUESS = 0.2
"""Seconds that a drawing takes on a processor, until some were measured: three times what a quiet machine needs."""
WEIGHT = 0.1
"""Of the newest drawing in the average: twenty make it forget its guess, or notice that the machine became slower."""
LEAST = 16
"""A processor, however slow it seems: what an end leaves undrawn is told so, and a pause of the machine is no crowd."""
CPU_QUOTA = Path("/sys/fs/cgroup/cpu.max")


class Admission:
    """Counts the drawings in work; safe with threads.

    The bound follows from the end: whatever is in work when SIGTERM comes must be drawn in DRAWING_SECONDS, at the pace
    that this instance's own drawings have kept. A delivery counts until its last edit, since one that waits for the
    bucket or for Discord will still need its share of those seconds.
    """

    def __init__(self, processors: int) -> None:
        self.processors = processors
        self._seconds = FIRST_GUESS
        self._in_work = 0
        self._lock = threading.Lock()

    @property
    def bound(self) -> int:
        """Return how many may be in work at once."""
        return self.processors * max(int(DRAWING_SECONDS / self._seconds), LEAST)

    def admit(self) -> bool:
        """Take one more on, to be followed by release(), or return False."""
        with self._lock:
            admitted = self._in_work < self.bound
            self._in_work += admitted
        return admitted

    def release(self) -> None:
        with self._lock:
            self._in_work -= 1

    def measured(self, seconds: float) -> None:
        """Learn what a drawing took on its processor, with whatever else the instance did meanwhile."""
        with self._lock:
            self._seconds += WEIGHT * (seconds - self._seconds)


def processors() -> int:
    """Return how many processors this process was given, of all that the host has."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = map(int, CPU_QUOTA.read_text().split())
    except (OSError, ValueError):  # no cgroup v2, or "max": all that is available
        return available
    return min(available, ceil(quota / period))
