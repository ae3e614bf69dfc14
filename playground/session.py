"""One running playground: the stand-ins, the function among them, and what a user of the page can do with it."""

import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict
from functools import partial
from http.client import HTTPException
from queue import Queue
from typing import Any, Unpack

from discord_enums import CommandType
from fakes.discord import autocomplete, probes
from fakes.discord.api import UNPLAYED
from fakes.discord.components import SELECTS, misfit
from fakes.discord.message import File, Message
from fakes.discord.modal import Unsendable, Value
from fakes.discord.options import first, kinds, leaf
from fakes.discord.payloads import USERS, Where, command, context_command, press, submission
from fakes.discord.payloads import autocomplete as typing
from fakes.discord.rules import Interaction
from fakes.function import LOOK_SECONDS, DoesNotStart, Function, is_free
from fakes.services import Services, serve
from fakes.web import Response
from playground import channel, foreign
from playground.played import DEFINITIONS, MODULE
from playground.switches import COLD, SWITCHES, Numbered, arm
from playground.verdicts import CASES, Cases, Verdict, play

KEPT = 50  # interactions; older ones are let go, so that memory stays flat in a long sitting
FRESH = 60.0  # seconds in which an interaction's uploads are looked for
REGISTERING = 5.0  # seconds in which a bot that has started registers its commands
SHORT_LIFE = 2.0  # seconds; a function that lived no longer is not started again by itself
DELIVERIES = {"new": (), "twice": ("duplicate",), "late": ("late 3.5",), "forged": ("bad-signature",)}
UNTYPED = "this bot has no command that is typed: right-click a message or a person in the page"
GONE = Response(b"the picture cannot be fetched", 502)


class Unknown(Exception):
    """There is no such message, button or interaction."""


class Session:
    """What it starts goes on in threads of its own; news of it comes from Services.discord.rules.changed."""

    def __init__(self, services: Services, function: Function, kept: int = KEPT) -> None:
        self.services, self.function, self.kept = services, function, kept
        self.discord, self.rules = services.discord, services.discord.rules
        self.is_foreign = False  # another's bot: it writes no log line of ours
        self.on: set[str] = set()  # the ids of the switches
        self.numbered: list[Numbered] = []  # faults with numbers, in the order in which they were added
        self.trouble: dict[str, Any] | None = None  # the function's: whether it is gone, and its last words
        self._dismissed: set[str] = set()  # entries that only their asker could see, and no longer wants to
        self._said: dict[str, bool] = {}  # by whose id people's own messages are known: whether in the direct message
        self._lost: set[str] = set()  # interactions that the function took with it when it died
        self.verdicts: list[Verdict] = []  # of every fault, as it is played
        self._playing = threading.Event()
        self._entries: dict[str, tuple[object, dict[str, Any]]] = {}  # by interaction: of what they were made, if over
        self._starting = threading.Lock()
        self._pictures: dict[tuple[str, int, str], Response] = {}
        function.heard, function.died, function.came = self.rules.touch, self._died, self._recovered

    @property
    def slash(self) -> list[dict[str, Any]]:
        """Return the commands that are typed, as they are registered."""
        return [each for each in self.rules.registered if each["type"] == CommandType.CHAT_INPUT]

    @property
    def first(self) -> dict[str, Any]:
        """Return the command that is played where none is named: the first that is typed, if there is any."""
        return (self.slash or self.rules.registered)[0]

    def definition(self, name: str, path: Sequence[str] = ()) -> dict[str, Any]:
        """Return what is registered of a command, or of the subcommand at a path; raise LookupError."""
        return leaf(next((each for each in self.slash if each["name"] == name), {"name": name}), path)

    def use(
        self, options: dict[str, Any], name: str = "", path: Sequence[str] = (), **where: Unpack[Where]
    ) -> Interaction:
        """Send a use of a command (default: the first) and return it at once."""
        return self._send(command(options, **self._called(name, path), **where))

    def suggest(
        self, focused: str, options: dict[str, Any], name: str, path: Sequence[str] = (), **where: Unpack[Where]
    ) -> list[dict[str, Any]]:
        """Return the choices that the function has for an option while it is typed, or raise NoChoices."""
        payload = typing(focused, options, **self._called(name, path), **where)
        return autocomplete.choices(self.discord.sender, self.function.url, payload)

    def _called(self, name: str, path: Sequence[str]) -> dict[str, Any]:
        if not name:
            name, path = self.first["name"], first(self.first)
        return {"name": name, "path": path, "kinds": kinds(self.definition(name, path))}

    def press(
        self, message_id: str, custom_id: str, values: list[str] | None = None, **where: Unpack[Where]
    ) -> Interaction:
        """Press a button, or choose in a select, and return its interaction at once; raise Unknown, Unsendable."""
        message = self._message(message_id)
        component = None if message.deleted else message.component(custom_id)
        if component is None or (component["type"] in SELECTS) != (values is not None):
            raise Unknown(custom_id)
        if wrong := misfit(component, values or []) if values is not None else "":
            raise Unsendable(f"{custom_id} {wrong}")
        return self._send(press(message, custom_id, values, **where))

    def point(self, name: str, *, message: str = "", person: str = "", **where: Unpack[Where]) -> Interaction:
        """Use a command of the context menu on a message or a person, and return it at once."""
        return self._send(context_command(name, self._message(message) if message else USERS[person], **where))

    def submit(self, interaction_id: str, typed: dict[str, Value]) -> Interaction:
        """Send the modal that an interaction has opened, and return it at once; raise Unsendable."""
        opened = self.interaction(interaction_id)
        if not opened.modal:
            raise Unknown(interaction_id)
        return self._send(submission(opened, typed))

    def say(self, text: str, user: str, *, dm: bool) -> None:
        """Put what a person writes into the channel: commands of the context menu can be used on it."""
        with self.rules.changed:
            self._said[self.rules.say(USERS[user], text).id] = dm

    def send(self, payload: dict[str, Any], how: str) -> Interaction:
        """Send a payload with a new id and token in one of DELIVERIES, and return its interaction at once."""
        fresh = {name: value for name, value in payload.items() if name not in ("id", "token")}
        return self._send(fresh, DELIVERIES[how])

    def repeat(self, interaction_id: str) -> Interaction:
        """Deliver an interaction once more, with its old id and token, and return it at once."""
        known = self.interaction(interaction_id)
        again = partial(self.discord.sender.deliver, self.function.url, known)
        threading.Thread(target=again, daemon=True).start()
        return known

    def interaction(self, interaction_id: str) -> Interaction:
        """Return what is known by this id; raise Unknown."""
        try:
            return self.rules.interactions[interaction_id]
        except KeyError:
            raise Unknown(interaction_id) from None

    def _send(self, payload: dict[str, Any], delivery: tuple[str, ...] = ()) -> Interaction:
        """Send it with the switches' faults; a cold start begins with the interaction, as on Cloud Run."""
        arm(self.services.faults, self.on, self.numbered)
        if delivery:
            self.services.faults.delivery = list(delivery)
        own = {each.fault: each.seconds for each in self.numbered if each.route == "function"}
        cold = COLD in self.on or "cold" in own
        if cold:
            self._starting.acquire()  # until it listens again
            self.function.stop()
        self._let_go()
        made: Queue[Interaction] = Queue()

        def created(interaction: Interaction) -> None:
            made.put(interaction)
            if cold:
                time.sleep(own.get("cold", 0))
                self._start()
            else:
                with self._starting:  # until it listens again, if it is being restarted
                    pass
            if "taken" in own:
                threading.Timer(own["taken"], self._take_away).start()

        send = partial(self.discord.sender.send, self.function.url, payload, created=created)
        threading.Thread(target=send, daemon=True).start()
        return made.get()

    def _start(self) -> None:
        try:
            self.function.start()
            self.function.wait()
        except DoesNotStart:
            words = self.function.last_words
            self.function.stop()  # not one that died: it would be started again, for ever if it ends late
            self._tell(words, gone=True)
        finally:
            self._starting.release()

    def _take_away(self) -> None:
        """End the instance as Cloud Run does, and start another."""
        self.restart()
        self._died()

    def _died(self) -> None:
        """Note what it took with it; start it again unless it did not even live for a moment."""
        interactions = self.discord.interactions
        self._lost |= {each.id for each in interactions if each.callbacks and not each.done}
        words, lived = self.function.last_words, time.time() - self.function.started
        gone = not self.function.is_running  # else it was one of its workers, which it has replaced
        if not gone or lived < SHORT_LIFE or self.restart():
            self._tell(words, gone=not self.function.is_running)

    def _recovered(self) -> None:
        self.trouble = None
        self.rules.touch()

    def _tell(self, words: str, *, gone: bool) -> None:
        self.trouble = {"gone": gone, "words": words, "ours": self.function.is_ours}
        self.rules.touch()

    def restart(self) -> bool:
        """Stop the function if need be, and start it again; return whether it runs."""
        self._starting.acquire()
        self.function.stop()
        self._start()
        return self.function.is_running

    def mend(self) -> None:
        """Start a function that is gone, and take the note of its trouble away."""
        if not (self.trouble and self.trouble["gone"]) or self.restart():
            self._recovered()

    def renew(self) -> None:
        """Start the function from its changed files."""
        if self.restart():
            self._recovered()

    def dismiss(self, entry_id: str) -> None:
        """Take away what only its asker could see: an interaction's message, or one that followed."""
        self._dismissed.add(entry_id)
        self.rules.touch()

    def forget(self) -> None:
        """Empty the channel, and let everything work again."""
        self.switch(())
        self.trouble = None
        self.rules.forget()

    def _let_go(self) -> None:
        """Forget all but the newest interactions, and what the stand-ins keep of the older ones."""
        kept = self.discord.interactions[-self.kept :]
        if len(kept) < self.kept:
            return
        rules, bucket = self.rules, self.services.bucket
        rules.forget(kept[0].id)
        for exchanges in (bucket.exchanges, self.discord.api.exchanges):
            del exchanges[: sum(each.started < kept[0].created for each in exchanges)]
        shown = {each.image_url.rsplit("/", 1)[-1] for each in rules.messages.values()}
        for name in list(bucket.objects)[: -self.kept]:
            if name not in shown:
                del bucket.objects[name]
        self._pictures = {key: each for key, each in self._pictures.items() if key[0] in rules.messages}
        self._said = {key: each for key, each in self._said.items() if key in rules.messages}
        self._entries = {key: each for key, each in self._entries.items() if key in rules.interactions}
        self._dismissed &= rules.interactions.keys() | rules.messages.keys()
        self._lost &= rules.interactions.keys()

    def news(self) -> dict[str, Any]:
        """Return all that the page shows, by key: each interaction by its id."""
        sent = self.discord.interactions
        entries = {each.id: self._entry(each) for each in sent}
        entries |= {more.id: self._follow_up(each, more) for each in sent for more in each.follow_ups}
        refusals = (each.refused.partition(" ")[2] for each in self.discord.api.exchanges)
        messages = self.rules.messages
        said = {key: channel.said(messages[key], dm=dm) for key, dm in self._said.items() if key in messages}
        return {
            "on": sorted(self.on),
            "numbered": [asdict(each) for each in self.numbered],
            "trouble": self.trouble,
            "unplayed": list(dict.fromkeys(each for each in refusals if each.startswith(UNPLAYED))),
            "played": {
                "of": len(CASES) if self._playing.is_set() else 0,
                "verdicts": [asdict(each) for each in self.verdicts],
            },
            **dict(sorted({**entries, **said}.items())),
        }

    def _follow_up(self, interaction: Interaction, message: Message) -> dict[str, Any]:
        return {**channel.follow_up(interaction, message), "dismissed": message.id in self._dismissed}

    def _entry(self, interaction: Interaction) -> dict[str, Any]:
        """Return what the page shows of an interaction; of one that is over, made anew only if its message changes."""
        message, dismissed, lost = interaction.message, interaction.id in self._dismissed, interaction.id in self._lost
        version = (len(interaction.exchanges), message and (message.edits, message.deleted), dismissed, lost)
        known, entry = self._entries.get(interaction.id, (None, {}))
        if version != known:
            fresh = time.time() - interaction.created < FRESH
            every = [*interaction.exchanges, *(channel.uploads(self.services, interaction) if fresh else [])]
            logged = self.function.log_of(interaction.id) is not None
            ended = sum(each.ended is not None for each in every)
            printed = len(channel.printed(self.services, self.function, interaction))
            entry = {
                **channel.entry(interaction),
                "dismissed": dismissed,
                "lost": lost,
                "waits": channel.waits_for(every),
                "wire": [len(every), ended, logged, printed],
            }
            over = interaction.done and logged and ended == len(every)
            self._entries[interaction.id] = version if over else None, entry
        return entry

    def _message(self, message_id: str) -> Message:
        try:
            return self.rules.messages[message_id]
        except KeyError:
            raise Unknown(message_id) from None

    def security_check(self) -> list[dict[str, Any]]:
        return probes.check(self.discord.sender, self.function.url)

    def switch(self, on: Iterable[str], numbered: Iterable[Numbered] = ()) -> None:
        """Turn these switches on and all others off, and play these faults; raise ValueError for an unknown switch."""
        wanted = set(on)
        if unknown := wanted - {each.id for each in SWITCHES}:
            raise ValueError(f"no such switch: {', '.join(sorted(unknown))}")
        self.on, self.numbered = wanted, list(numbered)
        arm(self.services.faults, self.on, self.numbered)
        self.rules.touch()

    def play(self, cases: Cases, options: dict[str, Any]) -> Iterator[Verdict]:
        """Play these, one after the other; what a function may still be at after a failure is not to spoil the next."""
        for case in cases:
            verdict = play(self.services, self.function, case, options, self.first)
            yield verdict
            if verdict.right is False:
                self.restart()

    def play_faults(self) -> None:
        """Begin to play every fault, unless that goes on; what is sent meanwhile meets them, too. Raise ValueError."""
        if not self.slash:
            raise ValueError(UNTYPED)
        if not self._playing.is_set():
            self._playing.set()
            threading.Thread(target=self._play_faults, daemon=True).start()

    def _play_faults(self) -> None:
        self.verdicts = []
        try:
            for verdict in self.play(CASES, {}):
                self.verdicts = [*self.verdicts, verdict]
                self.rules.touch()
                self._let_go()
                if not self._playing.is_set():
                    break
        finally:  # also when the function is gone and does not start
            self.stop_faults()
            arm(self.services.faults, self.on, self.numbered)

    def stop_faults(self) -> None:
        """Let the fault that is played be the last."""
        self._playing.clear()
        self.rules.touch()

    def attachment(self, message_id: str, name: str) -> File:
        """Return a file of a message by its name; raise Unknown."""
        if not (file := self._message(message_id).files.get(name)):
            raise Unknown(name)
        return file

    def picture(self, message_id: str, url: str = "") -> Response:
        """Return a picture of a message (default: the first) as Discord's media proxy does: fetched once, then kept."""
        message = self._message(message_id)
        url = url or message.image_url
        if url not in message.media:
            raise Unknown(url)
        key = (message_id, message.edits, url)
        if key not in self._pictures:
            try:
                self._pictures[key] = self.services.picture(message, url)
            except (OSError, HTTPException):
                return GONE
        return self._pictures[key]


@contextmanager
def open_session(say: Callable[[str], object] = print, *, patient: bool = False, kept: int = KEPT) -> Iterator[Session]:
    """Start the stand-ins and the function, and stop all of it in the end.

    Raise DoesNotStart; a patient session goes on without the function, which may be mended.
    """
    with serve(key=foreign.KEY) as services:
        function = Function({**services.environ, "COMMAND": MODULE}, say)
        services.discord.api.register(DEFINITIONS)
        session = Session(services, function, kept)
        function.start()
        try:
            with suppress(DoesNotStart) if patient else nullcontext():
                function.wait_until_answering()
            yield session
        finally:
            function.stop()


@contextmanager
def open_foreign(arguments: Namespace, say: Callable[[str], object] = print) -> Iterator[Session]:
    """Start the stand-ins and another's bot, and make its commands known; raise DoesNotStart or Trouble."""
    port = foreign.DISCORD_PORT if is_free(foreign.DISCORD_PORT) else 0
    with serve(discord_port=port, key=foreign.KEY) as services:
        services.discord.api.bot_token = ""  # any will do
        settings = foreign.environ(arguments, services)
        function = Function(settings, say, foreign.program(arguments, services))
        for line in foreign.exports(settings, function):
            say(line)
        if not function.is_ours and not function.listens():
            say(f"Waiting for what is to listen at {function.url} …")
            while not function.listens():
                time.sleep(LOOK_SECONDS)
        services.discord.rules.name = foreign.name(function)
        session = Session(services, function)
        session.is_foreign = True
        function.start()
        try:
            function.wait()
            foreign.register(arguments, services, function)
            deadline = time.monotonic() + REGISTERING
            while not services.discord.rules.registered and time.monotonic() < deadline:
                time.sleep(0.05)
            if not services.discord.rules.registered:
                raise foreign.Trouble(foreign.UNKNOWN_COMMANDS.format_map(foreign.values(services)))
            yield session
        finally:
            function.stop()
