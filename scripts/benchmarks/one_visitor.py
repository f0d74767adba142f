"""What one visitor waits for: pages, predictions, a whole plane; and how much memory an hour of one takes."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator
from itertools import product
from typing import Any

from benchmarks.visitors import PATIENCE, USUAL_CHOICE, Visitor, summary

FOLLOWED = ".player .wave[aria-busy=false]"  # the curves are those of the sliders
PLAYER = ".player .play:not([disabled])"
VISITS_ARE_OVER = 75.0  # seconds; the server keeps a visit for a minute, for its connection may come back
DRAG = """(slider, step) => new Promise((done) => {
  const start = performance.now();
  slider.value = 0.9 - 0.02 * step;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const redraw = Number(slider.closest(".player").dataset.redrawMs);
  requestAnimationFrame(() => setTimeout(() => done([redraw, performance.now() - start])));
})"""
CHANNELS = ("Stable", "Sudden breakdown", "Low bandwidth", "Poor call", "Extremely unstable", "Bursty Wi-Fi")
# The name of a page in the menu, and what is the last to come on it.
SWITCHES = {
    "Where it breaks": ".picture, [data-testid=stPlotlyChart] .main-svg",
    "Your plane": "button:has-text('Compute'), [data-testid=stPlotlyChart] .main-svg",
    "Your call": "[data-testid=stPlotlyChart] .main-svg",
    "What helps?": "text=What the words mean",
    "Live": ".live .start",
    "Lesson": PLAYER,
    "About": "text=streamlit",
    "Explore": FOLLOWED,
}


def in_a_browser(browser: Any, address: str, begun: float, repeats: int) -> dict[str, Any]:
    """Cold start, changes of page, dragging on 300 s, and release to new predictions of 20 s and of 300 s.

    The cold start goes from the server's command to the first page with its player ready to play.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE * 1000)
    received: list[int] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda data: received.append(len(data))))
    page.goto(f"http://{address}/")
    page.wait_for_selector(PLAYER)
    found: dict[str, Any] = {"cold_start_seconds": round(time.perf_counter() - begun, 2)}
    page.wait_for_selector(FOLLOWED)
    found["first_predictions_seconds"] = round(time.perf_counter() - begun, 2)
    page.wait_for_timeout(10_000)  # the rest of the warm-up
    found["switch_seconds"] = dict(_switches(page))
    sizes, found["release_ms"] = _releases(page, received, repeats)
    found["kilobytes_per_change"] = round(statistics.median(sizes) / 1000)
    page.goto(f"http://{address}/?length=whole")
    page.wait_for_selector(FOLLOWED)
    _, found["release_300_s_ms"] = _releases(page, received, repeats)
    slider = page.locator("input.p-n")
    drags = [slider.evaluate(DRAG, step % 40) for step in range(1, 8 * repeats + 1)]
    page.close()
    redraws, frames = map(list, zip(*drags, strict=True))
    return found | {"redraw_ms": summary(redraws), "drag_ms": summary(frames)}


def _switches(page: Any) -> Iterator[tuple[str, float]]:
    """Seconds until each page is there, of the second time: the first one loads the browser's own parts."""
    for again, (name, last) in product((False, True), SWITCHES.items()):
        begun = time.perf_counter()
        page.get_by_role("link", name=name, exact=True).first.click()
        page.locator(last).last.wait_for()
        if again:
            yield name, round(time.perf_counter() - begun, 2)
        page.wait_for_timeout(1_000)


def _releases(page: Any, received: list[int], repeats: int) -> tuple[list[int], dict[str, float]]:
    """From the choice of a channel to its curves, and how many bytes travel for it."""
    times, sizes = [], []
    for step, name in enumerate(CHANNELS[: repeats + 1]):  # another one each time: nothing is remembered
        page.wait_for_timeout(1_500)
        received.clear()
        begun = time.perf_counter()
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_selector(FOLLOWED)
        if step:  # the first warms up
            times.append(1000 * (time.perf_counter() - begun))
        page.wait_for_timeout(1_500)
        sizes.append(sum(received))
    return sizes, summary(times)


def plane_seconds(address: str, query: str) -> float:
    """How long the whole plane takes, from the press of its button until all is said."""
    from streamlit.proto.WidgetStates_pb2 import WidgetState

    with Visitor(address) as visitor:
        visitor.run(page="plane", query=query)
        button = next(each.id for each in visitor.elements("button") if each.label in ("Compute", "Go on"))
        begun = time.perf_counter()
        visitor.run(WidgetState(id=button, trigger_value=True))
        return round(time.perf_counter() - begun, 1)


def busy_hour(address: str) -> None:
    """Each recording whole, every training side by side, several receivers and draws: what an hour brings."""
    from streamlit.proto.WidgetStates_pb2 import WidgetState

    for clip in ("test_1", "test_2", "test_12", "test_13"):
        with Visitor(address) as visitor:
            visitor.run(page="", query=f"clip={clip}&length=whole&setting=all")
            components = {each.component_name: each.id for each in visitor.elements("bidi_component")}
            player = next(components[name] for name in components if name.endswith("sercore_player"))
            for seed, given in product((2, 3), ("drop", "silence", "pitch")):
                choice = USUAL_CHOICE | {"seed": seed, "given": given, "heard": "removed"}
                visitor.run(WidgetState(id=player, json_value=json.dumps({"choice": choice})))
    time.sleep(VISITS_ARE_OVER)
