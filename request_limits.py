"""What the server leaves open: how large a request may be, how slow, and what threads cost the process."""

import ctypes
import logging
import os
import socket
import struct
import threading
import time
from contextlib import suppress
from io import BytesIO

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from interaction import BadSignature
from server import close_soon, gunicorn_worker

LARGEST_BODY = 256 * 1024
"""Bytes. The largest interaction, a press with its message around it, is a tenth of that."""
REQUEST_SECONDS = 2
"""For a request to arrive: whoever is slower than that is not Discord."""
SILENT_SECONDS = 60
"""That a connection may stay silent before gunicorn hears of it, and gives it a thread for 5 s."""
M_ARENA_MAX = -8
"""Of mallopt(3)."""

GLANCE = 0.1
"""Seconds between two looks for bodies that are late. A timer for each request took a tenth of its CPU."""

_bounding = threading.Lock()
_reading: dict[socket.socket | None, float] = {}
"""Connections whose body is being read, and until when by the monotonic clock; None under another server."""


def set_process_limits() -> None:
    """Make threads cheap: one heap, no helpers for numpy. And let no routine be an error in the log."""
    # Threads for matrices as small as ours cost a cold start a fifth of its CPU. For numpy, when it comes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Google's client would ask for the bucket's description beside each upload, on a thread of its own, and be refused:
    # the function's service account may create objects and nothing else.
    os.environ.setdefault("DISABLE_GCS_PYTHON_CLIENT_OTEL_BUCKET_METADATA", "true")
    # glibc gives threads heaps of their own and keeps in each what was freed there: pictures, each uploaded by a thread
    # of its own, would make an instance more than twice as large as one heap does. Other C libraries have no mallopt.
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
    logging.getLogger("gunicorn.error").addFilter(_is_no_silence)


def _is_no_silence(record: logging.LogRecord) -> bool:
    """Tell a fault from a client that fell silent or went away, for which gunicorn prints a traceback as well."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError | ConnectionError | TimeoutError))


def bound_silence() -> None:
    """Let connections that say nothing wait in the kernel, and end those that stop in the middle of a request.

    The listening sockets give both on. A head that comes byte by byte is stopped by nothing here, but
    Cloud Run's front end sends no head before it is complete.
    """
    if _bounding.acquire(blocking=False) and (worker := gunicorn_worker()):
        close_soon()
        for listener in worker.sockets:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", REQUEST_SECONDS, 0))
            if hasattr(socket, "TCP_DEFER_ACCEPT"):  # Linux
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, SILENT_SECONDS)
        threading.Thread(target=_cut_off_late, name="bodies", daemon=True).start()


def read_body(request: Request) -> bytes:
    """Return the raw body; raise BadSignature when none comes in time, RequestEntityTooLarge before it is read."""
    bound_silence()
    connection: socket.socket | None = request.environ.get("gunicorn.socket")
    _reading[connection] = time.monotonic() + REQUEST_SECONDS
    request.max_content_length = LARGEST_BODY
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise
    except Exception as error:  # silence, a broken chunk: whatever it is, Discord has not signed it
        request.stream = BytesIO()  # functions-framework reads the body once more
        raise BadSignature from error
    finally:
        _reading.pop(connection, None)


def _cut_off_late() -> None:
    """Let nothing more come in when a body is late: whoever reads it finds an end."""
    while True:
        time.sleep(GLANCE)
        for connection, latest in _reading.copy().items():
            if connection and time.monotonic() > latest:
                with suppress(OSError):  # it is closed already
                    connection.shutdown(socket.SHUT_RD)
