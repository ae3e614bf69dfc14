"""The connections to Discord: kept, shared by all threads, and without a memory of whom they were used for."""

import threading
from concurrent.futures import ThreadPoolExecutor

from discord_api import Discord
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
        discord.session.close()

    assert cookies == [None, None]


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
        discord.session.close()

        assert server.opened == THREADS
