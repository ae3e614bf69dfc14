"""One HTTP exchange that always ends; and in words, why it failed."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

LARGEST_ANSWER = 32 * 2**20
"""Bytes; nothing that is asked for here is larger."""
TIMEOUT = 10.0

Headers = Mapping[str, str]

SLOW = "try again; is it overloaded, or this network slow?"
REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str, str], ...] = (
    (
        requests.exceptions.ProxyError,
        "the proxy does not let it through to {host}",
        "is HTTPS_PROXY right? `env | grep -i proxy` shows it",
    ),
    (socket.gaierror, "nobody knows the name {host}", "is it spelt right, and is this machine online?"),
    (
        ssl.SSLCertVerificationError,
        "the certificate of {host} is not to be trusted",
        "is this machine's date right? Or does a hotel's or a company's network stand between (REQUESTS_CA_BUNDLE)?",
    ),
    (ssl.SSLError, "{host} does not speak TLS as it should", "is it https, on this port?"),
    (ConnectionRefusedError, "nobody listens at {host}", "is the port right, and is it running?"),
    ((TimeoutError, urllib3.exceptions.TimeoutError), "no whole answer came from {host} in {seconds:g} s", SLOW),
    (ValueError, "{host} is no address", "is it spelt right?"),
)
BROKEN = "the connection to {host} broke off"
AGAIN = "try again; is this network in order?"


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=dict)
    """By names in any case."""
    seconds: float = 0.0

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Return what the body holds, or None when it is no JSON."""
        with suppress(ValueError, RecursionError):
            return json.loads(self.body)
        return None


class NoAnswer(Exception):
    """Nothing came back: the message says why, cure what to do."""

    def __init__(self, why: str, cure: str) -> None:
        super().__init__(why)
        self.cure = cure


def ask(method: str, url: str, body: bytes = b"", headers: Headers | None = None, seconds: float = TIMEOUT) -> Answer:
    """Return the answer if all of it comes within that time, else raise NoAnswer. Redirects are not followed.

    In a thread of its own, for no timeout of a socket bounds the look-up of a name, or an answer that comes in drips.
    """
    answer: Future[Answer] = Future()
    work = threading.Thread(target=_settle, args=(answer, method, url, body, headers, seconds), daemon=True)
    deadline = time.monotonic() + seconds
    work.start()
    try:
        return answer.result(seconds)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise _no_answer(error, url, seconds) from None
    finally:  # if interrupted: a change under way must have ended before its opposite is asked for
        if method != "GET":
            work.join(max(deadline - time.monotonic(), 0))


def _settle(answer: Future[Answer], *request: Any) -> None:  # noqa: ANN401 - as _exchange takes it
    try:
        answer.set_result(_exchange(*request))
    except Exception as error:  # noqa: BLE001 - raised to whoever waits
        answer.set_exception(error)


def _exchange(method: str, url: str, body: bytes, headers: Headers | None, seconds: float) -> Answer:
    started = time.monotonic()
    with requests.request(
        method, url, data=body or None, headers=headers, timeout=seconds, allow_redirects=False, stream=True
    ) as response:
        content = response.raw.read(LARGEST_ANSWER, decode_content=True)
        return Answer(response.status_code, content, response.headers, time.monotonic() - started)


def _no_answer(error: BaseException, url: str, seconds: float) -> NoAnswer:
    host = urlsplit(url).netloc if "[" not in url else url  # half an IPv6 address is none
    causes = tuple(_causes(error))
    for kind, why, cure in REASONS:
        if any(isinstance(each, kind) for each in causes):
            return NoAnswer(why.format(host=host, seconds=seconds), cure)
    return NoAnswer(BROKEN.format(host=host), AGAIN)


def _causes(error: object) -> Iterator[BaseException]:
    """Walk down to what really happened: requests and urllib3 wrap it in three ways."""
    if isinstance(error, BaseException):
        yield error
        for inner in (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__):
            yield from _causes(inner)
