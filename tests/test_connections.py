"""The connections to Discord: kept, shared by all threads, and without a memory of whom they were used for."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from discord_api import Discord, Unanswerable
from fakes.web import Request, Response, serving
from interaction import Interaction

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
        discord = Discord("http://discord.test/api/v10", "1")
        discord.delete(SENT)
        discord.connections.close()

    assert asked == [("discord.test", "http://discord.test/api/v10/webhooks/1/a-token/messages/@original")]


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
