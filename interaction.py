"""An interaction as Discord sends it: the signature verified, the JSON parsed. No I/O.

Facts and numbers: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from discord_enums import InteractionType

EPOCH_MS = 1420070400000
"""Discord's: the first millisecond of 2015."""

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

    @property
    def created(self) -> float:
        """Seconds since 1970."""
        return ((int(self.id) >> 22) + EPOCH_MS) / 1000

    def age(self) -> float:
        """Seconds since then, by our clock; never negative, though the clocks differ."""
        return max(time.time() - self.created, 0.0)


def verify(body: bytes, signature: str, timestamp: str, key: VerifyKey) -> None:
    """Raise BadSignature unless Discord signed exactly these bytes at this time."""
    if not SIGNATURE.fullmatch(signature):
        raise BadSignature
    try:
        key.verify(timestamp.encode() + body, bytes.fromhex(signature))
    except CryptoError as error:
        raise BadSignature from error


def parse(body: bytes) -> Interaction:
    """Read an interaction's JSON; raise NotAnInteraction when a field that every one has is missing or malformed."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnInteraction("not JSON") from error
    if not isinstance(payload, dict) or type(payload.get("type")) is not int:  # True is an int, but no type
        raise NotAnInteraction("not an interaction")
    if payload["type"] == InteractionType.PING:
        return Interaction(InteractionType.PING)
    return Interaction(
        type=payload["type"],
        id=_text(payload, "id", SNOWFLAKE),
        token=_text(payload, "token", TOKEN),
        user_id=_user_id(payload),
        locale=payload["locale"] if isinstance(payload.get("locale"), str) else "",
        data=_object(payload, "data"),
    )


def _text(payload: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = payload.get(name)
    if not (isinstance(value, str) and pattern.fullmatch(value)):
        raise NotAnInteraction(f"{name} is missing or malformed")
    return value


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
