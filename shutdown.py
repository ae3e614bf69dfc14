"""The end of the process, as its threads can know it.

Cloud Run sends SIGTERM and kills 10 s later. gunicorn's worker handles the signal itself, and the main thread returns
only when every connection is closed. What the worker does at once is to turn `alive` off: a thread of ours sees that.
"""

import math
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from server import accept_waiting, gunicorn_worker

KILLED_AFTER = 10.0
"""Seconds from SIGTERM: https://cloud.google.com/run/docs/container-contract#instance-shutdown."""
LISTENS = 3.0
"""Seconds from SIGTERM in which those who had come already are still heard, and told that there is no room."""
SPARE = 1.2
"""Seconds for the interpreter to end in, on a busy processor."""
LAST_PAUSE = 0.25
"""Seconds at most between two tries once the process is ending."""
GLANCE = 0.05
"""Seconds between two looks at gunicorn's worker."""

_sigterm: Future[float] = Future()
"""Done when the process begins to end, with the moment of the monotonic clock."""
_watching = threading.Lock()


def watch() -> None:
    """Begin to look out for SIGTERM; called with each request, since no thread outlives gunicorn's fork."""
    if _watching.acquire(blocking=False) and (worker := gunicorn_worker()):
        threading.Thread(target=_watch, args=(worker,), name="shutdown", daemon=True).start()


def _watch(worker: Any) -> None:  # noqa: ANN401 - published without types
    while worker.alive:
        time.sleep(GLANCE)
    _sigterm.set_result(time.monotonic())
    while seconds_left() > KILLED_AFTER - LISTENS:
        accept_waiting(worker)
        time.sleep(GLANCE)


def is_ending() -> bool:
    return _sigterm.done()


def seconds_left(reserve: float = SPARE) -> float:
    """Return the seconds until only the reserve is left; infinity as long as nobody has asked the process to end."""
    return _sigterm.result() + KILLED_AFTER - reserve - time.monotonic() if is_ending() else math.inf


def shortened(seconds: float) -> float:
    """Return a pause between two tries as it is, or cut short once the process is ending."""
    return min(seconds, LAST_PAUSE) if is_ending() else seconds


def pause(seconds: float) -> None:
    """Sleep, but wake up when the process begins to end."""
    if is_ending():
        time.sleep(seconds)
    else:
        wait([_sigterm], timeout=seconds)


def wait_for[T](work: Future[T], seconds: float = math.inf, *, last_seconds: float, reserve: float = SPARE) -> T:
    """Return the result of work, or cancel it and raise TimeoutError when its time is out.

    It has so many seconds from now; once the process is ending, last_seconds, and no more than leave the reserve.
    """
    start = time.monotonic()
    both: list[Future[Any]] = [work, _sigterm]
    wait(both, timeout=None if seconds == math.inf else seconds, return_when=FIRST_COMPLETED)
    if is_ending():
        rest = min(max(start, _sigterm.result()) + last_seconds - time.monotonic(), seconds_left(reserve))
        wait([work], timeout=max(rest, 0.0))
    if not work.done():
        work.cancel()
        raise TimeoutError
    return work.result()
