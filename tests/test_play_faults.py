"""Every fault that the machinery is played, on Edit, Print and the commands of a right click."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import pytest
from function import Function, acknowledged, running
from machinery.test_faults import (
    test_acknowledged_elsewhere_costs_no_work,
    test_callback_of_ours_that_is_refused_is_a_bug,
    test_callback_survives,
    test_edit_survives,
    test_late_interaction_costs_no_work,
    test_missing_message_is_given_up,
    test_request_is_answered_while_discord_hangs,
    test_retry_after_is_honoured,
)

from command.message import PENCIL, PRINTER
from fakes import USERS, Services, command, context_command, press, submission
from fakes.discord.rules import Interaction

__all__ = [
    "test_acknowledged_elsewhere_costs_no_work",
    "test_callback_of_ours_that_is_refused_is_a_bug",
    "test_callback_survives",
    "test_edit_survives",
    "test_late_interaction_costs_no_work",
    "test_missing_message_is_given_up",
    "test_request_is_answered_while_discord_hangs",
    "test_retry_after_is_honoured",
]

WAYS = ["edit", "right click", "print"]


@pytest.fixture(params=WAYS)
def payload(request: pytest.FixtureRequest, services: Services, function: Function, seed: str) -> dict[str, Any]:
    if request.param == "right click":  # on a message or on a person: one way through, so each fault meets one of them
        on_message = crc32(seed.encode()) % 2
        on = services.discord.rules.say(USERS["ada"], seed) if on_message else USERS["benoit"]
        return context_command("Draw this" if on_message else "Their mandala", on)
    message = services.discord.send(function.url, command({"seed": seed})).wait().original
    if request.param == "print":
        return press(message, message.buttons[PRINTER])
    return submission(services.discord.press(function.url, message, PENCIL), {"style": ["lines"]})


@pytest.fixture
def use(services: Services, function: Function, payload: dict[str, Any]) -> Callable[[], Interaction]:
    return lambda: services.discord.send(function.url, payload)


@pytest.mark.parametrize("fault", ["503", "403", "break", "lose"])
def test_bucket_that_fails_is_no_matter(services: Services, use: Callable[[], Interaction], fault: str) -> None:
    """A picture comes from the bucket all the same, or attached; what is printed never needs it."""
    services.faults.upload = [fault]

    assert use().wait().original.has_picture


def test_second_delivery_does_nothing(services: Services, use: Callable[[], Interaction]) -> None:
    """What is delivered twice is done once."""
    services.faults.delivery = ["duplicate"]

    assert [each.kind for each in use().wait().exchanges].count("callback") == 1


def test_sigterm_lets_it_finish(services: Services, payload: dict[str, Any]) -> None:
    """What is in hand when the instance is to end is finished first, or told so where a print had too little time."""
    with running(services.environ) as ending, acknowledged(services, ending, payload) as (sent,):
        ending.stop()

    assert sent.original.has_picture or "Try again" in sent.original.buttons
