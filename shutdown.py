"""What a delivering thread can know of the end of its process.

On SIGTERM gunicorn finishes the open requests and lets the main thread return; Python then waits for every thread
that is no daemon. So deliveries run on to their end, but Cloud Run kills the process 10 s after the signal: whoever
waits for something waits less from then on.
"""

import math
import threading
import time

GRACE_SECONDS = 6.0
"""What is left of Cloud Run's 10 s when the open requests, none older than 3 s, have been answered."""
LAST_PAUSE = 0.25
"""Seconds at most between two tries from then on."""

_noticed: list[float] = []


def seconds_left() -> float:
    """Return how long this process may still take: infinity, until its main thread has returned."""
    if threading.main_thread().is_alive():
        return math.inf
    if not _noticed:
        _noticed.append(time.monotonic())
    return _noticed[0] + GRACE_SECONDS - time.monotonic()


def shortened(seconds: float) -> float:
    """Return a pause between two tries as it is, or cut short once the process is ending."""
    return seconds if seconds_left() == math.inf else min(seconds, LAST_PAUSE)


def pause(seconds: float) -> None:
    """Sleep, but wake up when the process begins to end."""
    if seconds_left() == math.inf:
        threading.main_thread().join(seconds)
    else:
        time.sleep(seconds)
