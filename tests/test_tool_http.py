"""tools.http: every exchange ends, and says why."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

import pytest

from fakes.certificates import Authority
from tools.http import NoAnswer, ask

SECONDS = 0.5
HEAD = b"HTTP/1.1 200 OK\r\n"
Act = Callable[[socket.socket], object]


@contextmanager
def listening(act: Act, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Take one connection, and do with it what no server of HTTP does; give the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                connection, _ = server.accept()
                with connection, tls.wrap_socket(connection, server_side=True) if tls else connection as wrapped:
                    wrapped.recv(65536)
                    act(wrapped)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.close()
        thread.join()


def drip(connection: socket.socket, head: bytes = b"") -> None:
    connection.sendall(head)
    for _ in range(10):
        connection.sendall(b"x")
        time.sleep(SECONDS / 5)


def flood(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b"x" * 2**20)


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (lambda connection: connection.sendall(b""), "the connection to {host} broke off"),
        (lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9\r\n"), "the connection to {host} broke off"),
        (
            lambda connection: connection.sendall(HEAD + b"Content-Length: 9\r\n\r\nx"),
            "the connection to {host} broke off",
        ),
        (
            lambda connection: connection.sendall(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz"),
            "the connection to {host} broke off",
        ),
        (drip, "no whole answer came from {host} in 0.5 s"),
        (lambda connection: drip(connection, HEAD + b"\r\n"), "no whole answer came from {host} in 0.5 s"),
        (lambda _: time.sleep(2 * SECONDS), "no whole answer came from {host} in 0.5 s"),
    ],
)
def test_what_is_no_answer_is_told(act: Act, why: str) -> None:
    """Whatever answers, and however slowly: an exchange ends in time, with the reason."""
    started = time.monotonic()
    with listening(act) as host, pytest.raises(NoAnswer) as error:
        ask("GET", f"http://{host}/", seconds=SECONDS)

    assert str(error.value) == why.format(host=host)
    assert error.value.cure
    assert time.monotonic() - started < 4 * SECONDS


def test_body_without_end_is_cut_off() -> None:
    """A body that never ends fills no memory: it is read as far as anything that is asked for here is long."""
    with listening(flood) as host:
        assert len(ask("GET", f"http://{host}/").body) == 32 * 2**20


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9/", "nobody listens at 127.0.0.1:9"),
        ("https://nowhere.invalid/", "nobody knows the name nowhere.invalid"),
        ("http://[::1", "http://[::1 is no address"),
        ("http://a..b/", "a..b is no address"),
        (f"https://{'a' * 70}.test/", f"{'a' * 70}.test is no address"),
        ("http://a:99999/", "a:99999 is no address"),
    ],
)
def test_address_that_leads_nowhere_is_told(url: str, why: str) -> None:
    """Each way in which an address can be wrong has its own reason."""
    with pytest.raises(NoAnswer) as error:
        ask("GET", url)

    assert str(error.value) == why


def test_wrong_certificate_is_told() -> None:
    """A certificate of nobody's is not the same as no TLS at all."""
    with (
        closing(Authority()) as authority,
        listening(lambda _: None, authority.context("self-signed")) as host,
        pytest.raises(NoAnswer, match="is not to be trusted"),
    ):
        ask("GET", f"https://{host}/")
    with (
        listening(lambda connection: connection.sendall(HEAD)) as host,
        pytest.raises(NoAnswer, match="does not speak TLS"),
    ):
        ask("GET", f"https://{host}/")
