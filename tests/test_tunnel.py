"""tools.tunnel between a stand-in for ngrok's local API and a Discord over HTTP."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from fakes import Services
from fakes.function import running
from fakes.web import Request, Response, json_response, serving
from tools import tunnel
from tools.bot import Bot
from tools.settings import Trouble

ROOT = Path(__file__).resolve().parent.parent
# Stands for the ngrok program: tells its local API which port it was started for, and stays.
PROGRAM = """#!/bin/sh
echo "$2" >port
exec sleep 60
"""


class Ngrok:
    """ngrok's local API: one tunnel, to the port that the program was started for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.program = folder / "ngrok"
        self.program.write_text(PROGRAM)
        self.program.chmod(0o755)

    @property
    def port(self) -> str:
        file = self.folder / "port"
        return file.read_text().strip() if file.exists() else ""

    def tunnels(self, _: Request) -> Response:
        return json_response(200, {"tunnels": [told("http", self.port)] if self.port else []})


def told(scheme: str, port: str, public: str = "") -> dict[str, Any]:
    """Return a tunnel as ngrok tells it; the public address leads here without leaving this machine."""
    return {
        "proto": scheme,
        "public_url": public or f"http://127.0.0.1:{port}",
        "config": {"addr": f"http://localhost:{port}"},
    }


@pytest.mark.parametrize(
    ("tunnels", "address"),
    [
        ([told("https", "8080", "https://a.ngrok.app")], "https://a.ngrok.app"),
        (
            [told("http", "8080", "http://a.ngrok.app"), told("https", "8080", "https://b.ngrok.app")],
            "https://b.ngrok.app",
        ),
        ([told("https", "9090", "https://other.ngrok.app")], ""),
        ([told("https", "18080", "https://other.ngrok.app")], ""),
        ([{"public_url": "https://a.ngrok.app"}], ""),
        ([], ""),
    ],
)
def test_address_of_the_tunnel(tunnels: list[dict[str, object]], address: str) -> None:
    """It is the https address of the tunnel to this very port."""
    assert tunnel.public_address({"tunnels": tunnels}, 8080) == address


def test_ngrok_that_does_not_answer() -> None:
    """Without an address the message says what to try."""
    with pytest.raises(Trouble, match=r"does not answer.*ngrok http 8080"):
        tunnel.wait_for_address("http://127.0.0.1:9", 8080, patience=0.3)


def test_ngrok_without_this_tunnel() -> None:
    """An ngrok that leads elsewhere is told apart from none."""
    with (
        serving(lambda _: json_response(200, {"tunnels": []})) as server,
        pytest.raises(Trouble, match="no https tunnel"),
    ):
        tunnel.wait_for_address(server.url, 8080, patience=0.3)


@pytest.fixture
def environ(services: Services) -> dict[str, str]:
    return {
        "DISCORD_PUBLIC_KEY": services.public_key,
        "DISCORD_APP_ID": services.app_id,
        "DISCORD_BOT_TOKEN": services.discord.api.bot_token,
        "DISCORD_API_URL": services.discord.url,
    }


def test_interactions_come_through_the_tunnel(
    services: Services, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is open interactions are answered here, pictures as attachments; then all is as before."""
    fake = Ngrok(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(tunnel, "SCHEME", "http://")  # the stand-in's tunnel has no certificate
    seen = []

    def stay() -> None:
        endpoint = services.discord.api.endpoint
        assert endpoint
        seen.append(services.discord.send(endpoint).wait())

    with serving(fake.tunnels) as server:
        monkeypatch.setattr(tunnel, "NGROK_API", server.url)
        assert tunnel.main(["--guild", "77"], environ, stay) == 0

    assert seen[0].original.image_url.startswith("attachment://")
    assert list(services.discord.api.commands) == ["77"]
    assert services.discord.api.endpoint is None


def test_old_endpoint_is_set_again(services: Services, environ: dict[str, str]) -> None:
    """The endpoint that was there before is there afterwards, whatever happened in between."""
    bot = Bot(environ["DISCORD_APP_ID"], environ["DISCORD_BOT_TOKEN"], environ["DISCORD_API_URL"])
    with running(services.environ) as before, running(services.environ) as after:
        services.discord.api.endpoint = before.url
        with suppress(KeyboardInterrupt), tunnel.endpoint(bot, after.url):
            assert services.discord.api.endpoint == after.url
            raise KeyboardInterrupt

    assert services.discord.api.endpoint == before.url


def test_old_endpoint_that_is_gone(
    services: Services, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """An old endpoint that answers no more cannot be set again: that is said, and none is set."""
    bot = Bot(environ["DISCORD_APP_ID"], environ["DISCORD_BOT_TOKEN"], environ["DISCORD_API_URL"])
    services.discord.api.endpoint = "http://127.0.0.1:9/"
    with running(services.environ) as function, tunnel.endpoint(bot, function.url):
        pass

    assert services.discord.api.endpoint is None
    assert "http://127.0.0.1:9/" in capsys.readouterr().err


def test_without_ngrok_it_says_where_to_get_it(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No ngrok: it says where it comes from."""
    monkeypatch.setenv("PATH", "/nowhere")

    assert tunnel.main([], environ, lambda: None) == 1
    assert "https://ngrok.com/download" in capsys.readouterr().err


def test_missing_settings_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Without settings it says which it needs, and starts nothing."""
    assert tunnel.main([], {}) == 1
    assert "DISCORD_PUBLIC_KEY" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_it_in_order(
    services: Services, environ: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C and SIGTERM set the endpoint back, and leave no process behind."""
    fake = Ngrok(tmp_path)
    code = "import sys; from tools import tunnel; tunnel.SCHEME = 'http://'; sys.exit(tunnel.main())"
    with serving(fake.tunnels) as server:
        code = code.replace("tunnel.SCHEME", f"tunnel.NGROK_API = {server.url!r}; tunnel.SCHEME")
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, **environ, "PYTHONPATH": str(ROOT), "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        )
        deadline = time.monotonic() + 20
        while services.discord.api.endpoint is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert services.discord.api.endpoint
        process.send_signal(number)
        assert process.wait(20) == 0

    assert services.discord.api.endpoint is None
