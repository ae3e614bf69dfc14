"""/chart, the other command that COMMAND may name: what it draws and refuses, and that every tool goes along."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from examples.chart import BARS, DEFINITIONS, Chart, respond
from fakes import Services, command
from fakes.discord import limits
from fakes.function import ROOT
from interaction import Interaction
from response import Immediate, Message, NotOurs, Response
from tools import doctor, register

LINES = 100


def asked(values: str) -> Response:
    return respond(Interaction(type=2, data=command({"values": values}, name="chart")["data"]))


def drawn(values: str) -> Message:
    chart = asked(values)
    assert isinstance(chart, Chart)
    return chart.make()


def test_bars_are_drawn_and_told() -> None:
    """Names and numbers as they were typed are the chart's alternative text; Discord accepts the message."""
    message = drawn("a 3,b  5.50 , Grün 0")
    (png,) = message.shown()

    assert png.content.startswith(b"\x89PNG")
    assert png.description == "Bar chart: a 3, b 5.50, Grün 0"
    assert limits.edit(dict(message.body)) == []


def test_same_bars_are_the_same_file() -> None:
    """The name of the file follows from what is drawn."""
    one, same, other = (drawn(values) for values in ("a 3, b 5", "a  3,b 5 ", "a 3, b 6"))

    assert one == same
    assert one.files[0].name != other.files[0].name


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ("", "nothing"),
        ("a 3,", "nothing"),
        ("a 3, b", "b"),
        ("a -3", "a -3"),
        ("a 1e5", "a 1e5"),
        (f"{'a' * 41} 1", f"{'a' * 41} 1"),
        (",".join(["a 1"] * (BARS + 1)), f"{BARS + 1} bars"),
    ],
)
def test_what_cannot_be_drawn_is_told_privately(values: str, told: str) -> None:
    """One sentence for the asker alone: what would be right, and what is not."""
    refused = asked(values)
    assert isinstance(refused, Immediate)

    assert refused.callback["data"]["content"].endswith(f": {told}")
    assert refused.callback["data"]["flags"] == 64


@pytest.mark.parametrize("payload", [command(name="chart"), command({"values": "a 1"}, name="pie")])
def test_other_commands_are_not_ours(payload: dict[str, object]) -> None:
    """What Discord would not send of /chart is refused with a 400."""
    with pytest.raises(NotOurs):
        respond(Interaction(type=2, data=payload["data"]))  # type: ignore[arg-type]  # as it is sent


def test_it_is_short() -> None:
    """The command and its definition, which Discord accepts, have fewer than a hundred lines."""
    assert len((ROOT / "examples" / "chart.py").read_text().splitlines()) < LINES
    assert [limits.command(definition) for definition in DEFINITIONS] == [[]]


def test_tools_register_and_examine_it(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """COMMAND decides what is registered, and what doctor looks for."""
    monkeypatch.setenv("PATH", "/nowhere")  # there is no gcloud
    environ = services.environ | {"DISCORD_BOT_TOKEN": services.discord.api.bot_token, "XDG_STATE_HOME": str(tmp_path)}
    environ["COMMAND"] = "examples.chart"
    register.main([], environ)
    doctor.main([], environ)
    said = capsys.readouterr().out

    assert "/chart is registered everywhere" in said
    assert "✓ /chart is registered: as this version defines it" in said


@pytest.mark.parametrize(
    ("module", "values", "status", "told"),
    [
        ("examples.chart", "a 3, b 5", 0, "; saved to out/"),
        ("examples.chart", "a", 1, "I cannot draw this: a"),
        ("examples.none", "a 3", 1, "COMMAND must be"),
        ("response", "a 3", 1, "response has no DEFINITIONS"),
    ],
)
def test_playground_plays_it(module: str, values: str, status: int, told: str) -> None:
    """`make run` and `make demo` play what COMMAND names, or say that there is none."""
    ended = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "playground", "--once", "--values", values],
        cwd=ROOT,
        env=os.environ | {"COMMAND": module},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == status
    assert told in ended.stdout + ended.stderr


def test_command_of_the_guide_works() -> None:
    """What docs/your-own-command.md has its reader save is a command that Discord and the machinery accept."""
    guide = (ROOT / "docs" / "your-own-command.md").read_text()
    namespace: dict[str, Any] = {"__name__": __name__}
    exec(guide.partition("```python\n")[2].partition("```")[0], namespace)  # noqa: S102 - our own
    (definition,) = namespace["DEFINITIONS"]
    work = namespace["respond"](Interaction(type=2, data=command({"number": 360}, name="factors")["data"]))

    assert limits.command(definition) == limits.edit(dict(work.make().body)) == limits.edit(dict(work.failure())) == []
    assert work.make().body["content"] == "360 = 2 · 2 · 2 · 3 · 3 · 5"


def test_what_is_required_is_asked_for() -> None:
    """Discord's client sends no command without it; --faults gives an example of its own."""
    environ = os.environ | {"COMMAND": "examples.chart"}
    ended = subprocess.run(
        [sys.executable, "-m", "playground", "--once"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (
        2,
        "python -m playground: error: /chart needs --values",
    )
