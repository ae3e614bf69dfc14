"""tools.draw: a mandala for people without Discord."""

import subprocess
import sys
from pathlib import Path

import pytest

from command.message import alt_text
from command.translations import DEFAULT
from mando import draw, draw_svg
from picture.recipe import Recipe
from tools import draw as tool


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to draw in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_draws_what_discord_would(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same words and options are the same picture, and its file is named."""
    assert tool.main(["Ada Lovelace", "--symmetry", "7", "--palette", "ocean", "--style", "Round"]) == 0

    recipe = Recipe.of("Ada Lovelace", symmetry=7, style="bezier_fill", palette="ocean")
    assert (here / "ada-lovelace.png").read_bytes() == draw(recipe)
    assert "ada-lovelace.png" in capsys.readouterr().out


def test_the_svg_comes_along(here: Path) -> None:
    """--svg writes both files, the size being the PNG's."""
    assert tool.main(["Ada", "--size", "300", "--svg", "--style", "lines", "--out", "page"]) == 0

    recipe = Recipe.of("Ada", style="lines")
    assert (here / "page.png").read_bytes() == draw(recipe, 300)
    assert (here / "page.svg").read_bytes() == draw_svg(recipe, alt_text(recipe, DEFAULT))


def test_without_a_seed_each_is_new(here: Path) -> None:
    """Two runs without a word are two mandalas."""
    assert [tool.main(["--size", "256"]), tool.main(["--size", "256"])] == [0, 0]
    assert len(names(here)) == 2


def test_a_seed_without_letters_has_a_file_too(here: Path) -> None:
    """What cannot stand in a file's name is left out of it."""
    assert [tool.main([seed, "--size", "256"]) for seed in ("\N{CHERRY BLOSSOM}", "../a/b")] == [0, 0]
    assert names(here) == {f"{Recipe.of('\N{CHERRY BLOSSOM}').digest}.png", "a-b.png"}


@pytest.mark.parametrize("taken", ["ada.png", "ada.svg"])
def test_nothing_is_overwritten(taken: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is there stays as it is, none is added, and the cure is told."""
    (here / taken).write_text("mine")

    assert tool.main(["Ada", "--svg"]) == 1
    assert names(here) == {taken}
    assert (here / taken).read_text() == "mine"
    assert capsys.readouterr().err.endswith(f"draw: {taken} is there already: --out gives another name\n")


def test_a_folder_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be written is told in a sentence."""
    assert tool.main(["Ada", "--size", "256", "--out", "nowhere/ada"]) == 1
    assert "draw: cannot write nowhere/ada.png: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["--size", "255"], "--size: a whole number, 256 to 4096; not '255'"),
        (["--size", "4097"], "--size: a whole number, 256 to 4096; not '4097'"),
        (["--size", "big"], "--size: a whole number, 256 to 4096; not 'big'"),
        (["--symmetry", "2"], "--symmetry: a whole number, 3 to 20; not '2'"),
        (["--rings", "20"], "--rings: a whole number, 4 to 19; not '20'"),
        (["--palette", "mud"], "--palette: invalid choice: 'mud'"),
        (["--style", "square"], "choose from 'sharp', 'round', 'lines'"),
        ([" "], "1 to 100 characters that can be seen; these are 1"),
        (["a" * 101], "1 to 100 characters that can be seen; these are 101"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    arguments: list[str], cure: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad argument ends with status 2 and its cure, and draws nothing."""
    with pytest.raises(SystemExit) as stopped:
        tool.main(arguments)

    assert stopped.value.code == 2
    assert cure in capsys.readouterr().err
    assert names(here) == set()


def test_it_can_be_run() -> None:
    """Python -m tools.draw --help explains it."""
    root = Path(__file__).parent.parent
    program = [sys.executable, "-m", "tools.draw", "--help"]
    shown = subprocess.run(program, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603 - our own words

    assert "as large as you like" in shown.stdout
