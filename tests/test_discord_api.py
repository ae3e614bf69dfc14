"""Reading what Discord sends, and its answers, without HTTP. The rest is in test_requests and test_faults."""

import json
from typing import Any

import pytest
from nacl.signing import SigningKey

from interaction import BadSignature, Interaction, NotAnInteraction, parse, verify

KEY = SigningKey.generate()
BODY = b'{"type": 1}'
SIGNATURE = KEY.sign(b"1700000000" + BODY).signature.hex()
COMMAND = {"type": 2, "id": "1300000000000000000", "token": "a-token", "data": {"name": "mando"}}


CREATED = 1462015105.796  # of 175928847299117063, by Discord's documentation


def parsed(now: float = CREATED, **fields: Any) -> Interaction:  # noqa: ANN401 - JSON
    return parse(json.dumps({**COMMAND, **fields}).encode(), lambda: now)


def test_signature_is_accepted() -> None:
    """What the key has signed passes in silence."""
    verify(BODY, SIGNATURE, "1700000000", KEY.verify_key)


@pytest.mark.parametrize(
    ("body", "signature", "timestamp"),
    [
        (BODY + b" ", SIGNATURE, "1700000000"),
        (BODY, SIGNATURE, "1700000001"),
        (BODY, SIGNATURE[1:] + SIGNATURE[0], "1700000000"),
        (BODY, "", "1700000000"),
    ],
)
def test_anything_else_is_refused(body: bytes, signature: str, timestamp: str) -> None:
    """Any other body, time or signature raises BadSignature."""
    with pytest.raises(BadSignature):
        verify(body, signature, timestamp, KEY.verify_key)


def test_creation_is_in_the_id() -> None:
    """An interaction's time of creation is the upper part of its id: it was so old when it arrived."""
    assert parsed(id="175928847299117063", now=CREATED + 1.5).age_at_arrival == pytest.approx(1.5)


@pytest.mark.parametrize("apart", [-600, -0.1, 15.1, 600])
def test_implausible_age_counts_from_arrival(apart: float) -> None:
    """When our clock and Discord's cannot both be right, an interaction is as old as it has been here."""
    assert parsed(id="175928847299117063", now=CREATED + apart).age_at_arrival == 0


@pytest.mark.parametrize(
    ("fields", "user"),
    [
        ({"member": {"user": {"id": "42"}}}, "42"),
        ({"user": {"id": "42"}}, "42"),
        ({"member": None, "user": {"id": "42"}}, "42"),
        ({}, "0"),
        ({"user": {"id": 42}}, "0"),
        ({"user": {"id": "42:43"}}, "0"),
        ({"member": {"user": []}}, "0"),
    ],
)
def test_asker_is_found(fields: dict[str, Any], user: str) -> None:
    """The asker is `member.user` in a server and `user` elsewhere; "0", whom nobody is, stands for the unknown."""
    assert parsed(**fields).user_id == user


def test_token_is_not_shown() -> None:
    """An interaction that is printed by mistake does not show its token."""
    assert "a-token" not in repr(parsed())


@pytest.mark.parametrize("field", ["id", "token", "data", "type"])
def test_missing_field_is_refused(field: str) -> None:
    """What every interaction has is asked for."""
    payload = {name: value for name, value in COMMAND.items() if name != field}

    with pytest.raises(NotAnInteraction):
        parse(json.dumps(payload).encode())
