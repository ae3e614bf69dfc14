"""The page in a real browser, and what every test of it holds the browser to."""

import shutil
import warnings
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

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


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESK, color_scheme="dark", locale="en-GB")
    context.set_default_timeout(8000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, session: Session, address: str) -> Iterator[Page]:
    """The page with an empty channel where nothing goes wrong; it may print no error and ask no other machine."""
    session.forget()
    page = context.new_page()
    errors: list[str] = []
    hosts: set[str | None] = set()
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(address)
    page.get_by_role("combobox", name="Message").wait_for()
    yield page
    page.close()
    assert errors == []
    assert hosts == {"127.0.0.1"}


@pytest.fixture
def thumb(browser: Browser, session: Session, address: str) -> Iterator[Page]:
    """The page on a phone, under a thumb."""
    session.forget()
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB")
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()
