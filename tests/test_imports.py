"""The house: which module may import which, and that the function's own are what is uploaded."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GCLOUD = shutil.which("gcloud")
DATA = {"command/catalogue.json", "requirements.txt"}
OUTSIDE = {"benchmarks", "fakes", "playground", "tests", "tools"}
FLASK = {"flask", "functions_framework", "werkzeug"}
SERVICES = {"requests", "google", "urllib3"}


def sources(*folders: str) -> list[Path]:
    """Return the modules of these folders; "." are those at the root."""
    return [path for folder in folders for path in (ROOT / folder).glob("*.py" if folder == "." else "**/*.py")]


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def offenders(paths: list[Path], forbidden: set[str]) -> list[str]:
    """Return "file: module" for each import of a package that is forbidden there."""
    return sorted(
        {
            f"{path.relative_to(ROOT)}: {name}"
            for path in paths
            for name in imports(path)
            if name.split(".")[0] in forbidden
        }
    )


def needed() -> set[str]:
    """Return the files that main.py needs: itself, the commands, what these import of ours, and so on, and the data."""
    seen: set[Path] = set()
    found = [ROOT / "main.py", ROOT / "command" / "__init__.py", *sources("examples")]
    while found:
        path = found.pop()
        seen.add(path)
        parts = {name.replace(".", "/") for name in imports(path)} | {str(path.parent.relative_to(ROOT))}
        files = {ROOT / f"{part}{end}" for part in parts for end in (".py", "/__init__.py")}
        found += [file for file in files if file.exists() and file not in seen]
    return {str(path.relative_to(ROOT)) for path in seen} | DATA


def test_only_the_edge_knows_flask() -> None:
    """Flask stands in main.py and request_limits.py, and nowhere else in the function."""
    paths = [path for path in sources(".", "command", "picture") if path.name not in ("main.py", "request_limits.py")]

    assert offenders(paths, FLASK) == []


def test_only_config_reads_the_environment() -> None:
    """Settings come from config.py alone: no other module looks into os.environ; what libraries read is set."""
    no_reading = r"request\.environ|os\.environ\.setdefault"
    readers = {
        path.name
        for path in sources(".", "command", "picture")
        if re.search(r"\benviron|getenv", re.sub(no_reading, "", path.read_text()))
    }

    assert readers == {"config.py"}


def test_function_stands_alone() -> None:
    """The function's modules import nothing that is not uploaded with them."""
    assert offenders(sources(".", "command", "picture"), OUTSIDE) == []


def test_machinery_knows_no_mandala() -> None:
    """What answers in time, delivers and ends knows of the command what response.py says, and nothing else."""
    machinery = [path for path in sources(".") if path.name != "mando.py"]

    assert offenders(machinery, {"command", "mando", "picture"}) == []


def test_what_discord_sends_is_read_without_a_network() -> None:
    """The interaction, the command and the picture know neither requests nor Flask nor Google."""
    paths = [
        ROOT / "interaction.py",
        ROOT / "discord_enums.py",
        ROOT / "response.py",
        *sources("command", "picture"),
        ROOT / "mando.py",
    ]

    assert offenders(paths, FLASK | SERVICES) == []


def test_nothing_imports_the_playground() -> None:
    """The page is an app: fakes, tools and benchmarks do without it, but for the one that sits at it."""
    others = sources(".", "command", "picture", "fakes", "tools", "benchmarks")
    others.remove(ROOT / "benchmarks" / "sitting.py")

    assert offenders(others, {"playground"}) == []


@pytest.mark.skipif(not GCLOUD, reason="GCLOUD IS NOT INSTALLED: its own reading of .gcloudignore is not checked")
def test_gcloud_uploads_what_the_function_imports(tmp_path: Path) -> None:
    """By gcloud's own reading of .gcloudignore, the function's files go up; secrets, tools and tests stay here."""
    assert GCLOUD
    for name in needed() | {".gcloudignore", "deploy.sh", "tools/register.py", "tests/conftest.py"}:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for stray in (".env", ".venv/bin/python", "out/a.png", "command/notes.txt", "picture/__pycache__/a.pyc"):
        (tmp_path / stray).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / stray).write_text("")
    answer = subprocess.run(  # noqa: S603 - gcloud
        [GCLOUD, "meta", "list-files-for-upload", tmp_path], capture_output=True, text=True, check=True
    )

    assert set(answer.stdout.split()) == needed()
