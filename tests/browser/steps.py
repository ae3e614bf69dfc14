"""What a person does on the page and sees there, in few words."""

import re

from playwright.sync_api import FloatRect, Locator, Page, ViewportSize, expect

TRIES = 10
PHONE = ViewportSize(width=390, height=844)


def box(page: Page) -> Locator:
    """Return the field of the message box that has the focus next."""
    return page.get_by_role("combobox", name=re.compile("Message|Options"))


def use(page: Page, *options: str) -> None:
    """Type a /mando as one types it in Discord, with options such as "seed:tea"."""
    box(page).fill("/")
    page.keyboard.press("Enter")
    for option in options:
        name, _, value = option.partition(":")
        page.keyboard.type(f"{name}:{value}")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def last(page: Page) -> Locator:
    return page.get_by_role("article").last


def cause(page: Page) -> Locator:
    return last(page).locator(".cause")


def expect_picture(message: Locator, timeout: float = 8000) -> None:
    """Expect a picture that has really arrived."""
    picture = message.locator(".picture img")
    expect(picture).to_be_visible(timeout=timeout)
    expect(picture).to_have_js_property("naturalWidth", 1024, timeout=timeout)


def offers(page: Page) -> Locator:
    """Return what the picker offers."""
    return page.locator("#picker").get_by_role("option")


def view(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Panels").get_by_role("button", name=re.compile(name)).click()


def place(locator: Locator) -> FloatRect:
    """Return where something is, also if it is drawn anew while it is looked for."""
    found = next(filter(None, (locator.bounding_box() for _ in range(TRIES))), None)
    assert found
    return found
