"""The page under real hands: mouse, thumb and keyboard, pasted text, a long sitting, and a function that dies."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.steps import PHONE, box, cause, expect_picture, last, offers, place, use, view
from playground.page import open_page
from playground.session import SHORT_LIFE, Session

FOUND = 15_000  # ms until a dead function is up again


def type_with_tabs(page: Page, *pieces: str) -> None:
    for index, piece in enumerate(pieces):
        if index:
            page.keyboard.press("Tab")
        page.keyboard.type(piece)


# A command, built up


def test_options_by_mouse(page: Page) -> None:
    """Each click opens the next list: the command, an option, its choice, another option, and Send."""
    page.keyboard.type("/")
    offers(page).filter(has_text="/mando").click()
    offers(page).filter(has_text="style").click()
    offers(page).filter(has_text="Round").click()
    offers(page).filter(has_text="private").click()
    offers(page).filter(has_text="True").click()
    page.get_by_role("button", name="Send").click()

    expect(cause(page)).to_contain_text("/mando style:Round private:True")


def test_options_by_thumb(thumb: Page) -> None:
    """Each tap opens the next list, and a number can be typed in between."""
    box(thumb).tap()
    thumb.keyboard.type("/")
    offers(thumb).filter(has_text="/mando").tap()
    offers(thumb).filter(has_text="symmetry").tap()
    thumb.keyboard.type("6")
    thumb.locator(".tail").tap()
    offers(thumb).filter(has_text="palette").tap()
    offers(thumb).filter(has_text="Aurora").tap()
    thumb.get_by_role("button", name="Send").tap()

    expect(cause(thumb)).to_contain_text("/mando symmetry:6 palette:Aurora")


def test_words_after_the_command(page: Page) -> None:
    """Words that name no option go into the first one that takes words."""
    page.keyboard.type("/mando tea for two")
    page.keyboard.press("Enter")

    expect(cause(page)).to_contain_text("/mando seed:tea for two")


def test_words_that_belong_nowhere(page: Page) -> None:
    """With the seed given, more words are sent nowhere and lost nowhere: the page says what is wrong."""
    type_with_tabs(page, "/mando seed:tea", "for two")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").filter(has_text="for two")).to_be_visible()
    expect(box(page)).to_have_value("for two")
    expect(page.get_by_role("article")).to_have_count(0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/mando seed:green tea symmetry:6", "/mando seed:green tea symmetry:6"),
        ("/mando style:round private:TRUE seed: a: b", "/mando style:Round private:True seed:a: b"),
        ("/mando green tea", "/mando seed:green tea"),
    ],
)
def test_pasted_command(page: Page, text: str, shown: str) -> None:
    """A command that is pasted is understood as one that was typed."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")

    expect(cause(page)).to_contain_text(shown)


@pytest.mark.parametrize(
    ("locale", "shown"), [("en-US", "/mando style:Round private:True"), ("de", "/mando stil:Rund privat:True")]
)
def test_what_is_shown_can_be_typed(page: Page, locale: str, shown: str) -> None:
    """The channel names options and choices in the asker's language, and takes them again as they stand there."""
    page.get_by_label("Language").select_option(locale)
    box(page).click()
    for _ in range(2):
        page.keyboard.insert_text(shown)
        page.keyboard.press("Enter")
        expect(box(page)).to_have_value("")
        expect(page.locator("#draft")).not_to_contain_text("/mando")  # it has been sent
        expect(cause(page)).to_contain_text(shown)

    expect(page.get_by_role("article")).to_have_count(2)


def test_names_match_without_case_and_accents(page: Page) -> None:
    """An option is found by its letters, as a hurried hand types them."""
    page.get_by_label("Language").select_option("fr")
    box(page).click()
    page.keyboard.type("/MANDO SYMETR")

    expect(offers(page)).to_contain_text(["symétrie"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="symétrie")).to_be_focused()


def test_tab_moves_on(page: Page) -> None:
    """Tab takes what is marked, moves from a value to the next option, and from the end out of the box."""
    type_with_tabs(page, "/ma", "se", "tea", "sty", "ro", "")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send")).to_be_focused()
    page.keyboard.press("Enter")

    expect(cause(page)).to_contain_text("/mando seed:tea style:Round")


def test_up_brings_the_last_command_back(page: Page) -> None:
    """Up in an empty box writes the last command again, to be changed and sent."""
    use(page, "seed:tea", "symmetry:7")
    expect_picture(last(page))
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("combobox", name="symmetry")).to_be_focused()
    page.keyboard.press("Backspace")
    page.keyboard.type("9")
    page.keyboard.press("Enter")

    expect(page.get_by_role("article")).to_have_count(2)
    expect(cause(page)).to_contain_text("/mando seed:tea symmetry:9")


def test_slash_from_anywhere(page: Page) -> None:
    """Wherever the focus is, a slash begins a command."""
    page.get_by_role("button", name="Faults").click()
    page.keyboard.type("/")

    expect(box(page)).to_be_focused()
    expect(offers(page)).to_contain_text(["/mando"])


def test_escape_closes_one_thing_at_a_time(page: Page) -> None:
    """First the list, then the option, then the command; the focus stays in the box."""
    page.keyboard.type("/mando style:")
    expect(offers(page)).to_have_count(3)
    page.keyboard.press("Escape")
    expect(page.locator("#picker")).to_be_hidden()
    expect(page.get_by_role("combobox", name="style")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="style")).to_have_count(0)
    expect(page.locator("#draft")).to_contain_text("/mando")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#draft")).not_to_contain_text("/mando")
    expect(box(page)).to_be_focused()


def test_list_closes_when_the_focus_leaves(page: Page) -> None:
    """Whoever goes back with Shift and Tab leaves no list open over the channel."""
    page.keyboard.type("/")
    expect(page.locator("#picker")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")

    expect(page.get_by_role("log")).to_be_focused()
    expect(page.locator("#picker")).to_be_hidden()


def test_input_method_keeps_its_enter(page: Page) -> None:
    """While an input method composes a word, Enter is its own, and picks nothing from the list."""
    page.keyboard.type("/mando ")
    hand = page.context.new_cdp_session(page)
    hand.send("Input.imeSetComposition", {"text": "se", "selectionStart": 2, "selectionEnd": 2})
    expect(offers(page)).to_have_count(1)
    enter = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}  # the code of what an input method handles
    hand.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
    expect(page.get_by_role("combobox", name="seed")).to_have_count(0)

    hand.send("Input.insertText", {"text": "se"})
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="seed")).to_be_focused()


def test_slash_in_a_narrow_window(page: Page) -> None:
    """Where one thing is shown at a time, a slash shows the channel."""
    page.set_viewport_size(PHONE)
    view(page, "Faults")
    page.keyboard.type("/")

    expect(offers(page)).to_contain_text(["/mando"])


# The channel


def test_thinking_stands_where_the_message_will(page: Page, session: Session) -> None:
    """Below the name, at the left edge of what replaces it; name and head stay where they are."""
    session.switch(["slow"])
    use(page)
    thinking, author = last(page).locator(".thinking"), last(page).locator("header .name")
    before, name = place(thinking), place(author)
    head = place(last(page))
    assert before["y"] >= name["y"] + name["height"] - 1
    expect_picture(last(page))

    after = place(last(page).locator(".embed"))
    assert after["x"] == before["x"]
    assert after["y"] - place(last(page))["y"] == pytest.approx(before["y"] - head["y"], abs=6)


def fill_channel(page: Page) -> None:
    for _ in range(3):
        use(page)
        expect_picture(last(page))
    page.get_by_role("log").hover()
    page.mouse.wheel(0, -3000)
    expect(page.get_by_role("log")).to_have_js_property("scrollTop", 0)


def test_own_command_comes_into_sight(page: Page) -> None:
    """Scrolled up, a command that is sent takes the view along."""
    fill_channel(page)
    box(page).click()
    use(page, "seed:here")

    expect(cause(page)).to_be_in_viewport()
    expect_picture(last(page))
    expect(last(page).get_by_role("button", name="Another")).to_be_in_viewport()


def test_news_below_are_pointed_at(page: Page, session: Session) -> None:
    """Scrolled up, somebody else's message leaves the view alone and a button points down to it."""
    fill_channel(page)
    session.use({"seed": "there"}, user="benoit").wait()
    page.get_by_role("button", name="New messages").click()

    expect(last(page)).to_be_in_viewport()
    expect(cause(page)).to_contain_text("benoit")
    expect(page.get_by_role("button", name="New messages")).to_be_hidden()


def test_reload_forgets_nothing(page: Page) -> None:
    """What was dismissed stays away; person, language, place and switches stay as they were chosen."""
    use(page, "private:True")
    expect_picture(last(page))
    page.get_by_role("button", name="Dismiss message").click()
    page.get_by_label("Language").select_option("de")
    page.get_by_label("You are").select_option("benoit")
    view(page, "Faults")
    page.get_by_role("switch", name="Too late").check()
    expect(page.get_by_role("button", name="Faults (1)")).to_be_visible()
    page.reload()

    expect(page.get_by_label("Language")).to_have_value("de")
    expect(page.get_by_label("You are")).to_have_value("benoit")
    expect(page.get_by_role("switch", name="Too late")).to_be_checked()
    page.get_by_label("You are").select_option("ada")
    expect(page.get_by_role("article")).to_have_count(0)


def test_focus_is_never_lost(page: Page) -> None:
    """When what had the focus goes away, the message box has it."""
    use(page, "private:True")
    expect_picture(last(page))
    page.get_by_role("button", name="Dismiss message").focus()
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()

    use(page)
    expect_picture(last(page))
    last(page).get_by_role("button", name="🗑️").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(0)
    expect(box(page)).to_be_focused()


def test_screen_reader_hears_it(page: Page, session: Session) -> None:
    """A live region says that mando is thinking, and then what the picture shows."""
    session.switch(["slow"])
    use(page, "seed:tea")

    expect(page.locator("#told")).to_have_text("mando is thinking…")
    expect(page.locator("#told")).to_have_text(re.compile("mando: .*mandala", re.IGNORECASE))


def test_screen_reader_hears_it_once(page: Page, session: Session) -> None:
    """What has been there before the page is not told as news."""
    session.switch(["bad-signature"])
    use(page)
    expect(page.locator("#told")).to_have_text("The application did not respond")
    page.reload()

    expect(last(page)).to_contain_text("The application did not respond")
    expect(page.locator("#told")).to_be_empty()


def test_nothing_moves_for_those_who_ask(page: Page, session: Session) -> None:
    """Under prefers-reduced-motion nothing is animated, not even while it thinks."""
    page.emulate_media(reduced_motion="reduce")
    session.switch(["far"])
    use(page)
    expect(last(page)).to_contain_text("thinking")

    assert page.evaluate("document.getAnimations().length") == 0


# What ends


def worker_of(session: Session) -> int:
    """Return the process that does the work: the server's youngest."""
    return max(session.function.process_ids())


@pytest.mark.parametrize("victim", ["worker", "server"])
def test_killed_in_a_delivery(page: Page, session: Session, victim: str) -> None:
    """SIGKILL while it draws: the message says that it was lost, the function is started again, the page goes on."""
    session.switch(["bucket-slow"])
    use(page, "seed:lost")
    expect(last(page)).to_contain_text("thinking")
    os.kill(worker_of(session) if victim == "worker" else session.function.group, signal.SIGKILL)

    expect(last(page)).to_contain_text("The function ended while it worked on this", timeout=FOUND)
    expect(page.locator("#notice")).to_contain_text("started again", timeout=FOUND)
    session.switch(())
    use(page, "seed:found")
    expect_picture(last(page), FOUND)


def test_function_that_is_gone(page: Page, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a syntax error it cannot start: its last words and a button stand there until it is mended."""
    broken = tmp_path / "main.py"
    broken.write_text("def handle_request(:\n")
    monkeypatch.setitem(session.function.environ, "FUNCTION_SOURCE", str(broken))
    time.sleep(max(session.function.started + SHORT_LIFE - time.time(), 0))  # or it would not even be tried again
    os.kill(session.function.group, signal.SIGKILL)

    notice = page.locator("#notice")
    expect(notice).to_contain_text("SyntaxError", timeout=FOUND)
    monkeypatch.undo()
    notice.get_by_role("button", name="Start it again").click()
    expect(notice).to_be_hidden(timeout=FOUND)
    use(page)
    expect_picture(last(page), FOUND)


def test_command_outlives_the_playground(browser: Browser, session: Session) -> None:
    """When make run has ended, Enter leaves the command where it is, and the page says what to run."""
    with open_page(session) as server:
        page = browser.new_page()
        page.goto(server.url)
        box(page).click()
        page.keyboard.type("/mando seed:tea")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("make run")
    expect(page.get_by_role("combobox", name="seed")).to_have_value("tea")
    with open_page(session, server.server_port):
        expect(page.get_by_role("alert")).to_be_hidden()
        page.keyboard.press("Enter")
        expect_picture(last(page))
    page.close()


# The wire


def test_hanging_bucket(page: Page, session: Session) -> None:
    """While it hangs the message names what is waited for; once mando gives up no upload is open."""
    session.switch(["bucket-hangs"])
    use(page)

    expect(last(page).locator(".to-wire")).to_contain_text("waits for the bucket", timeout=5000)
    expect_picture(last(page), 25_000)
    wire = page.get_by_role("region", name="Wire")
    expect(wire.locator(".exchange", has_text="upload").first).to_contain_text("gave up")
    expect(wire.get_by_text("open", exact=True)).to_have_count(0)


def test_upload_that_was_there(page: Page) -> None:
    """An upload of the very same picture is told as what it is: there already."""
    for _ in range(2):
        use(page, "seed:twice the same", "symmetry:9")
        expect_picture(last(page))
    upload = page.get_by_role("region", name="Wire").locator(".exchange", has_text="upload")

    expect(upload).to_contain_text("already there")
    expect(upload).not_to_contain_text("Refused")


def test_send_again(page: Page) -> None:
    """An interaction can be sent again as it was, or with its old id and token, which is once done."""
    use(page, "seed:tea")
    expect_picture(last(page))
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("article")).to_have_count(2)
    expect_picture(last(page))
    expect(cause(page)).to_contain_text("/mando seed:tea")

    page.get_by_role("button", name="Repeat").click()
    wire = page.get_by_role("region", name="Wire")
    expect(wire.locator(".exchange", has_text="the signed request")).to_have_count(2)
    expect(page.get_by_role("article")).to_have_count(2)


def test_edit_and_send(page: Page) -> None:
    """The payload can be edited and is signed anew; what is no JSON is told, and nothing of it is lost."""
    use(page, "seed:tea")
    expect_picture(last(page))
    page.get_by_role("button", name="Edit and send").click()
    payload = page.get_by_role("textbox", name="Payload")
    text = payload.input_value()
    payload.fill("{" + text)
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("JSON")
    payload.fill(text.replace('"tea"', '"coffee"'))
    page.get_by_role("dialog").get_by_role("button", name="Send").click()

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect_picture(last(page))
    expect(cause(page)).to_contain_text("/mando seed:coffee")


def test_forged_by_hand(page: Page) -> None:
    """Sent with a forged signature, it is refused."""
    use(page, "seed:tea")
    expect_picture(last(page))
    page.get_by_role("button", name="Edit and send").click()
    page.get_by_label("Sent").select_option("forged")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()

    expect(last(page)).to_contain_text("The application did not respond")
    expect(page.get_by_role("region", name="Wire").locator(".status").first).to_have_text("401")


def test_exchange_reads(page: Page) -> None:
    """An exchange opens to its headers and to JSON that folds, and is copied as curl, which works as it stands."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    use(page, "seed:tea")
    expect_picture(last(page))
    request = page.get_by_role("region", name="Wire").locator(".exchange", has_text="the signed request")
    request.locator("summary").first.click()
    request.get_by_text("headers").first.click()
    expect(request).to_contain_text("X-Signature-Ed25519")
    expect(request.locator(".string", has_text='"tea"')).to_be_visible()
    request.locator(".tree > summary").first.click()
    expect(request.locator(".string", has_text='"tea"')).to_be_hidden()

    request.get_by_role("button", name="Copy as curl").click()
    expect(request.get_by_role("button", name="Copied")).to_be_visible()
    command = page.evaluate("navigator.clipboard.readText()")
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=10, check=True)  # noqa: S603, S607
    assert ended.stdout.startswith("HTTP/1.1 202")


# Faults with numbers


def test_number_that_is_missing(page: Page) -> None:
    """A fault without its seconds is not added: the field that is empty has the focus."""
    view(page, "Faults")
    add_fault(page, "edit", "429", "")

    expect(page.get_by_label("Seconds")).to_be_focused()
    expect(page.locator("#numbered li")).to_have_count(0)
    expect(page.locator("#hint")).to_be_empty()


def add_fault(page: Page, route: str, fault: str, seconds: str) -> None:
    page.get_by_label("Where").select_option(route)
    page.get_by_label("What").select_option(fault)
    page.get_by_label("Seconds").fill(seconds)
    page.get_by_role("button", name="Add").click()


def test_fault_with_numbers(page: Page) -> None:
    """How slow and how often is the user's to say; what one would have seen in Discord is said in words."""
    view(page, "Faults")
    page.get_by_label("Times").fill("2")
    add_fault(page, "edit", "429", "0.4")
    expect(page.get_by_role("listitem").filter(has_text="edit: 429 0.4 s")).to_be_visible()
    use(page)
    expect_picture(last(page))
    view(page, "Wire")
    wire = page.get_by_role("region", name="Wire")
    expect(wire.locator(".exchange", has_text="Fault to order: 429")).to_have_count(2)
    expect(wire).to_contain_text(re.compile("ada saw “thinking…” after .* and the answer after .*"))

    view(page, "Faults")
    page.get_by_role("button", name="Remove edit").click()
    expect(page.get_by_role("button", name="Faults", exact=True)).to_be_visible()


def test_instance_that_is_taken_away(page: Page) -> None:
    """An instance that ends in the middle of a delivery ends it, and another stands ready."""
    view(page, "Faults")
    add_fault(page, "bucket", "slow", "2")
    add_fault(page, "function", "taken", "0.5")
    use(page)

    expect(page.locator("#notice")).to_contain_text("started again", timeout=FOUND)
    expect_picture(last(page))
