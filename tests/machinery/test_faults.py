"""When Discord, the bucket or the drawing misbehaves: every path ends in an edit, and in time."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from function import Function, acknowledged, line_of, used

from fakes import Services
from fakes.discord.rules import Interaction
from fakes.faults import RECOVERABLE

PATIENCE = 15  # seconds for the bucket
Payload = dict[str, Any]
Use = Callable[[], Interaction]


def count(sent: Interaction, kind: str) -> int:
    return sum(exchange.kind == kind for exchange in sent.exchanges)


def uploads(services: Services) -> int:
    return sum(exchange.kind == "upload" for exchange in services.bucket.exchanges)


@pytest.mark.parametrize("order", RECOVERABLE["callback"].values(), ids=RECOVERABLE["callback"])
def test_callback_survives(services: Services, use: Use, order: list[str]) -> None:
    """The callback is tried again while Discord waits; 40060 after a lost answer means that it got through."""
    services.faults.callback = order
    sent = use().wait()

    assert sent.status == 202
    assert sent.elapsed is not None
    assert sent.elapsed < 3
    assert sent.original.has_picture
    assert services.faults.callback == []


def test_late_interaction_costs_no_work(services: Services, function: Function, use: Use) -> None:
    """An interaction that Discord has given up (10062) is asked after once; nothing is drawn."""
    services.faults.delivery = ["late 3.5"]
    before = uploads(services)
    sent = use()

    assert line_of(function, sent)["outcome"] == "given up: callback: Discord said 404/10062"
    assert (sent.status, count(sent, "callback"), count(sent, "edit")) == (202, 1, 0)
    assert uploads(services) == before


def test_acknowledged_elsewhere_costs_no_work(services: Services, function: Function, payload: Payload) -> None:
    """40060 at the first try means that another instance has it: 202, and nothing is drawn."""
    interaction = services.discord.rules.create(payload)
    services.discord.rules.callback(interaction.id, interaction.token, {"type": 5})
    before = uploads(services)
    services.discord.sender.deliver(function.url, interaction)

    assert line_of(function, interaction)["outcome"] == "given up: callback: Discord said 400/40060"
    assert (interaction.status, count(interaction, "callback"), count(interaction, "edit")) == (202, 1, 0)
    assert uploads(services) == before


def test_request_is_answered_while_discord_hangs(services: Services, use: Use) -> None:
    """Though no callback is answered, the request gets its 202 before Discord's 3 s are over."""
    services.faults.callback = ["hang", "hang", "hang"]
    sent = use()

    assert sent.status == 202
    assert sent.elapsed is not None
    assert sent.elapsed < 2.8


def test_callback_of_ours_that_is_refused_is_a_bug(services: Services, function: Function, use: Use) -> None:
    """A callback that Discord does not take leaves its traceback in the log, and nothing is drawn."""
    services.faults.callback = ["400"]
    sent = use()
    line = line_of(function, sent)

    assert (line["severity"], line["outcome"], line["message"].count("Traceback")) == ("ERROR", "failed", 1)
    assert count(sent, "edit") == 0


@pytest.mark.parametrize("order", RECOVERABLE["edit"].values(), ids=RECOVERABLE["edit"])
def test_edit_survives(services: Services, use: Use, order: list[str]) -> None:
    """An edit that fails for a while is tried again until the picture is in its message."""
    services.faults.edit = order
    sent = use().wait()

    assert sent.original.has_picture
    assert services.faults.edit == []


def test_retry_after_is_honoured(services: Services, use: Use) -> None:
    """A 429 that asks for 1.2 s gets them."""
    services.faults.edit = ["429 1.2"]
    sent = use().wait()
    first, second = [exchange for exchange in sent.exchanges if exchange.kind == "edit"]

    assert first.ended is not None
    assert second.started - first.ended >= 1.2


def test_missing_message_is_given_up(services: Services, function: Function, use: Use) -> None:
    """A message that stays unknown (10015) is asked for five times at most: repeated 404s get a client banned."""
    services.faults.edit = "404"
    sent = use()
    line = line_of(function, sent)

    assert count(sent, "edit") == 5
    assert (line["severity"], line["outcome"]) == ("WARNING", "given up: PATCH: Discord said 404/10015")


def test_deleted_message_is_left_alone(services: Services, function: Function, payload: Payload) -> None:
    """A message that was deleted before its edit (10008) is not asked for again."""
    services.faults.upload = ["slow 0.5"]
    with acknowledged(services, function, payload) as (sent,):
        services.discord.rules.delete(services.app_id, sent.token)

    assert line_of(function, sent)["outcome"] == "given up: PATCH: Discord said 404/10008"
    assert count(sent, "edit") == 1


@pytest.mark.parametrize("order", RECOVERABLE["upload"].values(), ids=RECOVERABLE["upload"])
def test_upload_survives(services: Services, use: Use, order: list[str]) -> None:
    """A bucket that fails for a moment still gets the picture: the message links to it."""
    services.faults.upload = order
    sent = use().wait()

    assert services.picture(sent.original).data.startswith(b"\x89PNG")
    assert sent.original.image_url.startswith(services.bucket.url)
    assert services.faults.upload == []


FAILING_BUCKETS = {"403": (0, "Forbidden: .*"), "hang": (PATIENCE, "no answer in time")}


@pytest.mark.parametrize("order", FAILING_BUCKETS)
def test_picture_is_attached_when_the_bucket_fails(
    services: Services, function: Function, use: Use, order: str
) -> None:
    """A bucket that says no is given up at once, one that fails after 15 s; the picture comes as an attachment."""
    patience, told = FAILING_BUCKETS[order]
    services.faults.bucket = order
    start = time.monotonic()
    sent = use().wait()

    assert patience - 1 < time.monotonic() - start < patience + 6
    assert sent.original.image_url.startswith("attachment://")
    assert services.picture(sent.original).data.startswith(b"\x89PNG")
    line = line_of(function, sent)
    assert (line["severity"], line["outcome"]) == ("WARNING", "delivered as an attachment")
    assert re.fullmatch(told, line["bucket"], re.DOTALL)


def test_failed_drawing_is_told(services: Services, broken: Function) -> None:
    """A drawing that fails ends in a friendly sentence; what went wrong stands in the log alone."""
    failed = services.discord.send(broken.url, used()).wait()
    line = line_of(broken, failed)

    assert failed.original.content
    assert "paint" not in failed.original.content
    assert (line["severity"], line["message"].count("Traceback")) == ("ERROR", 1)
