"""One setting after the other, the rest as deploy.sh has it: what a crowd of 1000 from zero would meet."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.chart import hexadecimal
from benchmarks.scale import scenarios
from benchmarks.scale.assumptions import Settings
from benchmarks.scale.scenarios import Outcome, Scenario, outcome
from picture.palettes import BACKGROUND

CHART = Path(__file__).with_suffix(".png")


@dataclass(frozen=True, eq=False)
class Sweep:
    name: str
    setting: str
    values: tuple[Any, ...]
    note: str = ""
    world: dict[str, Any] = field(default_factory=dict)
    """What else is not as usual: the note says it."""
    arrivals: tuple[float, ...] = tuple(scenarios.crowd())

    @property
    def title(self) -> str:
        return f"{self.name} ({self.note})" if self.note else self.name


SUDDEN = tuple(scenarios.steady(lambda _: 100.0, 20.0, 100.0))
SWEEPS = [
    Sweep("MAX_INSTANCES", "max_instances", (5, 10, 15, 20, 30, 40, 100)),
    Sweep("CONCURRENCY", "concurrency", (1, 4, 8, 16, 32, 80), "100 a second for 20 s", arrivals=SUDDEN),
    Sweep("MIN_INSTANCES", "min_instances", (0, 1, 2, 5, 20), "if a start takes 3 s", {"start": 3.0}),
    Sweep("CPU", "cpu", (1, 2, 4), "at most 20 instances", {"max_instances": 20}),
    Sweep("hold, s", "hold", (0.0, 1.0, 2.0, 2.3, 2.7), "100 a second for 20 s", arrivals=SUDDEN),
    Sweep("held in a crowd", "held", (1, 2, 3, 4, 6, 8), "at most 10 instances", {"max_instances": 10}),
    Sweep("first value, s", "first_drawing", (0.01, 0.1, 0.2, 0.5, 1.0), "at most 15 instances", {"max_instances": 15}),
    Sweep("start, s", "start", (0.5, 1.0, 1.5, 2.0, 2.5, 3.0), "Google's"),
    Sweep("starts a second", "starts_a_second", (10.0, 20.0, 30.0, 100.0, 1000.0), "Google's"),
    Sweep("speed of a vCPU", "speed", (0.3, 0.5, 0.6, 0.8, 1.0), "Google's"),
    Sweep("Discord takes, s", "discord", (0.05, 0.1, 0.3, 0.6, 0.9)),
    Sweep("the bucket takes, s", "bucket", (0.05, 0.15, 1.0, 5.0)),
]
PARTS = {
    "picture within 10 s": ("soon", (79, 195, 161)),
    "later": ("late", (64, 120, 140)),
    '"busy"': ("busy", (235, 188, 90)),
    "nothing": ("silent", (226, 92, 92)),
}
TEXT, FAINT = (240, 240, 245), (170, 175, 195)
COLUMNS, DPI = 4, 160


def run(settings: Settings) -> dict[Sweep, dict[str, Outcome]]:
    """Return the outcomes by sweep and value."""
    return {each: {f"{value:g}": _outcome(settings, each, value) for value in each.values} for each in SWEEPS}


def _outcome(settings: Settings, sweep: Sweep, value: float) -> Outcome:
    changes = {**sweep.world, sweep.setting: value}
    if sweep.setting == "cpu":
        changes["slots"] = value
    return outcome(replace(settings, **changes), Scenario("", list(sweep.arrivals)))


def table(outcomes: dict[Sweep, dict[str, Outcome]]) -> str:
    """Return the same in Markdown: for each value the percents told in time and delivered soon."""
    lines = ["| simulated | told within 3 s / picture within 10 s, % |", "| --- | --- |"]
    for sweep, values in outcomes.items():
        cells = [f"**{value}** {100 * each.told:.0f} / {100 * each.soon:.0f}" for value, each in values.items()]
        lines.append(f"| {sweep.title} | {', '.join(cells)} |")
    return "\n".join(lines)


def draw(outcomes: dict[Sweep, dict[str, Outcome]], path: Path = CHART) -> None:
    """Save a stacked bar for each value, on a card that stands on light pages as on dark ones."""
    rows = -(-len(outcomes) // COLUMNS)
    height = 1.9 * rows + 0.9  # inches
    figure = Figure((11.0, height), dpi=DPI, facecolor=hexadecimal(BACKGROUND))
    for number, (sweep, values) in enumerate(outcomes.items()):
        _bars(figure.add_subplot(rows, COLUMNS, number + 1, facecolor="none"), sweep, values)
    figure.subplots_adjust(0.02, 0.3 / height, 0.98, 1 - 1.0 / height, wspace=0.08, hspace=0.42)
    title = "Simulated: what 1000 people get who ask within a second, from zero instances (or as noted)"
    figure.text(0.02, 1 - 0.22 / height, title, color=hexadecimal(TEXT), fontsize=10.5, va="center")
    for number, (name, (_, colour)) in enumerate(PARTS.items()):
        left = 0.02 + 0.155 * number
        figure.text(left, 1 - 0.5 / height, "\N{BLACK SQUARE}", color=hexadecimal(colour), fontsize=11, va="center")
        figure.text(left + 0.018, 1 - 0.5 / height, name, color=hexadecimal(TEXT), fontsize=9, va="center")
    figure.set_canvas(FigureCanvasAgg(figure))
    figure.savefig(path)


def _bars(axes: Axes, sweep: Sweep, values: dict[str, Outcome]) -> None:
    bottom = [0.0] * len(values)
    for part, colour in PARTS.values():
        shares = [getattr(each, part) for each in values.values()]
        axes.bar(list(values), shares, bottom=bottom, width=0.8, color=hexadecimal(colour))
        bottom = [low + share for low, share in zip(bottom, shares, strict=True)]
    axes.set_title(sweep.title, color=hexadecimal(TEXT), fontsize=9, loc="left", pad=4)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.tick_params(colors=hexadecimal(FAINT), labelsize=8.5, length=0, pad=2)
    axes.set_frame_on(False)
