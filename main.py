"""The function's edge: settings, one route, one status for each way that a request can end.

    request -> interaction -> response -> callback -> files -> URL -> message

Everything that is slow to import waits until the callback is on its way: a cold start spends the same 3 s.
"""

import sys
from collections.abc import Callable
from importlib import import_module

import functions_framework
from flask import Request
from flask.typing import ResponseReturnValue
from nacl.signing import VerifyKey

import request_limits
from bucket import Bucket
from config import Settings, SettingsError
from delivery import Delivery
from discord_api import Discord
from discord_enums import CallbackType, InteractionType
from interaction import BadSignature, Interaction, NotAnInteraction, parse, verify
from log_entry import LogEntry
from response import NotOurs, Response

SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"
TRACE = "X-Cloud-Trace-Context"

try:
    SETTINGS = Settings.from_env()
    DISCORD = Discord(SETTINGS.discord_api_url, SETTINGS.app_id)
except (SettingsError, OSError) as error:
    sys.exit(f"mando cannot start: {error}")

respond: Callable[[Interaction], Response] = import_module(SETTINGS.command).respond  # command/respond.py by default
KEY = VerifyKey(SETTINGS.public_key)
BUCKET = Bucket(SETTINGS.bucket_name) if SETTINGS.bucket_name else None
DELIVERY = Delivery(DISCORD, BUCKET)

request_limits.set_process_limits()


@functions_framework.http
def handle_request(request: Request) -> ResponseReturnValue:
    """Answer Discord: 200 to a PING, 202 to what is dealt with by callback, 4xx to everything else."""
    entry = LogEntry(request.headers.get(TRACE, ""), SETTINGS.project)
    try:
        body = request_limits.read_body(request)
        if request.method != "POST":
            return "Discord sends POST", 405, {"Allow": "POST"}
        with entry.step("verify"):
            verify(body, request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, ""), KEY)
        interaction = parse(body)
        if interaction.type == InteractionType.PING:
            return {"type": CallbackType.PONG}
        response = respond(interaction)
    except BadSignature:
        return "invalid request signature", 401
    except (NotAnInteraction, NotOurs) as error:
        return str(error), 400
    DELIVERY.start(interaction, response, entry)
    return "", 202
