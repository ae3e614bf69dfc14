"""The page in a real browser, and what every test of it holds the browser to."""

import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from browser.steps import PHONE
from playground.page import open_page
from playground.session import Session, open_session

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CURE = "No browser: the page is not tested. Install one, such as `apt-get install chromium`."
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]  # a container's Chromium
DESK = ViewportSize(width=1440, height=900)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(CURE, stacklevel=1)
        pytest.skip(CURE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    """The playground, with the real function behind it."""
    with open_session() as session:
        session.use({}).wait()  # the libraries of the drawing are imported with the first
        yield session


@pytest.fixture(scope="session")
def address(session: Session) -> Iterator[str]:
    with open_page(session) as server:
        yield server.url


@pytest.fixture(scope="session")
def desk(browser: Browser) -> Iterator[Page]:
    """A window on a desk, for one test after the other: a new one for each would take most of the time of all."""
    with browser.new_context(viewport=DESK, color_scheme="dark", locale="en-GB") as context:
        context.set_default_timeout(8000)
        yield context.new_page()


@pytest.fixture(scope="session")
def phone(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB") as context:
        yield context.new_page()


@contextmanager
def opened(window: Page, session: Session, address: str) -> Iterator[Page]:
    """Open the page with an empty channel where nothing goes wrong, as somebody who has never been there."""
    if not session.function.is_running:  # a test that failed may have ended it
        session.restart()
    session.forget()
    window.goto(address)
    window.get_by_role("combobox", name="Message").wait_for()
    yield window
    window.evaluate("localStorage.clear()")
    window.goto("about:blank")


@pytest.fixture
def page(desk: Page, session: Session, address: str) -> Iterator[Page]:
    """The page on a desk; it may print no error and ask no other machine."""
    errors: list[str] = []
    hosts: set[str | None] = set()
    listeners: dict[Any, Callable[[Any], None]] = {
        "console": lambda message: errors.append(message.text) if message.type == "error" else None,
        "pageerror": lambda error: errors.append(str(error)),
        "request": lambda request: hosts.add(urlsplit(request.url).hostname),
    }
    desk.set_viewport_size(DESK)
    desk.emulate_media(color_scheme="dark", reduced_motion="no-preference")
    for event, listener in listeners.items():
        desk.on(event, listener)
    with opened(desk, session, address):
        yield desk
        for event, listener in listeners.items():
            desk.remove_listener(event, listener)
    assert errors == []
    assert hosts == {"127.0.0.1"}


@pytest.fixture
def thumb(phone: Page, session: Session, address: str) -> Iterator[Page]:
    """The page on a phone, under a thumb."""
    with opened(phone, session, address):
        yield phone
