"""tools.register against a Discord over HTTP."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from function import Function

from command import DEFINITIONS
from fakes import Services
from fakes.web import Response, json_response, serving
from tools import register
from tools.application import Application

OURS = ["mando", "Draw this", "Their mandala"]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def environ(services: Services, tmp_path: Path) -> dict[str, str]:
    return {
        "DISCORD_APP_ID": services.app_id,
        "DISCORD_BOT_TOKEN": services.discord.api.bot_token,
        "DISCORD_API_URL": services.discord.url,
        "XDG_STATE_HOME": str(tmp_path),
    }


def names(services: Services, guild: str | None = None) -> list[str]:
    return [command["name"] for command in services.discord.api.commands.get(guild, [])]


@pytest.fixture
def another(environ: dict[str, str]) -> dict[str, Any]:
    """A command of the same application that is not ours, everywhere and in server 77."""
    command = {"type": 1, "name": "dice", "description": "Roll"}
    application = Application(environ)
    application.register(command)
    application.register(command, "77")
    return command


@pytest.mark.usefixtures("another")
@pytest.mark.parametrize(("arguments", "guild"), [([], None), (["--guild", "77"], "77")])
def test_command_is_registered_beside_others(
    services: Services, environ: dict[str, str], arguments: list[str], guild: str | None
) -> None:
    """Discord knows our definitions, there and nowhere else; the application's other commands stay."""
    assert register.main(arguments, environ) == 0
    assert names(services, guild) == ["dice", *OURS]
    for registered, definition in zip(services.discord.api.commands[guild][1:], DEFINITIONS, strict=True):
        assert registered.items() >= definition.items()
    assert sorted(names(services) + names(services, "77")) == sorted(["dice", "dice", *OURS])


def test_registering_again_updates(services: Services, environ: dict[str, str]) -> None:
    """The second time keeps the commands' ids, so they do not count as new ones."""
    register.main([], environ)
    before = [command["id"] for command in services.discord.api.commands[None]]
    register.main([], environ)

    assert [command["id"] for command in services.discord.api.commands[None]] == before


@pytest.mark.usefixtures("another")
@pytest.mark.parametrize(("arguments", "guild"), [([], None), (["--guild", "77"], "77")])
def test_only_our_commands_are_removed(
    services: Services, environ: dict[str, str], arguments: list[str], guild: str | None
) -> None:
    """--remove takes our commands away by their ids, and no other; a second time there is nothing to do."""
    register.main(arguments, environ)

    for _ in range(2):
        assert register.main(["--remove", *arguments], environ) == 0
        assert names(services, guild) == ["dice"]


@pytest.mark.parametrize(
    ("endpoint", "arguments", "is_ours"),
    [
        ("https://us-east1-some-project.cloudfunctions.net/mando", [], True),
        ("https://example.test/mine", ["--endpoint", "https://example.test/mine"], True),
        ("https://example.test/another", [], False),
        ("https://us-east1-other-project.cloudfunctions.net/mando", [], False),
        ("https://us-east1-some-project.cloudfunctions.net/other", [], False),
        ("https://us-east1-some-project.cloudfunctions.net/mando", ["--guild", "77"], False),
    ],
)
def test_only_our_endpoint_is_removed(  # noqa: PLR0913, PLR0917 - the case and its fixtures
    services: Services,
    environ: dict[str, str],
    endpoint: str,
    arguments: list[str],
    is_ours: bool,  # noqa: FBT001 - of the table
    capsys: pytest.CaptureFixture[str],
) -> None:
    """--remove stops interactions that go to a function of these settings, or to the address that is given."""
    services.discord.api.endpoint = endpoint

    assert register.main(["--remove", *arguments], environ | {"GOOGLE_CLOUD_PROJECT": "some-project"}) == 0
    assert services.discord.api.endpoint == (None if is_ours else endpoint)
    assert arguments or endpoint in capsys.readouterr().out


def test_endpoint_is_set(services: Services, environ: dict[str, str], function: Function) -> None:
    """--endpoint sends the interactions to an address that answers as Discord wants it."""
    assert register.main(["--endpoint", function.url], environ) == 0
    assert services.discord.api.endpoint == function.url


def test_endpoint_that_does_not_verify(
    services: Services, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An address that Discord could not verify is told with what to look at."""
    assert register.main(["--endpoint", "http://127.0.0.1:9/"], environ) == 1
    assert "make doctor ARGS=http://127.0.0.1:9/" in capsys.readouterr().err
    assert services.discord.api.endpoint is None


def test_invitations_are_printed(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """There is a link for servers and one for one's own account."""
    register.main([], environ)
    printed = capsys.readouterr().out

    link = f"https://discord.com/oauth2/authorize?client_id={environ['DISCORD_APP_ID']}&scope=applications.commands"
    assert f"{link}&integration_type=0" in printed
    assert f"{link}&integration_type=1" in printed


def test_dry_run_needs_no_token(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    """--dry-run prints what would be sent, and sends nothing."""
    before = len(services.discord.api.exchanges)

    assert register.main(["--dry-run", "--endpoint", "https://example.test"], {}) == 0
    printed = capsys.readouterr().out
    assert '"name": "mando"' in printed
    assert "https://example.test" in printed
    assert len(services.discord.api.exchanges) == before


def test_missing_settings_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Without settings it says which it needs."""
    assert register.main([], {}) == 1
    assert "DISCORD_BOT_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "cure"),
    [
        ({"DISCORD_BOT_TOKEN": "wrong"}, "Reset Token"),
        ({"DISCORD_APP_ID": "42"}, "two different applications"),
        ({"DISCORD_API_URL": "http://127.0.0.1:9/api/v10"}, "cannot be reached"),
        ({"DISCORD_API_URL": "https://nowhere.invalid"}, "nobody knows the name nowhere.invalid"),
    ],
)
def test_mistake_is_told_with_its_cure(
    environ: dict[str, str], change: dict[str, str], cure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What Discord refuses becomes a sentence that says what to do, without the token."""
    assert register.main([], environ | change) == 1
    printed = capsys.readouterr().err
    assert cure in printed
    assert environ["DISCORD_BOT_TOKEN"] not in printed


@pytest.mark.parametrize(
    ("answer", "cure"),
    [
        (json_response(400, {"code": 30034, "message": "Max number of daily application command creates"}), "tomorrow"),
        (json_response(403, {"code": 50001, "message": "Missing Access"}), "invite it first"),
        (json_response(404, {"code": 10002, "message": "Unknown Application"}), "DISCORD_APP_ID"),
        (json_response(429, {"message": "rate limited", "retry_after": 7.5}), "7.5 s"),
        (Response(b"<html>", 429, {"Retry-After": "60"}), "60 s"),
        (Response(b"<html>", 503), "discordstatus.com"),
        (
            json_response(400, {"code": 50035, "message": "Invalid Form Body", "errors": {"0": "x"}}),
            "Invalid Form Body",
        ),
        (Response(b"<html>", 200, {"Content-Type": "text/html"}), "ask to log in first"),
        (Response(b"", 302, {"Location": "https://hotel.test/login"}), "https://hotel.test/login"),
        (Response(b"{}", 200), "is not Discord"),
        (Response(b"<html>", 401), "is not Discord"),
    ],
)
def test_refusal_is_told_with_its_cure(
    environ: dict[str, str], answer: Response, cure: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Discord's own errors, which the stand-in never gives to a good request, are explained too."""
    with serving(lambda _: answer) as server:
        assert register.main([], environ | {"DISCORD_API_URL": server.url}) == 1
    assert cure in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--guild", "my server"], ["--endpoint", "example.test"]])
def test_wrong_argument_is_refused(arguments: list[str], environ: dict[str, str]) -> None:
    """A server is a number, an address has a scheme."""
    with pytest.raises(SystemExit):
        register.main(arguments, environ)


def test_it_runs_as_a_module(services: Services, environ: dict[str, str]) -> None:
    """`python -m tools.register` reads the environment and never prints the token."""
    result = subprocess.run(
        [sys.executable, "-m", "tools.register"],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    assert services.discord.api.commands[None]
    assert environ["DISCORD_BOT_TOKEN"] not in json.dumps([result.stdout, result.stderr])


def test_python_without_the_packages_is_told() -> None:
    """From a fresh clone, with a Python that has nothing installed, it says what installs them; no traceback."""
    command = [sys.executable, "-S", "-m", "tools.register"]  # -S: without site-packages
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert 'make register ARGS="..."' in result.stderr
