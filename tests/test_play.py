"""Edit, Print and the commands of a right click, over HTTP."""

import io
import json
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from function import HEAVY, Function, acknowledged, imported_for, line_of
from PIL import Image

from command.message import BIN, PENCIL, PRINTER
from discord_enums import CallbackType
from fakes import USERS, Services, command, press, submission
from fakes.discord.modal import Value, filled
from fakes.discord.rules import Interaction
from picture.recipe import Recipe

BUSY = "Many mandalas are being drawn just now. Try again in a moment."
Edit = Callable[..., Interaction]


@pytest.fixture
def drawn(services: Services, function: Function, seed: str) -> Interaction:
    """A mandala of Ada's."""
    return services.discord.send(function.url, command({"seed": seed, "rings": 5}, user="ada")).wait()


@pytest.fixture
def edit(services: Services, function: Function, drawn: Interaction) -> Edit:
    """Press Edit, type this, and return the submission once its picture is there."""

    def edit(user: str = "ada", **typed: Value) -> Interaction:
        opened = services.discord.press(function.url, drawn.original, PENCIL, user=user)
        return services.discord.submit(function.url, opened, typed).wait()

    return edit


def kinds(sent: Interaction) -> list[str]:
    return [exchange.kind for exchange in sent.exchanges]


# --- Edit


def test_edit_opens_a_modal(services: Services, function: Function, drawn: Interaction) -> None:
    """The modal is the first response and the only one: 202, nothing drawn, no message touched."""
    opened = services.discord.press(function.url, drawn.original, PENCIL)

    assert (opened.status, kinds(opened)) == (202, ["interaction", "callback"])
    assert filled(opened.modal)["rings"] == ["5"]
    assert line_of(function, opened)["outcome"] == "opened a modal"


def test_edit_redraws_the_message(services: Services, function: Function, edit: Edit, drawn: Interaction) -> None:
    """What the asker submits stands in the same message: the picture that /mando draws of the same options."""
    before = drawn.original.image_url
    edited = edit(style=["lines"], rings=["7"], seed="tea")
    typed = services.discord.send(function.url, command({"seed": "tea", "rings": 7, "style": "lines"})).wait()

    assert edited.callbacks == [{"type": CallbackType.DEFERRED_UPDATE_MESSAGE}]
    assert edited.original is drawn.original
    assert edited.original.image_url == typed.original.image_url != before


def test_edit_by_another_is_a_message_of_theirs(
    services: Services, function: Function, edit: Edit, drawn: Interaction
) -> None:
    """What somebody else submits is a new message, which only they can delete; the first stays as it was."""
    before = dict(drawn.original.body)
    theirs = edit(user="benoit", rings=["7"])
    refused = services.discord.press(function.url, theirs.original, BIN, user="ada").wait()
    deleted = services.discord.press(function.url, theirs.original, BIN, user="benoit").wait()

    assert theirs.original is not drawn.original
    assert drawn.original.body == before
    assert refused.original.private
    assert deleted.original.deleted


def test_edit_out_of_range_can_be_mended(services: Services, function: Function, edit: Edit) -> None:
    """A private sentence, whose button opens the modal with what was typed; that is then a message of its own."""
    refused = edit(seed="\u3164", rings=["7"])
    again = services.discord.press(function.url, refused.original, "Edit")
    mended = services.discord.submit(function.url, again, {"seed": "tea"}).wait()

    assert refused.original.private
    assert filled(again.modal) | {"seed": ""} == filled(again.modal)
    assert filled(again.modal)["rings"] == ["7"]
    assert mended.original is not refused.original
    assert not mended.original.private
    assert mended.original.image_url.endswith(f"/{Recipe.of('tea', rings=7).digest}.png")


def test_edit_delivered_twice_is_one_edit(services: Services, function: Function, drawn: Interaction) -> None:
    """Neither the modal nor what it sends is done twice."""
    services.faults.delivery = ["duplicate", "duplicate"]
    opened = services.discord.press(function.url, drawn.original, PENCIL)
    before = drawn.original.edits
    sent = services.discord.submit(function.url, opened, {"rings": ["9"]}).wait()

    assert [kinds(each).count("callback") for each in (opened, sent)] == [1, 1]
    assert drawn.original.edits == before + 1


@pytest.mark.parametrize("fault", [None, "403"], ids=["in the bucket", "attached"])
def test_failed_edit_leaves_the_picture(
    services: Services, function: Function, broken: Function, seed: str, fault: str | None
) -> None:
    """The picture of before stays, with a sentence and the button that draws what was typed."""
    services.faults.bucket = fault
    message = services.discord.send(function.url, command({"seed": seed})).wait().original
    services.faults.clear()
    before, picture = message.image_url, services.picture(message).data
    opened = services.discord.press(function.url, message, PENCIL)
    services.discord.submit(broken.url, opened, {"rings": ["9"]}).wait()

    assert message.content == "Sorry, this mandala could not be drawn. Please try again."
    assert (message.image_url, services.picture(message).data) == (before, picture)
    services.discord.press(function.url, message, "Try again").wait()
    assert (message.content, message.image_url != before) == ("", True)


def test_edit_of_an_attachment_leaves_one_picture(services: Services, function: Function, seed: str) -> None:
    """A picture that was attached goes when the next one comes from the bucket."""
    services.faults.bucket = "403"
    first = services.discord.send(function.url, command({"seed": seed})).wait()
    assert first.original.files
    services.faults.clear()
    opened = services.discord.press(function.url, first.original, PENCIL)
    services.discord.submit(function.url, opened, {"rings": ["9"]}).wait()

    assert not first.original.files
    assert first.original.image_url.startswith(services.bucket.url)


TEXT = {"type": 4, "id": 2, "custom_id": "seed", "value": "tea"}


@pytest.mark.parametrize(
    "odd",
    [
        {"components": None},
        {"components": []},
        {"components": [{"type": 18, "component": TEXT}] * 2},
        {"components": [{"type": 18, "component": {**TEXT, "value": "x" * 100_000}}]},
        {"components": [{"type": 18, "component": {**TEXT, "type": 99}}]},
        {"components": [{"type": 18, "component": {**TEXT, "custom_id": "colour"}}]},
        {"custom_id": "somebody else's"},
        {"custom_id": None},
    ],
)
def test_hostile_submission_is_a_sentence(
    services: Services, function: Function, drawn: Interaction, odd: dict[str, object]
) -> None:
    """What no client sends, signed all the same, ends in a private sentence, and the message stays as it was."""
    before = dict(drawn.original.body)
    payload = submission(services.discord.press(function.url, drawn.original, PENCIL))
    sent = services.discord.send(function.url, {**payload, "data": payload["data"] | odd}).wait()

    assert (sent.status, sent.original.private, sent.refusals) == (202, True, [])
    assert drawn.original.body == before


def test_modal_imports_nothing_heavy(services: Services, drawn: Interaction) -> None:
    """A modal is sent by a fresh process that has imported nothing that draws or uploads."""
    pressed = services.discord.rules.create(press(drawn.original, drawn.original.buttons[PENCIL]))

    assert HEAVY.isdisjoint(imported_for(services, pressed))
    assert [json.loads(each.request_body)["type"] for each in pressed.exchanges] == [CallbackType.MODAL]


# --- a right click


def test_draw_this(services: Services, function: Function) -> None:
    """The words of a message are drawn as /mando would draw them."""
    said = services.discord.rules.say(USERS["benoit"], "good **tea**")
    sent = services.discord.use(function.url, "Draw this", said).wait()

    assert sent.original.image_url.endswith(f"/{Recipe.of('good **tea**').digest}.png")


def test_message_without_words(services: Services, function: Function, drawn: Interaction) -> None:
    """A message of pictures alone, like a mandala's, has nothing to draw from: a private sentence."""
    sent = services.discord.use(function.url, "Draw this", drawn.original).wait()

    assert sent.original.private
    assert sent.original.content == "There are no words in this message to draw from."


def test_their_mandala(services: Services, function: Function) -> None:
    """A person has one mandala, whoever asks and wherever, and is named above it."""
    first = services.discord.use(function.url, "Their mandala", USERS["benoit"]).wait()
    second = services.discord.use(function.url, "Their mandala", USERS["benoit"], user="benoit", dm=True).wait()

    assert first.original.image_url == second.original.image_url
    assert first.original.body["embeds"][0]["description"] == f"<@{USERS['benoit']['id']}>"


# --- Print


def test_print_brings_both_files(services: Services, function: Function, drawn: Interaction) -> None:
    """For whoever pressed alone: a PNG of 4096 pixels a side and an SVG, which are described; nothing is published."""
    before = len(services.bucket.exchanges)
    printed = services.discord.press(function.url, drawn.original, PRINTER, user="benoit").wait()
    png, svg = printed.original.files.values()

    assert printed.original.private
    assert printed.original.content.startswith("For printing: a PNG of 4096 ")
    assert Image.open(io.BytesIO(png.content)).size == (4096, 4096)
    assert ET.fromstring(svg.content).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - our own
    assert [png.content_type, svg.content_type] == ["image/png", "image/svg+xml"]
    assert len(services.bucket.exchanges) == before


def test_print_is_within_the_upload_limit(services: Services, function: Function, drawn: Interaction) -> None:
    """Where the PNG is too large, the SVG comes alone, and the message says why."""
    payload = press(drawn.original, drawn.original.buttons[PRINTER]) | {"attachment_size_limit": 100_000}
    printed = services.discord.send(function.url, payload).wait()

    assert [*printed.original.files] == ["mandala.svg"]
    assert "larger than may be uploaded" in printed.original.content


def test_one_print_at_a_time(services: Services, function: Function, drawn: Interaction) -> None:
    """While one is drawn, a second is told privately to try again; a /mando is drawn meanwhile."""
    with acknowledged(services, function, press(drawn.original, drawn.original.buttons[PRINTER])) as (first,):
        second = services.discord.press(function.url, drawn.original, PRINTER).wait()
        mandala = services.discord.send(function.url).wait()
        was_printing = first.original.thinking

    assert (second.original.content, second.original.private) == (BUSY, True)
    assert mandala.original.has_picture
    assert was_printing
    assert first.wait().original.files


def test_failed_print_is_told(services: Services, function: Function, broken: Function, drawn: Interaction) -> None:
    """A print that fails is a private sentence with a button that prints again; what went wrong stands in the log."""
    failed = services.discord.press(broken.url, drawn.original, PRINTER).wait()
    again = services.discord.press(function.url, failed.original, "Try again").wait()

    assert failed.original.private
    assert failed.original.content == "Sorry, this mandala could not be drawn. Please try again."
    assert "no paint left" in line_of(broken, failed)["message"]
    assert len(again.original.files) == 2
