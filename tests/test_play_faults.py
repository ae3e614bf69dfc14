"""Every fault that the machinery is played, on Edit, Print and the commands of a right click."""

from collections.abc import Callable
from itertools import cycle
from typing import Any

import pytest
from function import Function, acknowledged, running
from machinery.test_faults import (
    test_acknowledged_elsewhere_costs_no_work,
    test_callback_of_ours_that_is_refused_is_a_bug,
    test_late_interaction_costs_no_work,
    test_missing_message_is_given_up,
    test_request_is_answered_while_discord_hangs,
    test_retry_after_is_honoured,
)

from command.message import PENCIL, PRINTER
from fakes import USERS, Services, command, context_command, press, submission
from fakes.discord.rules import Interaction
from fakes.faults import RECOVERABLE

__all__ = [
    "test_acknowledged_elsewhere_costs_no_work",
    "test_callback_of_ours_that_is_refused_is_a_bug",
    "test_late_interaction_costs_no_work",
    "test_missing_message_is_given_up",
    "test_request_is_answered_while_discord_hangs",
    "test_retry_after_is_honoured",
]

WAYS = ["edit", "draw this", "their mandala", "print"]
EDITS = RECOVERABLE["edit"]  # the longest of the tables: each of its faults together with one of either other
CALLBACKS, UPLOADS = cycle(RECOVERABLE["callback"].values()), cycle(["503", "403", "break", "lose"])
TOGETHER = [(next(CALLBACKS), edit, [next(UPLOADS)]) for edit in EDITS.values()]


def payload_of(way: str, services: Services, function: Function, seed: str) -> dict[str, Any]:
    match way:
        case "draw this":
            return context_command("Draw this", services.discord.rules.say(USERS["ada"], seed))
        case "their mandala":
            return context_command("Their mandala", USERS["benoit"])
    message = services.discord.send(function.url, command({"seed": seed})).wait().original
    if way == "print":
        return press(message, message.buttons[PRINTER])
    return submission(services.discord.press(function.url, message, PENCIL), {"style": ["lines"]})


@pytest.fixture(params=WAYS)
def payload(request: pytest.FixtureRequest, services: Services, function: Function, seed: str) -> dict[str, Any]:
    return payload_of(request.param, services, function, seed)


@pytest.fixture
def use(services: Services, function: Function, payload: dict[str, Any]) -> Callable[[], Interaction]:
    return lambda: services.discord.send(function.url, payload)


@pytest.mark.parametrize(("callback", "edit", "upload"), TOGETHER, ids=EDITS)
def test_faults_are_survived_together(
    services: Services, use: Callable[[], Interaction], callback: list[str], edit: list[str], upload: list[str]
) -> None:
    """A fault on each route that is taken, one picture in time: from the bucket, attached, or printed without it."""
    services.faults.callback, services.faults.edit, services.faults.upload = callback, edit, upload
    sent = use().wait()

    assert (sent.status, sent.original.has_picture) == (202, True)
    assert sent.elapsed is not None
    assert sent.elapsed < 3
    assert (services.faults.callback, services.faults.edit) == ([], [])


def test_second_delivery_does_nothing(services: Services, use: Callable[[], Interaction]) -> None:
    """What is delivered twice is done once."""
    services.faults.delivery = ["duplicate"]

    assert [each.kind for each in use().wait().exchanges].count("callback") == 1


def test_sigterm_lets_them_finish(services: Services, function: Function, seed: str) -> None:
    """What is in hand when the instance is to end is finished first, or told so where a print had too little time."""
    payloads = [payload_of(way, services, function, f"{way} {seed}") for way in WAYS]
    with running(services.environ) as ending, acknowledged(services, ending, *payloads) as everybody:
        ending.stop()

    assert [sent.original.has_picture or "Try again" in sent.original.buttons for sent in everybody] == [True] * 4
