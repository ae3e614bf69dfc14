"""Save and see: a copy of the project, a playground over it, and files that are edited meanwhile."""

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from fakes.function import ROOT, end
from fakes.watching import watching

WHO = {"user": "ada", "dm": False}


class Desk:
    """A developer's: a page, and the project's files behind it."""

    def __init__(self, project: Path, url: str) -> None:
        self.project, self.url = project, url

    def edit(self, name: str, change: Callable[[str], str]) -> None:
        file = self.project / name
        file.write_text(change(file.read_text()))

    def news(self) -> dict[str, Any]:
        told: dict[str, Any] = requests.get(f"{self.url}/api/news", timeout=20).json()["news"]
        return told

    def use(self) -> str:
        """Send a use of the command, and return its id once it is shown, or failed as the function ended."""
        asked = requests.post(f"{self.url}/api/use", json=WHO, headers={"Origin": self.url}, timeout=20)
        interaction: str = asked.json()["id"]
        self.sees(lambda: self.news()[interaction]["state"] in ("shown", "failed"))
        return interaction

    def sees(self, what: Callable[[], object], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, self.news()
            time.sleep(0.05)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    project = tmp_path / "mando"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "tests", "benchmarks", "docs", "out")
    shutil.copytree(ROOT, project, ignore=ignored)
    command = [sys.executable, "-u", "-m", "playground", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:  # noqa: S603 - ourselves
        try:
            assert process.stdout
            said = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)
            yield Desk(project, next(url[0] for url in said if url))
        finally:
            end(process)


def test_saved_file_is_seen(desk: Desk) -> None:
    """A function that is saved broken says where, and starts when it is mended; what it prints stands at its cause."""
    desk.edit("config.py", lambda text: f"{text}\n)\n")
    desk.sees(lambda: desk.news().get("trouble"))
    trouble = desk.news()["trouble"]
    assert trouble["gone"]
    assert re.search(r'config\.py", line \d+', trouble["words"])

    desk.edit("config.py", lambda text: text.removesuffix("\n)\n"))
    desk.sees(lambda: desk.news().get("trouble") is None)
    desk.edit(
        "main.py", lambda text: text.replace("    DELIVERY.start", '    print("as far as this")\n    DELIVERY.start')
    )
    desk.sees(lambda: "as far as this" in requests.get(f"{desk.url}/api/wire/{desk.use()}", timeout=5).text)


@pytest.mark.parametrize("name", ["main.py", "picture/new.py"])
def test_change_is_told_once(tmp_path: Path, name: str) -> None:
    """A file that is written in steps is one change; one that is read, others' files and data are none."""
    (tmp_path / "picture").mkdir()
    (tmp_path / "node_modules").mkdir()
    told: list[float] = []
    with watching(tmp_path, lambda: told.append(time.monotonic())):
        for step in range(3):
            (tmp_path / name).write_text("x" * step)
            time.sleep(0.02)
        saved = time.monotonic()
        deadline = saved + 20
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.4)
        assert len(told) == 1
        assert told[0] - saved < 1

        (tmp_path / "node_modules" / "a.js").write_text("x")
        (tmp_path / ".env").write_text("x")
        (tmp_path / "bot.log").write_text("a bot writes while it runs")
        (tmp_path / name).read_text()
        time.sleep(0.4)
    assert len(told) == 1
