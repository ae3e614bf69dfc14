"""One running playground: the stand-ins, the function among them, and what a user of the page can do with it."""

import threading
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from queue import Queue
from typing import Any

from playground import probe
from playground.discord import Interaction, Message
from playground.faults import Fault
from playground.function import Function
from playground.sender import command, press
from playground.web import Response
from playground.world import World, serve

GONE = Response(502, b"the picture cannot be fetched", {"Content-Type": "text/plain"})


class Session:
    """What it starts goes on in threads of its own; news of it is told by World.discord.rules.changes."""

    def __init__(self, world: World, function: Function) -> None:
        self.world, self.function = world, function
        self._pictures: dict[tuple[str, int], Response] = {}

    def use(self, options: dict[str, Any], *, cold: bool = False, **where: Any) -> Interaction:  # noqa: ANN401 - sender.command's
        """Send a /mando and return it at once; cold restarts the function for it, as a new instance on Cloud Run."""
        return self._send(command(options, **where), cold=cold)

    def press(self, message_id: str, custom_id: str, **where: Any) -> Interaction:  # noqa: ANN401 - sender.press's
        """Press a button and return its interaction at once; raise KeyError for a button that is not there."""
        message = self.world.discord.rules.messages[message_id]
        if message.deleted or custom_id not in message.buttons.values():
            raise KeyError(custom_id)
        return self._send(press(message, custom_id, **where), source=message)

    def _send(self, payload: dict[str, Any], *, source: Message | None = None, cold: bool = False) -> Interaction:
        made: Queue[Interaction] = Queue()

        def created(interaction: Interaction) -> None:
            made.put(interaction)
            if cold:
                self.function.start()
                self.function.wait()

        if cold:
            self.function.stop()
        send: Callable[..., object] = self.world.discord.sender.send
        how = {"source": source, "created": created}
        threading.Thread(target=send, args=(self.function.url, payload), kwargs=how, daemon=True).start()
        return made.get()

    def security_check(self) -> list[dict[str, Any]]:
        return probe.check(self.world.discord.sender, self.function.url)

    def order(self, faults: dict[str, Any]) -> dict[str, Any]:
        """Set the faults that are named and return all; raise ValueError, and set none, if one is unknown."""
        known = asdict(self.world.faults)
        for route, value in faults.items():
            if route not in known:
                raise ValueError(f"no such route: {route}")
            if route.endswith("_latency"):
                float(value)
            else:
                [Fault.parse(each) for each in (value if isinstance(value, list) else [value]) if each]
        for route, value in faults.items():
            setattr(self.world.faults, route, value)
        return asdict(self.world.faults)

    def picture(self, message_id: str) -> Response:
        """Return a message's picture as Discord's media proxy does: fetched once, then kept."""
        message = self.world.discord.rules.messages[message_id]
        key = (message_id, message.edits)
        if key not in self._pictures:
            try:
                self._pictures[key] = self.world.picture(message)
            except (urllib.error.URLError, OSError):
                return GONE
        return self._pictures[key]


@contextmanager
def open_session(say: Callable[[str], object] = print, *, debug: bool = False) -> Iterator[Session]:
    """Start the stand-ins and the function, and stop all of it in the end; raise DoesNotStart."""
    with serve() as world:
        function = Function(world.environ, say, debug=debug)
        try:
            function.start()
            function.wait()
            yield Session(world, function)
        finally:
            function.stop()
