"""The exchange of a command on a terminal, line by line as it happens."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from fakes.discord.rules import NO_RESPONSE, Interaction
from fakes.exchange import Exchange
from playground import channel
from playground.session import Session

SIGNS = {"discord": "Discord", "function": "mando", "bucket": "bucket"}
FOREIGN = SIGNS | {"function": "the bot"}
NAMES = {
    "interaction": "answer",
    "edit": "edit of @original",
    "delete": "delete of @original",
    "get": "get of @original",
}
GREEN, RED, DIM, BOLD = "32", "31", "2", "1"
SHOWN = ("delivered", "answered")  # what such outcomes begin with
PATIENCE = 60.0  # seconds; the function gives up on a bucket after 15


class Terminal:
    def __init__(self) -> None:
        self.out = sys.stdout
        self.signs = SIGNS

    def paint(self, text: str, style: str) -> str:
        return f"\033[{style}m{text}\033[0m" if text and self.out.isatty() else text

    def say(self, text: str = "") -> None:
        print("\033[K" * self.out.isatty() + text, file=self.out, flush=True)

    def now(self, text: str) -> None:
        """Show on a screen what is being done, until the next line takes its place."""
        if self.out.isatty():
            print(text, end="\r", file=self.out, flush=True)

    def follow(self, session: Session, interaction: Interaction) -> bool:
        """Print each exchange once it is over, until all is over; return whether the result is shown."""
        self.signs = FOREIGN if session.is_foreign else SIGNS
        self.say(f"\n  {self.paint(channel.entry(interaction)['command'], BOLD)}\n")
        printed: set[tuple[int, float]] = set()
        deadline = time.monotonic() + PATIENCE
        while not (over := _over(session, interaction)) and time.monotonic() < deadline:
            self._print_new(session, interaction, printed)
            time.sleep(0.01)
        self._print_new(session, interaction, printed)
        self._conclude(interaction, over=over)
        if session.is_foreign:
            return interaction.shown is not None
        return str((session.function.log_of(interaction.id) or {}).get("outcome")).startswith(SHOWN)

    def _print_new(self, session: Session, interaction: Interaction, printed: set[tuple[int, float]]) -> None:
        every = [*interaction.exchanges, *channel.uploads(session.services, interaction)]
        moments = [
            (moment, line, id(each)) for each in every for moment, line in self._lines(each, interaction.created)
        ]
        for moment, line, key in sorted(moments, key=lambda each: each[0]):
            if (key, moment) not in printed:
                printed.add((key, moment))
                self.say(line)

    def _lines(self, exchange: Exchange, created: float) -> Iterator[tuple[float, str]]:
        """Yield when and how to tell an exchange: once it is over, and the signed request when it is sent, too."""
        way = (self.signs[exchange.source], self.signs[exchange.target])
        if exchange.kind == "interaction":
            yield exchange.started, self._line(exchange.started - created, way, "signed request", "")
            way = way[::-1]
        if exchange.ended:
            name = NAMES.get(exchange.kind, exchange.kind)
            yield exchange.ended, self._line(exchange.ended - created, way, name, self._verdict(exchange))

    def _line(self, moment: float, way: tuple[str, str], name: str, verdict: str) -> str:
        return f"  {round(moment * 1000):>6} ms   {way[0]:>7} → {way[1]:<7}  {name:<19}{verdict}".rstrip()

    def _verdict(self, exchange: Exchange) -> str:
        status = "broken" if exchange.status is None else str(exchange.status)
        # 412: the same picture was there before.
        good = status.startswith("2") or status == "412"
        took = round(((exchange.ended or 0) - exchange.started) * 1000)
        every = (exchange.fault, exchange.refused, *exchange.notes)
        remarks = "".join(f"\n{'':>13}{each}" for each in every if each)
        return (
            f"{self.paint(status, GREEN if good else RED)}  {self.paint(f'{took} ms', DIM)}{self.paint(remarks, RED)}"
        )

    def _conclude(self, interaction: Interaction, *, over: bool) -> None:
        if interaction.failed:
            self.say(f"\n  {self.paint(NO_RESPONSE, RED)}: there was no first response within 3 s.")
        for each in filter(None, (interaction.message, *interaction.follow_ups)):
            if each.text:
                self.say(f"\n  {each.text}")
        if not over:
            self.say(self.paint(f"\n  Nothing more came in {PATIENCE:.0f} s.", RED))


def _over(session: Session, interaction: Interaction) -> bool:
    """Whether the user sees the result, and the function has answered the request itself and written its log line."""
    logged = session.is_foreign or interaction.failed or session.function.log_of(interaction.id)
    return interaction.done and all(each.ended for each in interaction.exchanges) and bool(logged)


def save(session: Session, interaction: Interaction, folder: Path) -> list[Path]:
    """Save what an interaction's message shows and brings, and return where."""
    message = interaction.message
    contents = {name: file.content for name, file in message.files.items()} if message else {}
    if message and message.image_url.startswith("http"):
        contents[message.image_url.rpartition("/")[2]] = session.picture(message.id).data
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{interaction.id}-{name}" for name in contents]
    for path, content in zip(paths, contents.values(), strict=True):
        path.write_bytes(content)
    return paths
