"""The security check: what Discord tries on an endpoint, and what else nobody should get through with."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nacl.signing import SigningKey

from fakes.discord.payloads import command, ping
from fakes.discord.sender import Sender, is_pong
from fakes.web import Response

UNAUTHORIZED, BAD_REQUEST, TOO_LARGE = 401, 400, 413
VERIFY = "Verify X-Signature-Ed25519 over X-Signature-Timestamp and the raw body, and answer 401 to whatever fails."
SIGNATURE, TIMESTAMP = "X-Signature-Ed25519", "X-Signature-Timestamp"

Headers = dict[str, str]


@dataclass(frozen=True)
class Probe:
    """One request: how it differs from a properly signed PING, what is right to answer, and the cure if it is not."""

    name: str
    right: str
    cure: str
    accepts: Callable[[Response], bool]
    body: bytes = b""
    change: Callable[[Headers], Headers] = dict
    sent: bytes | None = None  # the body that travels, when it is not the one that was signed

    def request(self, sender: Sender) -> tuple[bytes, Headers]:
        body = self.body or ping(sender.discord.application_id)
        return self.sent or body, self.change(sender.signed(body))

    def run(self, sender: Sender, url: str) -> dict[str, Any]:
        """Send it, and return the verdict as JSON."""
        response = sender.post(url, *self.request(sender))
        passed = bool(response and self.accepts(response))
        got = (
            f"{response.status_code} {response.data[:60].decode(errors='replace')}".strip() if response else "no answer"
        )
        return {
            "name": self.name,
            "right": self.right,
            "got": got,
            "passed": passed,
            "cure": "" if passed else self.cure,
        }


def _status(*allowed: int) -> Callable[[Response], bool]:
    return lambda response: response.status_code in allowed


def _without(*names: str) -> Callable[[Headers], Headers]:
    return lambda headers: {name: value for name, value in headers.items() if name not in names}


def _with(name: str, value: str) -> Callable[[Headers], Headers]:
    return lambda headers: {**headers, name: value}


def _refused(name: str, change: Callable[[Headers], Headers] = dict, sent: bytes | None = None) -> Probe:
    return Probe(name, "401", VERIFY, _status(UNAUTHORIZED), change=change, sent=sent)


def _nonsense(name: str, body: bytes) -> Probe:
    cure = "Answer 400 to what Discord signed but this bot does not know; never a 5xx."
    return Probe(name, "400", cure, _status(BAD_REQUEST), body=body)


def _by_another(headers: Headers) -> Headers:
    return {**headers, SIGNATURE: SigningKey.generate().sign(b"{}").signature.hex()}


PING = Probe("PING", '200 {"type":1}', 'Answer a PING with 200 {"type": 1}, as JSON, at once.', is_pong)
FORGERIES = (
    _refused("No signature", _without(SIGNATURE, TIMESTAMP)),
    _refused("Wrong signature", _with(SIGNATURE, "0" * 128)),
    _refused("Another key's signature", _by_another),
    _refused("Signature without timestamp", _without(TIMESTAMP)),
    _refused("Timestamp changed after signing", _with(TIMESTAMP, "1")),
    _refused("Body changed after signing", sent=json.dumps(command()).encode()),
    _refused("Signature is not hex", _with(SIGNATURE, "z" * 128)),
    _refused("Signature is too short", _with(SIGNATURE, "00")),
    _refused("Signature is not ASCII", _with(SIGNATURE, "é" * 64)),
    _refused("Unsigned nonsense", _without(SIGNATURE, TIMESTAMP), b"\xff\x00{"),
    Probe(
        "Unsigned and oversized",
        "401 or 413",
        VERIFY,
        _status(UNAUTHORIZED, TOO_LARGE),
        change=_without(SIGNATURE, TIMESTAMP),
        sent=b"x" * 2**20,
    ),
)
"""Whatever key signs them, nobody may get through with these."""
NEVER_SENT = (
    _nonsense("Signed, not JSON", b"hello"),
    _nonsense("Signed, no object", b"[[[]]]"),
    _nonsense("Signed, type true", b'{"type": true}'),
    _nonsense("Signed, unknown type", b'{"type": 99, "id": "1", "token": "t"}'),
)
"""Discord's own signature under what Discord never sends."""
PROBES = (PING, *FORGERIES, *NEVER_SENT)


def check(sender: Sender, url: str) -> list[dict[str, Any]]:
    """Run every probe against the function and return the verdicts."""
    return [probe.run(sender, url) for probe in PROBES]
