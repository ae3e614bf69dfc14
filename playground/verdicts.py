"""Every fault and every forgery alone against the function: what its user then sees, and whether that is right."""

import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from discord_enums import ErrorCode, OptionType
from fakes.discord.options import first, kinds, leaf
from fakes.discord.payloads import ASKER, CHANNEL, USERS, command
from fakes.discord.probes import FORGERIES, NEVER_SENT, PING, Probe
from fakes.discord.rules import NO_RESPONSE, Interaction
from fakes.discord.sender import NO_FIRST_RESPONSE
from fakes.faults import RECOVERABLE
from fakes.function import Function
from fakes.services import Services
from playground.played import DEFINITION
from playground.switches import COLD, SWITCHES

PATIENCE = 30.0  # seconds for a result; the function gives up on a bucket after 15
SETTLED = 1.0  # seconds in which a function that writes no log comes to its end
ACCEPTED, SERVER_ERROR = 202, 500
EXAMPLE = "red 3, blue 5"
UNPRINTABLE = re.compile(r"[^ -~\xA0-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]+")  # nor is it XML
NEVER = "Never sent"
DEAF = "Discord took no callback"
NOBODY_TO_TELL = {"deaf": DEAF, "late": "Discord had given it up", "bad-signature": "Discord had not signed it"}
"""Why there is nobody to be told anything, with these switches."""
BY_ORDER = (f"400/{ErrorCode.ALREADY_ACKNOWLEDGED:d}", f"404/{ErrorCode.UNKNOWN_INTERACTION:d}", NO_FIRST_RESPONSE)
"""Refusals that come of a fault itself: what a user then sees is judged apart from them."""
BY_DEAFNESS = (*BY_ORDER, f"404/{ErrorCode.UNKNOWN_WEBHOOK:d}")  # a callback without an answer may have been taken


@dataclass(frozen=True)
class Case:
    name: str
    orders: dict[str, Any]  # of fakes.faults.Faults
    forlorn: str = ""  # why there is nobody to be told anything, if that is so
    cold: bool = False


@dataclass(frozen=True)
class Verdict:
    name: str
    told: str  # what came of it, in one line
    right: bool | None  # None: the function never asks for what would fail
    seconds: float


ORDERS = [each.orders for each in SWITCHES]
Cases = tuple[Case | Probe, ...]
CASES: Cases = (
    Case("Nothing goes wrong", {}),
    *(Case(f"{s.group}: {s.label}", s.orders, NOBODY_TO_TELL.get(s.id, ""), s.id == COLD) for s in SWITCHES),
    Case("Callback: hanging", {"callback": "hang"}, DEAF),
    *(
        Case(f"{route.title()}: {name}", {route: order})
        for route, faults in RECOVERABLE.items()
        for name, order in faults.items()
        if {route: order} not in ORDERS
    ),
    *(replace(probe, name=f"Security: {probe.name}") for probe in (PING, *FORGERIES)),
    *(replace(probe, name=f"{NEVER}: {probe.name}") for probe in NEVER_SENT),
)


def play(
    services: Services,
    function: Function,
    case: Case | Probe,
    options: dict[str, Any],
    definition: dict[str, Any] = DEFINITION,
) -> Verdict:
    """Play it on the function, whose command is used with these options, and return once all of it is over."""
    began = time.time()
    if isinstance(case, Probe):
        verdict = case.run(services.discord.sender, function.url)
        told = [verdict["got"], *([] if verdict["passed"] else [f"not {case.right}", case.cure])]
        return Verdict(case.name, _line(told), verdict["passed"], time.time() - began)
    path = first(definition)
    inner = leaf(definition, path)
    payload = command(used(options, inner), name=definition["name"], path=path, kinds=kinds(inner))
    sent = _send(services, function, case, payload)
    seconds = time.time() - began
    every = [*sent.exchanges, *(each for each in services.bucket.exchanges if each.started >= began)]
    asked = {"delivery", *(each.kind for each in every), *(each.target for each in every)}
    applies = not case.orders or any(route.removesuffix("_latency") in asked for route in case.orders)
    forlorn = case.forlorn if applies else ""
    wrong = list(_flaws(services, sent, forlorn))
    told = [_ending(sent, forlorn), *_exchanged(sent), *wrong]
    return Verdict(case.name, _line(told), not wrong if wrong or applies else None, seconds)


def used(options: dict[str, Any], definition: dict[str, Any]) -> dict[str, Any]:
    """Return these options, and for each other that is required a value that its definition allows."""
    required = [each for each in definition.get("options") or [] if each.get("required")]
    return {each["name"]: _example(each) for each in required} | options


def _example(option: dict[str, Any]) -> object:
    if option.get("choices"):
        return option["choices"][0]["value"]
    examples: dict[int, object] = {
        OptionType.STRING: EXAMPLE.ljust(option.get("min_length", 0), ".")[: option.get("max_length")],
        OptionType.BOOLEAN: True,
        OptionType.USER: USERS[ASKER]["id"],
        OptionType.MENTIONABLE: USERS[ASKER]["id"],
        OptionType.CHANNEL: CHANNEL,
    }
    return examples.get(option["type"], option.get("min_value", 1))


def _send(services: Services, function: Function, case: Case, payload: dict[str, Any]) -> Interaction:
    for route, order in case.orders.items():
        setattr(services.faults, route, order)
    if case.cold:
        function.stop()

    def start(_: Interaction) -> None:
        if case.cold:
            function.start()
            function.wait()

    try:
        sent = services.discord.send(function.url, payload, created=start)
        with suppress(TimeoutError):
            _wait_until_over(function, sent.wait(PATIENCE))
    finally:
        services.faults.clear()
    return sent


def _wait_until_over(function: Function, sent: Interaction) -> None:
    """Wait for its log line if the function writes any: what it still tries must not meet the next fault."""
    deadline = time.monotonic() + (PATIENCE if function.lines else SETTLED)
    while sent.status == ACCEPTED and not function.log_of(sent.id) and time.monotonic() < deadline:
        time.sleep(0.01)


def _ending(sent: Interaction, forlorn: str) -> str:
    """Return what the asker sees in the end."""
    if sent.failed:
        return f"nothing to be told: {forlorn}" if forlorn else NO_RESPONSE
    if sent.message is None or sent.message.deleted:
        return "a form" if sent.modal else "a deletion"
    if sent.message.thinking:
        return f"still “thinking…” after {PATIENCE:.0f} s"
    if sent.message.has_picture:
        return "a picture"
    return f"a sentence: {sent.message.text}" if sent.message.text else "a message"


def _exchanged(sent: Interaction) -> Iterator[str]:
    """Yield when the first response came, or else the request's answer, when the result, and what Discord refused."""
    if seconds := sent.acknowledged or (sent.status and sent.elapsed):
        yield f"answered after {1000 * seconds:,.0f} ms"
    if sent.shown is not None:
        yield f"shown after {1000 * sent.shown:,.0f} ms"
    for refusal, count in Counter(sent.refusals).items():
        if refusal != NO_FIRST_RESPONSE:
            yield f"Discord: {refusal}{f' ({count} times)' if count > 1 else ''}"
    yield from (f"noted: {note}" for note in dict.fromkeys(sent.notes))


def _flaws(services: Services, sent: Interaction, forlorn: str) -> Iterator[str]:
    """Yield all that is not as it should be."""
    if forlorn and not sent.failed:
        yield f"it should not go on: {forlorn}"
    if not forlorn and (sent.failed or not sent.done):
        yield "there should be a result"
    if sent.status is None or sent.status >= SERVER_ERROR:
        yield f"the request was {f'answered {sent.status}' if sent.status else 'not answered within 3 s'}"
    if any(not each.startswith(BY_DEAFNESS if forlorn == DEAF else BY_ORDER) for each in sent.refusals):
        yield "Discord should have nothing to object to"
    if sent.message and sent.message.image_url.startswith(services.bucket.url):
        try:
            services.picture(sent.message)
        except OSError as error:
            yield f"its picture cannot be fetched: {error}"


def _line(told: Iterable[str]) -> str:
    return UNPRINTABLE.sub(" ", "; ".join(told)).strip()
