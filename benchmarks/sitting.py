"""Whether the playground's page answers at the end of a long sitting as at its beginning, and what it keeps."""

import argparse
import shutil
import statistics
import time
from itertools import batched
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from playground.page import open_page
from playground.screenshot import BROWSERS
from playground.session import open_session

MANDALAS = 500
BATCH = 50
PAUSE = 0.01  # seconds between two looks at the page
CLOCK = """
window.took = [];
let pressed, before;
const last = () => document.querySelector("article:last-child")?.dataset.message;
addEventListener("keydown", ({key}) => { if (key === "Enter") [pressed, before] = [performance.now(), last()]; }, true);
new MutationObserver(() => {
  if (pressed && last() && last() !== before) {
    requestAnimationFrame(((from) => (now) => window.took.push(performance.now() - from))(pressed));
    pressed = null;
  }
}).observe(document.getElementById("messages"), {childList: true, subtree: true});
"""


SMALL = "/mando symmetry:3 rings:4"
SHOWN = "took.length > {} && document.querySelector('article:last-child .picture img')?.complete"


def draw(page: Page) -> float:
    """Write a small /mando, wait for its picture, and return the ms from Enter until "thinking…" is on the screen."""
    before = page.evaluate("took.length")
    page.keyboard.insert_text(SMALL)
    page.keyboard.press("Enter")
    while not page.evaluate(SHOWN.format(before)):
        time.sleep(PAUSE)
    return float(page.evaluate("took.at(-1)"))


def kept(browser: CDPSession) -> str:
    """Tell what the page keeps once its garbage is collected, and this process, which is the page's server."""
    browser.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in browser.send("Performance.getMetrics")["metrics"]}
    resident = int(Path("/proc/self/status").read_text().partition("VmRSS:")[2].split()[0])
    return f"{metrics['JSHeapUsedSize'] / 1e6:.1f} MB | {metrics['Nodes']:.0f} | {resident / 1024:.0f} MiB"


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks.sitting", description=__doc__)
    parser.add_argument("--mandalas", type=int, default=MANDALAS)
    number = parser.parse_args(argv).mandalas
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    medians, started = [], time.monotonic()
    with open_session() as session, open_page(session) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = chromium.new_page()
        page.goto(server.url)
        page.evaluate(CLOCK)
        browser = page.context.new_cdp_session(page)
        browser.send("Performance.enable")
        draw(page)  # a warm function
        print("| mandalas | Enter to “thinking…”, median | the page's heap | its nodes | the server |")
        print("| ---: | ---: | ---: | ---: | ---: |")
        for batch in batched(range(1, number + 1), BATCH):
            medians.append(statistics.median([draw(page) for _ in batch]))
            print(f"| {batch[-1]} | {medians[-1]:.0f} ms | {kept(browser)} |", flush=True)
        chromium.close()
    ratio, seconds = medians[-1] / medians[0], time.monotonic() - started
    print(f"\nThe last {BATCH} took {ratio:.2f} times as long as the first; {seconds:.0f} s in all.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
