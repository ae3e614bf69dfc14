"""What stands in the body of a request or an answer: JSON, or multipart with files."""

import json
import re

from discord_enums import ErrorCode
from fakes.discord.errors import Note, Refusal, invalid, judge
from fakes.discord.message import File
from fakes.discord.rules import Json
from fakes.discord.schema import IGNORED, Flaw
from fakes.web import Request


def json_of(request: Request) -> Json:
    if not request.is_json:
        message = "Expected \"Content-Type\" header to be one of {'application/json'}."
        raise invalid([Flaw((), "CONTENT_TYPE_INVALID", message)])
    return _parsed(request.get_data())


def _parsed(body: str | bytes) -> Json:
    try:
        return json.loads(body)
    except ValueError:
        raise Refusal(400, ErrorCode.INVALID_JSON, "The request body contains invalid JSON.") from None


def json_and_files(request: Request, note: Note) -> tuple[Json, dict[str, File]]:
    """Read a message's body: JSON, or multipart with payload_json and files[n]."""
    if request.mimetype != "multipart/form-data":
        return json_of(request), {}
    files = {}
    for field, file in request.files.items(multi=True):
        if not (match := re.fullmatch(r"files\[(\d+)\]", field)):
            judge([Flaw((field,), IGNORED, "Neither payload_json nor files[n].")], note)
            continue
        files[match[1]] = File(file.filename or "unknown", file.mimetype, file.read())
    return _parsed(request.form.get("payload_json", "{}")), files
