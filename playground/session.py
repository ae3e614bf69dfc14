"""One running playground: the stand-ins, the function among them, and what a user of the page can do with it."""

import threading
import urllib.error
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from queue import Queue
from typing import Any

from fakes.discord import probes
from fakes.discord.message import Message
from fakes.discord.payloads import command, press
from fakes.discord.rules import Interaction
from fakes.function import DoesNotStart, Function, running
from fakes.services import Services, serve
from fakes.web import Response
from playground.played import DEFINITION, MODULE
from playground.switches import COLD, SWITCHES, arm

GONE = Response(b"the picture cannot be fetched", 502)


class Unknown(Exception):
    """There is no such message, button or interaction."""


class Session:
    """What it starts goes on in threads of its own; news of it comes from Services.discord.rules.changes."""

    def __init__(self, services: Services, function: Function) -> None:
        self.services, self.function = services, function
        self.on: set[str] = set()  # the ids of the switches
        self._starting = threading.Lock()
        self._pictures: dict[tuple[str, int], Response] = {}

    def use(self, options: dict[str, Any], **where: Any) -> Interaction:  # noqa: ANN401 - sender.command's
        """Send a use of the command and return it at once."""
        return self._send(command(options, name=DEFINITION["name"], **where))

    def press(self, message_id: str, custom_id: str, **where: Any) -> Interaction:  # noqa: ANN401 - sender.press's
        """Press a button and return its interaction at once; raise Unknown for a button that is not there."""
        message = self._message(message_id)
        if message.deleted or custom_id not in message.buttons.values():
            raise Unknown(custom_id)
        return self._send(press(message, custom_id, **where))

    def _send(self, payload: dict[str, Any]) -> Interaction:
        """Send it with the switches' faults; a cold start begins with the interaction, as on Cloud Run."""
        arm(self.services.faults, self.on)
        cold = COLD in self.on
        if cold:
            self._starting.acquire()  # until it listens again
            self.function.stop()
        made: Queue[Interaction] = Queue()

        def created(interaction: Interaction) -> None:
            made.put(interaction)
            if cold:
                self._start()

        send: Callable[..., object] = self.services.discord.sender.send
        how = {"created": created}
        threading.Thread(target=send, args=(self.function.url, payload), kwargs=how, daemon=True).start()
        return made.get()

    def _start(self) -> None:
        try:
            self.function.start()
            self.function.wait()
        except DoesNotStart as error:
            self.function.say(str(error))
        finally:
            self._starting.release()

    def _message(self, message_id: str) -> Message:
        try:
            return self.services.discord.rules.messages[message_id]
        except KeyError:
            raise Unknown(message_id) from None

    def security_check(self) -> list[dict[str, Any]]:
        return probes.check(self.services.discord.sender, self.function.url)

    def switch(self, on: Iterable[str]) -> None:
        """Turn these switches on and all others off; raise ValueError if there is no such switch."""
        wanted = set(on)
        if unknown := wanted - {each.id for each in SWITCHES}:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
        self.on = wanted
        arm(self.services.faults, wanted)
        self.services.discord.rules.touch()

    def picture(self, message_id: str) -> Response:
        """Return a message's picture as Discord's media proxy does: fetched once, then kept."""
        message = self._message(message_id)
        key = (message_id, message.edits)
        if key not in self._pictures:
            try:
                self._pictures[key] = self.services.picture(message)
            except (urllib.error.URLError, OSError):
                return GONE
        return self._pictures[key]


@contextmanager
def open_session(say: Callable[[str], object] = print, *, debug: bool = False) -> Iterator[Session]:
    """Start the stand-ins and the function, and stop all of it in the end; raise DoesNotStart."""
    with serve() as services, running({**services.environ, "COMMAND": MODULE}, say, debug=debug) as function:
        function.wait_until_answering()
        yield Session(services, function)
