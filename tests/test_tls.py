"""The stand-ins over HTTPS: who trusts them, what can be wrong with a certificate, and how connections are counted."""

import ssl
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPSConnection

import pytest
import requests
from function import running

import fakes

AGENT = {"User-Agent": "DiscordBot (https://example.org/mando, 1.0)"}


@pytest.fixture(scope="module")
def secure() -> Iterator[fakes.Services]:
    with fakes.serve(tls=True) as services:
        yield services


@pytest.fixture
def services(secure: fakes.Services) -> Iterator[fakes.Services]:
    yield secure
    secure.faults.clear()


def get(services: fakes.Services) -> requests.Response:
    return requests.get(
        f"{services.discord.url}/applications/@me", headers=AGENT, verify=str(services.ca_file), timeout=5
    )


def test_the_runs_authority_is_trusted(services: fakes.Services) -> None:
    """Whoever reads the authority's file can talk to Discord."""
    assert services.discord.url.startswith("https://")
    assert get(services).status_code == 401


def test_nobody_else_trusts_it() -> None:
    """Without that file the connection is refused by the client."""
    with fakes.serve(tls=True) as services, pytest.raises(requests.exceptions.SSLError):
        requests.get(services.discord.url, timeout=5)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [("wrong-name", "IP address mismatch"), ("expired", "certificate has expired"), ("self-signed", "self-signed")],
)
def test_wrong_certificate_is_refused_by_clients(services: fakes.Services, wrong: str, reason: str) -> None:
    """A certificate that is wrong to order is what a client refuses, for that very reason."""
    services.faults.discord_certificate = [wrong]

    with pytest.raises(requests.exceptions.SSLError, match=reason):
        get(services)

    assert get(services).status_code == 401


def test_connections_are_counted(services: fakes.Services) -> None:
    """A client that keeps its connection alive opens one."""
    before = services.discord.api.server.opened
    with requests.Session() as session:
        for _ in range(5):
            session.get(services.discord.url, headers=AGENT, verify=str(services.ca_file), timeout=5)

    assert services.discord.api.server.opened == before + 1


def test_three_hundred_connections_at_once(services: fakes.Services) -> None:
    """Three hundred connections are open and served at the same time."""
    context = ssl.create_default_context(cafile=services.ca_file)
    server = services.discord.api.server
    with ExitStack() as stack:
        connections = [
            stack.enter_context(closing(HTTPSConnection("127.0.0.1", server.server_port, context=context, timeout=10)))
            for _ in range(300)
        ]
        for each in connections:
            each.connect()
        for each in connections:
            each.request("GET", "/nothing", headers=AGENT)

        assert {each.getresponse().status for each in connections} == {501}


def test_function_delivers_over_https(services: fakes.Services) -> None:
    """The function trusts the authority by its environment: callback, upload and edit go over HTTPS."""
    with running(services.environ) as function:
        sent = services.discord.send(function.url, fakes.command({"seed": "tea"})).wait()

    assert sent.original.image_url.startswith("https://127.0.0.1:")
    assert services.picture(sent.original).data.startswith(b"\x89PNG")
