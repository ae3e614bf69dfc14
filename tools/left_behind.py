"""What a tunnel changed at Discord, noted until it is set back: a tunnel that is killed cannot do it any more."""

import fcntl
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from tools.application import Application, Unverified
from tools.commands import title
from tools.terminal import Trouble

RESTORE = "make tunnel ARGS=--restore"
UNWRITABLE = "what is changed at Discord could not be noted in {file}: {why}. XDG_STATE_HOME names another place"
ANOTHER = "another tunnel of this application is open: end it first (its process holds {file})"


@dataclass(frozen=True)
class Changes:
    """To one application, and what was there before. Nothing of it is secret."""

    tunnel: str
    """The address that interactions are sent to."""
    endpoint: str | None
    """Where they were sent before."""
    guild: str | None
    """A server that our commands were added to, which had none."""

    def left(self, application: Application) -> list[str]:
        """Say what is still as the tunnel set it."""
        left = []
        if application.endpoint() == self.tunnel:
            left.append(
                f"interactions are sent to {self.tunnel}; before, they were sent to {self.endpoint or 'nobody'}"
            )
        if self.guild and application.ours(self.guild):
            left.append(f"the commands are registered in server {self.guild}; before, they were not")
        return left

    def set_back(self, application: Application, say: Callable[[str], object] = print) -> None:
        """Set back what is still as the tunnel set it, and nothing that somebody has changed since."""
        if application.endpoint() == self.tunnel:
            try:
                application.set_endpoint(self.endpoint)
                say(f"Interactions are sent to {self.endpoint or 'nobody'} again")
            except Unverified:  # nowhere is better than a dead tunnel
                application.set_endpoint(None)
                say(f"Interactions are sent nowhere: {self.endpoint}, which was set before, answers no more")
        for command in application.ours(self.guild) if self.guild else ():
            application.unregister(command["id"], self.guild)
            say(f"{title(command)} is removed from server {self.guild} again")


class Note:
    """The changes of one application's tunnel, in a file."""

    def __init__(self, application: Application, settings: Mapping[str, str]) -> None:
        folder = Path(settings.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "mando"
        self.file = folder / f"tunnel-{application.id}.json"

    def read(self) -> Changes | None:
        try:
            return Changes(**json.loads(self.file.read_text()))
        except (OSError, ValueError, TypeError):  # none, or one that was never written to its end
            return None

    def write(self, changes: Changes | None) -> None:
        self.file.write_text(json.dumps(asdict(changes)) if changes else "")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other tunnels out; the system lets go of the file when this process ends, however it ends."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            file = self.file.open("a")
        except OSError as error:
            raise Trouble(UNWRITABLE.format(file=self.file, why=error.strerror)) from None
        with file:
            if not _lock(file):
                raise Trouble(ANOTHER.format(file=self.file))
            yield
        if not self.read():
            self.file.unlink(missing_ok=True)

    def is_held(self) -> bool:
        with self.file.open() as file:
            return not _lock(file)


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def mention(application: Application, settings: Mapping[str, str]) -> None:
    """Say what a tunnel that was killed left at Discord, and offer to set it back."""
    note = Note(application, settings)
    changes = note.read()
    if not changes or note.is_held():
        return
    if left := changes.left(application):
        _tell("\n  ".join(["A tunnel was killed before it could set back what it had changed:", *left]))
        if not _agreed():
            _tell(f"To set it back: {RESTORE}")
            return
        changes.set_back(application, _tell)
    note.file.unlink()


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _agreed() -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print("Set it back now? [Y/n] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"", "y", "yes"}
