"""Discord over HTTP: callbacks, edits and deletions that are sent, tried again and refused.

Facts and numbers: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

import json
import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from discord_enums import ErrorCode
from interaction import Interaction
from response import Body, Message
from shutdown import pause, seconds_left, shortened
from tls import VerifiedOnce

USER_AGENT = "DiscordBot (https://discord.com/application-directory/{app_id}, 1.0.0)"

CALLBACK_SECONDS = 3.0
"""From an interaction's creation: later, Discord knows it no more."""
TOKEN_SECONDS = 14 * 60.0
"""For one edit, all tries together: a message can be edited until its interaction is 15 minutes old."""
CALLBACK_TIMEOUT = 1.2
"""Seconds for one try: two fit into CALLBACK_SECONDS, and a lost answer is worth a second try."""
SOON = 0.5
"""Seconds in which Discord answers when it is well: several times what it takes from a data centre."""
EDIT_TIMEOUT = 5.0
LAST_TIMEOUT = 0.1
"""Seconds for the last try of a process that is ending, however late it is."""
FIRST_PAUSE = 0.2
"""Seconds before the second try; each next pause is twice as long."""
LONGEST_PAUSE = 30.0
BARE_RETRY_AFTER = 1.0
MISSING_TRIES = 5
"""Tries on a message that stays unknown. It may show up a moment after the callback (discord-api-docs #7220), but a
client that keeps asking for what is not there gets banned."""

CONTENT_REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}


class Unanswerable(Exception):
    """Nothing more can be said to this user: too late, deleted, or another delivery has it. The text is for the log."""


class Rejected(Exception):
    """Discord does not take what we sent: a bug of ours."""


@dataclass(frozen=True)
class Answer:
    """What came back of one request; status 0 when nothing did."""

    status: int = 0
    code: int = 0
    """Discord's own, of the JSON body."""
    retry_after: float = 0.0
    """Seconds that a 429 asks for."""

    @property
    def is_good(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_unclear(self) -> bool:
        """Whether the request may have been carried out all the same."""
        return self.status == 0 or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def is_transient(self) -> bool:
        """Whether the same request may succeed later."""
        return self.is_unclear or self.status == HTTPStatus.TOO_MANY_REQUESTS

    @property
    def is_rejection(self) -> bool:
        """Whether the content was at fault."""
        return self.status in CONTENT_REFUSED and self.code != ErrorCode.ALREADY_ACKNOWLEDGED

    @property
    def is_missing(self) -> bool:
        """Whether the message is not there: perhaps not yet, unless it is known to be deleted."""
        return self.status == HTTPStatus.NOT_FOUND and self.code != ErrorCode.UNKNOWN_MESSAGE

    def __str__(self) -> str:
        return f"{self.status}/{self.code}" if self.status else "no answer"


class Discord:
    """Discord's API for one application. Safe with threads; connections are kept alive."""

    def __init__(
        self,
        api_url: str,
        app_id: str,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], object] = pause,
    ) -> None:
        self.now, self.sleep = now, sleep
        self.app_id = app_id
        self.answers_soon = False
        """Whether it did so the last time, whatever it was sent."""
        # A requests.Session takes twice the CPU: in a crowd that decides how many are told something in time.
        self.connections, self.address = VerifiedOnce().connections(api_url)
        self.connections.headers = {"User-Agent": USER_AGENT.format(app_id=app_id)}
        logging.getLogger("urllib3").setLevel(logging.ERROR)  # its warnings quote paths, which hold a credential

    def try_once(self, interaction: Interaction, callback: Body, seconds: float) -> Answer | None:
        """Send the first response once, for SOON or so many seconds; None if Discord will hardly answer by then.

        That is concluded from its last answer. What no seconds bound is a name that has to be looked up, and an
        answer that drips.
        """
        if not self.answers_soon or seconds < SOON / 2:
            return None
        return self._send_callback(interaction, callback, min(seconds, SOON))

    def acknowledge(self, interaction: Interaction, callback: Body, first: Answer | None = None) -> None:
        """Send the first response, trying again while Discord waits for it; first is what came back of a first try.

        Raise Unanswerable when another delivery has sent it or it is too late, Rejected when Discord does not take it.
        Whether a try without an answer got through cannot be known: it counts as sent, because a user who sees
        "thinking" must get a picture.
        """
        deadline = self.now() + CALLBACK_SECONDS - interaction.age()
        may_be_sent = False
        send = partial(self._send_callback, interaction, callback, CALLBACK_TIMEOUT)
        for answer in self._tries(send, deadline, first):
            if answer.is_good or (may_be_sent and answer.code == ErrorCode.ALREADY_ACKNOWLEDGED):
                return
            if not answer.is_transient:
                raise _refusal("callback", answer)
            may_be_sent |= answer.is_unclear
        if not may_be_sent:
            raise _refusal("callback", answer)

    def edit(self, interaction: Interaction, message: Message) -> None:
        """Edit the original message: what it had attached goes, unless its embeds stay, and the message's files come.

        Raise Unanswerable or Rejected.
        """
        attachments = [
            {"id": str(number), "filename": file.name, "description": file.description}
            for number, file in enumerate(message.files)
        ]
        stays = "embeds" not in message.body and not attachments
        body = message.body if stays else {**message.body, "attachments": attachments}
        if not message.files:
            self._act_on_original("PATCH", interaction, **self._json(body))
        else:
            files = {
                f"files[{number}]": (file.name, file.content, file.content_type)
                for number, file in enumerate(message.files)
            }
            self._act_on_original("PATCH", interaction, fields={"payload_json": json.dumps(body), **files})

    def delete(self, interaction: Interaction) -> None:
        """Delete the original message. Raise Unanswerable or Rejected."""
        self._act_on_original("DELETE", interaction)

    def _json(self, body: Body) -> dict[str, Any]:
        """Return a request's content in ASCII: half an emoji, as people can send it, has no UTF-8."""
        headers = {**self.connections.headers, "Content-Type": "application/json"}
        return {"body": json.dumps(body), "headers": headers}

    def _act_on_original(self, method: str, interaction: Interaction, **content: Any) -> None:  # noqa: ANN401 - urllib3's own words
        """Act on the original message, trying again while the token lives."""
        path = f"/webhooks/{self.app_id}/{interaction.token}/messages/@original"
        deadline = self.now() + TOKEN_SECONDS
        missing = 0
        for answer in self._tries(partial(self._send, method, path, EDIT_TIMEOUT, **content), deadline):
            if answer.is_good:
                return
            missing += answer.is_missing
            if not answer.is_transient and not (answer.is_missing and missing < MISSING_TRIES):
                break
        raise _refusal(method, answer)

    def _tries(self, send: Callable[[], Answer], deadline: float, first: Answer | None = None) -> Iterator[Answer]:
        """Send the same request again and again, at least once, until the deadline (seconds since 1970).

        What came back of a first try is the first answer. Between two tries it waits as long as a 429 asks for; whoever
        takes the answers stops at one that is not transient.
        """
        delay = FIRST_PAUSE
        while True:
            answer, first = first or send(), None
            yield answer
            wait = shortened(max(delay, answer.retry_after))
            if wait > min(deadline - self.now(), seconds_left()):
                return
            self.sleep(wait)
            delay = min(2 * delay, LONGEST_PAUSE)

    def _send_callback(self, interaction: Interaction, callback: Body, timeout: float) -> Answer:
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        return self._send("POST", path, timeout, **self._json(callback))

    def _send(self, method: str, path: str, timeout: float, **content: Any) -> Answer:  # noqa: ANN401
        """Return what came back: of a callback within these seconds, else after so many without a byte."""
        start, seconds = self.now(), max(min(timeout, seconds_left()), LAST_TIMEOUT)
        try:
            response = self.connections.request(
                method,
                self.address + path,
                timeout=Timeout(seconds if method == "POST" else None, connect=seconds, read=seconds),
                redirect=False,  # the path holds a credential
                retries=False,
                assert_same_host=False,  # a proxy is another host
                **content,
            )
        except HTTPError:
            self.answers_soon &= seconds < SOON  # a shorter try tells nothing
            return Answer()
        self.answers_soon = self.now() - start < SOON
        return _read_answer(response)


def _refusal(what: str, answer: Answer) -> Unanswerable | Rejected:
    return (Rejected if answer.is_rejection else Unanswerable)(f"{what}: Discord said {answer}")


def _read_answer(response: BaseHTTPResponse) -> Answer:
    try:
        body = response.json()
    except (ValueError, RecursionError):  # Cloudflare answers in HTML
        body = None
    error = body if isinstance(body, dict) else {}
    code = error.get("code")
    return Answer(
        status=response.status,
        code=code if isinstance(code, int) else 0,
        retry_after=_retry_after(response.headers.get("Retry-After") or error.get("retry_after"))
        if response.status == HTTPStatus.TOO_MANY_REQUESTS
        else 0.0,
    )


def _retry_after(asked: object) -> float:
    """Return the seconds that a 429 asks for; a bare one, from Cloudflare, does not say (discord-api-docs #5810)."""
    try:
        seconds = float(str(asked))
    except ValueError:
        return BARE_RETRY_AFTER
    return seconds if 0 <= seconds < math.inf else BARE_RETRY_AFTER
