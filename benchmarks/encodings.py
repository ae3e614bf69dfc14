"""Which file of the same pixels costs least: what zlib, Pillow and quantise.py make of them.

A file that may lose something has to keep 44 dB, and every flat area within 2 of 255.
"""

import argparse
import io
import statistics
import sys
import time
import zlib
from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

import mando
from benchmarks import price
from benchmarks.picture import progress
from picture import png
from picture.recipe import STYLES, Recipe

Pixels = NDArray[np.uint8]
Encode = Callable[[Pixels], bytes]

SEEDS = 24
FEWEST_DECIBELS, MOST_OFF = 44, 2


def exact(level: int) -> Encode:
    return lambda pixels: zlib.compress(np.pad(pixels[:, :, :3].reshape(len(pixels), -1), ((0, 0), (1, 0))), level)


def ours(level: int) -> Encode:
    def encode(pixels: Pixels) -> bytes:
        png.LEVEL = level
        return png.encode(pixels)

    return encode


def pillow(pixels: Pixels, **options: bool) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(file, "PNG", **options)
    return file.getvalue()


def pillow_quantised(method: Image.Quantize) -> Encode:
    def encode(pixels: Pixels) -> bytes:
        file = io.BytesIO()
        image = Image.fromarray(pixels).convert("RGB")
        image.quantize(256, method=method, dither=Image.Dither.NONE).save(file, "PNG")
        return file.getvalue()

    return encode


ENCODINGS: dict[str, Encode] = {
    "RGB, no filter, zlib 2": exact(2),
    "RGB, no filter, zlib 6": exact(6),
    "RGB, no filter, zlib 9": exact(9),
    "Pillow, RGB": pillow,
    "Pillow, RGB, optimize": lambda pixels: pillow(pixels, optimize=True),
    "Pillow, 256 colours, median cut": pillow_quantised(Image.Quantize.MEDIANCUT),
    "Pillow, 256 colours, octree": pillow_quantised(Image.Quantize.FASTOCTREE),
    **{f"quantise.py, zlib {level}": ours(level) for level in (2, 4, 5, 6, 7, 8, 9)},
}


def losses(file: bytes, pixels: Pixels) -> tuple[float, int]:
    """Return the peak signal-to-noise ratio, and the most that a flat area is off."""
    if not file.startswith(png.SIGNATURE):
        return float("inf"), 0  # the exact pixels, without the few bytes of a file around them
    exact_pixels = pixels[:, :, :3]
    off = np.abs(np.asarray(Image.open(io.BytesIO(file)).convert("RGB")).astype(np.int16) - exact_pixels)
    colours = pixels.view(np.uint32)[:, :, 0]
    squares = sliding_window_view(colours, (3, 3))
    flat = (squares == squares[:, :, 1:2, 1:2]).all(axis=(2, 3))
    error = float((off.astype(float) ** 2).mean())
    return 10 * float(np.log10(255**2 / error)) if error else float("inf"), int(off[1:-1, 1:-1][flat].max())


def row(name: str, encode: Encode, pictures: list[Pixels]) -> str:
    seconds, sizes, decibels, off = [], [], [], []
    for number, pixels in enumerate(pictures):
        progress(f"{name}: {number + 1}/{len(pictures)}")
        start = time.process_time()
        file = encode(pixels)
        seconds.append(time.process_time() - start)
        sizes.append(len(file))
        loss = losses(file, pixels)
        decibels.append(loss[0])
        off.append(loss[1])
    fits = min(decibels) >= FEWEST_DECIBELS and max(off) <= MOST_OFF
    cost = price.of_a_million(statistics.mean(seconds), statistics.mean(sizes))
    least = "exact" if min(decibels) == float("inf") else f"{min(decibels):.1f} dB, {max(off)}"
    return (
        f"| {name} | {1000 * statistics.mean(seconds):.1f} ms | {statistics.mean(sizes) / 1000:.0f} kB "
        f"| {least} | {f'${cost:.2f}' if fits else 'no'} |"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.encodings", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"pictures, half of each style (default {SEEDS})")
    count = parser.parse_args(argv).seeds
    recipes = [Recipe.of(f"picture {number}", style=STYLES[number % 2]) for number in range(count)]
    pictures = [mando.paint(recipe).copy() for recipe in recipes]
    print("| encoding | CPU | file | worst of all | a million, file alone |\n| --- | ---: | ---: | ---: | ---: |")
    for name, encode in ENCODINGS.items():
        print(row(name, encode, pictures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
