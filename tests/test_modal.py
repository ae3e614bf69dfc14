"""The modal of Edit and the commands of a right click: what each asks for, and what it refuses."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from command import respond
from command.buttons import EDIT, PRINT, Button
from command.message import picture, private, private_with_edit
from command.options import Options
from command.translations import CATALOGUE
from command.work import Drawing, Print
from discord_enums import InteractionType
from fakes import USERS, command, context_command, submission
from fakes.discord import limits, modal
from fakes.discord.message import Message
from fakes.discord.payloads import press
from fakes.discord.rules import Discord, Interaction
from interaction import parse
from picture.recipe import Recipe, fingerprint, normalise
from response import Aside, Immediate, NotOurs, Response

ADA, BENOIT = (str(USERS[name]["id"]) for name in ("ada", "benoit"))
ASKED = Options(ADA, symmetry=12, palette="ocean")
UNKNOWN = "`/mando` has no option `colour`; it takes seed, symmetry, rings, style, palette and private."
GARBLED = "That command could not be read; please type `/mando` again."
LOCALES = [*CATALOGUE["failure"]]
SEEDS = ["Ada Lovelace", "a:b · c", "🎲" * 50, "漢" * 100, "x" * 100, "<@1300000000000000401>", "~" + "A" * 22]


@pytest.fixture
def discord() -> Discord:
    return Discord()


def answer(payload: dict[str, Any]) -> Response:
    return respond(parse(json.dumps({"id": "1", "token": "t", **payload}).encode()))  # half a surrogate is sent escaped


def shown(seed: str = "Ada Lovelace", options: Options = ASKED) -> Message:
    """Return the message of a mandala."""
    body = picture(options.recipe(seed), options, "en-GB", "https://example.org/1.png")
    return Message("1300000000000000500", "1300000000000000001", body)


def opened(discord: Discord, message: Message, label: str = "✏️", **where: Any) -> Interaction:  # noqa: ANN401 - press's
    """Return the press of a button that has opened a modal."""
    pressed = discord.create(press(message, message.buttons[label], **where))
    return discord.callback(pressed.id, pressed.token, answer(pressed.payload).callback)


def edited(discord: Discord, typed: dict[str, modal.Value], **where: Any) -> Response:  # noqa: ANN401 - press's
    """Return what a modal asks for in which this was typed."""
    return answer(submission(opened(discord, shown(), **where), typed))


# --- the modal


def test_modal_is_filled_in(discord: Discord) -> None:
    """It shows the seed, what was asked for, and of all else what the seed decides, which stays the seed's."""
    asked = opened(discord, shown(), locale="en-GB").modal
    symmetry, rings = (modal.inputs(asked)[name]["options"] for name in ("symmetry", "rings"))

    assert modal.filled(asked) == {
        "seed": "Ada Lovelace",
        "symmetry": ["12"],
        "rings": ["seed"],
        "style": ["seed"],
        "palette": ["ocean"],
    }
    assert symmetry[0]["label"] == f"{Recipe.of('Ada Lovelace').symmetry} (from the seed)"
    assert rings[0]["label"] == f"{Recipe.of('Ada Lovelace').rings} (from the seed)"
    assert [each["label"] for each in asked["components"]] == ["Seed", "Symmetry", "Rings", "Style", "Palette"]


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("seed", SEEDS)
def test_modal_is_within_discords_limits(discord: Discord, locale: str, seed: str) -> None:
    """In each language and for each seed Discord takes the modal."""
    assert opened(discord, shown(seed), locale=locale).modal["title"] == CATALOGUE["button.edit"][locale]


@pytest.mark.parametrize("seed", SEEDS)
def test_unchanged_modal_draws_the_same(discord: Discord, seed: str) -> None:
    """What is sent back as it was filled in is the same picture of the same words, however long they are."""
    again = answer(submission(opened(discord, shown(seed))))

    assert isinstance(again, Drawing)
    assert again.options == ASKED
    assert again.recipe.digest == ASKED.recipe(seed).digest
    assert again.recipe.seed == seed or len(seed.encode("utf-16-le")) > 2 * 100


def test_words_are_believed_only_by_their_fingerprint(discord: Discord) -> None:
    """A message that shows other words than the button carries does not change what is edited."""
    message = shown("x" * 100)
    message.body["embeds"][0]["footer"]["text"] = f"`{'y' * 100}`"

    assert modal.filled(opened(discord, message).modal)["seed"] == fingerprint("x" * 100)


def test_owners_edit_changes_the_message(discord: Discord) -> None:
    """Submitted by the asker, the same message is redrawn: a deferred update."""
    again = edited(discord, {"seed": "tea", "symmetry": ["seed"], "rings": ["7"], "style": ["lines"]})

    assert isinstance(again, Drawing)
    assert again.callback == {"type": 6}
    assert again.options == Options(ADA, rings=7, style="lines", palette="ocean")
    assert again.recipe == Recipe.of("tea", rings=7, style="lines", palette="ocean")


def test_anothers_edit_is_their_own(discord: Discord) -> None:
    """Submitted by somebody else, it is a new message, which is theirs."""
    theirs = edited(discord, {"rings": ["7"]}, user="benoit")

    assert isinstance(theirs, Drawing)
    assert theirs.callback == {"type": 5}
    assert theirs.options.owner == BENOIT


def test_private_stays_private(discord: Discord) -> None:
    """An edit of what only the asker sees is seen by the asker only, and stored under no name that follows from it."""
    private_one = shown(options=Options(ADA, private=True))
    again = answer(submission(opened(discord, private_one)))

    assert isinstance(again, Drawing)
    assert again.options.private
    assert again.file_name != f"{again.recipe.digest}.png"


def test_edit_without_a_message_is_a_new_one(discord: Discord) -> None:
    """A submission that names no message has none to update."""
    sent = submission(opened(discord, shown()))
    del sent["message"]

    assert answer(sent).callback == {"type": 5}


# --- what is out of range


def test_what_cannot_be_drawn_is_not_lost(discord: Discord) -> None:
    """The private sentence has a button that opens the modal with what was typed; then it is a message of its own."""
    refused = edited(discord, {"seed": "\u3164", "rings": ["7"], "style": ["lines"]}, locale="en-GB")
    assert isinstance(refused, Immediate)
    sentence = Message("1", "2", dict(refused.callback["data"]))
    again = opened(discord, sentence, "Edit", locale="en-GB")

    assert sentence.content == "`seed` must be visible text of 1 to 100 characters."
    assert refused.callback["data"]["flags"] == 64
    assert modal.filled(again.modal) == {
        "seed": "",
        "symmetry": ["12"],
        "rings": ["7"],
        "style": ["lines"],
        "palette": ["ocean"],
    }
    drawn = answer(submission(again, {"seed": "tea"}))
    assert isinstance(drawn, Drawing)
    assert (drawn.callback, drawn.options.rings) == ({"type": 5}, 7)


def out_of_range(sent: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    """Return a submission that no client sends: a select with a value that was not offered, or a text that is long."""
    for label in sent["data"]["components"]:
        if label["component"]["custom_id"] == name:
            label["component"] |= {"value": value} if name == "seed" else {"values": [value]}
    return sent


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("name", "value"), [("symmetry", "21"), ("rings", "1" * 5000), ("style", "Sharp"), ("palette", "")]
)
def test_words_survive_what_is_out_of_range(discord: Discord, seed: str, name: str, value: str) -> None:
    """However long they are, the words stand in the modal that is opened again, beside all else that was right."""
    sent = out_of_range(submission(opened(discord, shown(), locale="en-GB"), {"seed": seed}), name, value)
    refused = answer(sent)
    sentence = Message("1", "2", dict(refused.callback["data"]))

    assert sentence.content.startswith(f"`{name}` must be ")
    assert limits.callback(refused.callback, limits.callbacks_to(InteractionType.MODAL_SUBMIT, on_message=True)) == []
    assert modal.filled(opened(discord, sentence, "Edit").modal)["seed"] == seed


def test_words_stand_beside_a_button_that_has_no_room_for_them() -> None:
    """The sentence shows the words only where its button carries no more than their fingerprint."""
    short, long = (private_with_edit("No.", ASKED, seed, "en-GB")["data"] for seed in ("tea", "x" * 100))

    assert ("embeds" in short, "embeds" in long) == (False, True)


def test_too_long_a_seed_is_cut(discord: Discord) -> None:
    """A seed of more than 100 characters is refused, and its first hundred stand in the modal."""
    refused = answer(out_of_range(submission(opened(discord, shown(), locale="en-GB")), "seed", "ab " * 2000))
    sentence = Message("1", "2", dict(refused.callback["data"]))

    assert sentence.content == "`seed` must be visible text of 1 to 100 characters."
    assert modal.filled(opened(discord, sentence, "Edit").modal)["seed"] == ("ab " * 34)[:100]


LABEL = {"type": 18, "id": 1}
TEXT = {"type": 4, "id": 2, "custom_id": "seed", "value": "tea"}
RINGS = {"type": 3, "id": 4, "custom_id": "rings", "values": ["7"]}


@pytest.mark.parametrize(
    ("components", "sentence"),
    [
        (None, GARBLED),
        ({}, GARBLED),
        ("seed", GARBLED),
        ([None], GARBLED),
        ([LABEL], GARBLED),
        ([{**LABEL, "component": None}], GARBLED),
        ([{**LABEL, "component": [TEXT]}], GARBLED),
        ([{"type": 1, "components": [TEXT]}], GARBLED),
        ([{**LABEL, "component": {**TEXT, "value": 7}}], GARBLED),
        ([{**LABEL, "component": {**TEXT, "custom_id": ["seed"]}}], GARBLED),
        ([{**LABEL, "component": {**TEXT, "type": 99}}], GARBLED),
        ([{**LABEL, "component": {**RINGS, "values": []}}], GARBLED),
        ([{**LABEL, "component": {**RINGS, "values": ["7", "8"]}}], GARBLED),
        ([{**LABEL, "component": {**RINGS, "values": "7"}}], GARBLED),
        ([], "`seed` must be visible text of 1 to 100 characters."),
        ([{**LABEL, "component": RINGS}], "`seed` must be visible text of 1 to 100 characters."),
        ([{**LABEL, "component": TEXT}] * 2, "`seed` was given twice; please give it once."),
        ([{**LABEL, "component": {**TEXT, "custom_id": "private"}}], "`private` must be True or False."),
        ([{**LABEL, "component": {**TEXT, "custom_id": "colour"}}], UNKNOWN),
        ([{**LABEL, "component": {**TEXT, "custom_id": ""}}], GARBLED),
    ],
)  # fmt: skip
def test_hostile_submission_is_refused(components: object, sentence: str) -> None:
    """What is missing, odd, doubled or unknown gets one private sentence."""
    data = {"custom_id": Button(EDIT, Options(ADA)).custom_id, "components": components}
    refused = answer({"type": 5, "locale": "en-GB", "data": data})

    assert isinstance(refused, Immediate)
    assert (refused.callback["data"]["content"], refused.callback["data"]["flags"]) == (sentence, 64)


def test_many_components_are_one_sentence() -> None:
    """A submission of a thousand inputs is refused like any other."""
    data = {"custom_id": Button(EDIT, Options(ADA)).custom_id, "components": [{**LABEL, "component": TEXT}] * 1000}

    assert isinstance(answer({"type": 5, "data": data}), Immediate)


@pytest.mark.parametrize("custom_id", [None, "", "edit", f"2:edit:{ADA}::::::", ["1"]])
def test_modal_of_another_version_is_refused(custom_id: object) -> None:
    """A modal that cannot be understood says how to go on."""
    outdated = "This button no longer works; type `/mando` for a new mandala."

    assert answer({"type": 5, "locale": "en-GB", "data": {"custom_id": custom_id}}) == Immediate(private(outdated))


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())) | st.sampled_from([3, 4]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["component", "type"]), inner, max_size=4)
    ),
    max_leaves=8,
)
fields = st.sampled_from([*RINGS, *TEXT])
near_inputs = st.builds(
    lambda base, key, value: {"component": {**base, key: value}}, st.sampled_from([TEXT, RINGS]), fields, anything
)


@example(components="\ud800")
@given(components=st.lists(near_inputs | anything, max_size=4) | anything)
def test_any_submission_gets_an_answer(components: object) -> None:
    """Whatever stands in it, the end is a drawing or a sentence that Discord takes."""
    data = {"custom_id": Button(EDIT, Options(ADA)).custom_id, "components": components}
    callback = answer({"type": 5, "data": data, "message": shown().as_json()}).callback

    assert limits.callback(callback, limits.callbacks_to(InteractionType.MODAL_SUBMIT, on_message=True)) == []


@example(seed="🎲" * 30)
@example(seed="🎲" * 51)
@given(seed=st.text(st.characters(exclude_categories=()), max_size=100).filter(normalise))
def test_any_seed_can_be_edited_and_printed(seed: str) -> None:
    """Whatever the words, the modal can be sent, and what it sends back and what is printed is the same picture."""
    message, recipe = shown(seed), ASKED.recipe(seed)
    callback = answer(press(message, message.buttons["✏️"])).callback
    printed = answer(press(message, message.buttons["🖨️"]))

    assert limits.callback(callback, limits.callbacks_to(InteractionType.MESSAGE_COMPONENT, on_message=True)) == []
    assert ASKED.recipe(str(modal.filled(callback["data"])["seed"])).digest == recipe.digest
    assert isinstance(printed, Aside)
    assert isinstance(printed, Print)
    assert printed.recipe.digest == recipe.digest


# --- the context menu


@pytest.mark.parametrize(
    ("content", "seed"),
    [
        ("good tea", "good tea"),
        (" good\n\ntea\u200b ", "good tea"),
        ("x" * 2000, "x" * 100),
        ("the end: ||they marry||!", "the end: !"),
        ("||a|| b ||c", "b ||c"),
        ("<@1300000000000000401>", "<@1300000000000000401>"),
    ],
)
def test_draw_this_draws_what_can_be_seen(discord: Discord, content: str, seed: str) -> None:
    """The seed is what is visible of the message, up to 100 characters; a spoiler stays hidden."""
    drawn = answer(context_command("Draw this", discord.say(USERS["benoit"], content)))

    assert isinstance(drawn, Drawing)
    assert (drawn.recipe, drawn.options, drawn.callback) == (Recipe.of(seed), Options(ADA), {"type": 5})


@pytest.mark.parametrize("content", ["", "  ", "\u3164\u200b", "||hidden||"])
def test_message_without_words_is_refused(discord: Discord, content: str) -> None:
    """There is nothing to draw from a picture, or from what cannot be seen."""
    payload = context_command("Draw this", discord.say(USERS["benoit"], content), locale="en-GB")

    assert answer(payload) == Immediate(private("There are no words in this message to draw from."))


def test_their_mandala_is_always_the_same() -> None:
    """Whoever asks, and whatever they are called today: the mandala of an id, which `/mando seed:@Ben` draws, too."""
    first = answer(context_command("Their mandala", USERS["benoit"]))
    renamed = {**USERS["benoit"], "username": "ben", "global_name": "Ben", "avatar": "0a"}
    second = answer(context_command("Their mandala", renamed, user="benoit", dm=True))
    typed = answer(command({"seed": f"<@{BENOIT}>"}))

    assert isinstance(first, Drawing)
    assert isinstance(second, Drawing)
    assert isinstance(typed, Drawing)
    assert first.recipe == second.recipe == typed.recipe
    assert (first.options.owner, second.options.owner) == (ADA, BENOIT)


@pytest.mark.parametrize(
    "odd",
    [
        {"target_id": None},
        {"target_id": ["1"]},
        {"target_id": "2"},
        {"resolved": None},
        {"resolved": {"messages": []}},
        {"resolved": {"messages": {"1": None}}},
        {"resolved": {"messages": {"1": {"content": 7}}}},
    ],
)
def test_odd_message_is_refused(odd: dict[str, Any]) -> None:
    """A message that is missing or odd has no words."""
    data = {"name": "Draw this", "type": 3, "target_id": "1", "resolved": {"messages": {"1": {"content": "tea"}}}}

    assert isinstance(answer({"type": 2, "data": data}), Drawing)
    assert isinstance(answer({"type": 2, "data": data | odd}), Immediate)


@pytest.mark.parametrize("target", [None, 1, "", "../1", "1" * 21, ["1"]])
def test_odd_user_is_nobodys(target: object) -> None:
    """What is no id of a user is answered 400."""
    with pytest.raises(NotOurs):
        answer({"type": 2, "data": {"name": "Their mandala", "type": 2, "target_id": target}})


# --- printing


def test_print_is_private_and_the_same_picture() -> None:
    """Print answers the one who pressed, with the recipe of the message."""
    message = shown()
    printed = answer({**press(message, message.buttons["🖨️"], user="benoit"), "attachment_size_limit": 5})

    assert isinstance(printed, Aside)
    assert isinstance(printed, Print)
    assert printed.callback == {"type": 5, "data": {"flags": 64}}
    assert (printed.recipe, printed.size_limit) == (ASKED.recipe("Ada Lovelace"), 5)
    assert Button.read(printed.failure()["components"][0]["components"][0]["custom_id"]).action == PRINT
