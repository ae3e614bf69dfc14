"""Changed files: told once they are still."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from watchdog import events
from watchdog.observers import Observer

STILL = 0.1  # seconds: an editor saves in several steps
CHANGES = [events.FileCreatedEvent, events.FileModifiedEvent, events.FileMovedEvent, events.FileDeletedEvent]
OTHERS = {"node_modules", "__pycache__", "out"}  # folders whose files nobody edits, and those that begin with a dot
SOURCES = {".py", ".js", ".mjs", ".cjs", ".ts", ".json", ".go", ".rs", ".rb", ".php", ".java", ".cs", ".toml", ".yaml"}
"""Not its log or its database: a function that writes while it runs is not to be started anew for that, for ever."""


class _Watch(events.FileSystemEventHandler):
    def __init__(self, folder: Path, changed: Callable[[], object]) -> None:
        self.folder, self.changed = folder, changed
        self.touched, self.over = threading.Event(), threading.Event()
        self.seen: dict[str, tuple[int, int]] = {}

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        if any(self._has_changed(str(path)) for path in (event.src_path, event.dest_path) if path):
            self.touched.set()

    def _has_changed(self, path: str) -> bool:
        """Tell whether a file is a source, and another than when it was last looked at."""
        inner = Path(path).relative_to(self.folder)
        if inner.suffix not in SOURCES or any(map(_is_other, inner.parts)):
            return False
        before, self.seen[path] = self.seen.get(path), _state(path)
        return self.seen[path] != before

    def tell(self) -> None:
        while not self.over.is_set():
            self.touched.wait()
            while self.touched.is_set() and not self.over.is_set():
                self.touched.clear()
                self.over.wait(STILL)
            if not self.over.is_set():
                self.changed()


def _is_other(name: str) -> bool:
    return name.startswith(".") or name in OTHERS


def _state(path: str) -> tuple[int, int]:
    try:
        found = Path(path).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@contextmanager
def watching(folder: Path, changed: Callable[[], object]) -> Iterator[None]:
    """Call changed after each change of a folder's sources, on a thread of its own, until the block ends."""
    watch, observer = _Watch(folder, changed), Observer()
    observer.schedule(watch, str(folder), event_filter=CHANGES)
    for each in folder.iterdir():  # one by one: the packages of a virtual environment are thousands of folders
        if each.is_dir() and not _is_other(each.name):
            observer.schedule(watch, str(each), recursive=True, event_filter=CHANGES)
    observer.start()
    teller = threading.Thread(target=watch.tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        observer.stop()
        watch.over.set()
        watch.touched.set()
        observer.join()
        teller.join()
