"""Time the dashboard in a real browser, and load it with visitors (for scripts/bench.py dashboard)."""

from __future__ import annotations

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.network import resident_megabytes
from benchmarks.visitors import PAGES, PATIENCE, USERS, at_one_instant, many_visitors, summary

if TYPE_CHECKING:
    import argparse

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
PLAYER = ".player .play:not([disabled])"
DRAG = """(slider, step) => new Promise((done) => {
  const start = performance.now();
  slider.value = 0.9 - 0.02 * step;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
AFTER_LOSS = """() => {
  const plots = [...document.querySelectorAll(".js-plotly-plot")];
  const trace = plots.flatMap((plot) => plot.data ?? []).find((t) => t.name === "after loss");
  return trace ? JSON.stringify(trace.y.bdata ?? [...trace.y]) : "";
}"""
POINTS = """() => Math.max(...[...document.querySelectorAll(".js-plotly-plot")].map(
  (plot) => (plot.calcdata ?? []).reduce((sum, points) => sum + points.length, 0)))"""
CHANNELS = ("Stable", "Sudden breakdown", "Low bandwidth", "Poor call", "Extremely unstable", "Bursty Wi-Fi")


def bench_dashboard(arguments: argparse.Namespace) -> dict[str, Any]:
    """Latencies of one visitor, 40 visitors during some minutes, and 40 at one instant.

    Raises:
        OSError: if there is no Chromium, or the server does not answer.
    """
    with chromium() as browser, server() as (address, pid, begun):
        found = one_visitor(browser, address, begun, arguments.repeats)
        before = resident_megabytes("VmRSS", pid)
        found |= many_visitors(address)
        after = resident_megabytes("VmRSS", pid)
        found |= {"resident_mb_before": round(before), "resident_mb_after": round(after)}
    return found | bench_instant(arguments)


def bench_instant(_: argparse.Namespace) -> dict[str, Any]:
    """Forty at one instant, page after page: until the last has it, and the most memory of the server."""
    last = {}
    with server() as (address, pid, _begun):
        for page in PAGES:
            last[page or "explore"] = round(max(at_one_instant(address, page)), 2)
        peak = resident_megabytes("VmHWM", pid)
    return {"instant": {"users": USERS, "last_has_it_seconds": last, "peak_mb": round(peak)}}


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser that is up before the server is started: its own start is not the dashboard's."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        raise OSError("latencies are measured in Chromium, which is not installed (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        browser.new_page().close()
        yield browser
        browser.close()


@contextmanager
def server(*options: str, python: Sequence[str] = ("-m", "streamlit")) -> Iterator[tuple[str, int, float]]:
    """The dashboard in a process of its own: its address, its process, and when it was started.

    Args:
        options: of ``streamlit run``.
        python: what Python is given to be Streamlit.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *python, "run", str(APP), "--server.headless=true", f"--server.port={port}"]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with subprocess.Popen(
            [*command, *options], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
                yield f"127.0.0.1:{port}", process.pid, begun
            finally:
                process.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310  (our own server)
                return
        except OSError:
            time.sleep(0.02)
    raise OSError(f"the dashboard did not answer at {url} within {PATIENCE:.0f} s")


def one_visitor(browser: Any, address: str, begun: float, repeats: int) -> dict[str, Any]:
    """Cold start, dragging on 300 s, and release to new predictions of 20 s.

    The cold start goes from the server's command to the first page with its player ready to play.
    """
    page = _new_page(browser)
    page.goto(f"http://{address}/")
    page.wait_for_selector(PLAYER)
    cold = time.perf_counter() - begun
    page.goto(f"http://{address}/?length=whole")
    page.wait_for_selector(PLAYER)
    slider = page.locator("input.p-n")
    drags = [slider.evaluate(DRAG, step % 40) for step in range(1, 8 * repeats + 1)]
    found = {"cold_start_seconds": round(cold, 2), "drag_ms": summary(drags)}
    page.close()
    return found | _release(_new_page(browser), address, repeats)


def _new_page(browser: Any) -> Any:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE * 1000)
    return page


def _release(page: Any, address: str, repeats: int) -> dict[str, Any]:
    """From the choice of a channel to the chart of new predictions; and what travels for it."""
    received: list[int] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda data: received.append(len(data))))
    page.goto(f"http://{address}/predict")
    page.wait_for_function(f"() => ({AFTER_LOSS})().length > 2")
    page.wait_for_selector("text=Take it along")
    times, sizes = [], []
    for step, name in enumerate(CHANNELS[: repeats + 1]):  # another one each time: nothing is remembered
        page.wait_for_timeout(3_000)
        before = page.evaluate(AFTER_LOSS)
        received.clear()
        start = time.perf_counter()
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_function(f"(before) => ({AFTER_LOSS})() !== before", arg=before, polling="raf")
        if step:  # the first warms up
            times.append(1000 * (time.perf_counter() - start))
        page.wait_for_timeout(3_000)
        sizes.append(sum(received))
    return {
        "release_ms": summary(times),
        "kilobytes_per_change": round(statistics.median(sizes) / 1000),
        "points_in_largest_chart": page.evaluate(POINTS),
    }
