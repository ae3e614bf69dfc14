"""Others' bots in the playground: answers inline, follow-ups, selects, and what they ask for in vain."""

import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from discord_enums import ComponentType
from fakes import Services, command
from fakes.discord import limits, modal
from fakes.discord.modal import Unsendable
from fakes.discord.rules import RACE, Interaction
from fakes.function import ROOT, DoesNotStart, Function, Program
from playground import channel, foreign, verdicts
from playground.__main__ import parse
from playground.session import Session, Unknown, open_foreign

BOT = f"{shlex.quote(sys.executable)} {shlex.quote(str(Path(__file__).with_name('other_bot.py')))} {{api}}"


@pytest.fixture(scope="module")
def bot() -> Iterator[Session]:
    """A playground in which somebody else's bot is played."""
    arguments, _ = parse(["--run", BOT])
    with open_foreign(arguments, lambda _: None) as session:
        yield session


def test_commands_are_those_that_it_registers(bot: Session) -> None:
    """Taken as they are registered on start, with any token."""
    assert [each["name"] for each in bot.slash] == ["hello", "menu", "later", "hasty", "order"]


def test_answer_inline(bot: Session) -> None:
    """A message in the answer itself is shown at once, and nothing is objected to."""
    sent = bot.use({}, "hello").wait()

    assert (sent.status, sent.original.content, sent.refusals, sent.notes) == (200, "Hello!", [], [])


def test_answer_inline_with_a_file(bot: Session) -> None:
    """A multipart answer brings its files, which its components show."""
    sent = bot.use({}, "menu").wait()

    assert sent.refusals == sent.notes == []
    assert bot.picture(sent.original.id).data.startswith(b"\x89PNG")
    assert sent.original.text == "# Tea\nWhat will you have?"


def test_follow_ups(bot: Session) -> None:
    """The first takes the place of "thinking…", the second is a message of its own, edited by its id."""
    sent = bot.use({}, "later").wait()
    deadline = time.monotonic() + 5
    while not (sent.follow_ups and sent.follow_ups[0].edits > 1) and time.monotonic() < deadline:
        time.sleep(0.01)

    assert (sent.original.content, sent.original.thinking) == ("Here you are.", False)
    (second,) = sent.follow_ups
    assert (second.content, second.private) == ("And a biscuit.", True)
    assert bot.news()[second.id]["of"] == sent.id


def test_edit_before_the_answer_is_a_race(bot: Session) -> None:
    """It is 404, as in life, and called what it is; the answer stands."""
    sent = bot.use({}, "hasty").wait()

    assert [each.status for each in sent.exchanges if each.kind == "edit"] == [404]
    assert RACE in sent.notes
    assert sent.original.content == "In time."


def test_unknown_field_is_no_refusal(bot: Session) -> None:
    """Discord ignores it; it is noted."""
    sent = bot.use({}, "hasty").wait()

    assert any(each.startswith("data.colour: ") for each in sent.notes)
    assert not any("data.colour" in each for each in sent.refusals)


def test_what_is_not_played_is_named(bot: Session) -> None:
    """A route of Discord's that is unknown here is 501, and the page hears which."""
    sent = bot.use({}, "hasty").wait()

    assert f"GET /api/v10/channels/{sent.payload['channel_id']}/messages" in " ".join(bot.news()["unplayed"])


@pytest.mark.parametrize(
    ("custom_id", "values", "told"), [("tea", ["mint"], "tea: mint"), ("for", ["1300000000000000401"], "for: benoit")]
)
def test_select_is_chosen_from(bot: Session, custom_id: str, values: list[str], told: str) -> None:
    """What is chosen arrives as Discord sends it: values, and whom they name."""
    message = bot.use({}, "menu").wait().original

    assert bot.press(message.id, custom_id, values).wait().original.content == told


@pytest.mark.parametrize("values", [["coffee"], [], ["green", "mint"]])
def test_client_sends_only_what_a_select_offers(bot: Session, values: list[str]) -> None:
    """Neither another value, nor too few or too many."""
    message = bot.use({}, "menu").wait().original

    with pytest.raises(Unsendable):
        bot.press(message.id, "tea", values)


def test_select_is_not_pressed(bot: Session) -> None:
    """A select without values, or a button with some, is nothing that a client sends."""
    message = bot.use({}, "menu").wait().original

    with pytest.raises(Unknown):
        bot.press(message.id, "tea")
    with pytest.raises(Unknown):
        bot.press(message.id, "order", ["x"])


def test_form_of_rows_is_sent_back_in_rows(bot: Session) -> None:
    """A modal laid out as before there were labels is submitted in that layout."""
    opened = bot.press(bot.use({}, "menu").wait().original.id, "order").wait()

    assert bot.submit(opened.id, {"name": "Ada"}).wait().original.content == "For Ada"


def test_pressed_message_is_whole(bot: Session) -> None:
    """What was pressed on tells where and when it was written, and by whom."""
    pressed = bot.press(bot.use({}, "menu").wait().original.id, "order").payload["message"]

    assert pressed["channel_id"] == bot.services.discord.interactions[-1].payload["channel_id"]
    assert pressed["timestamp"].endswith("+00:00")
    assert pressed["author"]["username"] == bot.services.discord.rules.name


def test_wire_states_the_signatures_verdict(bot: Session) -> None:
    """Computed from the bytes that were sent."""
    good, forged = bot.use({}, "hello").wait(), bot.send(command(name="hello"), "forged").wait()

    assert [signature(bot, each) for each in (good, forged)] == [True, False]


def signature(session: Session, sent: Interaction) -> bool:
    told: bool = channel.wire(session.services, session.function, sent)["exchanges"][0]["signature"]
    return told


def test_in_a_terminal() -> None:
    """`--once` plays the first command, and says what came of it."""
    ended = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "playground", "--run", BOT, "--once"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (ended.returncode, "the bot" in ended.stdout, "Hello!" in ended.stdout) == (0, True, True)


def test_faults_of_a_bot_that_calls_nobody() -> None:
    """What it never meets is said to be so; all the rest is right."""
    ended = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "playground", "--run", BOT, "--faults", "signature"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout
    assert "0 not" in ended.stdout


# --- What Discord refuses of components


def text(content: str = "x") -> dict[str, object]:
    return {"type": 10, "content": content}


def row(*components: dict[str, object]) -> dict[str, object]:
    return {"type": 1, "components": list(components)}


SELECT: dict[str, object] = {"type": 5, "custom_id": "whom"}
ALONE = {"flags": 1 << 15}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"components": [text()]}, "components.0.type"),
        ({**ALONE, "components": [text()], "content": "x"}, "content"),
        ({**ALONE, "components": [text()] * 41}, "components"),
        ({**ALONE, "components": [{"type": 17, "components": [text()] * 40}]}, "components"),
        ({**ALONE, "components": [text("x" * 2001)] * 2}, "components"),
        ({**ALONE, "components": [{"type": 9, "components": [text()]}]}, "components.0.accessory"),
        ({"components": [row(SELECT, {**SELECT, "custom_id": "b"})]}, "components.0.components"),
        ({"components": [row(SELECT), row(SELECT)]}, "components.1.components.0.custom_id"),
        (
            {"components": [row({"type": 3, "custom_id": "a", "options": [{"label": "x", "value": "x"}] * 2})]},
            "components.0.components.0.options",
        ),
    ],
)
def test_components_beyond_a_limit_are_refused(body: dict[str, object], path: str) -> None:
    """Each is named by its path."""
    assert path in [".".join(map(str, each.path)) for each in limits.follow_up(body)]


@pytest.mark.parametrize("components", [[text(), {"type": 14}], [row(SELECT)], [{"type": 17, "components": [text()]}]])
def test_components_are_taken(components: list[dict[str, object]]) -> None:
    """What a message of components alone may have."""
    assert limits.follow_up({**ALONE, "components": components}) == []


def test_row_of_a_modal_needs_its_labels() -> None:
    """Outside of a label a text input has its own."""
    rows = [row({"type": ComponentType.TEXT_INPUT, "custom_id": "a", "style": 1})]
    body = {"type": 9, "data": {"custom_id": "a", "title": "a", "components": rows}}

    assert [each.path[-1] for each in modal.flaws(body)] == ["label"]


# --- What bots and their frameworks ask for when they start


@pytest.mark.parametrize("path", ["/users/@me", "/applications/@me", "/oauth2/applications/@me"])
def test_bot_learns_who_it_is(services: Services, path: str) -> None:
    """By its token, or by that of client credentials."""
    token = requests.post(
        services.discord.url.replace("/v10", "/oauth2/token"),
        {"grant_type": "client_credentials", "scope": "applications.commands.update"},
        auth=(services.app_id, "secret"),
        timeout=5,
    ).json()["access_token"]
    answer = requests.get(services.discord.url + path, headers={"Authorization": f"Bearer {token}"}, timeout=5)

    assert (answer.json()["id"], "X-RateLimit-Remaining" in answer.headers) == (services.app_id, True)


def test_credentials_of_another_are_refused(services: Services) -> None:
    """As OAuth words it."""
    answer = requests.post(
        f"{services.discord.url}/oauth2/token", {"grant_type": "client_credentials"}, auth=("1", "s"), timeout=5
    )

    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


def test_command_is_patched(services: Services) -> None:
    """A PATCH changes what it names, and keeps the rest."""
    url, headers = f"{services.discord.url}/applications/{services.app_id}/commands", {}
    headers["Authorization"] = f"Bot {services.discord.api.bot_token}"
    made = requests.post(url, json={"name": "tea", "description": "Drink"}, headers=headers, timeout=5).json()
    requests.patch(f"{url}/{made['id']}", json={"description": "Brew"}, headers=headers, timeout=5)

    assert services.discord.api.commands[None] == [{**made, "description": "Brew"}]


def test_command_is_renamed(services: Services) -> None:
    """A PATCH of its name leaves it the same command, with its id; what is no object is refused."""
    url = f"{services.discord.url}/applications/{services.app_id}/commands"
    headers = {"Authorization": f"Bot {services.discord.api.bot_token}"}
    made = requests.post(url, json={"name": "tea", "description": "Drink"}, headers=headers, timeout=5).json()
    changes: tuple[object, ...] = ({"name": "coffee"}, [])
    answers = [requests.patch(f"{url}/{made['id']}", json=each, headers=headers, timeout=5) for each in changes]

    assert [each.status_code for each in answers] == [200, 400]
    assert services.discord.api.commands[None] == [{**made, "name": "coffee"}]


@pytest.mark.parametrize("command", ["no-such-program", 'unclosed "'])
def test_registration_that_cannot_start_is_told(command: str, services: Services) -> None:
    """A --register that is no command ends with what is wrong with it."""
    arguments, _ = parse(["--run", BOT, "--register", command])

    with pytest.raises(foreign.Trouble, match="--register"):
        foreign.register(arguments, services, Function({}, lambda _: None))


def test_program_with_an_open_quotation_does_not_start() -> None:
    """A --run whose quotation does not close is told as one that does not start."""
    with pytest.raises(DoesNotStart, match="quotation"):
        Function({}, lambda _: None, Program('unclosed "')).start()


def test_subcommand_without_options_can_be_played() -> None:
    """Discord's JSON may leave its options out."""
    assert verdicts.used({}, {"type": 1, "name": "sub", "description": "x"}) == {}


@pytest.mark.parametrize("limits", [{"max_length": 4}, {"min_length": 20}])
def test_text_that_is_made_up_is_within_its_limits(limits: dict[str, int]) -> None:
    """What stands for a required option is as long as Discord's own box would let it be."""
    made = str(verdicts.used({}, {"options": [{"type": 3, "name": "a", "required": True, **limits}]})["a"])

    assert limits.get("min_length", 0) <= len(made) <= limits.get("max_length", 6000)


def test_picture_of_an_odd_address_is_gone(bot: Session) -> None:
    """An address that nobody can fetch is a picture that is not there, as one that is gone."""
    url = "http://127.0.0.1/a b.png"
    message = bot.services.discord.rules.say({"username": "ada"}, "x")
    message.body = {"embeds": [{"image": {"url": url}}]}

    assert bot.picture(message.id, url).status_code == 502
