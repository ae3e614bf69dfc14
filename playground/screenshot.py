"""Make the documents' pictures of the page: python -m playground.screenshot (needs a Chromium)."""

import shlex
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from fakes.function import ROOT
from playground.__main__ import parse
from playground.page import open_page
from playground.session import Session, open_foreign, open_session

OURS, ANOTHERS = ROOT / "docs" / "playground.png", ROOT / "docs" / "other-bot.png"
SIZE = ViewportSize(width=1280, height=800)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HAS_EMOJI = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.fillText("\N{GAME DIE}", 0, 10);
  return pen.getImageData(0, 0, 20, 20).data.some((value, place) => place % 4 < 3 && value);
}"""  # a box is black
COMMAND = {"seed": "tea for two", "style": "bezier_fill", "palette": "aurora"}
BOT = f"{shlex.quote(sys.executable)} tests/other_bot.py {{api}}"


def take(page: Page, session: Session, path: Path) -> None:
    """Save what the page shows of a session."""
    with open_page(session) as server:
        page.goto(server.url)
        page.locator(".exchange").first.wait_for()
        expect(page.locator(".picture img").first).to_have_js_property("complete", value=True)
        page.screenshot(path=path)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def take_ours(page: Page) -> None:
    with open_session() as session:
        session.use({}).wait()  # a warm function
        session.services.discord.rules.forget()
        session.switch(["far"])
        session.use(COMMAND).wait()
        session.switch(())
        take(page, session, OURS)


def take_anothers(page: Page) -> None:
    arguments, _ = parse(["--run", BOT])
    with open_foreign(arguments, lambda _: None) as session:
        session.services.discord.rules.name = "teahouse"
        session.use({}, "menu").wait()
        session.use({}, "hasty").wait()
        take(page, session, ANOTHERS)


def main() -> int:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit(f"No browser: install one of {', '.join(BROWSERS)}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="dark", locale="en-GB")
        if not page.evaluate(HAS_EMOJI):
            sys.exit("No emoji, the buttons would show boxes: install a font (Debian's fonts-noto-color-emoji).")
        take_ours(page)
        take_anothers(page)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
