"""What the function answers to a request, over HTTP: section by section of the contract, and nothing else done."""

import http.client
import json
import select
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest
from function import Function, used
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from fakes import Services
from fakes.function import THREADS
from fakes.web import Response

PING = b'{"type": 1}'
ID, TOKEN = "1300000000000000000", "a-token"


def calls(services: Services) -> int:
    """Count everything that the function has asked of Discord and of the bucket so far."""
    return len(services.discord.api.exchanges) + len(services.bucket.exchanges)


def post(function: Function, body: bytes, headers: dict[str, str], method: str = "POST") -> Response:
    connection = http.client.HTTPConnection("127.0.0.1", function.port, timeout=10)
    try:
        connection.request(method, "/", body, headers)
        answer = connection.getresponse()
        return Response(answer.read(), answer.status, answer.getheaders())
    finally:
        connection.close()


def signed(services: Services, body: bytes) -> dict[str, str]:
    return services.discord.sender.signed(body)


def send(services: Services, function: Function, payload: object) -> Response:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return post(function, body, signed(services, body))


def test_ping_is_answered_inline(services: Services, function: Function) -> None:
    """A PING gets 200 {"type": 1}, as JSON."""
    response = send(services, function, PING)

    assert (response.status_code, json.loads(response.data)) == (200, {"type": 1})
    assert response.headers["Content-Type"] == "application/json"


Headers = dict[str, str]
Spoiler = Callable[[Headers], Headers]


def without(name: str) -> Spoiler:
    return lambda headers: {key: value for key, value in headers.items() if key != name}


def changed(name: str, change: Callable[[str], str]) -> Spoiler:
    return lambda headers: {**headers, name: change(headers[name])}


SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"
UNSIGNED: dict[str, Spoiler] = {
    "no signature": without(SIGNATURE),
    "no timestamp": without(TIMESTAMP),
    "nothing signed": lambda _: {},
    "empty signature": changed(SIGNATURE, lambda _: ""),
    "empty timestamp": changed(TIMESTAMP, lambda _: ""),
    "another timestamp": changed(TIMESTAMP, lambda value: str(int(value) + 1)),
    "not hex": changed(SIGNATURE, lambda value: "z" + value[1:]),
    "half a signature": changed(SIGNATURE, lambda value: value[:64]),
    "too long": changed(SIGNATURE, lambda value: value + "00"),
    "spaced out": changed(SIGNATURE, lambda value: f"{value[:64]} {value[64:]}"),
    "one bit off": changed(SIGNATURE, lambda value: value[:-1] + ("0" if value[-1] != "0" else "1")),
    "not ASCII": changed(SIGNATURE, lambda value: "é" + value[1:]),
    "another's key": lambda headers: {
        **headers,
        SIGNATURE: SigningKey.generate().sign(headers[TIMESTAMP].encode() + PING).signature.hex(),
    },
}


@pytest.mark.parametrize("spoil", UNSIGNED.values(), ids=UNSIGNED)
def test_unsigned_request_is_refused(services: Services, function: Function, spoil: Spoiler) -> None:
    """What Discord did not sign is answered 401, whatever is wrong with the signature."""
    assert post(function, PING, spoil(signed(services, PING))).status_code == 401


@pytest.mark.parametrize("body", [b"", b"{}", PING + b" ", b"\xff\xfe", b"[" * 20_000])
def test_changed_body_is_refused(services: Services, function: Function, body: bytes) -> None:
    """A body other than the one that was signed is answered 401, before anybody tries to read it."""
    assert post(function, body, signed(services, PING)).status_code == 401


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(services: Services, function: Function, method: str) -> None:
    """Discord sends POST; everything else is answered 405, which names it."""
    response = post(function, PING, signed(services, PING), method)

    assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def test_oversized_body_is_refused(function: Function) -> None:
    """A body of a megabyte is refused, and not read into memory first."""
    assert post(function, b" " * 1_000_000, {}).status_code == 413


def interaction(**fields: object) -> dict[str, object]:
    return COMMAND | fields


COMMAND = {"type": 2, "id": ID, "token": TOKEN, "data": used()["data"]}


NONSENSE: dict[str, object] = {
    "empty": b"",
    "null": None,
    "list": [],
    "number": 1,
    "not JSON": b"{",
    "not UTF-8": b'{"type": "\xff"}',
    "20,000 brackets": b"[" * 20_000,
    "20,000 braces": b'{"a":' * 20_000,
    "a number of 10,000 digits": b'{"type": ' + b"1" * 10_000 + b"}",
    "no type": {"id": ID, "token": TOKEN},
    "type true": {"type": True},
    "type 1.0": {"type": 1.0},
    "type as text": {"type": "1"},
    "unknown type": interaction(type=99),
    "autocomplete": interaction(type=4),
    "no id": {"type": 2, "token": TOKEN, "data": COMMAND["data"]},
    "id as number": interaction(id=int(ID)),
    "id with a path": interaction(id=f"{ID}/../1"),
    "id in other digits": interaction(id="١٢٣"),
    "id of 30 digits": interaction(id="1" * 30),
    "no token": {"type": 2, "id": ID, "data": COMMAND["data"]},
    "empty token": {**COMMAND, "token": ""},
    "token with a path": {**COMMAND, "token": "a/../../users/@me"},
    "token of dots": {**COMMAND, "token": ".."},
    "token with a query": {**COMMAND, "token": "a?b"},
    "token with a line break": {**COMMAND, "token": "a\n"},
    "huge token": {**COMMAND, "token": "a" * 5000},
    "another command": interaction(data={"type": 1, "name": "other"}),
    "no data": {"type": 2, "id": ID, "token": TOKEN},
    "no name": interaction(data={"type": 1}),
    "name as number": interaction(data={"type": 1, "name": 1}),
    "data as list": interaction(data=[]),
    "unknown component": interaction(type=3, data={"component_type": 3, "custom_id": "x"}),
}


@pytest.mark.parametrize("payload", NONSENSE.values(), ids=NONSENSE)
def test_signed_nonsense_is_refused(services: Services, function: Function, payload: object) -> None:
    """What is signed but no interaction of this bot's is answered 400 with a short reason, and nobody is called."""
    before = calls(services)
    response = send(services, function, payload)

    assert response.status_code == 400
    assert 0 < len(response.data) < 100
    assert calls(services) == before


headers = st.dictionaries(
    st.sampled_from([SIGNATURE, TIMESTAMP, "Content-Type", "X-Cloud-Trace-Context", "X-Other"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200).map(str.strip),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
odd_interactions = st.fixed_dictionaries(
    {"type": st.sampled_from([0, 2, 3, 4, 5, 99])},
    optional={"id": st.just(ID) | json_values, "token": json_values, "data": json_values},
)
boundary = settings(max_examples=60)


@boundary
@given(body=st.binary(max_size=300), headers=headers)
def test_no_unsigned_bytes_get_through(function: Function, body: bytes, headers: dict[str, str]) -> None:
    """Whatever bytes and headers come without Discord's signature, the answer is 401."""
    assert post(function, body, headers).status_code == 401


@boundary
@given(body=st.binary(max_size=300) | (json_values | odd_interactions).map(lambda value: json.dumps(value).encode()))
def test_no_signed_bytes_break_the_function(services: Services, function: Function, body: bytes) -> None:
    """Whatever is signed, the answer is never a 5xx and nobody is called for what is no interaction."""
    before = calls(services)

    assert send(services, function, body).status_code in (200, 400)
    assert calls(services) == before


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
SILENT = {
    "half a head": HEAD + b"X-Signature-Ed25519: 0",
    "half a body": HEAD + b"Content-Length: 100\r\n\r\n{",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{",
}


@pytest.mark.parametrize("half", SILENT.values(), ids=SILENT)
def test_silent_clients_hold_up_nobody(services: Services, function: Function, half: bytes) -> None:
    """As many clients as there are threads fall silent in mid-request: they are dropped in time for a PING's 3 s."""
    with ExitStack() as stack:
        for _ in range(THREADS):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", function.port)))
            client.sendall(half)
        start = time.monotonic()

        assert send(services, function, PING).status_code == 200
        assert time.monotonic() - start < 2.8


def test_clients_that_never_close_hold_up_nobody(services: Services, function: Function) -> None:
    """Whatever was wrong with what they sent, nobody waits for them to hang up: a PING is answered at once."""
    whole = {"a refused request": HEAD + b"Connection: close\r\nContent-Length: 2\r\n\r\n{}"}
    none = {"none of a large body": HEAD + b"Content-Length: 1000000\r\n\r\n"}
    worst = 0.0
    with ExitStack() as stack:
        for begun in 2 * [*(SILENT | whole | none).values()]:
            client = stack.enter_context(socket.create_connection(("127.0.0.1", function.port)))
            client.sendall(begun)
        end = time.monotonic() + 4  # two seconds until they are dropped, and two for the first to be waited for
        while (start := time.monotonic()) < end:
            assert send(services, function, PING).status_code == 200
            worst = max(worst, time.monotonic() - start)

    assert worst < 1


def test_trickling_body_is_cut_off(function: Function) -> None:
    """A client that sends a byte now and then, never silent for long, is refused after 2 s all the same."""
    with socket.create_connection(("127.0.0.1", function.port), timeout=10) as client:
        client.sendall(HEAD + b"Content-Length: 100\r\n\r\n")
        start = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - start < 4:
                client.sendall(b"{")
                time.sleep(0.5)
                if select.select([client], [], [], 0)[0]:
                    break

        assert client.recv(12) == b"HTTP/1.1 401"
        assert time.monotonic() - start < 3.5


def test_slow_body_is_awaited(services: Services, function: Function) -> None:
    """A body whose second half comes a second and a half later is read: networks stumble."""
    head = "".join(f"{name}: {value}\r\n" for name, value in signed(services, PING).items())
    with socket.create_connection(("127.0.0.1", function.port), timeout=10) as client:
        client.sendall(HEAD + f"{head}Content-Length: {len(PING)}\r\n\r\n".encode() + PING[:5])
        time.sleep(1.5)
        client.sendall(PING[5:])

        assert client.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize("chunks", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}\r\n0\r\nbad trailer\r\n\r\n", b"-1\r\n"])
def test_broken_chunks_are_refused(function: Function, chunks: bytes) -> None:
    """A chunked body that breaks off is answered 401 like everything that Discord has not signed."""
    with socket.create_connection(("127.0.0.1", function.port), timeout=10) as client:
        client.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)

        assert client.recv(12) == b"HTTP/1.1 401"
