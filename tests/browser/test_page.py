"""What a developer sees and does on the page: the whole way of a /mando, in a real browser."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

import command
import interaction
from browser.steps import PHONE, expect_picture, last, offers, use, view
from command.work import Drawing
from fakes.discord import payloads
from fakes.discord.probes import PROBES
from playground.session import Session
from playground.switches import SWITCHES

PATIENCE = 25_000  # ms; the function gives up on a bucket after 15 s
NO_RESPONSE = "The application did not respond"


# The way of a /mando


def test_mando_by_keyboard_alone(page: Page) -> None:
    """Slash, Enter, two options, Enter: the mandala is there within 2 s, and names its seed."""
    page.keyboard.type("/")
    expect(offers(page)).to_contain_text("/mando")
    page.keyboard.press("Enter")
    page.keyboard.type("se")
    page.keyboard.press("Enter")
    page.keyboard.type("tea for two")
    page.keyboard.press("Tab")
    page.keyboard.type("symmetry:7")
    started = time.monotonic()
    page.keyboard.press("Enter")

    expect_picture(last(page))
    assert time.monotonic() - started < 2
    expect(last(page).locator(".embed")).to_contain_text("tea for two")
    expect(last(page).locator(".cause")).to_have_text("Aada used /mando seed:tea for two symmetry:7")


def test_choice_is_picked_with_the_arrows(page: Page) -> None:
    """Choices are those of the definition, and the arrow keys move among them."""
    use(page)
    expect_picture(last(page))
    page.keyboard.type("/")
    page.keyboard.press("Enter")
    page.keyboard.type("style:")
    expect(offers(page)).to_have_text(["Sharp", "Round", "Lines"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(last(page).locator(".cause")).to_contain_text("style:Round")


def test_options_are_the_definitions(page: Page) -> None:
    """The picker offers every option that is registered with Discord, with its description."""
    page.keyboard.type("/mando ")

    expect(offers(page)).to_have_text(
        [f"{each['name']}{each['description']}" for each in command.DEFINITION["options"]]
    )


def test_value_out_of_range_is_told(page: Page) -> None:
    """A number that Discord's own box would not take is told at once, and nothing is sent."""
    use(page, "symmetry:2")

    expect(page.get_by_role("status")).to_have_text("symmetry: a whole number from 3 to 20")
    expect(page.get_by_role("article")).to_have_count(0)


def test_plain_message_is_explained(page: Page) -> None:
    """Text without a slash reaches no bot of interactions, and the page says so."""
    page.keyboard.type("hello")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("type /")


def test_thinking_is_shown(page: Page, session: Session) -> None:
    """Between callback and edit the channel says that mando is thinking."""
    session.switch(["slow"])
    use(page)

    expect(last(page)).to_contain_text("mando is thinking…")
    expect_picture(last(page))


def test_picture_opens_large(page: Page) -> None:
    """A picture opens large with its alt text, and Escape closes it."""
    use(page, "seed:tea")
    expect_picture(last(page))
    alt = last(page).locator(".picture img").get_attribute("alt")
    assert alt

    last(page).get_by_role("button", name="opens large").click()
    expect(page.get_by_role("dialog")).to_contain_text(alt)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


# Buttons, people and places


def test_another(page: Page) -> None:
    """Another brings a second mandala, and leaves the first."""
    use(page)
    expect_picture(last(page))
    last(page).get_by_role("button", name="Another").click()

    expect(page.get_by_role("article")).to_have_count(2)
    expect_picture(last(page))
    expect(last(page).locator(".cause")).to_contain_text("pressed Another")
    expect(last(page)).to_have_accessible_name("mando, to ada: Another")


def test_delete_by_the_asker(page: Page) -> None:
    """Delete takes the asker's message away."""
    use(page)
    expect_picture(last(page))
    last(page).get_by_role("button", name="🗑️").click()

    expect(page.get_by_role("article")).to_have_count(0)


def test_delete_by_another(page: Page) -> None:
    """Delete by anybody else is answered to them alone."""
    use(page)
    expect_picture(last(page))
    page.get_by_label("You are").select_option("benoit")
    last(page).get_by_role("button", name="🗑️").click()

    expect(page.get_by_role("article")).to_have_count(2)
    expect(last(page)).to_contain_text("Only you can see this")
    page.get_by_label("You are").select_option("ada")
    expect(page.get_by_role("article")).to_have_count(1)


def test_try_again(page: Page, session: Session) -> None:
    """Try again puts the picture into the very message that had none."""
    leave_failure(session)
    page.get_by_role("button", name="Try again").click()

    expect_picture(last(page))
    expect(page.get_by_role("article")).to_have_count(1)


def leave_failure(session: Session) -> None:
    """Let the channel show what the function says when it cannot draw."""
    rules = session.services.discord.rules
    sent = rules.create(payloads.command({"seed": "tea"}))
    drawing = command.respond(interaction.parse(payloads.body_of(sent.payload)))
    assert isinstance(drawing, Drawing)
    rules.callback(sent.id, sent.token, drawing.callback)
    rules.edit(rules.application_id, sent.token, drawing.failure())


def test_private_message(page: Page) -> None:
    """A private mandala is marked, hidden from others, and can be dismissed."""
    use(page, "private:True")
    expect_picture(last(page))
    expect(last(page)).to_contain_text("Only you can see this")

    page.get_by_label("You are").select_option("benoit")
    expect(page.get_by_role("article")).to_have_count(0)
    page.get_by_label("You are").select_option("ada")
    page.get_by_role("button", name="Dismiss message").click()
    expect(page.get_by_role("article")).to_have_count(0)


def test_direct_message(page: Page, session: Session) -> None:
    """In the direct message the payload has user instead of member, and the answer stays there."""
    page.get_by_role("navigation", name="Channels").get_by_role("button", name="mando").click()
    use(page)
    expect_picture(last(page))

    assert "user" in session.services.discord.interactions[-1].payload
    page.get_by_role("button", name="general").click()
    expect(page.get_by_role("article")).to_have_count(0)


def test_language(page: Page) -> None:
    """In another language the options have that language's names, and so has the answer."""
    page.get_by_label("Language").select_option("de")
    use(page, "startwert:Tee")

    expect_picture(last(page))
    expect(last(page).get_by_role("button", name="Noch eins")).to_be_visible()


def test_message_survives_a_reload(page: Page) -> None:
    """The channel is the playground's, not the page's."""
    use(page, "seed:tea")
    expect_picture(last(page))
    page.reload()

    expect_picture(last(page))


# The wire


def test_wire_shows_every_exchange(page: Page) -> None:
    """The wire lists request, callback, upload and edit with their answers, and opens to headers and bodies."""
    use(page, "seed:a picture of its own")
    expect_picture(last(page))
    wire = page.get_by_role("region", name="Wire")

    for what, status in (("the signed request", 202), ("callback", 204), ("upload", 200), ("edit of @original", 200)):
        expect(wire.locator(".exchange", has_text=what).first).to_contain_text(str(status))
    wire.locator(".exchange", has_text="the signed request").locator("summary").click()
    expect(wire).to_contain_text("X-Signature-Ed25519")
    expect(wire).to_contain_text("The function's log line")


def test_wire_tells_what_was_refused(page: Page, session: Session) -> None:
    """What Discord refuses is marked with its code and reason."""
    session.switch(["lost"])
    use(page)
    expect_picture(last(page))

    expect(page.get_by_role("region", name="Wire")).to_contain_text(
        "400/40060 Interaction has already been acknowledged"
    )


# Faults: what a Discord user would see

FATAL = ("deaf", "bad-signature", "late")
LASTING = ("bucket-hangs", "bucket-down")
SURVIVED = [each.id for each in SWITCHES if each.id not in FATAL + LASTING]


@pytest.mark.parametrize("fault", SURVIVED)
def test_fault_is_survived(page: Page, session: Session, fault: str) -> None:
    """Whatever goes wrong, one picture arrives; where the bucket takes none, as an attachment."""
    session.switch([fault])
    use(page)

    expect_picture(last(page))
    expect(page.get_by_role("article")).to_have_count(1)
    (interaction,) = session.services.discord.interactions
    assert interaction.message
    assert interaction.message.image_url.startswith("attachment://") == (fault == "bucket-forbidden")


def test_bucket_that_stays_away(page: Page, session: Session) -> None:
    """One that hangs, then one that is down: each picture comes as an attachment in the end."""
    for count, fault in enumerate(LASTING, 1):
        session.switch([fault])
        use(page)
        expect(page.get_by_role("article")).to_have_count(count)

    for message in page.get_by_role("article").all():
        expect_picture(message, PATIENCE)
    assert all(each.image_url.startswith("attachment://") for each in session.services.discord.messages)


@pytest.mark.parametrize("fault", FATAL)
def test_fault_that_nobody_could_survive(page: Page, session: Session, fault: str) -> None:
    """Without a callback in time the asker reads what Discord says then."""
    session.switch([fault])
    use(page)

    expect(last(page)).to_contain_text(NO_RESPONSE)


def test_switch_on_the_page(page: Page, session: Session) -> None:
    """A switch orders its fault for all that is sent from then on, until it is off."""
    view(page, "Faults")
    page.get_by_role("switch", name="Bad signature").check()
    expect(page.get_by_role("button", name="Faults (1)")).to_be_visible()
    use(page)
    expect(last(page)).to_contain_text(NO_RESPONSE)

    page.get_by_role("switch", name="Bad signature").uncheck()
    expect(page.get_by_role("button", name="Faults", exact=True)).to_be_visible()
    assert session.on == set()


def test_pressed_button_that_fails(page: Page, session: Session) -> None:
    """A press that is not answered is told under the buttons."""
    use(page)
    expect_picture(last(page))
    session.switch(["bad-signature"])
    last(page).get_by_role("button", name="Another").click()

    expect(last(page)).to_contain_text("This interaction failed")


def test_security_check(page: Page) -> None:
    """Every probe of the security check has a tick."""
    view(page, "Security")
    page.get_by_role("button", name="Run the security check").click()

    expect(page.get_by_role("img", name="right")).to_have_count(len(PROBES))
    expect(page.get_by_role("img", name="wrong")).to_have_count(0)


# Everybody's page


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_accessible(page: Page, scheme: str, size: str) -> None:
    """Nothing is wrong by axe: names, roles, contrasts, in each panel, with the picker open."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    if size == "phone":
        page.set_viewport_size(PHONE)
    use(page, "private:True")
    expect_picture(last(page))
    check(page)
    page.keyboard.type("/mando ")
    check(page)
    page.keyboard.press("Escape")
    for panel in ("Wire", "Faults", "Security"):
        view(page, panel)
        if panel == "Wire":
            page.locator("#exchanges summary").first.click()
        if panel == "Security":
            page.get_by_role("button", name="Run the security check").click()
            expect(page.get_by_role("img", name="right")).to_have_count(len(PROBES))
        check(page)


def check(page: Page) -> None:
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_phone_shows_one_thing_at_a_time(page: Page) -> None:
    """On a phone nothing is wider than the screen, and each panel is a tap away."""
    page.set_viewport_size(PHONE)
    use(page)
    expect_picture(last(page))

    for name, region in (("Wire", "Wire"), ("Faults", "Faults"), ("Security", "Security check")):
        view(page, name)
        expect(page.get_by_role("region", name=region)).to_be_visible()
        expect(page.get_by_role("log")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    view(page, "Channel")
    expect(page.get_by_role("log")).to_be_visible()
