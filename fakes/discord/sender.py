"""Interactions as Discord makes, signs and sends them."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from discord_enums import CallbackType
from fakes.discord.body import json_and_files
from fakes.discord.errors import Refusal
from fakes.discord.payloads import body_of, command, ping
from fakes.discord.rules import FIRST_RESPONSE, Discord, Interaction
from fakes.exchange import Exchange
from fakes.faults import Faults
from fakes.web import Request, Response

NO_FIRST_RESPONSE = "there was no first response within 3 s"


class Sender:
    """Signs with the application's key and posts to the function, judging what it answers."""

    def __init__(self, discord: Discord, faults: Faults, key: SigningKey | None = None) -> None:
        self.discord, self.faults = discord, faults
        self.key = key or SigningKey.generate()
        self.public_key = self.key.verify_key.encode().hex()

    def signed(self, body: bytes, *, bad: bool = False) -> dict[str, str]:
        """Return the headers of a request with this body; bad signs another."""
        timestamp = str(int(time.time()))
        signature = self.key.sign(timestamp.encode() + body + (b" " if bad else b"")).signature.hex()
        return {
            "Content-Type": "application/json",
            "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
            "X-Signature-Ed25519": signature,
            "X-Signature-Timestamp": timestamp,
        }

    def verifies(self, exchange: Exchange) -> bool:
        """Tell whether an interaction was sent with the signature that the application's key gives."""
        headers = exchange.request_headers
        signed = headers["X-Signature-Timestamp"].encode() + exchange.request_body
        try:
            self.key.verify_key.verify(signed, bytes.fromhex(headers["X-Signature-Ed25519"]))
        except BadSignatureError:
            return False
        return True

    def post(self, url: str, body: bytes, headers: dict[str, str], seconds: float = FIRST_RESPONSE) -> Response | None:
        """Post to the function and return its answer; None when there was none in time."""
        parts = urlsplit(url)
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        try:
            with self.connected(parts.hostname or "", parts.port, max(seconds, 0.001)) as connection:
                connection.request("POST", target, body, headers)
                answer = connection.getresponse()
                return Response(answer.read(), answer.status, answer.getheaders())
        except (OSError, http.client.HTTPException):
            return None

    @contextmanager
    def connected(self, host: str, port: int | None, seconds: float) -> Iterator[http.client.HTTPConnection]:
        """Yield a connection for one request, with this timeout."""
        with closing(http.client.HTTPConnection(host, port, timeout=seconds)) as connection:
            yield connection

    def verify_endpoint(self, url: str) -> bool:
        """Try an endpoint as Discord does: a PING, and one whose signature is wrong."""
        body = ping(self.discord.application_id)
        good = self.post(url, body, self.signed(body))
        bad = self.post(url, body, self.signed(body, bad=True))
        return bool(good and bad and is_pong(good) and bad.status_code == 401)  # noqa: PLR2004 - Unauthorized

    def send(
        self,
        endpoint: str,
        payload: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        created: Callable[[Interaction], object] = lambda _: None,
    ) -> Interaction:
        """Send an interaction (default: /mando) and return it once the function has answered the request.

        Its message may come later: use wait(). headers are sent besides Discord's own, and created is called with the
        interaction before it is delivered.
        """
        fault = self.faults.take("delivery")
        age = fault.seconds if fault.kind == "late" else 0.0
        interaction = self.discord.create(payload or command(), age=age)
        created(interaction)
        second = threading.Thread(target=self.deliver, args=(endpoint, interaction), kwargs={"extra": headers})
        if fault.kind == "duplicate":
            second.start()
        self.deliver(endpoint, interaction, bad=fault.kind == "bad-signature", extra=headers)
        if fault.kind == "duplicate":
            second.join()
        return interaction

    def deliver(
        self, endpoint: str, interaction: Interaction, *, bad: bool = False, extra: dict[str, str] | None = None
    ) -> None:
        """Post an interaction, record the exchange, and judge the answer."""
        body = body_of(interaction.payload)
        headers = self.signed(body, bad=bad) | (extra or {})
        exchange = Exchange("interaction", "discord", "function", "POST", endpoint, headers, body, time.time())
        if bad:
            exchange.fault = "to order: bad-signature"
        interaction.exchanges.append(exchange)
        left = FIRST_RESPONSE - (self.discord.now() - interaction.created)
        response = self.post(endpoint, body, headers, left if left > 0 else FIRST_RESPONSE)
        exchange.answered(response, exchange.fault)
        if interaction.elapsed is None:
            interaction.elapsed = time.time() - exchange.started
            interaction.status, interaction.body = (response.status_code, response.data) if response else (None, b"")
        self._judge(interaction, exchange, response)

    def _judge(self, interaction: Interaction, exchange: Exchange, response: Response | None) -> None:
        """Note what Discord objects to in the answer, and take a callback that stands in it."""
        if response and response.status_code == 200 and response.data and not interaction.callbacks:  # noqa: PLR2004 - the callback as the answer
            self._take_inline(interaction, exchange, response)
        elif interaction.callbacks and not interaction.inline:
            _judge_second(exchange, response)
        if not interaction.callbacks:
            self._wait_for_deadline(interaction, response)
        if not interaction.callbacks:
            exchange.refused = exchange.refused or NO_FIRST_RESPONSE
        self.discord.touch()

    def _take_inline(self, interaction: Interaction, exchange: Exchange, response: Response) -> None:
        """Take the callback that an answer is: JSON, or multipart with files."""
        note = exchange.notes.append
        is_multipart = response.mimetype == "multipart/form-data"
        if not (is_multipart or response.is_json):
            note(f"Content-Type should be application/json, not {response.mimetype or 'left out'}")
        kind = response.content_type if is_multipart else "application/json"
        try:
            with Request.from_values(method="POST", data=response.data, content_type=kind) as request:
                self.discord.callback(interaction.id, interaction.token, *json_and_files(request, note), note)
            interaction.inline = True
        except Refusal as refusal:
            exchange.refused = str(refusal)

    def _wait_for_deadline(self, interaction: Interaction, response: Response | None) -> None:
        """Give up at once when the function refused, else when the 3 s are over."""
        refused = response is not None and response.status_code != 202  # noqa: PLR2004 - Accepted
        while not (refused or interaction.callbacks) and self.discord.now() - interaction.created < FIRST_RESPONSE:
            time.sleep(0.005)
        self.discord.give_up(interaction)


def _judge_second(exchange: Exchange, response: Response | None) -> None:
    """Note, or object to, what the request itself is answered after a callback."""
    if response and response.status_code == 202 and not response.data:  # noqa: PLR2004 - Accepted
        return
    answer = f"{response.status_code} with {len(response.data)} bytes" if response else "none in 3 s"
    objection = f"after a callback the request itself is answered 202 without a body; this was {answer}"
    if response and response.status_code < 300:  # noqa: PLR2004 - of success
        exchange.notes.append(objection)
    else:
        exchange.refused = objection


def is_pong(response: Response) -> bool:
    answer = response.get_json(silent=True) if response.is_json else None
    return response.status_code == 200 and answer == {"type": CallbackType.PONG}  # noqa: PLR2004 - OK
