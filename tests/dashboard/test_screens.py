"""What a browser shows of every page: nothing covered or empty, one colour a thing; and without a server."""

from itertools import pairwise

import numpy as np
import pytest

from dashboard.planes import HERE as PLANES
from dashboard.player import HERE, read_scripts
from dashboard.visit import PAGES
from dashboard.words import PROSE
from sercore.audio.wav import to_integers
from tests.dashboard.browsing import IN_CHROMIUM, SETTLED, ready

pytestmark = IN_CHROMIUM


def test_on_a_phone_the_pages_are_a_row_that_leaves_the_page_uncovered(visit):
    page = ready(visit(width=390, height=844))
    row = page.locator(".st-key-pages")
    titles = [title for _, title, _ in PAGES]
    row.get_by_role("link", name=titles[-1]).wait_for()
    assert [each.inner_text().split("\n")[-1] for each in row.get_by_role("link").all()] == titles
    assert not page.locator("[data-testid=stExpandSidebarButton]").is_visible()
    row.get_by_role("link", name="Lesson").click()
    page.wait_for_selector("text=Step 1 of 7")
    page.wait_for_function(
        "() => document.elementFromPoint(195, 420).closest('[data-testid=stMain]') !== null"
    )
    row.wait_for()
    page.set_viewport_size({"width": 768, "height": 844})
    row.wait_for(state="hidden")
    page.get_by_role("link", name="Your plane").wait_for()  # at the top, as Streamlit has it


BELOW = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  const last = [...main.querySelectorAll("[data-testid=stExpander]")].at(-1).getBoundingClientRect();
  return main.scrollHeight - main.scrollTop - last.bottom;
}"""


def test_no_page_ends_in_emptiness(visit):
    for name in ("about", "live"):
        page = visit(name)
        page.get_by_text("What the words mean").wait_for()
        page.wait_for_function(f"() => ({BELOW})() < 60")


PAINT = """(root, [selector, what, name]) => {
  const probe = root.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const wanted = getComputedStyle(probe).color;
  probe.remove();
  return [getComputedStyle(root.querySelector(selector))[what], wanted];
}"""


@pytest.mark.parametrize("path", ["", "live"])
@pytest.mark.parametrize("dark", [False, True])
def test_received_and_lost_have_one_colour_each_wherever_they_stand(visit, path, dark):
    page = visit(path, dark=dark)
    root = page.locator(".live" if path else ".player")
    root.locator("output.p-n", has_text="0.9").wait_for()
    for slider, name in (("p-n", "--kept"), ("p-l", "--lost")):
        found, wanted = root.evaluate(PAINT, [f"input.{slider}", "accentColor", name])
        assert found == wanted
        if not path:
            state = slider.removeprefix("p-")
            assert root.evaluate(PAINT, [f".state.{state}", "fill", name])[0] == wanted


def test_a_channel_that_loses_nothing_has_no_burst(visit):
    page = ready(visit("?p_n=1&p_l=0.5"))
    assert page.locator(".burst").inner_text().strip() == "none"
    assert "All 100 frames arrive" in page.locator(".summary").inner_text()


def test_a_printed_page_is_as_wide_as_its_paper_and_goes_on_below_the_screen(visit):
    page = ready(visit())
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1_000})  # A4 without its margins
    page.wait_for_function(SETTLED)
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("(main) => main.scrollWidth <= main.clientWidth + 1")
    assert main.evaluate("(main) => getComputedStyle(main).overflow") == "visible"
    canvas = page.locator(".wave canvas").bounding_box()
    assert canvas["x"] + canvas["width"] <= 703


@pytest.fixture
def drawing(chromium):
    """An empty page that holds the player's functions that draw and tell."""
    page = chromium.new_page()
    page.add_script_tag(content=read_scripts("chain.js", "picture.js", "panel.js"))
    yield page
    page.close()


TEXTS = """([width, start, seconds]) => {
  const pen = document.createElement("canvas").getContext("2d");
  const boxes = [];
  pen.fillText = (text, x) => {
    const wide = pen.measureText(text).width;
    const left = { right: x - wide, center: x - wide / 2, left: x }[pen.textAlign];
    boxes.push([text, left, left + wide]);
  };
  const heights = heightsFor(width, 2);
  drawAxis(pen, { width, height: heights.all }, heights, seconds, start, 1, { ink: "#000" }, "sans-serif");
  return boxes;
}"""


@pytest.mark.parametrize("width", [358, 813, 1_400])
@pytest.mark.parametrize(("start", "seconds"), [(195, 20), (0, 300), (0, 3)])
def test_no_number_of_the_time_axis_lies_under_another_or_under_the_title(drawing, width, start, seconds):
    boxes = sorted(drawing.evaluate(TEXTS, [width, start, seconds]), key=lambda box: box[1])
    assert len(boxes) >= 3
    assert "seconds in the recording" in [text for text, *_ in boxes]
    for (_, _, end), (_, begin, _) in pairwise(boxes):
        assert end < begin


def test_a_long_sound_comes_in_pieces_and_its_share_is_told(drawing):
    clip = (HERE / "clip.js").read_text(encoding="utf-8").replace("export default function", "function take")
    drawing.add_script_tag(content=clip)
    audio = np.random.default_rng(0).uniform(-1, 1, 1_000).astype(np.float32)
    take = "(bytes) => { take({ data: Uint8Array.from(bytes) }); return sercoreComing.clip.share; }"
    pieces, shares, whole = {0: 300, 300: 300, 600: 400}, [], []
    for first in (600, 0, 0, 300):  # in any order, and one of them twice
        assert not whole
        samples = to_integers(audio[first : first + pieces[first]]).tobytes()
        shares.append(drawing.evaluate(take, [*f"clip x {first} 1000\n".encode(), *samples]))
        whole = drawing.evaluate("() => Array.from(globalThis.sercoreSounds?.clip.audio ?? [])")
    assert shares == pytest.approx([0.4, 0.7, 0.7, 1.0])
    np.testing.assert_array_equal(np.array(whole) * 32_768, to_integers(audio))


SAID = """(share) => {
  document.body.innerHTML = `<div><button class="play"></button><div class="ab"><i class="made"></i></div>
    <div class="given"><select></select><small></small></div><input class="seed"></div>`;
  showButtons(document.body, { audio: null }, { given: "", seed: 1 }, share);
  return document.querySelector(".play").textContent;
}"""


def test_play_says_how_much_of_the_sound_is_there(drawing):
    assert drawing.evaluate(SAID, 0) == "Sound is on its way …"
    assert drawing.evaluate(SAID, 0.4) == "Sound is on its way … 40\xa0%"


VEILED = """() => {
  const painted = [];
  const pen = { typeScale: 1, fillRect(x) { painted.push([x, this.fillStyle]); } };
  const frame = { view: { columns: 3, rows: 1 }, cell: [10, 10], at: (column) => [10 * column, 0] };
  const cells = { value: [0.2, 0.1, -0.2], low: [0.1, -0.1, -0.3], high: [0.3, 0.3, -0.1] };
  const scale = { low: -1, high: 1, colours: ["#000", "#fff"] };
  for (const signed of [true, false]) paintCells(pen, frame, cells, scale, { paperVeil: "veil" }, signed);
  return painted.filter(([, style]) => style === "veil").map(([x]) => x);
}"""


def test_a_difference_that_may_be_chance_is_paler_than_one_that_is_not(drawing):
    drawing.add_script_tag(content=(PLANES / "paint.js").read_text(encoding="utf-8"))
    assert drawing.evaluate(VEILED) == [10]  # the middle one, whose interval holds zero; of scores none


SOCKETS = """() => {
  globalThis.sockets = [];
  const Socket = WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(...how) { super(...how); sockets.push(this); }
  };
}"""


def test_without_the_server_the_player_goes_on_and_other_draws_wait(chromium, server):
    with chromium.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(240_000)
        context.add_init_script(f"({SOCKETS})()")
        page = context.new_page()
        page.goto(server)
        ready(page)
        page.wait_for_function("() => document.querySelector('[data-test-script-state=notRunning]')")
        context.set_offline(True)
        page.evaluate("() => sockets.forEach((socket) => socket.close())")
        page.get_by_text(PROSE["page"]["away"]).wait_for()
        page.locator(".play").click()  # no dialog lies over it
        page.wait_for_selector(".play:has-text('Pause')")
        page.locator("input.p-l").focus()
        page.keyboard.press("ArrowLeft")
        assert page.locator("output.p-l").inner_text() == "0.49"
        page.locator(".player .new").click()
        seed = page.locator(".seed").input_value()
        said = page.locator(".summary").inner_text()
        assert said == f"The losses of seed {seed} are on their way; these are still the ones before."
        context.set_offline(False)
        page.locator(".summary", has_text="are lost in this draw").wait_for()
        page.wait_for_url(lambda url: f"seed={seed}" in url)
        page.get_by_text(PROSE["page"]["away"]).wait_for(state="hidden")
