"""What others' bots answer with, on the page: components, selects, links, follow-ups and forms of rows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from test_other_bots import BOT

from browser.conftest import DESK, opened
from browser.steps import box, cause, last, view
from playground.__main__ import parse
from playground.page import open_page
from playground.session import Session, open_foreign


@pytest.fixture(scope="module")
def bot() -> Iterator[Session]:
    arguments, _ = parse(["--run", BOT])
    with open_foreign(arguments, lambda _: None) as session:
        yield session


@pytest.fixture(scope="module")
def bots_address(bot: Session) -> Iterator[str]:
    with open_page(bot) as server:
        yield server.url


@pytest.fixture
def page(desk: Page, bot: Session, bots_address: str) -> Iterator[Page]:
    desk.set_viewport_size(DESK)  # another file's test may have left it narrow
    with opened(desk, bot, bots_address):
        yield desk


@pytest.fixture
def thumb(phone: Page, bot: Session, bots_address: str) -> Iterator[Page]:
    with opened(phone, bot, bots_address):
        yield phone


def test_components_are_shown(page: Page, bot: Session) -> None:
    """A text with its heading, a picture that was sent with it, a link that opens elsewhere."""
    bot.use({}, "menu")
    menu = last(page)

    expect(menu).to_contain_text("Tea")
    expect(menu.get_by_role("button", name="A dot (opens large)").locator("img")).to_have_js_property("naturalWidth", 1)
    expect(menu.get_by_role("link", name="About tea")).to_have_attribute("target", "_blank")


def test_select_by_mouse(page: Page, bot: Session) -> None:
    """A click opens the list, another chooses, and the answer comes."""
    bot.use({}, "menu")
    page.get_by_text("Choose a tea").click()
    page.get_by_role("button", name="Mint").click()

    expect(last(page)).to_contain_text("tea: mint")
    expect(cause(page)).to_contain_text("Choose a tea")


def test_select_by_thumb(thumb: Page, bot: Session) -> None:
    """A tap opens the list, another chooses."""
    bot.use({}, "menu")
    thumb.get_by_text("Choose a tea").tap()
    thumb.get_by_role("button", name="Green tea").tap()

    expect(last(thumb)).to_contain_text("tea: green")


def test_select_by_keyboard(page: Page, bot: Session) -> None:
    """Enter opens the list, Escape closes it, and the focus is where it was."""
    bot.use({}, "menu")
    tea = page.get_by_text("Choose a tea")
    tea.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Mint")).to_be_hidden()
    expect(tea).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(last(page)).to_contain_text("tea: mint")


def test_several_are_sent_together(page: Page, bot: Session) -> None:
    """Where more than one can be chosen they are ticked, and sent when that is done."""
    bot.use({}, "menu")
    page.get_by_text("For whom").click()
    page.get_by_role("checkbox", name="Ada").check()
    page.get_by_role("checkbox", name="Benoit").check()
    page.get_by_role("button", name="Done").click()

    expect(last(page)).to_contain_text("for: ada, benoit")


def test_button_is_free_once_it_is_acknowledged(page: Page, bot: Session) -> None:
    """A deferred update (type 6) shows nothing, as in Discord: not even that anything is waited for."""
    bot.use({}, "menu")
    none = last(page).get_by_role("button", name="No tea")
    none.click()
    view(page, "Wire")
    expect(page.locator("#wire")).to_contain_text("the press is acknowledged, which shows nothing")

    expect(none).not_to_have_attribute("aria-busy", "true")


def test_form_of_rows(page: Page, bot: Session) -> None:
    """A modal without labels is filled in as one with them."""
    bot.use({}, "menu")
    page.get_by_role("button", name="Order", exact=True).click()
    page.get_by_role("textbox", name="Your name").fill("Grace")
    page.keyboard.press("Enter")

    expect(last(page)).to_contain_text("For Grace")


def test_follow_ups_are_messages(page: Page, bot: Session) -> None:
    """The first takes the place of "thinking…", the second stands below and says what it follows."""
    bot.use({}, "later")

    expect(page.get_by_role("article")).to_have_count(2)
    expect(last(page)).to_contain_text("And a biscuit.")
    expect(cause(page)).to_contain_text("was followed up after /later")


def test_notes_and_what_is_not_played(page: Page, bot: Session) -> None:
    """The wire says what Discord only ignores, what was a race, and in red which route is not played here."""
    bot.use({}, "hasty")
    view(page, "Wire")
    wire = page.locator("#wire")

    expect(wire).to_contain_text("Noted: a race")
    expect(wire).to_contain_text("Noted: data.colour")
    expect(page.locator("#unplayed .refused")).to_contain_text("does not play GET /api/v10/channels/")
    wire.get_by_text("the signed request").click()
    expect(wire).to_contain_text("Signature: valid")


def test_bot_has_its_own_name(page: Page, bot: Session) -> None:
    """What it says is not mando's."""
    bot.use({}, "hello")

    expect(last(page).locator("header .name")).to_have_text(bot.services.discord.rules.name)


def test_command_opens_a_form(page: Page) -> None:
    """A command may be answered with a form; when that is closed the message box has the focus again."""
    page.keyboard.type("/order")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Your name")).to_be_focused()
    page.keyboard.press("Escape")
    expect(box(page)).to_be_focused()

    page.keyboard.type("/order ")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Your name").fill("Grace")
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text("For Grace")


def test_private_follow_up_is_dismissed(page: Page, bot: Session) -> None:
    """A further message that only its asker can see goes as the first one would."""
    bot.use({}, "later")
    expect(last(page)).to_contain_text("And a biscuit.")
    page.get_by_role("button", name="Dismiss message").click()

    expect(page.get_by_role("article")).to_have_count(1)
    expect(last(page)).to_contain_text("Here you are.")


def test_commands_are_listed_under_the_bots_name(page: Page, bot: Session) -> None:
    """The list says whose commands they are."""
    page.keyboard.type("/")

    expect(page.get_by_role("listbox", name=bot.services.discord.rules.name)).to_be_visible()


def test_menu_without_commands(page: Page, bot: Session) -> None:
    """Where the bot has no command for a message its menu says so, and Escape closes it."""
    bot.use({}, "hello")
    more = last(page).get_by_role("button", name="More")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu")).to_contain_text("no command")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    expect(page.get_by_role("menu")).to_be_hidden()
    expect(more).to_be_focused()


def test_answer_at_once_is_heard(page: Page, bot: Session) -> None:
    """A screen reader hears an answer that was there as soon as its command, and what follows it."""
    bot.use({}, "hello")
    expect(page.locator("#told")).to_have_text(f"{bot.services.discord.rules.name}: Hello!")
    bot.use({}, "later")
    expect(last(page)).to_contain_text("And a biscuit")
    expect(page.locator("#told")).to_have_text(re.compile("And a biscuit|: And"))
