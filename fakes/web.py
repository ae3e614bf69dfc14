"""A small threaded HTTP server whose connections can be broken, dripped and left hanging on purpose."""

import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HOST = "127.0.0.1"  # a stand-in is for this machine alone
LARGEST_BODY = 32 * 2**20


@dataclass(frozen=True)
class Request:
    method: str
    target: str
    headers: Message
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    def json(self) -> Any:  # noqa: ANN401 - whatever was sent
        return json.loads(self.body)

    def parts(self) -> list[tuple[Message, bytes]]:
        """Split a multipart body (form-data or related) into headers and content of each part."""
        boundary = str(self.headers.get_param("boundary", "")).encode()
        pieces = (b"\r\n" + self.body).split(b"\r\n--" + boundary)[1:-1]
        return [_part(piece.removeprefix(b"\r\n")) for piece in pieces]


def _part(piece: bytes) -> tuple[Message, bytes]:
    head, _, content = piece.partition(b"\r\n\r\n")
    headers = Message()
    for line in head.decode().split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip()] = value.strip()
    return headers, content


@dataclass(frozen=True)
class Response:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: float = 0.0  # seconds that the body takes to arrive, a piece at a time


def json_response(status: int, value: object, headers: Mapping[str, str] | None = None) -> Response:
    return Response(status, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})})


Tls = Callable[[], ssl.SSLContext]  # asked anew for each connection
App = Callable[[Request], Response | None]  # None: the connection breaks without an answer


class Server(ThreadingHTTPServer):
    request_queue_size = 512  # connections that wait to be accepted: more than a test opens at once
    daemon_threads = False  # joined at close, so that nothing outlives a test

    def __init__(self, app: App, port: int = 0, tls: Tls | None = None) -> None:
        self.app, self.tls = app, tls
        self.opened = 0  # connections, kept alive or not
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{HOST}:{self.server_port}"

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection; its handshake is left to its thread, so that nobody waits for another's."""
        connection, address = super().get_request()
        self.opened += 1
        if self.tls:
            connection = self.tls().wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's signature
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - socketserver's signature
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's signature
        if not isinstance(sys.exception(), OSError):  # a client that went away is no bug
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop accepting, break what is still open, and wait for every thread."""
        self.closing.set()
        self.shutdown()
        for connection in list(self._connections):
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # below TLS, which its own thread is using
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write per answer
    server: Server

    def do(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST_BODY))
        response = self.server.app(Request(self.command, self.path, self.headers, body))
        if response is None:
            self.close_connection = True
        else:
            self._send(response)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do  # noqa: N815 - http.server's names

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.status != 204:  # noqa: PLR2004 - No Content has no length either
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(response)

    def _send_body(self, response: Response) -> None:
        if not response.drip:
            self.wfile.write(response.body)
            return
        pieces = 20
        size = len(response.body) // pieces + 1
        for start in range(0, len(response.body), size):
            self.wfile.write(response.body[start : start + size])
            self.wfile.flush()
            self.server.closing.wait(response.drip / pieces)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the exchanges are recorded, not logged."""


@contextmanager
def serving(app: App, port: int = 0, tls: Tls | None = None) -> Iterator[Server]:
    """Serve app in threads on this machine; port 0 takes a free one."""
    server = Server(app, port, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
