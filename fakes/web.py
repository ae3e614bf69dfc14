"""werkzeug's server on this machine, with connections that stay open, are counted, speak TLS, break and drip."""

import json
import select
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from werkzeug import wrappers
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request

__all__ = ["HOST", "App", "Request", "Response", "Server", "Tls", "json_response", "parts", "serving"]

HOST = "127.0.0.1"  # a stand-in is for this machine alone
PIECES = 20  # of a body that drips
GLANCE = 0.1  # seconds until a server looks again whether it is to close


class Response(wrappers.Response):
    drip = 0.0  # seconds that the body takes to arrive, a piece at a time


Tls = Callable[[], ssl.SSLContext]  # asked anew for each connection
App = Callable[[Request], Response | None]  # None: the connection breaks without an answer


def json_response(status: int, value: object) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


def parts(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Split a multipart body of whatever subtype into the head and the content of each part."""
    boundary, _, rest = body.partition(b"\r\n")
    for piece in rest.split(b"\r\n" + boundary)[:-1]:
        head, _, content = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        yield head.decode(), content


class Server(ThreadedWSGIServer):
    request_queue_size = 512  # connections that wait to be accepted: more than a test opens at once
    daemon_threads = False  # joined at close, so that nothing outlives a test

    def __init__(self, answer: App, port: int = 0, tls: Tls | None = None) -> None:
        self.answer, self.tls = answer, tls
        self.opened = 0  # connections, kept alive or not
        self.closing = threading.Event()
        self._connections: set[socket.socket] = set()
        super().__init__(HOST, port, wrappers.Response(), _Handler)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{HOST}:{self.server_port}"

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection; its handshake is left to its thread, so that nobody waits for another's."""
        connection, address = super().get_request()
        self.opened += 1
        if self.tls:
            connection = self.tls().wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - socketserver's signature
        self._connections.discard(request)
        super().shutdown_request(request)

    def wait(self, seconds: float, request: Request) -> None:
        """Wait, but no longer than the client does: all that it sends before an answer is that it hangs up."""
        connection, deadline = select.poll(), time.monotonic() + seconds
        connection.register(request.environ["werkzeug.socket"], select.POLLIN)
        while (left := deadline - time.monotonic()) > 0 and not self.closing.is_set():
            if connection.poll(1000 * min(left, GLANCE)):
                return

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's signature
        if not isinstance(sys.exception(), OSError):  # a client that went away is no bug
            super().handle_error(request, client_address)

    def stop(self) -> None:
        """Stop accepting, and break what is still open."""
        self.closing.set()
        self.shutdown()
        for connection in list(self._connections):
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # below TLS, which its own thread is using


class _Handler(WSGIRequestHandler):
    """werkzeug's own closes each connection after one answer, and cannot break it without one."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write per answer
    server: Server

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        with Request(environ) as request:
            request.get_data()  # all of it, or the rest would be taken for the next request
            response = self.server.answer(request)
        if response is None:
            self.close_connection = True
            return
        chunks, _, headers = response.get_wsgi_response(environ)
        self.send_response_only(response.status_code)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self._send_body(b"".join(chunks), response.drip)
        response.close()  # the file that it was read from

    def _send_body(self, body: bytes, drip: float) -> None:
        size = len(body) // PIECES + 1 if drip else max(len(body), 1)
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            self.wfile.flush()
            if drip:
                self.server.closing.wait(drip / PIECES)

    def finish(self) -> None:
        try:
            super().finish()  # fails with what could not be sent to a client that went away
        finally:
            self.rfile.close()

    def log_request(self, *_: object) -> None:
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
