"""/chart: bars from "a 3, b 5, c 2". COMMAND=examples.chart chooses it in place of /mando."""

import hashlib
import io
import re
from dataclasses import dataclass

from discord_enums import CallbackType, CommandType, InteractionType, MessageFlag, OptionType
from interaction import Interaction
from response import Body, File, Immediate, Message, NotOurs, Response

BARS = 20
BAR = re.compile(r"(.{1,40}) ([0-9]{1,12}(?:\.[0-9]{1,6})?)", re.ASCII)
CURE = f"Give me 1 to {BARS} names of up to 40 characters, each with a number: a 3, b 5.5, c 2. I cannot draw this: "
BUSY = "Many charts are being drawn just now. Try again in a moment."
FAILURE = "This chart could not be drawn. Try again in a moment."
BLUE = "#5865f2"

VALUES = {
    "name": "values",
    "type": OptionType.STRING,
    "description": "Names and numbers, such as: a 3, b 5, c 2",
    "required": True,
    "max_length": 1000,
}
DEFINITIONS = (
    {
        "name": "chart",
        "type": CommandType.CHAT_INPUT,
        "description": "Draw bars of numbers",
        "options": [VALUES],
    },
)


@dataclass(frozen=True)
class Chart:
    """Bars from top to bottom: the name of each, and its number as it was typed."""

    bars: tuple[tuple[str, str], ...]
    callback: Body

    def make(self) -> Message:
        """Draw them; without pyplot, which mixes what threads draw."""
        from matplotlib.figure import Figure  # noqa: PLC0415 - slow: after the callback

        names, numbers = zip(*self.bars, strict=True)
        figure = Figure(figsize=(8, 0.8 + 0.4 * len(names)), dpi=128, layout="constrained")
        axes = figure.subplots(subplot_kw={"frame_on": False, "xticks": []})
        axes.bar_label(axes.barh(range(len(names)), list(map(float, numbers)), color=BLUE), numbers, padding=4)
        axes.set_yticks(range(len(names)), names, parse_math=False)
        axes.invert_yaxis()
        figure.savefig(png := io.BytesIO(), format="png")

        told = ", ".join(map(" ".join, self.bars))
        name = hashlib.blake2b(told.encode(), digest_size=16).hexdigest()  # the same bars are the same file
        file = File(f"{name}.png", "image/png", png.getvalue(), description=f"Bar chart: {told}")
        return Message(_body(image={"url": file.reference, "description": file.description}), (file,))

    def failure(self) -> Body:
        return _body(content=FAILURE)

    def busy(self) -> Immediate:
        return _private(BUSY, "busy")


def respond(interaction: Interaction) -> Response:
    """Return the chart that is asked for, or a sentence where it cannot be drawn; raise NotOurs."""
    match interaction.type, interaction.data:
        case InteractionType.APPLICATION_COMMAND, {"name": "chart", "options": [{"value": str(values)}]}:
            try:
                return Chart(_read(values), {"type": CallbackType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE})
            except ValueError as wrong:
                return _private(f"{CURE}{wrong}")
    raise NotOurs("unknown command")


def _read(text: str) -> tuple[tuple[str, str], ...]:
    """Return the bars that a text describes, or raise ValueError with what cannot be drawn."""
    bars = tuple(map(_bar, text.split(",")))
    if len(bars) > BARS:
        raise ValueError(f"{len(bars)} bars")
    return bars


def _bar(text: str) -> tuple[str, str]:
    match = BAR.fullmatch(" ".join(text.split()))
    if not match:
        raise ValueError(text.strip() or "nothing")
    return match[1], match[2]


def _private(sentence: str, outcome: str = "refused privately") -> Immediate:
    data = {**_body(content=sentence), "flags": MessageFlag.EPHEMERAL}
    return Immediate({"type": CallbackType.CHANNEL_MESSAGE_WITH_SOURCE, "data": data}, outcome)


def _body(content: str = "", image: Body | None = None) -> Body:
    return {"content": content, "embeds": [{"image": image}] if image else [], "allowed_mentions": {"parse": []}}
