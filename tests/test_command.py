"""What each /mando and each press of a button asks for; and that nothing odd gets further than a sentence."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from command import respond
from command.buttons import ACTIONS, ANOTHER, DELETE, LENGTH, RETRY, Button
from command.message import BIN, failure, picture, private
from command.options import Options
from command.translations import CATALOGUE
from command.work import Drawing
from discord_enums import MessageFlag, OptionType
from interaction import Interaction, NotAnInteraction, parse
from picture.recipe import PALETTES, RINGS, STYLES, SYMMETRY, Recipe, fingerprint, normalise
from response import Deletion, Immediate, NotOurs

URL = "https://example.org/1.png"

ADA, BENOIT = "1300000000000000400", "1300000000000000401"
TOKEN, OTHER_TOKEN = "token", "other"
TYPES = {str: OptionType.STRING, int: OptionType.INTEGER, bool: OptionType.BOOLEAN}
FULL = {"symmetry": 12, "rings": 9, "style": "fill", "palette": "ocean"}
LONGEST = Options(
    "1" * 20,
    symmetry=SYMMETRY[-1],
    rings=RINGS[-1],
    style=max(STYLES, key=len),
    palette=max(PALETTES, key=len),
    private=True,
)

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),  # lone surrogates, too
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def interaction(kind: int, data: dict[str, Any], user: str = ADA, locale: str = "en-GB") -> Interaction:
    return Interaction(kind, id="1300000000000000000", token=TOKEN, user_id=user, locale=locale, data=data)


def option(name: str, value: object) -> dict[str, Any]:
    return {"name": name, "type": TYPES.get(type(value), OptionType.STRING), "value": value}


def use(*options: object, locale: str = "en-GB", **data: object) -> Interaction:
    """Return the interaction of a /mando; options as Discord sends them."""
    return interaction(2, {"name": "mando", "type": 1, "options": [*options], **data}, locale=locale)


def mando(**options: object) -> Drawing:
    """Return what a well-formed /mando asks for."""
    return drawing(use(*(option(name, value) for name, value in options.items())))


def press(custom_id: object, user: str = ADA, locale: str = "en-GB") -> Interaction:
    return interaction(3, {"component_type": 2, "custom_id": custom_id, "id": 1}, user, locale)


def drawing(interaction: Interaction) -> Drawing:
    response = respond(interaction)
    assert isinstance(response, Drawing)
    return response


def custom_ids(body: dict[str, Any]) -> dict[str, str]:
    """Return the custom_ids of a message's buttons by label."""
    shown = [button for row in body["components"] for button in row["components"]]
    return {button.get("label") or button["emoji"]["name"]: button["custom_id"] for button in shown}


def buttons(drawing: Drawing) -> dict[str, str]:
    return custom_ids(picture(drawing.recipe, drawing.options, drawing.locale, URL)) | custom_ids(drawing.failure())


# --- /mando


def test_options_make_the_recipe() -> None:
    """What is given goes into the recipe as it is."""
    assert mando(seed="Ada Lovelace", **FULL).recipe == Recipe.of("Ada Lovelace", 12, 9, "fill", "ocean")


@pytest.mark.parametrize(("symmetry", "rings"), [(3, 4), (20, 19)])
def test_limits_are_allowed(symmetry: int, rings: int) -> None:
    """The least and the most that Discord lets through can be drawn."""
    assert mando(symmetry=symmetry, rings=rings).options == Options(ADA, symmetry, rings)


def test_what_is_not_given_follows_from_the_seed() -> None:
    """The same words draw the same mandala, for everyone."""
    assert mando(seed="  Ada\tLovelace ").recipe == Recipe.of("Ada Lovelace")


@pytest.mark.parametrize("data", [{"name": "mando", "type": 1}, {"name": "mando"}])
def test_mando_without_options(data: dict[str, Any]) -> None:
    """A bare /mando, which Discord sends without a list of options, draws what nobody has seen."""
    assert drawing(interaction(2, data)).callback == {"type": 5}


def test_second_delivery_draws_the_same() -> None:
    """An unseeded /mando that comes twice is one mandala; another /mando is another."""
    assert drawing(use()).recipe == drawing(use()).recipe
    assert drawing(use()).recipe != drawing(replace(use(), id="1300000000000000001")).recipe
    assert drawing(use()).recipe != drawing(replace(use(), token=OTHER_TOKEN)).recipe


@pytest.mark.parametrize(
    ("options", "callback"),
    [({}, {"type": 5}), ({"private": False}, {"type": 5}), ({"private": True}, {"type": 5, "data": {"flags": 64}})],
)
def test_private_defers_ephemerally(options: dict[str, bool], callback: dict[str, Any]) -> None:
    """The callback decides who sees the message: everyone, or with MessageFlag.EPHEMERAL the asker alone."""
    assert mando(**options).callback == callback


CHOICES_OF_PALETTE = ", ".join(CATALOGUE[f"palette.{palette}"]["en-GB"] for palette in PALETTES)
NUMBER = "`symmetry` must be a whole number from 3 to 20."
TEXT = "`seed` must be visible text of 1 to 100 characters."
STYLE = "`style` must be one of these: Sharp, Round, Lines."
PALETTE = f"`palette` must be one of these: {CHOICES_OF_PALETTE}."
PRIVATE = "`private` must be True or False."
GARBLED = "That command could not be read; please type `/mando` again."
KNOWN = "it takes seed, symmetry, rings, style, palette and private."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (option("symmetry", 2), NUMBER),
        (option("symmetry", 21), NUMBER),
        (option("symmetry", -(2**80)), NUMBER),
        (option("rings", 3), "`rings` must be a whole number from 4 to 19."),
        (option("rings", 20), "`rings` must be a whole number from 4 to 19."),
        ({"name": "symmetry", "type": OptionType.INTEGER, "value": 12.0}, NUMBER),
        ({"name": "symmetry", "type": OptionType.INTEGER, "value": "12"}, NUMBER),
        ({"name": "symmetry", "type": OptionType.INTEGER, "value": True}, NUMBER),
        ({"name": "symmetry", "type": OptionType.INTEGER, "value": None}, NUMBER),
        ({"name": "symmetry", "type": OptionType.INTEGER, "value": [12]}, NUMBER),
        ({"name": "symmetry", "type": OptionType.INTEGER}, NUMBER),
        ({"name": "symmetry", "type": OptionType.STRING, "value": 12}, NUMBER),
        ({"name": "symmetry", "type": [OptionType.INTEGER], "value": 12}, NUMBER),
        ({"name": "symmetry", "value": 12}, NUMBER),
        ({"name": "symmetry", "type": 1, "options": []}, NUMBER),
        (option("seed", ""), TEXT),
        (option("seed", " \n\t "), TEXT),
        (option("seed", "\u200b\u2060\u00ad\u3164"), TEXT),
        (option("seed", "\ud800"), TEXT),
        (option("seed", "a" * 101), TEXT),
        ({"name": "seed", "type": OptionType.STRING, "value": 7}, TEXT),
        ({"name": "seed", "type": OptionType.STRING, "value": None}, TEXT),
        ({"name": "seed", "type": OptionType.STRING, "value": {"a": 1}}, TEXT),
        (option("style", "Sharp"), STYLE),
        (option("style", ""), STYLE),
        ({"name": "style", "type": OptionType.STRING, "value": ["fill"]}, STYLE),
        (option("palette", "plaid"), PALETTE),
        ({"name": "palette", "type": OptionType.STRING, "value": 0}, PALETTE),
        ({"name": "private", "type": OptionType.BOOLEAN, "value": 1}, PRIVATE),
        ({"name": "private", "type": OptionType.BOOLEAN, "value": "true"}, PRIVATE),
        ({"name": "private", "type": OptionType.BOOLEAN, "value": None}, PRIVATE),
        (option("colour", "red"), f"`/mando` has no option `colour`; {KNOWN}"),
        (option("Symmetry", 12), f"`/mando` has no option `Symmetry`; {KNOWN}"),
        ({"name": "draw", "type": 1, "options": [option("rings", 9)]}, f"`/mando` has no option `draw`; {KNOWN}"),
        (option("a`\u202e@everyone", 1), f"`/mando` has no option `a'@everyone`; {KNOWN}"),
        (option("", 1), GARBLED),
        (option("\u200b", 1), GARBLED),
        ({"type": OptionType.STRING, "value": "Ada"}, GARBLED),
        ({"name": 3, "type": OptionType.STRING, "value": "Ada"}, GARBLED),
        ({"name": ["seed"], "type": OptionType.STRING, "value": "Ada"}, GARBLED),
        ("seed", GARBLED),
        (None, GARBLED),
        ([], GARBLED),
    ],
)
def test_what_discord_would_never_send_is_refused(given: object, sentence: str) -> None:
    """One clear sentence names the option and says what it takes."""
    assert respond(use(given)) == Immediate(private(sentence))


def test_option_given_twice_is_refused() -> None:
    """Which of the two is meant cannot be known."""
    twice = "`rings` was given twice; please give it once."

    assert respond(use(option("rings", 9), option("rings", 9))) == Immediate(private(twice))


@pytest.mark.parametrize("options", [None, "seed", {"seed": "Ada"}, 3, True])
def test_options_that_are_no_list_are_refused(options: object) -> None:
    """Options are a list, or not there at all."""
    assert respond(use(options=options)) == Immediate(private(GARBLED))


@pytest.mark.parametrize("data", [{}, {"type": 1}, {"name": None}, {"name": 5}, {"name": ["mando"]}])
def test_command_without_a_name_is_not_ours(data: dict[str, Any]) -> None:
    """Data that do not say which command they are of are nobody's."""
    with pytest.raises(NotOurs):
        respond(interaction(2, data))


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("de", "`ringe` muss eine ganze Zahl von 4 bis 19 sein."),
        ("ja", "`輪`には4から19までの整数を入力してください。"),
        ("es-419", "`anillos` debe ser un número entero de 4 a 19."),
        ("ko", "`rings` must be a whole number from 4 to 19."),
    ],
)
def test_refusal_is_in_the_askers_language(locale: str, sentence: str) -> None:
    """The sentence names the option as the asker's Discord does."""
    assert respond(use(option("rings", 99), locale=locale)) == Immediate(private(sentence))


@pytest.mark.parametrize(
    ("stranger", "reason"),
    [
        (use(name="mandala"), "unknown command"),
        (use(name="Mando"), "unknown command"),
        (use(name=""), "unknown command"),
        (use(type=2), "unknown command"),
        (use(name="Draw this"), "unknown command"),
        (use(name="Draw this", type=2), "unknown command"),
        (use(type=3), "unknown command"),
        (use(type="1"), "unknown command"),
        (interaction(3, {"component_type": 3, "custom_id": "1:delete:1:::::::", "values": ["a"]}), "unknown component"),
        (interaction(3, {}), "unknown component"),
        (interaction(4, {"name": "mando"}), "neither a command nor a component nor a modal"),
        (interaction(0, {}), "neither a command nor a component nor a modal"),
    ],
)
def test_what_this_bot_has_not_is_not_ours(stranger: Interaction, reason: str) -> None:
    """Another command, a command of another type, a select menu, autocompletion: not this bot's."""
    with pytest.raises(NotOurs, match=f"^{reason}$"):
        respond(stranger)


# --- buttons


def test_another_keeps_the_options_as_given() -> None:
    """Another is a new message of a new seed with the same options; what was left open stays open."""
    first = mando(seed="Ada Lovelace", symmetry=12)
    another = drawing(press(buttons(first)["Another"]))

    assert another.callback == {"type": 5}
    assert another.recipe == Recipe.of(another.recipe.seed, symmetry=12)
    assert another.recipe.seed != first.recipe.seed
    assert another.options == first.options


def test_another_of_another_is_another() -> None:
    """Each press draws anew, and a press that is delivered twice draws once."""
    pressed = press(buttons(mando())["Another"])

    assert drawing(pressed).recipe == drawing(pressed).recipe
    assert drawing(pressed).recipe != drawing(replace(pressed, token=OTHER_TOKEN)).recipe


def test_another_belongs_to_whoever_pressed() -> None:
    """Anyone may press Another, and may delete what they got."""
    another = drawing(press(buttons(mando())["Another"], user=BENOIT))

    assert isinstance(respond(press(buttons(another)[BIN], user=BENOIT)), Deletion)
    assert isinstance(respond(press(buttons(another)[BIN], user=ADA)), Immediate)


def test_another_of_a_private_one_is_private() -> None:
    """Another mandala is seen by those who saw the first."""
    assert drawing(press(buttons(mando(private=True))["Another"])).callback == {
        "type": 5,
        "data": {"flags": MessageFlag.EPHEMERAL},
    }


def test_delete_is_a_deferred_update() -> None:
    """The asker's press of Delete is acknowledged silently, and the message is to go."""
    assert respond(press(buttons(mando(**FULL))[BIN])) == Deletion({"type": 6})


@pytest.mark.parametrize("user", [BENOIT, "0", ADA[:-1]])
def test_delete_of_anothers_mandala_is_refused(user: str) -> None:
    """Only the asker may delete."""
    not_yours = "Only the person who asked for this mandala can delete it."

    assert respond(press(buttons(mando())[BIN], user=user)) == Immediate(private(not_yours))


@pytest.mark.parametrize("seed", ["Ada Lovelace", "a:b::c", ":", "~", "漢" * 100, "🎲" * 100, "~" + "A" * 22])
@pytest.mark.parametrize("options", [{}, FULL, {**FULL, "private": True}], ids=["open", "full", "private"])
def test_try_again_repeats_the_recipe(seed: str, options: dict[str, Any]) -> None:
    """Try again draws the very same picture into the same message, and whose it is does not change."""
    first = mando(seed=seed, **options)
    again = drawing(press(buttons(first)["Try again"], user=BENOIT))

    assert again.callback == {"type": 6}
    assert again.recipe.digest == first.recipe.digest
    assert again.options == first.options


@pytest.mark.parametrize(
    ("custom_id", "button"),
    [
        (f"1:delete:{ADA}::::::", Button(DELETE, Options(ADA))),
        (f"1:another:{ADA}:12::fill::p:", Button(ANOTHER, Options(ADA, symmetry=12, style="fill", private=True))),
        (
            f"1:retry:{ADA}::19::ocean::Ada Lovelace",
            Button(RETRY, Options(ADA, rings=19, palette="ocean"), "Ada Lovelace"),
        ),
    ],
)
def test_buttons_of_old_messages_still_work(custom_id: str, button: Button) -> None:
    """What version 1.0.0 wrote is read for good, and written no other way: messages outlive every version."""
    assert Button.read(custom_id) == button
    assert button.custom_id == custom_id


@pytest.mark.parametrize(("more", "carried"), [(0, str), (1, fingerprint)])
def test_custom_id_has_100_characters(more: int, carried: Callable[[str], str]) -> None:
    """A seed that fills the custom_id to its last character is carried as it is."""
    seed = "a" * (100 - len(Button(RETRY, LONGEST).custom_id) + more)

    assert Button.read(Button(RETRY, LONGEST, seed).custom_id).seed == carried(seed)


def test_long_seed_travels_as_its_fold() -> None:
    """A seed that does not fit beside its options is carried as a short name of the same picture."""
    seed = normalise("🎲" * 100)

    assert Button.read(Button(RETRY, LONGEST, seed).custom_id) == Button(RETRY, LONGEST, fingerprint(seed))
    assert Button.read(Button(RETRY, LONGEST, "Ada Lovelace").custom_id) == Button(RETRY, LONGEST, "Ada Lovelace")


@example(seed="🎲" * 30)  # fits by code points, not by UTF-16
@given(seed=st.text(st.characters(exclude_categories=()), max_size=100).filter(normalise))
def test_custom_id_has_room_for_any_seed(seed: str) -> None:
    """No custom_id is longer than 100 characters, counted as UTF-16, as code points or folded; all can be sent."""
    recipe = LONGEST.recipe(seed)
    shown = picture(recipe, LONGEST, "en-GB", "https://example.org/1.png")

    for custom_id in [*custom_ids(shown).values(), *custom_ids(failure(recipe, LONGEST, "en-GB")).values()]:
        assert len(custom_id.encode("utf-16-le")) // 2 <= LENGTH


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "another",
        f"0:another:{ADA}::::::",
        f"2:another:{ADA}::::::",
        f"1:dance:{ADA}::::::",
        f"1:another:{ADA}:::::",
        "1:another:::::::",
        "1:another:ada::::::",
        f"1:another:{ADA}:2:::::",
        f"1:another:{ADA}:٣:::::",
        f"1:another:{ADA}::99::::",
        f"1:another:{ADA}:::plaid:::",
        f"1:another:{ADA}::::plaid::",
        f"1:another:{ADA}:::::q:",
        f"1:retry:{ADA}::::::",
        f"1:retry:{ADA}:::::: \u200b",
        f"1:retry:{ADA}::::::a\nb",
        f"1:edit:{ADA}::99::::Ada",
        f"1:delete:{ADA}",
        f"1:delete:{'1' * 21}::::::",
        None,
        7,
        ["1"],
        {},
    ],
)
def test_tampered_or_outdated_button_is_refused(custom_id: object) -> None:
    """A button that cannot be understood says how to go on."""
    outdated = "This button no longer works; type `/mando` for a new mandala."

    assert respond(press(custom_id)) == Immediate(private(outdated))


# --- anything


def valid(kind: int, data: dict[str, Any]) -> dict[str, Any]:
    member = {"user": {"id": ADA}}
    return {"type": kind, "id": "1300000000000000000", "token": "t", "locale": "de", "member": member, "data": data}


USE = {"name": "mando", "type": 1, "options": [option("seed", "Ada"), *(option(*item) for item in FULL.items())]}
PRESS = {"component_type": 2, "custom_id": f"1:retry:{ADA}:12:::::Ada"}
EDIT = {**PRESS, "custom_id": f"1:edit:{ADA}:12:::::{fingerprint('Ada')}"}
near_embeds = st.builds(lambda text: [{"footer": {"text": text}}], any_json | st.text(max_size=200) | st.just("`Ada`"))
near_options = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from([*FULL, "seed", "private"]) | any_json, "value": any_json},
        optional={"type": st.sampled_from([3, 4, 5]) | any_json},
    ),
    max_size=3,
)
near_custom_ids = st.from_regex(rf"1:({'|'.join(ACTIONS)}):[0-9]{{1,20}}(:[0-9a-z_]{{0,2}}){{5}}:.*", fullmatch=True)
payloads = st.one_of(
    st.builds(lambda key, value: {**valid(2, USE), key: value}, st.sampled_from(["data", "member", "user"]), any_json),
    st.builds(lambda key, value: valid(2, {**USE, key: value}), st.sampled_from([*USE]), any_json),
    st.builds(lambda options: valid(2, {**USE, "options": options}), near_options),
    st.builds(lambda key, value: valid(3, {**PRESS, key: value}), st.sampled_from([*PRESS]), any_json),
    st.builds(lambda custom_id: valid(3, {**PRESS, "custom_id": custom_id}), near_custom_ids),
    st.builds(lambda embeds: {**valid(3, EDIT), "message": {"embeds": embeds}}, near_embeds | any_json),
    st.builds(
        lambda key, value: {**valid(3, PRESS), key: value}, st.sampled_from(["data", "member", "type"]), any_json
    ),
)


@given(payload=payloads)
def test_any_json_gets_an_answer(payload: dict[str, Any]) -> None:
    """Whatever JSON stands anywhere, the end is a drawing, a deletion or a reason; and all of it can be sent."""
    try:
        response = respond(parse(json.dumps(payload).encode()))
    except (NotOurs, NotAnInteraction) as reason:
        answers: list[object] = [str(reason)]
    else:
        answers = [response.callback]
        if isinstance(response, Drawing):
            answers += [picture(response.recipe, response.options, response.locale, URL), response.failure()]
    assert json.dumps(answers, ensure_ascii=False).encode()
