"""What a large picture costs: CPU, bytes, memory, and how long another thread waits meanwhile; and an SVG."""

import argparse
import statistics
import time

import mando
from benchmarks.picture import longest_wait, progress, run
from command.message import alt_text
from command.translations import DEFAULT
from mando import Recipe
from picture.recipe import STYLES

SEEDS = 12
SIDES = (256, 1024, 2048, 4096)
MEMORY = """
from pathlib import Path
from mando import Recipe, draw
for number in range(6):
    draw(Recipe.of(f"large {{number}}", rings=19, style={!r}), {})
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def row(side: int, recipes: list[Recipe]) -> str:
    """Return a size's line of the table."""
    progress(f"{side} x {side}")
    start = time.process_time()
    sizes = [len(mando.draw(recipe, side)) for recipe in recipes]
    seconds = (time.process_time() - start) / len(recipes)
    waits = [1000 * longest_wait(recipe, side) for recipe in recipes]
    peak = max(int(run(MEMORY.format(style, side))) for style in STYLES) / 1024
    return (
        f"| {side} x {side} | {seconds:.2f} s | {statistics.mean(sizes) / 1000:.0f} kB | {peak:.0f} MiB "
        f"| {statistics.median(waits):.1f} ms | {max(waits):.1f} ms |"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.large", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"pictures of each size (default {SEEDS})")
    count = parser.parse_args(argv).seeds
    recipes = [Recipe.of(f"large {number}", style=STYLES[number % len(STYLES)]) for number in range(count)]
    mando.draw(recipes[0])
    rows = [row(side, recipes) for side in SIDES]
    svgs = [len(mando.draw_svg(recipe, alt_text(recipe, DEFAULT))) / 1000 for recipe in recipes]
    progress("")
    print("\r| | CPU | its file | peak memory | another thread waits, median | at the worst |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |", *rows, sep="\n")
    print(f"\nAn SVG has {statistics.mean(svgs):.0f} kB, {max(svgs):.0f} kB at the most.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
