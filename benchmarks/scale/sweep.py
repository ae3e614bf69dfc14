"""One setting after the other, the rest as deploy.sh has it: what a crowd of 1000 from zero would meet."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.scale.assumptions import Settings
from benchmarks.scale.scenarios import Outcome, Scenario, crowd, outcome
from picture.palettes import BACKGROUND

CHART = Path(__file__).with_suffix(".png")

SWEEPS: dict[str, list[dict[str, Any]]] = {
    "MAX_INSTANCES": [{"max_instances": each} for each in (5, 10, 20, 40, 100, 200)],
    "CONCURRENCY": [{"concurrency": each} for each in (1, 2, 4, 8, 16, 32, 80)],
    "MIN_INSTANCES": [{"min_instances": each} for each in (0, 1, 2, 5, 20)],
    "CPU": [{"cpu": each, "slots": each} for each in (1, 2, 4)],
    "hold, s": [{"hold": each} for each in (0.0, 1.0, 2.0, 2.3, 2.7)],
    "admission, first value, s": [{"admission": False}] + [{"first_drawing": each} for each in (0.1, 0.2, 0.5, 1.0)],
    "start, s (Google's)": [{"start": each} for each in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)],
    "starts a second (Google's)": [{"starts_a_second": each} for each in (10.0, 30.0, 100.0, 1000.0)],
    "speed of a vCPU (Google's)": [{"speed": each} for each in (0.3, 0.6, 0.8, 1.0)],
}
PARTS = {
    "picture within 10 s": ("soon", (79, 195, 161)),
    "later": ("late", (64, 120, 140)),
    '"busy"': ("busy", (235, 188, 90)),
    "nothing": ("silent", (226, 92, 92)),
}
TEXT, FAINT = (240, 240, 245), (170, 175, 195)
COLUMNS, DPI = 3, 160


def sweep(settings: Settings) -> dict[str, dict[str, Outcome]]:
    """Return the outcomes of the crowd by setting and value."""
    scenario = Scenario("", crowd())
    return {
        name: {_label(change): outcome(replace(settings, **change), scenario) for change in changes}
        for name, changes in SWEEPS.items()
    }


def _label(change: dict[str, Any]) -> str:
    value = next(iter(change.values()))
    return "none" if value is False else f"{value:g}"


def table(outcomes: dict[str, dict[str, Outcome]]) -> str:
    """Return the same in Markdown: for each value the percents told in time and delivered soon."""
    lines = ["| simulated | told within 3 s / picture within 10 s, % |", "| --- | --- |"]
    for name, values in outcomes.items():
        cells = [f"{value}: {100 * each.told:.0f} / {100 * each.soon:.0f}" for value, each in values.items()]
        lines.append(f"| {name} | {'; '.join(cells)} |")
    return "\n".join(lines)


def draw(outcomes: dict[str, dict[str, Outcome]], path: Path = CHART) -> None:
    """Save a stacked bar for each value, on a card that stands on light pages as on dark ones."""
    rows = -(-len(outcomes) // COLUMNS)
    figure = Figure((9.0, 1.9 * rows + 0.9), dpi=DPI, facecolor=_colour(BACKGROUND))
    for number, (name, values) in enumerate(outcomes.items()):
        axes = figure.add_subplot(rows, COLUMNS, number + 1, facecolor="none")
        bottom = [0.0] * len(values)
        for part, colour in PARTS.values():
            shares = [getattr(each, part) for each in values.values()]
            axes.bar(list(values), shares, bottom=bottom, width=0.8, color=_colour(colour))
            bottom = [low + share for low, share in zip(bottom, shares, strict=True)]
        axes.set_title(name, color=_colour(TEXT), fontsize=9.5, loc="left", pad=4)
        axes.set_ylim(0, 1)
        axes.set_yticks([])
        axes.tick_params(colors=_colour(FAINT), labelsize=8.5, length=0, pad=2)
        for spine in axes.spines.values():
            spine.set_visible(False)
    height = figure.get_figheight()
    figure.subplots_adjust(0.02, 0.3 / height, 0.98, 1 - 1.0 / height, wspace=0.08, hspace=0.42)
    figure.text(
        0.02,
        1 - 0.22 / height,
        "1000 /mando within a second, from zero instances: simulated",
        color=_colour(TEXT),
        fontsize=11,
        va="center",
    )
    for number, (name, (_, colour)) in enumerate(PARTS.items()):
        left = 0.02 + 0.19 * number
        figure.text(left, 1 - 0.5 / height, "\N{BLACK SQUARE}", color=_colour(colour), fontsize=11, va="center")
        figure.text(left + 0.022, 1 - 0.5 / height, name, color=_colour(TEXT), fontsize=9, va="center")
    figure.set_canvas(FigureCanvasAgg(figure))
    figure.savefig(path)


def _colour(colour: tuple[int, int, int]) -> str:
    return f"#{bytes(colour).hex()}"
