"""What tests in a real browser share; their fixtures are in ``conftest.py``."""

import os
import shutil
import socket

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
IN_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine: apt install chromium"),
]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
]  # fmt: skip
SCREENSHOTS = os.environ.get("SCREENSHOTS")  # a folder for pictures of all pages, to look at
PLAYED = """() => {
  globalThis.played = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    played.push(Array.from(this.buffer.getChannelData(0)));
    start.apply(this, when);
  };
}"""
SETTLED = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const sizes = [...main.querySelectorAll('.main-svg, iframe, canvas')].map((it) => it.clientWidth);
  const now = [innerWidth, main.scrollWidth, main.scrollHeight, sizes].join();
  window.settling = window.settling?.now === now ? window.settling : { now, since: performance.now() };
  return performance.now() - window.settling.since > 300;
}"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_foreign(url: str) -> bool:
    return url.startswith("http") and not url.startswith("http://localhost:")


def ready(page):
    """The player once its sound has arrived."""
    page.wait_for_selector(".player .play:not([disabled])")
    return page


def still(page):
    """The page once nothing on it moves, so that a finger or a pointer meets what it aims at."""
    page.wait_for_function(SETTLED)
    return page


def followed(page):
    """The player once its curves are those of its sliders."""
    page.locator(".wave[aria-busy=false]").wait_for()
    return page
