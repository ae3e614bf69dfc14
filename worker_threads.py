"""Threads that exist before they are needed: once the main thread has ended, CPython 3.12 starts none."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any


class WorkerThreads:
    """So many daemon threads, which take work in the order of its coming and never keep the process alive.

    concurrent.futures' pool would do neither: it waits for its threads at the end, and takes no work from then on.
    """

    def __init__(self, name: str, count: int) -> None:
        self.name, self.count = name, count
        self._queue: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = SimpleQueue()
        self._start = threading.Lock()

    def start(self) -> None:
        """Start all of them, once; not at the import, since no thread outlives gunicorn's fork."""
        if self._start.acquire(blocking=False):
            for number in range(self.count):
                threading.Thread(target=self._work, name=f"{self.name} {number}", daemon=True).start()

    def submit[T](self, work: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        self._queue.put((future, work))
        return future

    def _work(self) -> None:
        while True:
            future, work = self._queue.get()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
                    future.set_exception(error)
            del future, work  # or the last picture is kept until the next
