"""A /mando when Discord, the bucket or the drawing misbehaves: every path ends in an edit, and in time."""

import time
from pathlib import Path

import pytest
from function import Function, line_of, running

from playground import World, command
from playground.discord import Interaction

PATIENCE = 15  # seconds for the bucket


def count(sent: Interaction, kind: str) -> int:
    return sum(exchange.kind == kind for exchange in sent.exchanges)


def uploads(world: World) -> int:
    return sum(exchange.kind == "upload" for exchange in world.bucket.exchanges)


PASSING_CALLBACKS = {
    "503": ["503"],
    "503 twice": ["503", "500"],
    "429 with Retry-After": ["429 0.4"],
    "bare 429": ["429-bare"],
    "broken connection": ["break"],
    "lost answer": ["lose"],
    "lost answer, then 503": ["lose", "503"],
    "slow": ["slow 1.5"],
}


@pytest.mark.parametrize("order", PASSING_CALLBACKS.values(), ids=PASSING_CALLBACKS)
def test_callback_survives(world: World, function: Function, order: list[str]) -> None:
    """The callback is tried again while Discord waits; 40060 after a lost answer means that it got through."""
    world.faults.callback = order
    sent = world.discord.send(function.url).wait()

    assert sent.status == 202
    assert sent.elapsed is not None
    assert sent.elapsed < 3
    assert sent.original.image_url


def test_late_interaction_costs_no_work(world: World, function: Function) -> None:
    """An interaction that Discord has given up (10062) is asked after once; nothing is drawn."""
    world.faults.delivery = ["late 3.5"]
    before = uploads(world)
    sent = world.discord.send(function.url)
    time.sleep(0.5)

    assert (sent.status, count(sent, "callback"), count(sent, "edit")) == (202, 1, 0)
    assert uploads(world) == before


def test_acknowledged_elsewhere_costs_no_work(world: World, function: Function) -> None:
    """40060 at the first try means that another instance has it: 202, and nothing is drawn."""
    interaction = world.discord.rules.create(command())
    world.discord.rules.callback(interaction.id, interaction.token, {"type": 5})
    before = uploads(world)
    world.discord.sender.deliver(function.url, interaction)
    time.sleep(0.5)

    assert (interaction.status, count(interaction, "callback"), count(interaction, "edit")) == (202, 1, 0)
    assert uploads(world) == before


def test_request_is_answered_while_discord_hangs(world: World, function: Function) -> None:
    """Though no callback is answered, the request gets its 202 before Discord's 3 s are over."""
    world.faults.callback = ["hang", "hang", "hang"]
    sent = world.discord.send(function.url)

    assert sent.status == 202
    assert sent.elapsed is not None
    assert sent.elapsed < 2.8


PASSING_EDITS = {
    "503": ["503"],
    "a run of 5xx": ["500", "502", "503"],
    "429 with Retry-After": ["429 0.4"],
    "bare 429": ["429-bare"],
    "broken connection": ["break"],
    "lost answer": ["lose"],
    "10015 right after the callback": ["404", "404"],
    "slow": ["slow 1"],
    "hanging": ["hang"],
}


@pytest.mark.parametrize("order", PASSING_EDITS.values(), ids=PASSING_EDITS)
def test_edit_survives(world: World, function: Function, order: list[str]) -> None:
    """An edit that fails for a while is tried again until the picture is in its message."""
    world.faults.edit = order
    sent = world.discord.send(function.url).wait()

    assert sent.original.image_url


def test_retry_after_is_honoured(world: World, function: Function) -> None:
    """A 429 that asks for 1.2 s gets them."""
    world.faults.edit = ["429 1.2"]
    sent = world.discord.send(function.url).wait()
    first, second = [exchange for exchange in sent.exchanges if exchange.kind == "edit"]

    assert first.ended is not None
    assert second.started - first.ended >= 1.2


def test_missing_message_is_given_up(world: World, function: Function) -> None:
    """A message that stays unknown (10015) is asked for five times at most: repeated 404s get a client banned."""
    world.faults.edit = "404"
    sent = world.discord.send(function.url)
    line = line_of(function, sent)

    assert count(sent, "edit") == 5
    assert (line["severity"], line["outcome"]) == ("WARNING", "given up: PATCH: Discord said 404/10015")


def test_deleted_message_is_left_alone(world: World, function: Function) -> None:
    """A message that was deleted meanwhile (10008) is not asked for again."""
    world.faults.upload = ["slow 1"]
    sent = world.discord.send(function.url)
    world.discord.rules.delete(world.app_id, sent.token)
    line_of(function, sent)

    assert count(sent, "edit") <= 1


PASSING_UPLOADS = {
    "503": ["503"],
    "429": ["429"],
    "broken connection": ["break"],
    "stored, but the answer was lost": ["lose"],
    "slow": ["slow 1"],
}


@pytest.mark.parametrize("order", PASSING_UPLOADS.values(), ids=PASSING_UPLOADS)
def test_upload_survives(world: World, function: Function, order: list[str]) -> None:
    """A bucket that fails for a moment still gets the picture: the message links to it."""
    world.faults.upload = order
    sent = world.discord.send(function.url).wait()

    assert world.picture(sent.original).body.startswith(b"\x89PNG")
    assert sent.original.image_url.startswith(world.bucket.url)


@pytest.mark.parametrize("order", ["503", "403", "404", "hang", "drip 60", "break"])
def test_picture_is_attached_when_the_bucket_fails(world: World, function: Function, order: str) -> None:
    """A bucket that fails for good is given up after 15 s; the same picture comes as an attachment."""
    world.faults.bucket = order
    start = time.monotonic()
    sent = world.discord.send(function.url).wait()

    assert time.monotonic() - start < PATIENCE + 3
    assert sent.original.image_url == "attachment://mandala.png"
    assert world.picture(sent.original).body.startswith(b"\x89PNG")


@pytest.fixture
def broken_library(tmp_path: Path) -> Path:
    """A folder in which RandomMandala is no library that anybody could draw with."""
    package = tmp_path / "RandomMandala"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('no paint left')\n")
    return tmp_path


def test_failed_drawing_is_told_and_tried_again(world: World, function: Function, broken_library: Path) -> None:
    """A drawing that fails ends in a friendly sentence; its *Try again* draws the same recipe into that message."""
    with running({**world.environ, "PYTHONPATH": str(broken_library)}) as broken:
        failed = world.discord.send(broken.url, command({"seed": "Ada"})).wait()
        line = line_of(broken, failed)
    assert failed.original.content
    assert "paint" not in failed.original.content
    assert (line["severity"], line["message"].count("Traceback")) == ("ERROR", 1)

    again = world.discord.press(function.url, failed.original, "Try again").wait()
    drawn = world.discord.send(function.url, command({"seed": "Ada"})).wait()

    assert again.original is failed.original
    assert (again.original.content, again.original.image_url) == ("", drawn.original.image_url)
