"""The context menu and the modals: by mouse, by thumb and by keyboard alone."""

import re

import pytest
from playwright.sync_api import CDPSession, Locator, Page, Route, expect

from browser.steps import PHONE, box, cause, expect_picture, last, place, use
from playground.session import Session

LONG = 700  # ms that a thumb rests


def modal(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Edit")


def item(page: Page, name: str) -> Locator:
    return page.get_by_role("menuitem", name=name)


def say(page: Page, words: str) -> None:
    box(page).fill(words)
    page.keyboard.press("Enter")
    expect(last(page)).to_contain_text(words)


def hold(page: Page, element: Locator) -> None:
    """Rest a thumb on an element."""
    at = place(element)
    finger = {"x": at["x"] + at["width"] / 2, "y": at["y"] + at["height"] / 2}
    hand: CDPSession = page.context.new_cdp_session(page)
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    page.wait_for_timeout(LONG)
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


# Right click


def test_message_by_right_click(page: Page) -> None:
    """A right click on somebody's words offers what the bot can do with them."""
    say(page, "good tea")
    last(page).get_by_text("good tea").click(button="right")
    item(page, "Draw this").click()

    expect_picture(last(page))
    expect(cause(page)).to_contain_text("ada used Draw this")
    expect(last(page).locator(".embed")).to_contain_text("good tea")


def test_person_by_right_click(page: Page) -> None:
    """A right click on a person offers what the bot can do with them."""
    say(page, "good tea")
    last(page).get_by_role("button", name="ada").click(button="right")
    item(page, "Their mandala").click()

    expect_picture(last(page))
    expect(cause(page)).to_contain_text("Their mandala")
    expect(last(page).locator(".embed")).to_contain_text("@Ada")


def test_long_press(thumb: Page) -> None:
    """A thumb that rests on a message opens its menu, one that rests on a person theirs."""
    say(thumb, "good tea")
    hold(thumb, last(thumb).get_by_text("good tea"))
    expect(item(thumb, "Draw this")).to_be_visible()
    thumb.touchscreen.tap(200, 500)
    expect(item(thumb, "Draw this")).to_be_hidden()

    hold(thumb, last(thumb).get_by_role("button", name="ada"))
    item(thumb, "Their mandala").tap()
    expect_picture(last(thumb))


@pytest.mark.parametrize("key", ["ContextMenu", "Shift+F10"])
def test_menu_key(page: Page, key: str) -> None:
    """The menu key opens the menu of what has the focus; Escape closes it, and the focus is where it was."""
    say(page, "good tea")
    more = last(page).get_by_role("button", name="More")
    more.focus()
    page.keyboard.press(key)
    expect(item(page, "Draw this")).to_be_focused()
    page.keyboard.press("Escape")
    expect(item(page, "Draw this")).to_be_hidden()
    expect(more).to_be_focused()

    page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect_picture(last(page))


# The modal


def edit(page: Page) -> None:
    use(page, "seed:tea", "symmetry:7")
    expect_picture(last(page))
    last(page).get_by_role("button", name="✏️").click()
    expect(modal(page)).to_be_visible()


def test_edit(page: Page) -> None:
    """The modal is filled in with what was asked; what is sent draws the same message anew."""
    edit(page)
    expect(modal(page).get_by_label("Seed")).to_have_value("tea")
    expect(modal(page).get_by_label("Symmetry")).to_have_value("7")
    modal(page).get_by_label("Symmetry").select_option("9")
    modal(page).get_by_role("button", name="Submit").click()

    expect(modal(page)).to_be_hidden()
    expect(last(page).locator(".embed")).to_contain_text("symmetry 9")
    expect(page.get_by_role("article")).to_have_count(1)


def test_modal_by_keyboard(page: Page) -> None:
    """The focus starts in the first field and stays inside; Escape closes it and gives the focus back."""
    edit(page)
    expect(modal(page).get_by_label("Seed")).to_be_focused()
    seen = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.closest('dialog') ? 'inside' : document.activeElement.tagName"))
    assert seen <= {"inside", "BODY"}  # BODY: the browser's own bar, between the last field and the first
    page.keyboard.press("Escape")

    expect(modal(page)).to_be_hidden()
    expect(last(page).get_by_role("button", name="✏️")).to_be_focused()


def test_modal_by_thumb(thumb: Page) -> None:
    """On a phone the modal fits, and Cancel sends nothing."""
    use(thumb, "seed:tea")
    expect_picture(last(thumb))
    last(thumb).get_by_role("button", name="✏️").tap()
    assert place(modal(thumb))["width"] <= PHONE["width"]
    modal(thumb).get_by_role("button", name="Cancel").tap()

    expect(modal(thumb)).to_be_hidden()


def test_modal_that_is_not_answered(page: Page, session: Session) -> None:
    """When the submission gets no answer the modal stays as it was filled in, and says so."""
    edit(page)
    modal(page).get_by_label("Seed").fill("two for tea")
    session.switch(["bad-signature"])
    modal(page).get_by_role("button", name="Submit").click()

    expect(modal(page).get_by_role("alert")).to_have_text("Something went wrong. Try again.")
    expect(modal(page).get_by_label("Seed")).to_have_value("two for tea")
    session.switch(())
    modal(page).get_by_role("button", name="Submit").click()
    expect(last(page).locator(".embed")).to_contain_text("two for tea")


def test_modal_is_sent_once(page: Page) -> None:
    """A hurried second click sends nothing more."""
    edit(page)
    sent: list[Route] = []
    page.route("**/api/submit", lambda route: sent.append(route))  # noqa: PLW0108 - playwright marks what it is given
    modal(page).get_by_role("button", name="Submit").dblclick()
    page.wait_for_timeout(300)
    for each in sent:
        each.continue_()
    page.unroute("**/api/submit")

    expect(modal(page)).to_be_hidden()
    assert len(sent) == 1


def test_print(page: Page) -> None:
    """The files of a print can be fetched from its private message."""
    use(page, "seed:tea")
    expect_picture(last(page))
    last(page).get_by_role("button", name="🖨️").click()
    expect(last(page)).to_contain_text("Only you can see this", timeout=20_000)

    with page.expect_download() as fetched:
        last(page).get_by_role("link", name=re.compile(r"\.svg$")).click()
    assert fetched.value.path().read_bytes().startswith(b"<?xml")


def test_buttons_are_one_row_on_a_phone(thumb: Page) -> None:
    """At 390 px the four buttons stand side by side below the picture."""
    use(thumb, "seed:tea")
    expect_picture(last(thumb))
    tops = {place(each)["y"] for each in last(thumb).locator(".row button").all()}

    assert last(thumb).locator(".row button").count() == 4
    assert len(tops) == 1
    assert tops.pop() > place(last(thumb).locator(".picture"))["y"]
