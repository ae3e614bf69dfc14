"""The gunicorn worker that functions-framework starts around the function, which has no settings for what we need."""

import signal
from typing import Any


def gunicorn_worker() -> Any | None:  # noqa: ANN401 - published without types
    """Return the worker, or None under the development server of --debug, which has none.

    It is found by its handler of SIGTERM, a method of it, which gunicorn sets after the fork: with the first request.
    """
    worker = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return worker if hasattr(worker, "alive") else None
