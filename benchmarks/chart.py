"""Two bars for every measure, ours and theirs, on a card that stands on light pages as on dark ones."""

from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from picture.palettes import BACKGROUND, CURATED

DPI = 160
WIDTH, ROW = 8.0, 0.62  # inches
OURS, THEIRS, TEXT, FAINT = CURATED["aurora"][0], (92, 99, 125), (240, 240, 245), (170, 175, 195)


def draw(measures: dict[str, tuple[float, float, str]], path: Path) -> None:
    """Save the chart: every measure's greater value is a whole bar."""
    figure = Figure((WIDTH, ROW * (len(measures) + 1)), dpi=DPI, facecolor=hexadecimal(BACKGROUND))
    axes = figure.add_axes((0.31, 0.02, 0.57, 0.86), facecolor="none")
    axes.axis("off")
    axes.set_xlim(0, 1)
    axes.set_ylim(len(measures) - 0.4, -0.6)
    for row, (name, (ours, theirs, form)) in enumerate(measures.items()):
        axes.text(-0.02, row, name, ha="right", va="center", color=hexadecimal(TEXT), fontsize=10)
        for offset, value, colour in ((-0.17, ours, OURS), (0.17, theirs, THEIRS)):
            length = value / max(ours, theirs)
            axes.barh(row + offset, length, height=0.3, color=hexadecimal(colour))
            axes.text(
                length + 0.01,
                row + offset,
                form.format(value).replace("$", r"\$"),
                va="center",
                color=hexadecimal(FAINT),
                fontsize=8.5,
            )
    for left, name, colour in ((0.31, "mando", OURS), (0.43, "the blog post's way", THEIRS)):
        figure.text(left, 0.94, "\N{BLACK SQUARE}", color=hexadecimal(colour), va="center", fontsize=11)
        figure.text(left + 0.025, 0.94, name, color=hexadecimal(TEXT), va="center", fontsize=10)
    figure.set_canvas(FigureCanvasAgg(figure))
    figure.savefig(path)


def hexadecimal(colour: tuple[int, int, int]) -> str:
    return f"#{bytes(colour).hex()}"
