"""The wire and all faults at one press, as a developer uses them."""

from typing import Any

import pytest
import requests
from function import Function
from playwright.sync_api import Locator, Page, expect

from browser.steps import expect_picture, last, place, use, view
from fakes import Services
from fakes.discord import payloads
from playground.session import Session
from playground.switches import Numbered


def wire(page: Page) -> Locator:
    return page.get_by_role("region", name="Wire")


def copied(page: Page, name: str) -> str:
    """Open the signed request, and return what a press of this button copies of it."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    request = wire(page).locator(".exchange", has_text="the signed request")
    request.locator("summary").first.click()
    request.get_by_role("button", name=name, exact=True).click()
    expect(request.get_by_role("button", name="Copied")).to_be_visible()
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def pasted(text: str) -> Any:  # noqa: ANN401 - a test's own parameters
    names: dict[str, Any] = {}
    exec(text, names)  # noqa: S102 - what a press of a button has written
    return names["test_interaction"]


def test_copied_test_passes_here(page: Page, services: Services, function: Function) -> None:
    """What is copied as a test for this project passes as it stands, with words of any alphabet."""
    use(page, "seed:grüne Tür 🍵", "symmetry:7")
    expect_picture(last(page))

    pasted(copied(page, "Copy as test"))(services, function)


def test_copied_test_passes_for_any_function(page: Page, session: Session) -> None:
    """What is copied as a test for any function needs the function alone, and notices another answer."""
    use(page, "seed:grüne Tür 🍵")
    expect_picture(last(page))
    text = copied(page, "Copy as test for any function")

    pasted(text)()
    with pytest.raises(AssertionError):
        pasted(text.replace("== 202", "== 200"))()
    assert session.services.discord.sender.public_key not in text


def test_wire_is_filtered(page: Page, session: Session) -> None:
    """The wire shows Discord's exchanges, the bucket's, or failures alone."""
    session.switch(["lost"])
    use(page, "seed:a picture of the filter")
    expect_picture(last(page))
    exchanges = wire(page).locator(".exchange")
    expect(wire(page).locator(".exchange", has_text="upload")).to_be_visible()

    for choice, shown, hidden in (
        ("the bucket's", "upload", "callback"),
        ("Discord's", "callback", "upload"),
        ("failures", "Refused", "edit of @original"),
        ("failures", "Refused", "draws"),
    ):
        page.get_by_role("combobox", name="Show").select_option(choice)
        expect(exchanges.filter(has_text=shown).first).to_be_visible()
        expect(exchanges.filter(has_text=hidden)).to_have_count(0)
    page.get_by_role("combobox", name="Show").select_option("every exchange")


def test_faults_at_one_press(page: Page, address: str) -> None:
    """One press plays every fault, each with its verdict as it comes; another ends that, and there is a report."""
    view(page, "Faults")
    page.get_by_role("button", name="Play every fault").click()
    verdicts = page.locator("#played li")
    expect(verdicts.first).to_contain_text("a picture")
    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_role("button", name="Play every fault")).to_be_visible(timeout=20_000)
    expect(page.locator("#progress")).to_contain_text("as they should be, 0 not")
    expect(page.get_by_role("link", name="Markdown")).to_be_visible()
    assert "Nothing goes wrong" in requests.get(f"{address}/api/report/faults.md", timeout=5).text


def test_focus_stays_while_something_is_open(page: Page, session: Session) -> None:
    """While an upload is waited for its bar grows, and what has the focus beside it keeps it."""
    session.switch((), [Numbered("upload", "slow", 2.0, 1)])
    use(page, "seed:a picture that is waited for")
    upload = wire(page).locator(".exchange", has_text="upload")
    expect(upload).to_contain_text("open")
    request = wire(page).locator(".exchange", has_text="the signed request").locator("summary").first
    request.focus()
    before = place(upload.locator(".bar"))["width"]
    page.wait_for_timeout(700)
    assert place(upload.locator(".bar"))["width"] > before
    expect(request).to_be_focused()

    expect_picture(last(page))
    expect(upload).to_contain_text("200")
    expect(request).to_be_focused()


def test_list_of_interactions_is_the_newest(page: Page, session: Session) -> None:
    """One that takes the place of another of the same words is chosen by its own id."""
    rules = session.services.discord.rules
    for _ in range(2):
        with rules.changed:  # the page hears of both at once
            rules.forget()
            sent = rules.create(payloads.command({"seed": "tea"}))
        expect(page.get_by_role("combobox", name="Interaction")).to_have_value(sent.id)


def test_wire_beside_the_channel_is_pressed(page: Page) -> None:
    """On a desk the wire stands beside the channel, and its button says so to a screen reader."""
    expect(page.get_by_role("button", name="Wire", pressed=True)).to_be_visible()
    view(page, "Faults")

    expect(page.get_by_role("button", name="Wire", pressed=False)).to_be_visible()
