"""The function: one /mando from Discord's signed request to the mandala in its message.

    request -> interaction -> response -> callback -> PNG -> URL -> message

Everything that is slow to import waits until the callback is on its way: a cold start spends the same 3 s.
"""

import ctypes
import os
import socket
import stat
import struct
import sys
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import functions_framework
from flask import Request
from flask.typing import ResponseReturnValue
from nacl.signing import VerifyKey
from werkzeug.exceptions import RequestEntityTooLarge

import command
from bucket import Bucket, BucketUnavailable
from config import Settings, SettingsError
from discord_api import (
    ATTACHMENT,
    PING,
    BadSignature,
    Discord,
    Interaction,
    NotAnInteraction,
    Unanswerable,
    parse,
    verify,
)
from journal import Journal, trace_of
from message import private


@dataclass(frozen=True)
class Sentence:
    """What cannot be done, said to the asker alone: the callback is all there is to it."""

    callback: Mapping[str, Any]


Response = command.Drawing | command.Deletion | Sentence

SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"
ANSWER_SECONDS = 2.3
"""Age of an interaction at which Discord gets its 202, done or not: it waits 3 s."""
LARGEST_BODY = 256 * 1024
"""Bytes. The largest interaction, a press with its message around it, is a tenth of that."""
REQUEST_SECONDS = 2
"""For a request to arrive: whoever is slower than that is not Discord."""
REMEMBERED = 1024
"""Interactions by which a second delivery is known."""

# For numpy, when it comes: threads for matrices as small as ours cost a cold start a fifth of its CPU.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

M_ARENA_MAX = -8
"""Of mallopt(3)."""

# glibc gives threads heaps of their own and keeps in each what was freed there: pictures, each on a thread of its own,
# would make an instance more than twice as large as one heap for all does. Other C libraries have no mallopt.
with suppress(AttributeError, OSError):
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)

try:
    SETTINGS = Settings.from_env()
except SettingsError as error:
    sys.exit(f"mando cannot start: {error}")

KEY = VerifyKey(SETTINGS.public_key)
DISCORD = Discord(SETTINGS.discord_api_url, SETTINGS.app_id)
BUCKET = Bucket(SETTINGS.bucket_name)

at_the_easel = threading.Semaphore(os.cpu_count() or 1)
"""Drawing is all CPU: more at once would only make each later, and callbacks with them."""
recent: deque[str] = deque(maxlen=REMEMBERED)
recent_lock = threading.Lock()


@functions_framework.http
def handle_request(request: Request) -> ResponseReturnValue:
    """Answer Discord: 200 to a PING, 202 to what is dealt with by callback, 4xx to everything else."""
    journal = Journal()
    journal.note(**trace_of(request.headers.get("X-Cloud-Trace-Context", ""), SETTINGS.project))
    try:
        body = read_body(request)
        if request.method != "POST":
            return "Discord sends POST", 405, {"Allow": "POST"}
        with journal.stage("verify"):
            verify(body, request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, ""), KEY)
        interaction = parse(body)
        if interaction.type == PING:
            return {"type": PING}
        response = respond(interaction)
    except BadSignature:
        return "invalid request signature", 401
    except (NotAnInteraction, command.NotOurs) as error:
        return str(error), 400
    if is_first_delivery(interaction):
        work = threading.Thread(target=carry_out, args=(interaction, response, journal))
        work.start()
        work.join(timeout=ANSWER_SECONDS - interaction.age())
    return "", 202


def read_body(request: Request) -> bytes:
    """Return the raw body; raise BadSignature when none comes in time, RequestEntityTooLarge before it is read."""
    if connection := request.environ.get("gunicorn.socket"):
        alarm = threading.Timer(REQUEST_SECONDS, cut_off, [connection])
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


def cut_off(connection: socket.socket) -> None:
    """Let nothing more come in: whoever reads finds an end."""
    with suppress(OSError):  # it is closed already
        connection.shutdown(socket.SHUT_RD)


def bound_silence() -> None:
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


if sys.platform == "linux":
    os.register_at_fork(after_in_child=bound_silence)


def respond(interaction: Interaction) -> Response:
    """Decide what to do, or what to say where nothing can be done; raise NotOurs."""
    try:
        return command.respond(interaction)
    except command.Refused as refusal:
        return Sentence(private(str(refusal)))


def is_first_delivery(interaction: Interaction) -> bool:
    """Tell whether this instance sees the interaction for the first time; the callback tells of other instances."""
    with recent_lock:
        is_first = interaction.token not in recent
        recent.append(interaction.token)
    return is_first


def carry_out(interaction: Interaction, response: Response, journal: Journal) -> None:
    """Acknowledge the interaction and keep the promise: a thread's outermost frame, so nothing escapes it."""
    try:
        with journal.stage("defer"):
            DISCORD.acknowledge(interaction, response.callback)
        journal.note(age_ms=round(1000 * interaction.age()))
        journal.write(interaction, keep_promise(interaction, response, journal))
    except Unanswerable as refusal:
        journal.write(interaction, f"given up: {refusal}")
    except Exception:  # noqa: BLE001 - a bug: told once, with its traceback
        journal.bug()
        journal.write(interaction, "failed")


def keep_promise(interaction: Interaction, response: Response, journal: Journal) -> str:
    """Do what the callback announced, and return what became of it."""
    match response:
        case command.Drawing():
            return deliver(interaction, response, journal)
        case command.Deletion():
            DISCORD.delete(interaction)
            return "deleted"
        case Sentence():
            return "refused privately"


def deliver(interaction: Interaction, drawing: command.Drawing, journal: Journal) -> str:
    """Bring the mandala into its message, and return how; if that cannot be, tell the user so."""
    try:
        png = draw(drawing, journal)
        return show(interaction, drawing, png, journal)
    except Unanswerable:
        raise
    except Exception:  # noqa: BLE001 - a bug, but the user waits: they get a sentence, the log the traceback
        journal.bug()
        with journal.stage("edit"):
            DISCORD.edit(interaction, drawing.failure())
        return "failed, and said so"


def draw(drawing: command.Drawing, journal: Journal) -> bytes:
    """Return the drawing as a PNG, one at a time on each processor."""
    with journal.stage("draw"), at_the_easel:
        import mando  # noqa: PLC0415 - matplotlib and numpy: after the callback

        return mando.draw(drawing.recipe)


def show(interaction: Interaction, drawing: command.Drawing, png: bytes, journal: Journal) -> str:
    """Put the picture into the message: by its public URL, or as an attachment when the bucket does not take it."""
    try:
        with journal.stage("upload"):
            url = BUCKET.publish(f"{drawing.recipe.digest}.png", png)
    except BucketUnavailable as error:
        journal.note(bucket=str(error))
        with journal.stage("edit"):
            DISCORD.edit(interaction, drawing.message(f"attachment://{ATTACHMENT}"), png)
        return "delivered as an attachment"
    with journal.stage("edit"):
        DISCORD.edit(interaction, drawing.message(url))
    return "delivered"
