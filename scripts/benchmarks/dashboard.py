"""Time the dashboard in a real browser, and load it with visitors (for scripts/bench.py dashboard)."""

from __future__ import annotations

import shutil
import socket
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
from benchmarks.one_visitor import busy_hour, in_a_browser, plane_seconds
from benchmarks.visitors import PAGES, PATIENCE, USERS, at_one_instant, many_visitors

if TYPE_CHECKING:
    import argparse

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


def bench_dashboard(arguments: argparse.Namespace) -> dict[str, Any]:
    """Latencies of one visitor, 40 visitors during some minutes, and 40 at one instant.

    Raises:
        OSError: if there is no Chromium, or the server does not answer.
    """
    with chromium() as browser, server() as (address, pid, begun):
        found = in_a_browser(browser, address, begun, arguments.repeats)
        found["resident_mb_before"] = round(resident_megabytes("VmRSS", pid))
        found |= many_visitors(address)
        found["resident_mb_after"] = round(resident_megabytes("VmRSS", pid))
        queries = {20: "seed=7", 300: "seed=7&length=whole"}
        found["plane_seconds"] = {f"{n} s": plane_seconds(address, query) for n, query in queries.items()}
        busy_hour(address)
        found["resident_mb_after_an_hour"] = round(resident_megabytes("VmRSS", pid))
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
