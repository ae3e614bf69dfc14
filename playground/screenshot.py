"""Make the README's picture of the page: python -m playground.screenshot (needs a Chromium)."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import ViewportSize, expect, sync_playwright

from fakes.function import ROOT
from playground.page import open_page
from playground.session import open_session

PICTURE = ROOT / "docs" / "playground.png"
SIZE = ViewportSize(width=1280, height=800)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COMMAND = {"seed": "tea for two", "style": "bezier_fill", "palette": "aurora"}


def main() -> int:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit(f"No browser: install one of {', '.join(BROWSERS)}.")
    with open_session() as session, open_page(session) as server, sync_playwright() as playwright:
        session.use({}).wait()  # a warm function
        session.services.discord.rules.forget()
        session.switch(["far"])
        session.use(COMMAND).wait()
        session.switch(())
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="dark", locale="en-GB")
        page.goto(server.url)
        page.locator(".log").wait_for()
        expect(page.locator(".picture img")).to_have_js_property("complete", value=True)
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE)
        browser.close()
    print(f"{PICTURE.relative_to(Path.cwd())}: {PICTURE.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
