"""The exchange of a /mando on a terminal, line by line as it happens."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from playground import channel
from playground.discord import NO_RESPONSE, Interaction
from playground.record import Exchange
from playground.session import Session

SIGNS = {"discord": "Discord", "function": "mando", "bucket": "bucket"}
NAMES = {
    "interaction": "/mando, signed",
    "callback": "callback",
    "upload": "upload",
    "edit": "edit of @original",
    "delete": "delete of @original",
    "get": "get of @original",
    "metadata": "bucket's metadata",
    "read": "read",
}
GREEN, RED, DIM, BOLD = "32", "31", "2", "1"
PATIENCE = 60.0  # seconds; the function gives up on a bucket after 15


class Terminal:
    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out

    def paint(self, text: str, *styles: str) -> str:
        return f"\033[{';'.join(styles)}m{text}\033[0m" if self.out.isatty() else text

    def say(self, text: str = "") -> None:
        print(text, file=self.out, flush=True)

    def follow(self, session: Session, interaction: Interaction) -> bool:
        """Print each exchange once it is over, until all is told; return whether a picture is shown."""
        self.say(f"\n  {self.paint(channel.entry(interaction)['command'], BOLD)}\n")
        printed: list[Exchange] = []
        deadline = time.monotonic() + PATIENCE
        while not (over := _over(interaction)) and time.monotonic() < deadline:
            self._print_new(session, interaction, printed)
            time.sleep(0.01)
        self._print_new(session, interaction, printed)
        self._conclude(interaction, over=over)
        return bool(interaction.message and interaction.message.image_url)

    def _print_new(self, session: Session, interaction: Interaction, printed: list[Exchange]) -> None:
        every = [*interaction.exchanges, *channel.uploads(session.world, interaction)]
        for each in sorted((each for each in every if each.ended), key=lambda each: each.ended or 0):
            if not any(each is one for one in printed):
                printed.append(each)
                self._print(each, interaction.created)

    def _print(self, exchange: Exchange, created: float) -> None:
        for line in self._lines(exchange, created):
            self.say(line)

    def _lines(self, exchange: Exchange, created: float) -> Iterator[str]:
        begun, ended = (round((moment - created) * 1000) for moment in (exchange.started, exchange.ended or 0))
        way = f"{SIGNS[exchange.source]:>7} → {SIGNS[exchange.target]:<7}"
        name = NAMES.get(exchange.kind, exchange.kind)
        status = "broken" if exchange.status is None else str(exchange.status)
        took = self.paint(f"{ended - begun} ms", DIM)
        good = status.startswith("2") or exchange.status == 412  # noqa: PLR2004 - the same picture was there before
        told = self.paint(status, GREEN if good else RED)
        yield f"  {begun:>6} ms  {way}  {name:<20} {told}  {took}"
        for remark in filter(None, (exchange.fault, exchange.refused)):
            yield f"  {'':>35}{self.paint(remark, RED if remark == exchange.refused else DIM)}"

    def _conclude(self, interaction: Interaction, *, over: bool) -> None:
        if interaction.failed:
            self.say(f"\n  {self.paint(NO_RESPONSE, RED)}: there was no first response within 3 s.")
        elif interaction.message and interaction.message.content:
            self.say(f"\n  {interaction.message.content}")
        if not over:
            self.say(self.paint(f"\n  Nothing more came in {PATIENCE:.0f} s.", RED))


def _over(interaction: Interaction) -> bool:
    """Whether the user sees the result and the function has answered the request itself."""
    return interaction.done and all(each.ended for each in interaction.exchanges)


def save(session: Session, interaction: Interaction, folder: Path) -> Path | None:
    """Save the picture of an interaction's message and return where; None when there is none."""
    if not (interaction.message and interaction.message.image_url):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"mandala-{interaction.id}.png"
    path.write_bytes(session.picture(interaction.message.id).body)
    return path
