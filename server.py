"""The gunicorn worker that functions-framework starts around the function, which has no settings for what we need."""

import signal
from functools import partial
from importlib import import_module
from typing import Any

AT_ONCE = 50
"""Connections that are taken before others get their turn."""
LINGER = 0.05
"""Seconds for a client to close after us. gunicorn's main thread gives each 2 s, in which it hears nobody else."""


def gunicorn_worker() -> Any | None:  # noqa: ANN401 - published without types
    """Return the worker, or None under the development server of --debug, which has none.

    It is found by its handler of SIGTERM, a method of it, which gunicorn sets after the fork: with the first request.
    """
    worker: Any = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return worker if hasattr(worker, "alive") else None


def close_soon() -> None:
    """Let a client that never closes hold up nobody."""
    util: Any = import_module("gunicorn.util")
    util.close_graceful = partial(util.close_graceful, timeout=LINGER)


def accept_waiting(worker: Any) -> None:  # noqa: ANN401 - published without types
    """Let an ending worker take the connections that wait in the kernel: it would break them off unheard."""
    if worker.poller.get_map():  # it is closed first: a queue that is closed would write into somebody else's file
        worker.method_queue.defer(_accept, worker)  # the main thread's own, which it works off until the end


def _accept(worker: Any) -> None:  # noqa: ANN401 - published without types
    for listener in worker.sockets:
        for _ in range(AT_ONCE):
            worker.accept(listener)  # returns at once when nobody waits
