"""The message box with another's bot: its commands and subcommands, every type of option, and what it suggests."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from browser.bot import SLOW, another
from browser.conftest import DESK, opened
from browser.steps import PHONE, box, cause, last, offers
from fakes.discord.options import unnested
from fakes.discord.payloads import CHANNEL, USERS
from playground.page import open_page
from playground.session import Session

ALL = ["/greetSay hello", "/tea findThe find", "/tea leaf buyThe buy", "/tea leaf countThe count", "/frameFrame it"]


@pytest.fixture(scope="module")
def theirs() -> Iterator[Session]:
    with another() as session:
        yield session


@pytest.fixture(scope="module")
def there(theirs: Session) -> Iterator[str]:
    with open_page(theirs) as server:
        yield server.url


@pytest.fixture
def bot(desk: Page, theirs: Session, there: str) -> Iterator[Page]:
    """The page on a desk, with another's bot behind it."""
    desk.set_viewport_size(DESK)
    with opened(desk, theirs, there):
        yield desk


def sent(session: Session) -> dict[str, Any]:
    """Return the data of what was sent last."""
    data: dict[str, Any] = session.services.discord.interactions[-1].payload["data"]
    return data


def values(session: Session) -> dict[str, Any]:
    return {each["name"]: each["value"] for each in unnested(sent(session))[1]}


def note(page: Page) -> Any:  # noqa: ANN401 - a locator
    return page.locator("#picker-note")


# Commands


def test_every_command_is_listed(bot: Page) -> None:
    """A slash lists each command with its description, a subcommand as an entry of its own."""
    bot.keyboard.type("/")

    expect(offers(bot)).to_have_text(ALL)


def test_commands_are_filtered(bot: Page) -> None:
    """What is typed leaves those that begin with it, in the chosen language, whatever its case and accents."""
    bot.get_by_label("Language").select_option("de")
    box(bot).click()
    bot.keyboard.type("/TEE leaf b")

    expect(offers(bot)).to_have_text(["/tée leaf buyThe buy"])


@pytest.mark.parametrize(
    ("typed", "path", "shown"),
    [
        ("/tea leaf buy grams:2.5 note:for two", ["leaf", "buy"], "/tea leaf buy grams:2.5 note:for two"),
        ("/tea leaf buy grams: 2", ["leaf", "buy"], "/tea leaf buy grams:2"),
        ("/tea find for:ada", ["find"], "/tea find for:@Ada"),
        ("/greet who:@Benoit where:#general", [], "/greet who:@Benoit where:#general"),
    ],
)
def test_pasted_command(bot: Page, theirs: Session, typed: str, path: list[str], shown: str) -> None:
    """A command is understood as it is written, sent as Discord nests it, and shown so that it can be written again."""
    for text in (typed, shown):
        bot.keyboard.insert_text(text)
        bot.keyboard.press("Enter")
        expect(bot.locator("#draft .slash")).to_have_count(0)
        expect(cause(bot)).to_contain_text(f"used {shown}")
        assert unnested(sent(theirs))[0] == path

    expect(bot.get_by_role("article")).to_have_count(2)


def test_up_brings_a_subcommand_back(bot: Page) -> None:
    """Up writes the last command again with its group and its options, whichever it was."""
    bot.keyboard.insert_text("/tea leaf buy grams:2.5 note:fresh")
    bot.keyboard.press("Enter")
    expect(last(bot)).to_contain_text("Done")
    bot.keyboard.press("ArrowUp")

    expect(bot.locator("#draft .slash")).to_have_text("/tea leaf buy")
    expect(bot.get_by_role("combobox", name="grams")).to_have_value("2.5")
    expect(bot.get_by_role("combobox", name="note")).to_have_value("fresh")


def test_subcommand_by_mouse(bot: Page) -> None:
    """A subcommand is picked from the list, and its options follow."""
    bot.keyboard.type("/tea")
    offers(bot).filter(has_text="leaf buy").click()

    expect(offers(bot)).to_have_text(["gramsThe grams", "noteThe note"])


def test_subcommand_by_keys(bot: Page, theirs: Session) -> None:
    """Enter takes what is written, and sends it when nothing more is asked for."""
    bot.keyboard.type("/tea leaf count")
    bot.keyboard.press("Enter")
    expect(bot.locator("#draft .slash")).to_have_text("/tea leaf count")
    bot.keyboard.press("Enter")

    expect(cause(bot)).to_contain_text("used /tea leaf count")
    assert unnested(sent(theirs)) == (["leaf", "count"], [])


# Options


def test_people_and_the_channel_are_chosen(bot: Page, theirs: Session) -> None:
    """A person and the channel are choices; the payload has their ids, and resolves them."""
    bot.keyboard.type("/greet who:")
    expect(offers(bot)).to_have_text(["@Ada", "@Benoit"])
    bot.keyboard.type("ben")
    bot.keyboard.press("Enter")
    bot.keyboard.type("where:")
    offers(bot).filter(has_text="#general").click()
    bot.keyboard.press("Enter")

    expect(cause(bot)).to_contain_text("/greet who:@Benoit where:#general")
    benoit = USERS["benoit"]["id"]
    assert values(theirs) == {"who": benoit, "where": CHANNEL}
    assert sent(theirs)["resolved"].keys() == {"users", "members", "channels"}


def test_optional_file_is_not_offered(bot: Page) -> None:
    """What the page cannot send is left out, and there are no roles to choose."""
    bot.keyboard.type("/greet ")
    expect(offers(bot)).to_have_text(["whoThe who", "whereThe where", "roleThe role"])
    bot.keyboard.type("who:Ada role:x")
    bot.keyboard.press("Enter")

    expect(bot.get_by_role("status")).to_have_text("role: there is none here to choose")


def test_required_file_is_told(bot: Page) -> None:
    """A command that needs a file cannot be sent from here, and the page says so."""
    bot.keyboard.type("/frame ")
    bot.keyboard.press("Enter")

    expect(bot.get_by_role("status")).to_have_text("picture: this page cannot send files")
    expect(bot.get_by_role("article")).to_have_count(0)


@pytest.mark.parametrize("text", ["0.1", "many", "1e3"])
def test_number_out_of_range_is_told(bot: Page, text: str) -> None:
    """A number has its decimals, and the range of its definition."""
    bot.keyboard.type(f"/tea leaf buy grams:{text}")
    bot.keyboard.press("Enter")

    expect(bot.get_by_role("status")).to_have_text("grams: a number from 0.5")


# Suggestions


def test_suggestion_is_picked(bot: Page, theirs: Session) -> None:
    """In a pause the function is asked, and its choice is sent with the value that belongs to its name."""
    bot.keyboard.type("/tea find from:")
    expect(offers(bot)).to_have_text(["Assam", "Darjeeling", "Uji"])
    bot.keyboard.type("da")
    expect(offers(bot)).to_have_text(["Darjeeling"])
    bot.keyboard.press("Enter")
    expect(bot.get_by_role("combobox", name="from")).to_have_value("Darjeeling")
    bot.keyboard.press("Enter")

    expect(last(bot)).to_contain_text("Done")
    assert values(theirs) == {"from": "city:darjeeling"}


def test_words_of_ones_own_are_sent(bot: Page, theirs: Session) -> None:
    """Suggestions oblige to nothing: what none of them is called is sent as it was typed."""
    bot.keyboard.type("/tea find from:my garden")
    expect(note(bot)).to_have_text("No options match your search")
    bot.keyboard.press("Enter")

    expect(last(bot)).to_contain_text("Done")
    assert values(theirs) == {"from": "my garden"}


def test_number_is_suggested_by_name(bot: Page, theirs: Session) -> None:
    """An integer may be suggested under a name that is none, and is sent as the number."""
    bot.keyboard.type("/tea find cups:")
    offers(bot).filter(has_text="4 cups of tea").click()
    bot.keyboard.press("Enter")

    expect(last(bot)).to_contain_text("Done")
    assert values(theirs) == {"cups": 4}


def test_stale_suggestions_are_dropped(bot: Page) -> None:
    """An answer that comes after something else was typed is not shown."""
    with bot.expect_request(lambda each: '"from":"U"' in (each.post_data or "")):
        bot.keyboard.type("/tea find from:U")
    bot.keyboard.press("Backspace")
    bot.keyboard.type("a")
    expect(offers(bot)).to_have_text(["Assam"])
    bot.wait_for_timeout(1000 * SLOW)

    expect(offers(bot)).to_have_text(["Assam"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("broken", "Loading options failed: the answer was 500"),
        ("many", "Loading options failed: 400/50035 Invalid Form Body; choices: Must be 25 or fewer in length."),
    ],
)
def test_failure_to_suggest_is_told(bot: Page, theirs: Session, typed: str, told: str) -> None:
    """What Discord would not show is told in words, and is no entry of the channel."""
    bot.keyboard.type(f"/tea find from:{typed}")

    expect(note(bot)).to_have_text(told)
    expect(bot.get_by_role("article")).to_have_count(0)
    assert not theirs.services.discord.interactions


# Sending


@pytest.fixture
def held(bot: Page) -> Iterator[list[Route]]:
    """Commands that have been sent and have not arrived: let them go on, or fail."""
    routes: list[Route] = []
    bot.route("**/api/use", lambda route: routes.append(route))  # noqa: PLW0108 - playwright marks what it is given
    yield routes
    bot.unroute("**/api/use")


def send(page: Page) -> None:
    with page.expect_request("**/api/use"):
        page.keyboard.press("Enter")


def test_box_is_free_at_once(bot: Page, held: list[Route]) -> None:
    """What is typed while a command is on its way stays."""
    bot.keyboard.insert_text("/tea leaf count ")
    send(bot)
    bot.keyboard.type("and now")
    held.pop().continue_()

    expect(last(bot)).to_contain_text("Done")
    expect(box(bot)).to_have_value("and now")


def test_unsent_draft_comes_back(bot: Page, held: list[Route]) -> None:
    """What could not be sent stands in the box again."""
    bot.keyboard.insert_text("/tea leaf buy grams:2")
    send(bot)
    expect(bot.get_by_role("combobox", name="grams")).to_have_count(0)
    held.pop().abort()

    expect(bot.get_by_role("status")).to_have_text("Not sent")
    expect(bot.get_by_role("combobox", name="grams")).to_have_value("2")
    expect(bot.get_by_role("combobox", name="grams")).to_be_focused()


def test_unsent_draft_waits(bot: Page, held: list[Route]) -> None:
    """When something else has been typed by then, what could not be sent waits for Up."""
    bot.keyboard.insert_text("/tea leaf buy grams:2")
    send(bot)
    bot.keyboard.type("x")
    held.pop().abort()
    expect(bot.get_by_role("status")).to_have_text("Not sent: in the empty box, Up brings it back")
    expect(box(bot)).to_have_value("x")
    bot.keyboard.press("Backspace")
    bot.keyboard.press("ArrowUp")

    expect(bot.get_by_role("combobox", name="grams")).to_have_value("2")


def test_remark_goes(browser: Browser, there: str) -> None:
    """That nobody reads plain words is said until the next key, or for some seconds."""
    with browser.new_context(viewport=DESK) as context:  # of its own: a clock that was put forward stays so
        page = context.new_page()
        page.clock.install()
        page.goto(there)
        leaves: list[Callable[[], object]] = [lambda: page.keyboard.press("Shift"), lambda: page.clock.run_for(8000)]
        for leave in leaves:
            box(page).click()
            page.keyboard.type("hello")
            page.keyboard.press("Enter")
            expect(page.get_by_role("status")).to_contain_text("type /")
            leave()
            expect(page.get_by_role("status")).to_have_text("")


def test_placeholder_fits(bot: Page) -> None:
    """On a phone the box says the same in fewer words."""
    expect(box(bot)).to_have_attribute("placeholder", "Message #general (type / for commands)")
    bot.set_viewport_size(PHONE)

    expect(box(bot)).to_have_attribute("placeholder", re.compile(r"^Message #general \(type /\)$"))
