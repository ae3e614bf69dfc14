"""Draw a mandala into a file, without Discord."""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from command.message import alt_text, ingredients
from command.translations import DEFAULT, translate
from mando import SIZE, SIZES, draw, draw_svg
from picture.recipe import PALETTES, RINGS, SEED_LENGTH, STYLES, SYMMETRY, Recipe, fresh_seed, normalise
from tools.terminal import Trouble, run

DESCRIPTION = """\
Draw the mandala that /mando draws from the same words and options, as large as you like.
What is not given follows from the seed; without a seed, it is one that nobody has had yet."""
STYLE_NAMES = {translate(DEFAULT, f"style.{style}").lower(): style for style in STYLES}


def parser() -> argparse.ArgumentParser:
    arguments = argparse.ArgumentParser(
        prog="python -m tools.draw", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("seed", nargs="?", type=seed, help=f"words to draw from, up to {SEED_LENGTH} characters")
    arguments.add_argument("--symmetry", metavar="N", type=within(SYMMETRY), help=span(SYMMETRY))
    arguments.add_argument("--rings", metavar="N", type=within(RINGS), help=span(RINGS))
    arguments.add_argument("--style", type=str.lower, choices=STYLE_NAMES, help="lines is a page to colour in")
    arguments.add_argument("--palette", type=str.lower, choices=PALETTES)
    arguments.add_argument(
        "--size",
        metavar="PIXELS",
        type=within(SIZES),
        default=SIZE,
        help=f"of a side, {span(SIZES)}; {SIZE} if left out",
    )
    arguments.add_argument("--svg", action="store_true", help="also as an SVG, which is sharp at any size")
    arguments.add_argument("--out", metavar="NAME", help="of the file, without .png; the seed's if left out")
    return arguments


def seed(text: str) -> str:
    if len(text) > SEED_LENGTH or not normalise(text):
        raise argparse.ArgumentTypeError(f"1 to {SEED_LENGTH} characters that can be seen; these are {len(text)}")
    return text


def span(allowed: range) -> str:
    return f"{allowed[0]} to {allowed[-1]}"


def within(allowed: range) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isdecimal() and int(text) in allowed):
            raise argparse.ArgumentTypeError(f"a whole number, {span(allowed)}; not {text!r}")
        return int(text)

    return read


def file_name(recipe: Recipe) -> str:
    return re.sub(r"\W+", "-", recipe.seed.lower())[:60].strip("-") or recipe.digest


def write(files: dict[Path, Callable[[], bytes]]) -> None:
    """Draw each file and say where it is, or raise Trouble before anything is overwritten."""
    for path in files:
        if path.exists():
            raise Trouble(f"{path} is there already: --out gives another name")
    for path, make in files.items():
        content = make()
        try:
            with path.open("xb") as file:
                file.write(content)
        except OSError as error:
            raise Trouble(f"cannot write {path}: {error.strerror}") from error
        print(f"{path}  {len(content) / 1000:.0f} kB")


def work(options: argparse.Namespace) -> int:
    style = options.style and STYLE_NAMES[options.style]
    recipe = Recipe.of(options.seed or fresh_seed(), options.symmetry, options.rings, style, options.palette)
    name = options.out or file_name(recipe)
    files: dict[Path, Callable[[], bytes]] = {Path(f"{name}.png"): lambda: draw(recipe, options.size)}
    if options.svg:
        files[Path(f"{name}.svg")] = lambda: draw_svg(recipe, alt_text(recipe, DEFAULT))
    print(f"{recipe.seed}: {ingredients(recipe, DEFAULT)}; {options.size} x {options.size} pixels …", file=sys.stderr)
    write(files)
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    options = parser().parse_args(argv)
    return run("draw", lambda: work(options))


if __name__ == "__main__":
    sys.exit(main())
