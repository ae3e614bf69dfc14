"""Reading what Discord sends, and what is sent to it, by a clock that jumps. Over HTTP: test_requests, test_faults."""

import json
from collections.abc import Callable
from typing import Any, override

import pytest
from nacl.signing import SigningKey
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPResponse
from urllib3.exceptions import ReadTimeoutError

from discord_api import Answer, Discord, Rejected, Unanswerable
from interaction import BadSignature, Interaction, NotAnInteraction, parse, verify
from response import Message

KEY = SigningKey.generate()
BODY = b'{"type": 1}'
SIGNATURE = KEY.sign(b"1700000000" + BODY).signature.hex()
COMMAND = {"type": 2, "id": "1300000000000000000", "token": "a-token", "data": {"name": "mando"}}


CREATED = 1462015105.796  # of 175928847299117063, by Discord's documentation
START = 1730014552.832  # of COMMAND's id


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
        (BODY, SIGNATURE[:-1], "1700000000"),
        (BODY, SIGNATURE + "00", "1700000000"),
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
    """An interaction that is printed by mistake shows neither its token nor what was typed."""
    assert not any(secret in repr(parsed()) for secret in ("a-token", "mando"))


MALFORMED: dict[str, list[object]] = {
    "id": ["", "1" * 21, "١٢٣", "1/2", 1],
    "token": ["", "..", "/a", "a/b", "a\n", "a" * 1001, 1],
    "data": [[], "mando", None],
    "type": [True, "2", 2.0],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field in MALFORMED for value in MALFORMED[field]])
def test_malformed_field_is_refused(field: str, value: Any) -> None:  # noqa: ANN401 - JSON
    """What goes into a URL is of characters that cannot change where it leads, and of no more than Discord sends."""
    with pytest.raises(NotAnInteraction):
        parsed(**{field: value})


@pytest.mark.parametrize("field", ["id", "token", "data", "type"])
def test_missing_field_is_refused(field: str) -> None:
    """What every interaction has is asked for."""
    payload = {name: value for name, value in COMMAND.items() if name != field}

    with pytest.raises(NotAnInteraction):
        parse(json.dumps(payload).encode())


@pytest.mark.parametrize(("locale", "read"), [("de", "de"), (None, ""), (7, "")])
def test_locale_is_read(locale: object, read: str) -> None:
    """The asker's language is theirs; a locale that is no text is none."""
    assert parsed(locale=locale).locale == read


class Wire(HTTPConnectionPool):
    """What answers in Discord's place, by a clock of its own: one answer after the other, the last for ever.

    An answer is (status, JSON or bytes, headers) at once, or "silence": nobody speaks until the try is given up.
    """

    def __init__(self, *answers: Any) -> None:  # noqa: ANN401 - see the class
        super().__init__("discord.test")
        self.clock = START
        self.answers = list(answers)
        self.asked: list[tuple[float, str]] = []
        """When, in seconds from the creation, and of whom."""

    @override
    def urlopen(self, method: str, url: str, *_: object, **how: Any) -> BaseHTTPResponse:
        self.asked.append((round(self.clock - START, 3), url))
        what = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if what == "silence":
            self.clock += how["timeout"].connect_timeout
            raise ReadTimeoutError(self, url, "silence")
        status, body, headers = what
        return HTTPResponse(body if isinstance(body, bytes) else json.dumps(body).encode(), headers, status)

    def sleep(self, seconds: float) -> None:
        self.clock += seconds

    @property
    def times(self) -> list[float]:
        return [time for time, _ in self.asked]


URL = "https://discord.test/api/v10"


def answer(status: int, code: object = None, **headers: str) -> tuple[int, object, dict[str, str]]:
    return status, None if code is None else {"code": code}, headers


def limited(seconds: object = None, **headers: str) -> tuple[int, object, dict[str, str]]:
    return 429, None if seconds is None else {"retry_after": seconds}, headers


GOOD, BROKEN = answer(204), answer(503)
KNOWN, LATE, BAD = answer(400, 40060), answer(404, 10062), answer(400, 50035)
MISSING, DELETED = answer(404, 10015), answer(404, 10008)


def discord(wire: Wire) -> Discord:
    """Return a Discord whose every request goes over the wire."""
    discord = Discord(URL, "1", now=lambda: wire.clock, sleep=wire.sleep)
    discord.connections = wire
    return discord


def acknowledge(wire: Wire) -> None:
    discord(wire).acknowledge(parsed(now=wire.clock), {"type": 5})


def edit(wire: Wire) -> None:
    discord(wire).edit(parsed(), Message({"content": "Hello"}))


@pytest.mark.parametrize(
    ("answers", "times"),
    [
        ([GOOD], [0]),
        ([BROKEN, GOOD], [0, 0.2]),
        ([BROKEN, BROKEN, BROKEN, GOOD], [0, 0.2, 0.6, 1.4]),
        (["silence", GOOD], [0, 1.4]),
        (["silence", KNOWN], [0, 1.4]),
        (["silence", limited(0.5), KNOWN], [0, 1.4, 1.9]),
        (["silence"], [0, 1.4]),
        ([BROKEN], [0, 0.2, 0.6, 1.4]),
        ([limited(1.5), GOOD], [0, 1.5]),
        ([limited(**{"Retry-After": "2"}), GOOD], [0, 2]),
        ([limited(), GOOD], [0, 1]),
    ],
)
def test_callback_is_tried_while_discord_waits(answers: list[Any], times: list[float]) -> None:
    """Two tries without an answer fit into the 3 s, and what may have got through counts as sent."""
    wire = Wire(*answers)
    acknowledge(wire)

    assert wire.times == times


@pytest.mark.parametrize(
    ("answers", "tries", "error", "text"),
    [
        ([LATE], 1, Unanswerable, "404/10062"),
        ([KNOWN], 1, Unanswerable, "400/40060"),
        ([BAD], 1, Rejected, "400/50035"),
        ([answer(413)], 1, Rejected, "413/0"),
        ([(403, ["no object"], {})], 1, Unanswerable, "403/0"),
        ([(403, b"<html>", {})], 1, Unanswerable, "403/0"),
        ([(403, b"[" * 100_000, {})], 1, Unanswerable, "403/0"),
        ([answer(404, "10062")], 1, Unanswerable, "404/0"),
        ([BROKEN, BAD], 2, Rejected, "400/50035"),
        ([limited(0.9)], 4, Unanswerable, "429/0"),
        ([limited(3.1)], 1, Unanswerable, "429/0"),
        ([limited(2.0), KNOWN], 2, Unanswerable, "400/40060"),
    ],
)
def test_callback_is_refused(answers: list[Any], tries: int, error: type[Exception], text: str) -> None:
    """An answer that no further try would change ends it; so do the 3 s, when nothing can have got through."""
    wire = Wire(*answers)

    with pytest.raises(error, match=f"^callback: Discord said {text}$"):
        acknowledge(wire)
    assert len(wire.asked) == tries


def test_one_try_is_made_while_discord_answers_soon() -> None:
    """A callback is tried once, and briefly, only if the last answer came soon: else it might take too long."""
    wire = Wire(GOOD, GOOD, "silence")
    api = discord(wire)

    def try_once(seconds: float = 2.0) -> Answer | None:
        return api.try_once(parsed(), {"type": 4}, seconds)

    assert try_once() is None
    api.acknowledge(parsed(now=START), {"type": 4})
    assert [try_once(0.2), try_once(), try_once(0.3), try_once(), try_once()] == [
        None,
        Answer(204),
        Answer(),
        Answer(),
        None,
    ]
    assert wire.clock == pytest.approx(START + 0.3 + 0.5)


@pytest.mark.parametrize(
    ("first", "answers", "tries"), [(Answer(204), [BAD], 0), (Answer(), [KNOWN], 1), (Answer(503), [BROKEN, GOOD], 2)]
)
def test_first_try_counts(first: Answer, answers: list[Any], tries: int) -> None:
    """What came back of a first try is not asked for again; one without an answer may have got through."""
    wire = Wire(*answers)
    discord(wire).acknowledge(parsed(now=wire.clock), {"type": 4}, first)

    assert len(wire.asked) == tries


def test_age_is_spent_time() -> None:
    """The 3 s are counted from the creation: a cold start has spent some of them."""
    wire = Wire(BROKEN)
    wire.clock += 2
    acknowledge(wire)

    assert wire.times == [2, 2.2, 2.6]


def test_clock_behind_discords_shortens_nothing() -> None:
    """An interaction from the future, by our clock, is waited for 3 s from now."""
    wire = Wire("silence")
    wire.clock -= 60
    acknowledge(wire)

    assert wire.times == [-60, -58.6]


@pytest.mark.parametrize(
    ("answers", "times"),
    [
        ([BROKEN, BROKEN, GOOD], [0, 0.2, 0.6]),
        ([answer(500), GOOD], [0, 0.2]),
        ([MISSING, MISSING, GOOD], [0, 0.2, 0.6]),
        (["silence", GOOD], [0, 5.2]),
        ([limited(600), GOOD], [0, 600]),
        ([limited(-1), GOOD], [0, 1]),
        ([limited(0), GOOD], [0, 0.2]),
        ([limited("soon"), GOOD], [0, 1]),
        ([limited(float("inf")), GOOD], [0, 1]),
    ],
)
def test_edit_is_tried_again(answers: list[Any], times: list[float]) -> None:
    """What passes is tried again: soon, or when a 429 says."""
    wire = Wire(*answers)
    edit(wire)

    assert wire.times == times


@pytest.mark.parametrize(
    ("answers", "tries", "error", "text"),
    [
        ([DELETED], 1, Unanswerable, "404/10008"),
        ([MISSING], 5, Unanswerable, "404/10015"),
        ([MISSING, BROKEN], None, Unanswerable, "503/0"),
        (["silence"], None, Unanswerable, "no answer"),
        ([BAD], 1, Rejected, "400/50035"),
        ([answer(401, 50027)], 1, Unanswerable, "401/50027"),
        ([answer(302)], 1, Unanswerable, "302/0"),
        ([limited(14 * 60 + 1)], 1, Unanswerable, "429/0"),
    ],
)
def test_edit_is_given_up(answers: list[Any], tries: int | None, error: type[Exception], text: str) -> None:
    """What stays as it is is not asked for again."""
    wire = Wire(*answers)

    with pytest.raises(error, match=f"^PATCH: Discord said {text}$"):
        edit(wire)
    assert tries in (len(wire.asked), None)
    assert {url for _, url in wire.asked} == {"/api/v10/webhooks/1/a-token/messages/@original"}


def test_edit_is_tried_as_long_as_its_token_lives() -> None:
    """Tries go on for 14 of the token's 15 minutes, and at least every 30 s."""
    wire = Wire(BROKEN)

    with pytest.raises(Unanswerable):
        edit(wire)
    pauses = [after - before for before, after in zip(wire.times, wire.times[1:], strict=False)]
    assert 13.5 * 60 < wire.times[-1] <= 14 * 60
    assert max(pauses) == pytest.approx(30)


@pytest.mark.parametrize("act", [acknowledge, edit, lambda wire: discord(wire).delete(parsed())])
def test_good_answer_is_enough(act: Callable[[Wire], None]) -> None:
    """What has been taken is not sent again."""
    wire = Wire(answer(200))
    act(wire)

    assert wire.times == [0]
