"""The stand-in for Discord is held to Discord's rules for modals and for commands of the context menu."""

from collections.abc import Callable
from typing import Any

import pytest

from discord_enums import InteractionType
from fakes import USERS, command, context_command, press, submission
from fakes.discord import limits, modal
from fakes.discord.errors import Refusal
from fakes.discord.message import File, Message
from fakes.discord.modal import Unsendable
from fakes.discord.rules import Discord, Interaction

BUTTON = {"type": 2, "style": 2, "label": "Edit", "custom_id": "edit"}
MESSAGE = {"content": "tea", "components": [{"type": 1, "components": [BUTTON]}]}
TEXT = {"type": 4, "custom_id": "seed", "style": 1, "value": "tea", "max_length": 10}
OPTIONS: list[dict[str, Any]] = [
    {"label": "Ocean", "value": "ocean"},
    {"label": "Ember", "value": "ember", "default": True},
]
SELECT = {"type": 3, "custom_id": "palette", "options": OPTIONS}


def label(component: dict[str, Any], **changes: object) -> dict[str, Any]:
    return {"type": 18, "label": "Words", "component": component, **changes}


def opening(*components: dict[str, Any], **changes: object) -> dict[str, Any]:
    data = {"custom_id": "edit", "title": "Edit", "components": [*components] or [label(TEXT), label(SELECT)]}
    return {"type": 9, "data": data | changes}


@pytest.fixture
def discord() -> Discord:
    return Discord()


@pytest.fixture
def respond(discord: Discord) -> Callable[..., Interaction]:
    """Answer a new interaction of this payload with this callback."""

    def respond(payload: dict[str, Any], body: object) -> Interaction:
        made = discord.create(payload)
        return discord.callback(made.id, made.token, body)

    return respond


@pytest.fixture
def message(respond: Callable[..., Interaction]) -> Message:
    return respond(command(), {"type": 4, "data": MESSAGE}).original


@pytest.fixture
def opened(message: Message, respond: Callable[..., Interaction]) -> Interaction:
    return respond(press(message, "edit"), opening())


def test_modal_is_shown_at_once(opened: Interaction) -> None:
    """A callback of type 9 opens a modal: nothing more is awaited, and there is no message to edit."""
    assert opened.done
    assert opened.modal["title"] == "Edit"
    assert opened.message is None


MODALS_BEYOND: list[tuple[dict[str, Any], str]] = [
    (opening(title="x" * 46), "title"),
    (opening(title=""), "title"),
    (opening(custom_id="x" * 101), "custom_id"),
    (opening(*(label({**TEXT, "custom_id": str(number)}) for number in range(6))), "components"),
    (opening(label(TEXT, label="x" * 46)), "components.0.label"),
    (opening(label(TEXT, description="x" * 101)), "components.0.description"),
    (opening(label(TEXT), label(TEXT)), "components.1.component.custom_id"),
    (opening(BUTTON), "components.0.type"),
]
INPUTS_BEYOND: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (TEXT, {"label": "Words"}, "label"),
    (TEXT, {"value": "x" * 11}, "value"),
    (TEXT, {"value": "🎲" * 6}, "value"),
    (TEXT, {"value": "x" * 4001}, "value"),
    (TEXT, {"placeholder": "x" * 101}, "placeholder"),
    (TEXT, {"style": 3}, "style"),
    (SELECT, {"placeholder": "x" * 151}, "placeholder"),
    (SELECT, {"options": []}, "options"),
    (SELECT, {"options": [{"label": str(number), "value": str(number)} for number in range(26)]}, "options"),
    (SELECT, {"options": [OPTIONS[0], OPTIONS[0]]}, "options"),
    (SELECT, {"options": [{**OPTIONS[0], "default": True}, OPTIONS[1]]}, "options"),
    (SELECT, {"max_values": 3}, "max_values"),
    (SELECT, {"min_values": 0}, "min_values"),
    (SELECT, {"disabled": True}, "disabled"),
]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        *MODALS_BEYOND,
        *(
            (opening(label({**component, **changes})), f"components.0.component.{path}")
            for component, changes, path in INPUTS_BEYOND
        ),
        ({"type": 9, "data": {}}, "title"),
    ],
)
def test_modal_beyond_a_limit_is_refused(body: dict[str, Any], path: str) -> None:
    """What Discord does not take in a modal is named."""
    allowed = limits.callbacks_to(InteractionType.APPLICATION_COMMAND, on_message=False)

    assert f"data.{path}" in {".".join(map(str, each.path)) for each in limits.callback(body, allowed)}


def test_modal_cannot_follow_a_defer(message: Message, discord: Discord, respond: Callable[..., Interaction]) -> None:
    """A modal is the first response, or none: 40060."""
    deferred = respond(press(message, "edit"), {"type": 6})

    with pytest.raises(Refusal, match="400/40060"):
        discord.callback(deferred.id, deferred.token, opening())


def test_modal_cannot_follow_a_modal(opened: Interaction, respond: Callable[..., Interaction]) -> None:
    """A submission is not answered by another modal."""
    with pytest.raises(Refusal, match="type: Not a callback"):
        respond(submission(opened), opening())


def test_submission_is_discords(opened: Interaction) -> None:
    """It has each component by type, id and custom_id, what was filled in and what was typed, and the message."""
    sent = submission(opened, {"seed": "coffee"})

    assert (sent["type"], sent["member"], sent["message"]) == (5, opened.payload["member"], opened.payload["message"])
    assert sent["data"] == {
        "custom_id": "edit",
        "components": [
            {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": "seed", "value": "coffee"}},
            {"type": 18, "id": 3, "component": {"type": 3, "id": 4, "custom_id": "palette", "values": ["ember"]}},
        ],
    }


def test_submission_updates_its_message(
    message: Message, opened: Interaction, discord: Discord, respond: Callable[..., Interaction]
) -> None:
    """Where the modal came from a button, a deferred update edits the message of that button."""
    sent = respond(submission(opened), {"type": 6})
    discord.edit(discord.application_id, sent.token, {"content": "coffee"})

    assert message.content == "coffee"


def test_modal_of_a_command_has_no_message(respond: Callable[..., Interaction]) -> None:
    """Where the modal came from a command, its submission has no message to update."""
    sent = submission(respond(command(), opening()))

    assert "message" not in sent
    with pytest.raises(Refusal, match="type: Not a callback"):
        respond(sent, {"type": 6})


@pytest.mark.parametrize(
    ("component", "value"),
    [
        (TEXT, ""),
        (TEXT, "x" * 11),
        ({**TEXT, "min_length": 2}, "x"),
        (SELECT, []),
        (SELECT, ["jade"]),
        (SELECT, ["ocean", "ember"]),
    ],
)
def test_client_does_not_send_what_does_not_fit(component: dict[str, Any], value: modal.Value) -> None:
    """A user cannot leave out what is required, nor send what is too long or not offered."""
    with pytest.raises(Unsendable):
        modal.submitted(opening(label(component))["data"], {component["custom_id"]: value})


@pytest.mark.parametrize("component", [TEXT, SELECT])
def test_what_is_not_required_can_be_left_out(component: dict[str, Any]) -> None:
    """An input that is not required may stay empty."""
    empty: modal.Value = "" if component is TEXT else []
    sent = modal.submitted(opening(label({**component, "required": False}))["data"], {component["custom_id"]: empty})

    assert sent["components"][0]["component"][("value", "values")[component is SELECT]] == empty


def test_message_command_has_the_message(discord: Discord) -> None:
    """data.resolved has the message whole: who wrote it, and its content."""
    said = discord.say(USERS["benoit"], "good tea")
    data = context_command("Draw this", said)["data"]
    resolved = data["resolved"]["messages"][said.id]

    assert (data["type"], data["target_id"]) == (3, said.id)
    assert (resolved["author"], resolved["content"], resolved["type"]) == (USERS["benoit"], "good tea", 0)


@pytest.mark.parametrize("dm", [False, True])
def test_user_command_has_the_user(dm: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """data.resolved has the user, and in a server the member without the user."""
    data = context_command("Their mandala", USERS["benoit"], dm=dm)["data"]
    number = USERS["benoit"]["id"]

    assert (data["type"], data["target_id"]) == (2, number)
    assert data["resolved"]["users"] == {number: USERS["benoit"]}
    assert ("members" in data["resolved"]) is not dm
    assert "user" not in data["resolved"].get("members", {}).get(number, {})


def test_file_beyond_the_limit_is_refused(discord: Discord, respond: Callable[..., Interaction]) -> None:
    """A file may have as many bytes as the interaction says; of two, each."""
    deferred = respond({**command(), "attachment_size_limit": 5}, {"type": 5})
    files = {"0": File("a.png", "image/png", b"12345"), "1": File("b.png", "image/png", b"12345")}
    discord.edit(discord.application_id, deferred.token, {}, files)

    with pytest.raises(Refusal, match="413/40005"):
        discord.edit(discord.application_id, deferred.token, {}, {"0": File("c.png", "image/png", b"123456")})
