"""The connections to Discord: kept, shared by all threads, and without a memory of whom they were used for."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from discord_api import Discord, Unanswerable
from fakes.web import Request, Response, serving
from interaction import Interaction
from response import File, Message

ROOT = Path(__file__).parents[1]
THREADS = 64  # deploy.sh's
SENT = Interaction(2, "1", "a-token")


def test_no_cookie_comes_back() -> None:
    """Cloudflare sets cookies; what it sets for one interaction is not sent with another's."""
    cookies = []

    def app(request: Request) -> Response:
        cookies.append(request.headers.get("Cookie"))
        return Response(status=204, headers={"Set-Cookie": "__cfruid=1; Path=/"})

    with serving(app) as server:
        discord = Discord(server.url, "1")
        for _ in range(2):
            discord.delete(SENT)
        discord.connections.close()

    assert cookies == [None, None]


def test_nobody_is_sent_elsewhere() -> None:
    """A redirect is not followed: the path holds a credential."""
    asked = []

    def app(request: Request) -> Response:
        asked.append(request.path)
        return Response(status=307, headers={"Location": "/elsewhere"})

    with serving(app) as server:
        discord = Discord(server.url, "1")
        with pytest.raises(Unanswerable, match="307"):
            discord.delete(SENT)
        discord.connections.close()

    assert asked == ["/webhooks/1/a-token/messages/@original"]


def test_half_an_emoji_is_sent() -> None:
    """What has no UTF-8 arrives as it came: as JSON's escape."""
    bodies = []

    def app(request: Request) -> Response:
        bodies.append(request.get_json())
        return Response(status=204)

    with serving(app) as server:
        discord = Discord(server.url, "1")
        discord.acknowledge(SENT, {"type": 4, "data": {"content": "\ud83d"}})
        discord.connections.close()

    assert bodies == [{"type": 4, "data": {"content": "\ud83d"}}]


def test_sender_says_who_it_is() -> None:
    """Each kind of request bears the name that Discord asks of a bot, and a body its type."""
    heads = []

    def app(request: Request) -> Response:
        heads.append((request.headers["User-Agent"].partition(" ")[0], request.mimetype))
        return Response(status=204)

    with serving(app) as server:
        discord = Discord(server.url, "1")
        discord.acknowledge(SENT, {"type": 5})
        discord.edit(SENT, Message({"content": "Hello"}, (File("a.png", "image/png", b"\x89PNG"),)))
        discord.delete(SENT)
        discord.connections.close()

    assert heads == [("DiscordBot", "application/json"), ("DiscordBot", "multipart/form-data"), ("DiscordBot", "")]


def test_broken_head_is_not_quoted(caplog: pytest.LogCaptureFixture) -> None:
    """A head that cannot be read is no reason to log the path, which holds a credential."""

    def app(_: Request) -> Response:
        return Response(status=204, headers={"X-Odd": "1", "no header at all ": "2"})

    with serving(app) as server:
        discord = Discord(server.url, "1")
        discord.delete(SENT)
        discord.connections.close()

    assert caplog.text == ""


def test_proxy_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the environment names a proxy it is told the whole address, as requests would tell it."""
    asked = []

    def app(request: Request) -> Response:
        asked.append((request.host, request.environ["REQUEST_URI"]))
        return Response(status=204)

    with serving(app) as server:
        monkeypatch.setenv("http_proxy", server.url)
        monkeypatch.setenv("no_proxy", "")
        monkeypatch.delenv("NO_PROXY", raising=False)
        discord = Discord("http://discord.test/api/v10", "1")
        discord.delete(SENT)
        discord.connections.close()

    assert asked == [("discord.test", "http://discord.test/api/v10/webhooks/1/a-token/messages/@original")]


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [("REQUESTS_CA_BUNDLE", "/none.pem", "no certificate store /none.pem"), ("https_proxy", "http://", "proxy")],
)
def test_start_says_what_is_not_there(name: str, value: str, why: str) -> None:
    """A certificate store or a proxy that cannot be is a sentence at the start, not a traceback."""
    settings = {"DISCORD_PUBLIC_KEY": "ab" * 32, "DISCORD_APP_ID": "1", "PICTURES": "attachments", "no_proxy": ""}
    environ = {**os.environ, **settings, "DISCORD_API_URL": "https://discord.test", name: value}
    command = [sys.executable, "-c", "import main"]
    main = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - our own interpreter

    assert main.returncode == 1
    assert main.stderr.startswith("mando cannot start: ")
    assert why in main.stderr
    assert "Traceback" not in main.stderr


def test_a_crowds_connections_are_kept() -> None:
    """As many as an instance serves at once: the next crowd needs no new ones."""
    together = threading.Barrier(THREADS)

    def app(_: Request) -> Response:
        together.wait(10)
        return Response(status=204)

    with serving(app) as server, ThreadPoolExecutor(THREADS) as threads:
        discord = Discord(server.url, "1")
        for _ in range(2):
            list(threads.map(discord.delete, [SENT] * THREADS))
        discord.connections.close()

        assert server.opened == THREADS
