"""An interaction as Discord sends it: the signature verified, the JSON parsed. No I/O.

Facts and numbers: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from discord_enums import InteractionType

EPOCH_MS = 1420070400000
"""Discord's: the first millisecond of 2015."""
OLDEST = 15.0
"""Seconds that an interaction may be old when it arrives: Cloud Run lets a request wait for an instance for 10 s, or
for 3.5 times as long as one takes to start, and ours take 2 to 4 s (https://cloud.google.com/run/docs/about-concurrency)."""

ATTACHMENT_SIZE_LIMIT = 10 * 2**20
"""Bytes: what everybody may upload."""

SIGNATURE = re.compile(r"[0-9a-fA-F]{128}", re.ASCII)
SNOWFLAKE = re.compile(r"[0-9]{1,20}", re.ASCII)
TOKEN = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,999}", re.ASCII)
"""URL-safe, and never a path: the token stands in one."""


class BadSignature(Exception):
    """Discord did not sign this."""


class NotAnInteraction(Exception):
    """Signed, but nothing that can be answered; the message says what is wrong with it."""


@dataclass(frozen=True)
class Interaction:
    """What a user did, as Discord tells it."""

    type: int
    id: str = field(default="")
    token: str = field(default="", repr=False)  # a credential for 15 minutes
    user_id: str = field(default="0")
    locale: str = field(default="")
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    message: Mapping[str, Any] = field(default_factory=dict, repr=False)  # that was pressed, perhaps to open the modal
    attachment_size_limit: int = ATTACHMENT_SIZE_LIMIT
    """Bytes of a file that the answer may have."""

    arrived: float = field(default_factory=time.monotonic, compare=False)
    """When it was read, in seconds of the monotonic clock."""
    age_at_arrival: float = 0.0
    """Seconds between its creation and then."""

    def age(self) -> float:
        """Seconds since its creation."""
        return self.age_at_arrival + time.monotonic() - self.arrived


def verify(body: bytes, signature: str, timestamp: str, key: VerifyKey) -> None:
    """Raise BadSignature unless Discord signed exactly these bytes at this time."""
    if not SIGNATURE.fullmatch(signature):
        raise BadSignature
    try:
        key.verify(timestamp.encode() + body, bytes.fromhex(signature))
    except CryptoError as error:
        raise BadSignature from error


def parse(body: bytes, clock: Callable[[], float] = time.time) -> Interaction:
    """Read an interaction's JSON; raise NotAnInteraction when a field that every one has is missing or malformed.

    The clock tells the seconds since 1970.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnInteraction("not JSON") from error
    if not isinstance(payload, dict) or type(payload.get("type")) is not int:  # True is an int, but no type
        raise NotAnInteraction("not an interaction")
    if payload["type"] == InteractionType.PING:
        return Interaction(InteractionType.PING)
    number = _text(payload, "id", SNOWFLAKE)
    return Interaction(
        type=payload["type"],
        id=number,
        token=_text(payload, "token", TOKEN),
        user_id=_user_id(payload),
        locale=payload["locale"] if isinstance(payload.get("locale"), str) else "",
        data=_object(payload, "data"),
        message=payload["message"] if isinstance(payload.get("message"), dict) else {},
        attachment_size_limit=_size(payload.get("attachment_size_limit")),
        age_at_arrival=_age(int(number), clock()),
    )


def _age(snowflake: int, now: float) -> float:
    """Return the seconds since a snowflake's creation, or 0 when our clock and Discord's cannot both be right.

    An instance whose clock is minutes off must not think that everybody is late, or that nobody is: it counts from the
    arrival instead.
    """
    age = now - ((snowflake >> 22) + EPOCH_MS) / 1000
    return age if 0 <= age <= OLDEST else 0.0


def _text(payload: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = payload.get(name)
    if not (isinstance(value, str) and pattern.fullmatch(value)):
        raise NotAnInteraction(f"{name} is missing or malformed")
    return value


def _size(value: object) -> int:
    return value if type(value) is int else ATTACHMENT_SIZE_LIMIT


def _object(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = payload.get(name)
    if not isinstance(value, dict):
        raise NotAnInteraction(f"{name} is missing or malformed")
    return value


def _user_id(payload: Mapping[str, Any]) -> str:
    """Find the asker: `member.user` in a server, `user` in a direct message; "0" is nobody."""
    member = payload.get("member")
    user = member.get("user") if isinstance(member, dict) else payload.get("user")
    value = user.get("id") if isinstance(user, dict) else None
    return value if isinstance(value, str) and SNOWFLAKE.fullmatch(value) else "0"
