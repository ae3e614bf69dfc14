"""What a picture costs, against the blog post's way: CPU by stages, bytes, money, memory, and the first of a process.

Both ways draw the same recipes at the same size and take turns in one process. Seconds are CPU time, of all threads.
"""

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import mando
from benchmarks import chart, price, pyplot_way
from picture import png
from picture.composition import compose
from picture.quantise import quantise
from picture.recipe import Recipe

ROOT = Path(__file__).parents[1]
CHART = Path(__file__).with_suffix(".png")

SEEDS = 60
FIRSTS = 9
WARM_UP, STEADY = 60, 500
WAITS = 20

OURS, THEIRS = "mando", "the post's way"
FIRST = {OURS: "from mando import Recipe, draw", THEIRS: "from benchmarks.pyplot_way import Recipe, draw"}
MEMORY = """
from pathlib import Path
from mando import Recipe, draw
for count in ({}, {}):
    for number in range(count):
        draw(Recipe.of(f"{{number % 60}}"))
    print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""

Columns = dict[str, list[float]]


def compare(seeds: int) -> Columns:
    """Return every picture's CPU seconds, and bytes, by what was measured."""
    columns: Columns = defaultdict(list)

    def timed[**P, T](name: str, do: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        start = time.process_time()
        result = do(*args, **kwargs)
        columns[name].append(time.process_time() - start)
        return result

    for number in range(-1, seeds):
        if number == 0:
            columns.clear()  # of the warming up
        progress(f"picture {number + 1}/{seeds}")
        recipe = Recipe.of(f"picture {number}")
        columns["their bytes"].append(len(timed(THEIRS, pyplot_way.draw, recipe)))
        columns["bytes"].append(len(timed(OURS, mando.draw, recipe)))
        compose.cache_clear()
        timed("shapes and their colours", compose, recipe)
        pixels = timed("paint", mando.paint, recipe)
        timed("colours", quantise, pixels.view("uint32")[:, :, 0])
        timed("colours and file", png.encode, pixels)
    return columns


def first_pictures(rounds: int) -> Columns:
    """Return the seconds from the start of a fresh process to the end of its first picture, by way."""
    columns: Columns = defaultdict(list)
    for number in range(rounds):
        for way, imports in FIRST.items():
            progress(f"fresh process {number + 1}/{rounds}: {way}")
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            run(f"{imports}; draw(Recipe.of('first {number}'))")
            columns[way].append(time.perf_counter() - start)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            columns[f"{way}, CPU"].append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return columns


def longest_waits(count: int) -> list[float]:
    waits = []
    for number in range(count):
        progress(f"another thread {number + 1}/{count}")
        waits.append(longest_wait(Recipe.of(f"wait {number}")))
    return waits


def longest_wait(recipe: Recipe, size: int = mando.SIZE) -> float:
    """Return the longest that another thread waited for the interpreter while a picture was drawn, in seconds."""
    drawing = threading.Thread(target=mando.draw, args=[recipe, size])
    drawing.start()
    longest = 0.0
    while drawing.is_alive():
        start = time.perf_counter()
        time.sleep(0.0005)
        longest = max(longest, time.perf_counter() - start - 0.0005)
    return longest


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words


def progress(text: str) -> None:
    print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)


def million(columns: Columns, way: str, size: str) -> float:
    return price.of_a_million(statistics.mean(columns[way]), statistics.mean(columns[size]))


def compared(columns: Columns, firsts: Columns) -> dict[str, tuple[float, float, str]]:
    """Return ours and theirs of every measure, and how to write them."""
    milliseconds = {name: [1000 * value for value in column] for name, column in columns.items()}
    return {
        "CPU for a picture, mean": (
            statistics.mean(milliseconds[OURS]), statistics.mean(milliseconds[THEIRS]), "{:.0f} ms"
        ),
        "CPU for a picture, median": (
            statistics.median(milliseconds[OURS]), statistics.median(milliseconds[THEIRS]), "{:.0f} ms"
        ),
        "its file, mean": (
            statistics.mean(columns["bytes"]) / 1000, statistics.mean(columns["their bytes"]) / 1000, "{:.0f} kB"
        ),
        "a million pictures": (million(columns, OURS, "bytes"), million(columns, THEIRS, "their bytes"), "${:.2f}"),
        "first picture of a process, median": (
            statistics.median(firsts[OURS]), statistics.median(firsts[THEIRS]), "{:.2f} s"
        ),
        "its CPU, median": (
            statistics.median(firsts[f"{OURS}, CPU"]), statistics.median(firsts[f"{THEIRS}, CPU"]), "{:.2f} s"
        ),
    }  # fmt: skip


def table(measures: dict[str, tuple[float, float, str]]) -> str:
    lines = [f"| | {OURS} | {THEIRS} | ratio |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {name} | {form.format(ours)} | {form.format(theirs)} | **{ours / theirs:.2f}** |"
        for name, (ours, theirs, form) in measures.items()
    ]
    return "\n".join(lines)


def stages(columns: Columns) -> str:
    """Return where our time goes, as Markdown."""
    colours, file = columns["colours"], columns["colours and file"]
    parts = {
        "shapes by RandomMandala, their colours": columns["shapes and their colours"],
        "Agg paints them": columns["paint"],
        "the file's colours": colours,
        "zlib and the rest of the file": [one - other for one, other in zip(file, colours, strict=True)],
    }
    lines = ["| stage | mean | median |", "| --- | ---: | ---: |"]
    lines += [
        f"| {name} | {1000 * statistics.mean(part):.1f} ms | {1000 * statistics.median(part):.1f} ms |"
        for name, part in parts.items()
    ]
    return "\n".join(lines)


def processor() -> str:
    """Return the processor's name, as Linux knows it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return f"{names[0]}, {os.cpu_count()} cores"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.picture", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"pictures to compare (default {SEEDS})")
    parser.add_argument("--firsts", type=int, default=FIRSTS, help=f"fresh processes of each way (default {FIRSTS})")
    parser.add_argument("--steady", type=int, default=STEADY, help=f"pictures for the memory (default {STEADY})")
    parser.add_argument("--chart", type=Path, default=CHART, help="where to draw it (default benchmarks/picture.png)")
    options = parser.parse_args(argv)
    columns = compare(options.seeds)
    firsts = first_pictures(options.firsts)
    waits = longest_waits(WAITS)
    progress(f"memory over {WARM_UP + options.steady} pictures")
    before, after = (int(line) * 1024 / 1e6 for line in run(MEMORY.format(WARM_UP, options.steady)).split())
    progress("")
    print(
        f"\r{datetime.now(UTC):%d %B %Y}, {processor()}, Python {platform.python_version()}; "
        f"{options.seeds} recipes, {options.firsts} fresh processes each.\n"
    )
    measures = compared(columns, firsts)
    print(table(measures))
    print(f"\n{stages(columns)}\n")
    print(
        f"Peak memory: {before:.0f} MB after {WARM_UP} pictures, {after:.0f} MB after {options.steady} more.\n"
        f"Another thread waits for the interpreter {1000 * statistics.median(waits):.1f} ms at the longest while a "
        f"picture is drawn (median of {WAITS}), {1000 * max(waits):.1f} ms at the worst."
    )
    chart.draw(measures, options.chart)
    return 0


if __name__ == "__main__":
    sys.exit(main())
