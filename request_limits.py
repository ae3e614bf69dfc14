"""What the server leaves open: how large a request may be, how slow, and what threads cost the process."""

import ctypes
import os
import socket
import stat
import struct
import sys
import threading
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from interaction import BadSignature

LARGEST_BODY = 256 * 1024
"""Bytes. The largest interaction, a press with its message around it, is a tenth of that."""
REQUEST_SECONDS = 2
"""For a request to arrive: whoever is slower than that is not Discord."""
M_ARENA_MAX = -8
"""Of mallopt(3)."""


def set_process_limits() -> None:
    """Make threads cheap: one heap for all of them, no helpers for numpy, no connection that is silent for ever."""
    # Threads for matrices as small as ours cost a cold start a fifth of its CPU. For numpy, when it comes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # glibc gives threads heaps of their own and keeps in each what was freed there: pictures, each on a thread of its
    # own, would make an instance more than twice as large as one heap for all does. Other C libraries have no mallopt.
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)
    if sys.platform == "linux":
        os.register_at_fork(after_in_child=_bound_silence)


def _bound_silence() -> None:
    """Give this worker's connections a receive timeout, which they inherit from the socket that listens.

    gunicorn reads a request's head on one of its few threads, and would wait there for ever for the rest of half a one.
    """
    for number in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                listener = socket.socket(fileno=number)
                if listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", REQUEST_SECONDS, 0))
                listener.detach()


def read_body(request: Request) -> bytes:
    """Return the raw body; raise BadSignature when none comes in time, RequestEntityTooLarge before it is read."""
    if connection := request.environ.get("gunicorn.socket"):
        alarm = threading.Timer(REQUEST_SECONDS, _cut_off, [connection])
        alarm.start()
    request.max_content_length = LARGEST_BODY
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        request.stream = BytesIO()  # functions-framework reads the body once more
        raise
    except Exception as error:  # silence, a broken chunk: whatever it is, Discord has not signed it
        request.stream = BytesIO()
        raise BadSignature from error
    finally:
        if connection:
            alarm.cancel()


def _cut_off(connection: socket.socket) -> None:
    """Let nothing more come in: whoever reads finds an end."""
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RD)
