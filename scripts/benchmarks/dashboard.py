"""Time the dashboard in a real browser, and load it with simulated users (for scripts/bench.py dashboard).

A user is a websocket that speaks Streamlit's own messages: it opens Predict on a 20 s clip, changes the seed
now and then, and waits until the page says that it has finished.
"""

from __future__ import annotations

import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.network import resident_megabytes

if TYPE_CHECKING:
    import argparse

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
USERS, CHANGES = 40, 3
THINK_SECONDS = (10.0, 30.0)  # between two changes of one user
PATIENCE = 300.0
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
    """Latencies of one visitor, then 40 visitors at once.

    Raises:
        OSError: if there is no Chromium, or the server does not answer.
    """
    with chromium() as browser, server() as (address, pid, begun):
        found = one_visitor(browser, address, begun, arguments.repeats)
        before = resident_megabytes("VmRSS", pid)
        found |= many_visitors(address)
        after = resident_megabytes("VmRSS", pid)
        found |= {"resident_mb_before": round(before), "resident_mb_after": round(after)}
    return found


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
def server() -> Iterator[tuple[str, int, float]]:
    """The dashboard in a process of its own: its address, its process, and when it was started."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *options]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
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
    found = {"cold_start_seconds": round(cold, 2), "drag_ms": _summary(drags)}
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
        "release_ms": _summary(times),
        "kilobytes_per_change": round(statistics.median(sizes) / 1000),
        "points_in_largest_chart": page.evaluate(POINTS),
    }


def _summary(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))], 1),
    }


@dataclass
class User:
    """One simulated visitor.

    Args:
        address: host and port.
        number: tells visitors apart.
        seconds: how long each change took.
        troubles: what went wrong.
    """

    address: str
    number: int
    seconds: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def visit(self) -> None:
        """Open Predict, then change the seed now and then."""
        from websockets.sync.client import connect
        from websockets.typing import Subprotocol

        chance = random.Random(self.number)
        time.sleep(chance.uniform(0, THINK_SECONDS[1]))
        url = f"ws://{self.address}/_stcore/stream"
        how: dict[str, Any] = {"max_size": None, "open_timeout": PATIENCE, "ping_interval": None}
        try:
            with connect(url, subprotocols=[Subprotocol("streamlit")], **how) as socket_:
                seed = self._run(socket_, None, 0)
                for change in range(CHANGES):
                    time.sleep(chance.uniform(*THINK_SECONDS))
                    begun = time.perf_counter()
                    self._run(socket_, seed, 1_000 + 100 * self.number + change)
                    self.seconds.append(time.perf_counter() - begun)
        except Exception as error:  # whatever breaks is the finding
            self.troubles.append(f"user {self.number}: {error!r}")

    def _run(self, socket_: Any, widget: str | None, seed: int) -> str:
        """Ask for a run of the page and read until it has finished; gives the id of the seed's widget."""
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        message = BackMsg()
        message.rerun_script.page_name = "predict"
        message.rerun_script.query_string = ""
        if widget is not None:
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.double_value = widget, float(seed)
        socket_.send(message.SerializeToString())
        found = widget or ""
        while True:
            answer = ForwardMsg()
            answer.ParseFromString(socket_.recv(timeout=PATIENCE))
            element = answer.delta.new_element
            if element.HasField("number_input") and element.number_input.label == "Seed":
                found = element.number_input.id
            if answer.HasField("script_finished"):
                return found


def many_visitors(address: str, users: int = USERS) -> dict[str, Any]:
    """Median and 95th percentile of a change while ``users`` use the page at the same time.

    Raises:
        OSError: if a visitor met trouble.
    """
    visitors = [User(address, number) for number in range(users)]
    threads = [threading.Thread(target=visitor.visit) for visitor in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    if troubles:
        raise OSError(f"{len(troubles)} of {users} visitors met trouble, first: {troubles[0]}")
    seconds = [1000 * value for visitor in visitors for value in visitor.seconds]
    return {"users": users, "changes": len(seconds), "change_under_load_ms": _summary(seconds)}
