"""A picture as large as a poster, drawn by a process of its own: this one has Discord to answer meanwhile.

    python -m picture.printing < {"recipe": …, "description": …}

A thread would share the interpreter with every callback. A process at the lowest priority has what the callbacks leave
of the processor, and gives its memory back when it is done.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from picture.recipe import Recipe

ROOT = Path(__file__).parents[1]
SIZE = 4096
"""Pixels a side: 35 cm at 300 dpi."""
SECONDS = 300.0
"""For a drawing that takes two on a processor which has nothing else to do: a crowd may leave it very little."""
LOWEST_PRIORITY = 19
LENGTH_BYTES = 8


def draw(recipe: Recipe, description: str) -> tuple[bytes, bytes]:
    """Return the recipe's picture as a PNG and as an SVG; raise RuntimeError or TimeoutExpired when that cannot be."""
    import subprocess  # noqa: PLC0415 - 5 ms that every callback would wait for

    wanted = json.dumps({"recipe": asdict(recipe), "description": description})
    command = [sys.executable, "-m", __name__]
    done = subprocess.run(  # noqa: S603 - this file
        command,
        input=wanted.encode(),
        capture_output=True,
        cwd=ROOT,
        timeout=SECONDS,
        check=False,
        process_group=0,  # a SIGTERM to the function's group is not meant for it: it has some seconds left
    )
    if done.returncode:
        raise RuntimeError(f"exit status {done.returncode}: {done.stderr.decode(errors='replace')}")
    length = int.from_bytes(done.stdout[:LENGTH_BYTES])
    files = done.stdout[LENGTH_BYTES:]
    return files[:length], files[length:]


def main() -> None:
    """Draw what stands in stdin, and write the PNG's length, the PNG and the SVG to stdout."""
    os.nice(LOWEST_PRIORITY)
    import mando  # noqa: PLC0415 - at the lowest priority, too

    wanted = json.load(sys.stdin)
    recipe = Recipe(**wanted["recipe"])
    png = mando.draw(recipe, SIZE)
    sys.stdout.buffer.write(len(png).to_bytes(LENGTH_BYTES) + png + mando.draw_svg(recipe, wanted["description"]))


if __name__ == "__main__":
    main()
