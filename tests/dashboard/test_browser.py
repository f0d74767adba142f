"""The dashboard in a real browser: what it draws and plays, and how it answers."""

import gzip
import re
import shutil
import subprocess
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from dashboard.compute.findings import read_findings
from dashboard.lesson.steps import STEPS, steps_there
from dashboard.player import read_scripts
from dashboard.visit import PAGES
from dashboard.widgets import controls
from sercore.audio import wav_bytes
from sercore.audio.wav import to_integers
from sercore.channel.coupled import draw_received, uniform_bits
from sercore.channel.gilbert import Gilbert
from sercore.receiver import RECEIVERS
from sercore.receiver.samples import sample_mask
from sercore.units import DIMENSIONS
from tests.dashboard.browsing import IN_CHROMIUM, PLAYED, SCREENSHOTS, SETTLED, followed, ready, still

pytestmark = IN_CHROMIUM
CHANNELS = [
    (0.9, 0.5),
    (0.1, 0.9),
    (0.98, 0.75),
    (1.0, 0.0),
    (0.0, 1.0),
    (0.37, 0.63),
    (1.0, 1.0),
    (0.0, 0.0),
]


@pytest.fixture
def scripts(chromium):
    """An empty page that holds the player's functions, without the dashboard."""
    page = chromium.new_page()
    source = read_scripts("chain.js", "sound.js")
    page.add_script_tag(content=source)
    yield page
    page.close()


def lost_in(summary: str) -> int:
    found = re.match(r"([\d,]+) of [\d,]+ frames", summary)
    return int(found[1].replace(",", "")) if found else 0


# The same losses and the same samples as in Python.


@pytest.mark.parametrize(("p_n", "p_l"), CHANNELS)
def test_the_browser_draws_the_losses_that_python_draws(scripts, p_n, p_l):
    for seed in (0, 1, 12_345):
        bits = uniform_bits(seed, 1_500)
        drawn = scripts.evaluate(
            "([bits, pN, pL]) => Array.from(receivedFromBits(Uint32Array.from(bits), pN, pL))",
            [bits.tolist(), p_n, p_l],
        )
        np.testing.assert_array_equal(
            np.array(drawn, dtype=bool), draw_received(Gilbert(p_n, p_l), seed, 1_500)
        )


def test_a_number_on_the_threshold_falls_on_the_same_side(scripts):
    bits = [0, int(0.75 * 2**32) - 1, int(0.75 * 2**32), int(0.75 * 2**32) + 1, 2**32 - 1] * 2
    drawn = scripts.evaluate(
        "(bits) => Array.from(receivedFromBits(Uint32Array.from(bits), 0.75, 0.25))", bits
    )
    np.testing.assert_array_equal(
        np.array(drawn, dtype=bool), Gilbert(0.75, 0.25).run(np.array(bits) / 2**32)
    )


@pytest.mark.parametrize(("p_n", "p_l"), CHANNELS)
def test_the_browser_knows_equation_1_and_table_1(scripts, p_n, p_l):
    rate, name = scripts.evaluate("([n, l]) => [lossRate(n, l), environmentName(n, l)]", [p_n, p_l])
    assert rate == pytest.approx(Gilbert(p_n, p_l).loss_rate)
    assert name == Gilbert(p_n, p_l).environment


RENDER = """async ([samples, received, cutOut, seconds]) => {
  const out = renderReceived(Float32Array.from(samples), Uint8Array.from(received), cutOut, seconds);
  const offline = new OfflineAudioContext(1, out.length, 16000);
  const buffer = offline.createBuffer(1, out.length, 16000);
  buffer.copyToChannel(out, 0);
  const source = offline.createBufferSource();
  source.buffer = buffer; source.connect(offline.destination); source.start();
  return Array.from((await offline.startRendering()).getChannelData(0));
}"""


@pytest.mark.parametrize("packet_ms", [200, 20, 60])  # of which the last sticks out over the end
@pytest.mark.parametrize("cut_out", [False, True])
def test_what_is_heard_are_the_samples_that_python_computes(scripts, cut_out, packet_ms):
    audio = np.random.default_rng(0).uniform(-1, 1, 13 * 3_200).astype(np.float32)
    received = draw_received(Gilbert(0.6, 0.5, packet_ms=packet_ms), 4, 13)
    assert 0 < received.sum() < len(received)
    sent = [audio.tolist(), received.astype(int).tolist(), cut_out, packet_ms / 1000]
    played = scripts.evaluate(RENDER, sent)
    there = sample_mask(received, samples_per_frame=packet_ms * 16)[: len(audio)]
    expected = audio[there] if cut_out else audio * there
    np.testing.assert_array_equal(np.array(played, dtype=np.float32), expected)


# The pages.


def test_a_deep_link_shows_its_channel_and_pythons_draw(visit):
    page = ready(visit("?p_n=0.7&p_l=0.6&seed=11"))
    assert page.locator("output.p-n").inner_text() == "0.70"
    assert page.locator("output.p-l").inner_text() == "0.60"
    assert page.locator(".seed").input_value() == "11"
    lost = (~draw_received(Gilbert(0.7, 0.6), 11, 100)).sum()
    assert lost_in(page.locator(".summary").inner_text()) == lost


def test_dragging_changes_the_picture_at_once_and_python_hears_of_the_release(visit):
    page = still(ready(visit("?seed=3")))
    slider = page.locator("input.p-n").bounding_box()
    middle = slider["y"] + slider["height"] / 2
    page.mouse.move(slider["x"] + 0.9 * slider["width"], middle)
    page.mouse.down()
    seen, took = set(), []
    for step in range(1, 13):
        page.mouse.move(slider["x"] + (0.9 - 0.05 * step) * slider["width"], middle)
        seen.add(page.locator(".summary").inner_text())
        took.append(float(page.locator(".player").get_attribute("data-redraw-ms")))
    assert "p_n" not in page.url
    assert len(seen) >= 6
    assert np.median(took) < 50
    page.mouse.up()
    page.wait_for_url(re.compile(r"p_n=0\.[23]"))
    p_n = float(page.locator("output.p-n").inner_text())
    lost = (~draw_received(Gilbert(p_n, 0.5), 3, 100)).sum()
    assert lost_in(page.locator(".summary").inner_text()) == lost


def test_a_preset_and_a_new_draw_reach_the_address(visit):
    page = ready(visit())
    page.get_by_role("button", name="Bursty Wi-Fi").click()
    page.wait_for_url(re.compile("p_n=0.98.*p_l=0.75"))
    assert page.locator(".burst").inner_text().split("\n") == ["800 ms", "4.0 frames"]
    page.keyboard.press("n")
    page.wait_for_url(re.compile("seed="))
    seed = int(re.search(r"seed=(\d+)", page.url)[1])
    page.wait_for_timeout(500)
    lost = (~draw_received(Gilbert(0.98, 0.75), seed, 100)).sum()
    assert lost_in(page.locator(".summary").inner_text()) == lost


def test_the_whole_recording_replaces_the_excerpt(visit):
    page = ready(visit("?p_n=0.8"))
    page.get_by_text("All 300 s").click()
    page.wait_for_selector(".wave[aria-valuemax='300']")
    lost = (~draw_received(Gilbert(0.8, 0.5), 1, 1_500)).sum()
    assert lost_in(page.locator(".summary").inner_text()) == lost
    page.locator(".play").click()
    page.wait_for_timeout(800)
    assert float(page.locator(".wave").get_attribute("aria-valuenow")) > 0.2


def test_switching_versions_goes_on_at_the_same_instant(visit):
    page = ready(visit("?p_n=0.5&p_l=0.5"))
    where = page.locator(".wave")
    page.keyboard.press(" ")
    page.wait_for_timeout(1_500)
    before = float(where.get_attribute("aria-valuenow"))
    assert page.get_by_role("radio", name="Received").get_attribute("aria-checked") == "true"
    page.keyboard.press("b")
    after = float(where.get_attribute("aria-valuenow"))
    assert before > 0.5
    assert 0 <= after - before < 1
    assert page.get_by_role("radio", name="Original").get_attribute("aria-checked") == "true"
    page.keyboard.press(" ")
    stopped = float(where.get_attribute("aria-valuenow"))
    page.wait_for_timeout(400)
    assert float(where.get_attribute("aria-valuenow")) == stopped


def test_the_first_play_sounds_the_losses(visit):
    page = ready(visit("?p_n=0.5&p_l=0.5&seed=4"))
    page.evaluate(PLAYED)
    page.locator(".play").click()
    sound = np.array(page.evaluate("() => played[0]"), dtype=np.float32)
    received = sample_mask(draw_received(Gilbert(0.5, 0.5), 4, 100))
    assert not sound[~received].any()
    assert sound[received].any()


def test_where_nothing_arrives_the_player_says_so(visit):
    page = ready(visit("?p_n=0&p_l=1"))
    page.get_by_role("radio", name="Cut out").click()
    page.wait_for_selector(".play:disabled:has-text('Nothing arrives')")
    page.keyboard.press("b")
    page.wait_for_selector(".play:not(:disabled):has-text('Play')")


SCROLLED = """(part, y) => new Promise((done) => {
  const watch = setInterval(() => part.getBoundingClientRect().y < y && done(clearInterval(watch)), 50);
})"""


def swipe_up_over(page, selector):
    """A finger that scrolls the page from a part of it."""
    still(page).locator(selector).scroll_into_view_if_needed()
    box, fingers = page.locator(selector).bounding_box(), page.context.new_cdp_session(page)
    x, y = box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2
    fingers.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(20, 161, 20):
        finger = {"x": x, "y": y - step}
        fingers.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [finger]})
        page.wait_for_timeout(30)
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.locator(selector).evaluate(SCROLLED, box["y"] - 50)


def test_a_finger_that_scrolls_moves_neither_position_nor_slider(chromium, server):
    with chromium.new_context(has_touch=True, viewport={"width": 390, "height": 844}) as context:
        context.set_default_timeout(240_000)
        page = context.new_page()
        page.goto(server)
        followed(page)
        for selector in ("input.p-n", ".wave"):
            swipe_up_over(page, selector)
        assert page.locator("output.p-n").inner_text() == "0.90"
        assert page.locator(".wave").get_attribute("aria-valuenow") == "0.0"
        page.locator(".wave").scroll_into_view_if_needed()
        page.locator(".wave").tap()
        assert float(page.locator(".wave").get_attribute("aria-valuenow")) > 5


def test_leaving_the_page_stops_the_sound_and_keeps_the_channel(visit):
    page = ready(visit("?p_n=0.33"))
    page.keyboard.press(" ")
    page.get_by_role("link", name="Your plane").click()
    page.wait_for_selector("text=Where does it break for this recording?")
    page.wait_for_url(re.compile(r"plane.*p_n=0\.33"))
    page.locator(".player").wait_for(state="detached")


LAST_TO_COME = {
    "": ".player .play:not([disabled])",
    "breaks": "table",
    "plane": "button:has-text('Compute'), [data-testid=stPlotlyChart] .main-svg",
    "lesson": ".player .play:not([disabled])",
    "about": "text=streamlit",
}


@pytest.mark.parametrize("path", LAST_TO_COME, ids=lambda path: path or "explore")
def test_a_page_fits_every_screen(visit, path):
    page = visit(path)
    page.locator(LAST_TO_COME[path]).last.wait_for()
    main = "document.querySelector('[data-testid=stMain]')"
    for (width, height), theme in product(((1920, 1080), (1280, 800), (390, 844)), ("light", "dark")):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(SETTLED)
        assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1"), (width, theme)
        if SCREENSHOTS:
            tall = page.evaluate(f"{main}.scrollHeight")
            page.set_viewport_size({"width": width, "height": max(height, tall)})  # Streamlit scrolls inside
            page.wait_for_function(SETTLED)
            page.screenshot(path=Path(SCREENSHOTS) / f"{path or 'explore'}-{width}-{theme}.png")


def test_a_receiver_is_chosen_for_ears_and_for_the_network(visit):
    page = followed(visit("?p_n=0.6&p_l=0.5&seed=2"))
    page.evaluate(PLAYED)
    before = page.locator(".told").inner_text()
    page.locator(".given select").select_option("Pitch period")
    page.wait_for_url(re.compile("given=pitch"))
    page.get_by_role("radio", name="Pitch period").click()
    page.wait_for_url(re.compile("given=pitch.*heard|heard.*given=pitch"))
    page.wait_for_function("() => sercoreSounds.concealed?.name.endsWith(',2,pitch')")
    followed(page)
    assert page.locator(".told").inner_text() != before
    page.locator(".play").click()
    page.wait_for_function("() => played.length > 0")
    sound = np.array(page.evaluate("() => played.at(-1)"))
    clip = controls.usual_clip()
    received = draw_received(Gilbert(0.6, 0.5), 2, 100)
    expected = RECEIVERS["pitch"](clip.audio, received, packet_ms=200)
    np.testing.assert_array_equal(sound * 32_768, to_integers(expected))
    where = page.locator(".wave")
    before = float(where.get_attribute("aria-valuenow"))
    page.get_by_role("radio", name="Original").click()  # and back, at the same instant
    page.get_by_role("radio", name="Pitch period").click()
    assert 0 <= float(where.get_attribute("aria-valuenow")) - before < 1.5


def test_arrows_choose_within_a_group_and_the_position_is_told_in_words(visit):
    page = ready(visit("?p_n=0.6"))
    page.get_by_role("radio", name="Received").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("heard=removed"))
    assert page.get_by_role("radio", name="Cut out").get_attribute("aria-checked") == "true"
    page.keyboard.press("ArrowRight")  # from the last to the first
    assert page.get_by_role("radio", name="Original").get_attribute("aria-checked") == "true"
    assert "heard=removed" in page.url  # the original is a look back
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => !location.search.includes('heard=')")
    assert re.fullmatch(r"0\.0 of \d+ seconds", page.locator(".wave").get_attribute("aria-valuetext"))


def test_curves_are_greyed_while_a_slider_moves_and_follow_when_it_is_let_go(visit):
    page = still(followed(ready(visit("?seed=3"))))
    before = page.locator(".told").inner_text()
    assert re.search(r"arousal CCC [\d.]+ → [\d.]+ · whole corpus", before)
    slider = page.locator("input.p-n").bounding_box()
    page.mouse.move(slider["x"] + 0.9 * slider["width"], slider["y"] + slider["height"] / 2)
    page.mouse.down()
    page.mouse.move(slider["x"] + 0.5 * slider["width"], slider["y"] + slider["height"] / 2)
    page.locator(".wave[aria-busy=true]").wait_for()
    assert "the network listens" in page.locator(".labels").inner_text()
    page.mouse.up()
    followed(page)
    assert page.locator(".told").inner_text() != before
    assert "CCC" in page.locator(".labels").inner_text()


@pytest.mark.parametrize("former", ["hear?", "predict?lesson=2&"])
def test_a_link_to_a_former_page_opens_what_has_its_place(visit, former):
    page = ready(visit(f"{former}p_n=0.7&seed=11&given=silence&clip=test_12"))
    page.wait_for_url(re.compile(r"://[^/]+/\?"))
    assert {"p_n=0.7", "seed=11", "given=silence", "clip=test_12"} <= set(
        page.url.partition("?")[2].split("&")
    )
    assert page.locator("output.p-n").inner_text() == "0.70"
    assert page.locator(".given select").input_value() == "silence"


LAST_RUN_IS_OVER = "() => document.querySelector('[data-test-script-state=notRunning]')"


def touch_the_player(page):
    """Ask for another draw, which runs the player's part of the page alone."""
    page.locator(".player .new").click()
    page.wait_for_url(re.compile("seed="))


@pytest.mark.parametrize("length", ["excerpt", "whole"])
def test_the_recording_outlasts_the_player_and_the_page(visit, length):
    page = ready(visit(f"?clip=test_12&start=170&length={length}"))
    touch_the_player(page)
    page.get_by_role("link", name="Your plane").click()
    page.wait_for_url(re.compile("plane.*seed="))
    page.wait_for_selector("text=Where does it break for this recording?")
    page.wait_for_function(LAST_RUN_IS_OVER)
    said = set(page.url.partition("?")[2].split("&"))
    assert {"clip=test_12", "start=170"} <= said
    assert ("length=whole" in said) == (length == "whole")


def test_own_audio_outlasts_the_player_and_the_page(visit):
    page = followed(ready(visit()))
    page.get_by_role("combobox").first.click()
    page.get_by_text("Your own audio").click()
    hum = (0.2 * np.sin(np.arange(6 * 16_000) / 20)).astype(np.float32)
    page.wait_for_selector("[data-testid=stFileUploader]")
    sound = {"name": "hum.wav", "mimeType": "audio/wav", "buffer": wav_bytes(hum)}
    page.locator("input[type=file]").set_input_files(sound)
    touch_the_player(ready(page))
    page.get_by_role("link", name="Your plane").click()
    page.wait_for_selector("text=Where does it break for this recording?")
    page.get_by_role("button", name="Forget my audio").wait_for()


def test_a_control_in_focus_keeps_its_own_keys(visit):
    page = ready(visit("?p_n=0.6"))
    page.get_by_text("plain players").click()
    audio = page.locator("audio[data-testid=stAudio]").first
    audio.focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => !document.querySelector('audio[data-testid=stAudio]').paused")
    assert "Play" in page.locator(".play").inner_text()  # the player above stays still
    page.locator("input.p-n").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("p_n=0.61"))
    assert page.locator(".wave").get_attribute("aria-valuenow") == "0.0"


def test_play_and_seed_are_in_sight_without_scrolling(visit):
    page = ready(visit("?p_n=0.6"))
    for name in (".play", ".draw"):
        box = page.locator(name).bounding_box()
        assert box["y"] + box["height"] <= 800, name
    assert abs(page.locator(".summary").bounding_box()["y"] - page.locator(".draw").bounding_box()["y"]) < 20


def test_a_link_to_a_step_keeps_its_channel_in_the_address(visit):
    page = ready(visit("?lesson=3&p_n=0.9&p_l=0.5"))
    page.wait_for_url(re.compile(r"/lesson\?.*p_n=0\.9&p_l=0\.5.*score=ccc"))
    shown = [page.locator(f"output.{name}").inner_text() for name in ("p-n", "p-l")]
    assert shown == ["0.90", "0.50"]


def test_a_teachers_link_opens_its_step_and_hides_what_it_names(visit):
    page = ready(visit("?lesson=2&hide=seed"))
    assert page.locator("h1").inner_text() == STEPS[1].title
    assert not page.locator(".player .draw").is_visible()
    assert not page.locator(".player .key-n").is_visible()
    page.locator(".player .sliders").wait_for()
    assert float(page.locator("output.p-n").inner_text()) == next(iter(STEPS[1].channels.values())).p_n


def test_a_step_is_taken_with_mouse_alone(visit):
    page = ready(visit("?lesson=1"))
    reveal = page.get_by_role("button", name="Reveal")
    assert reveal.is_disabled()
    page.locator("[data-testid=stRadio] label", has_text="800 ms").click()
    page.wait_for_selector("button:has-text('Reveal'):not([disabled])")
    reveal.click()
    page.wait_for_selector("text=So it is.")
    page.get_by_role("button", name=f"Next: {STEPS[1].title}").first.click()
    page.wait_for_url(re.compile("lesson=2"))
    page.wait_for_selector(f"h1:has-text('{STEPS[1].title}')")


ON_SCREEN = """(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return 0 <= box.top && box.bottom <= innerHeight;
}"""


def take_a_step(page, step):
    """Predict the first option of a step, and have it revealed."""
    page.locator("[data-testid=stRadio] [role=radiogroup] label").first.click()
    page.locator("button:has-text('Reveal'):not([disabled])").click()
    page.wait_for_selector(".st-key-reason")
    page.wait_for_function("() => document.activeElement.matches('.st-key-verdict')")
    page.wait_for_function(f"() => document.querySelector('h1').innerText === {step.title!r}")


@pytest.mark.parametrize(
    ("width", "height", "present", "steps"),
    [
        (1280, 800, 0, 1),
        (1024, 768, 0, 1),
        (390, 844, 0, len(steps_there())),
        (1280, 800, 1, 1),
        (1024, 768, 1, 3),
    ],
)
def test_question_prediction_answer_and_reason_stand_on_one_screen(visit, width, height, present, steps):
    there = steps_there()
    page = visit(f"?lesson={len(there) + 1 - steps}&present={present}", width=width, height=height)
    for step in there[-steps:]:
        page.wait_for_selector("[data-testid=stRadio]")
        page.wait_for_function(ON_SCREEN, arg="[data-testid=stRadio]")
        take_a_step(page, step)
        for part in (".st-key-question", ".st-key-verdict", ".st-key-reason"):
            page.wait_for_function(ON_SCREEN, arg=part)
        if step is not there[-1]:
            page.get_by_role("button", name="Next: ").first.click()
            page.wait_for_function("() => document.activeElement.matches('.st-key-question')")
            page.wait_for_function(ON_SCREEN, arg="h1")


def test_an_answer_is_announced(visit):
    page = visit("?lesson=1")
    take_a_step(page, STEPS[0])
    said = page.locator(".st-key-turn_to [role=status]").text_content()
    assert said == "You said: 200 ms. Here it is: 800 ms."


def test_a_term_explains_itself_to_keys_fingers_and_a_pointer(visit):
    page = visit("?lesson=2")
    term = page.locator(".term", has=page.get_by_role("button", name="CCC"))
    meaning = term.locator(".meaning")
    term.wait_for()
    assert not meaning.is_visible()
    still(page)
    term.hover()
    meaning.wait_for()
    page.mouse.move(0, 0)
    term.get_by_role("button").focus()
    page.keyboard.press("Enter")
    meaning.wait_for()
    assert "1 is perfect" in meaning.inner_text()
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")


def test_the_player_does_not_tell_the_answer_before_it_is_asked_for(visit):
    page = ready(visit("?lesson=1"))
    page.locator(".facts .expected").wait_for()
    assert not page.locator(".mean-burst").is_visible()
    page.get_by_text("1.6 s").click()
    page.get_by_role("button", name="Reveal").click()
    page.wait_for_selector(".mean-burst", state="visible")


def test_a_projector_gets_large_type(visit):
    read = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    usual = visit("about").evaluate(read)
    visit("about?present=1").wait_for_function(f"(usual) => ({read})() > 1.2 * usual", arg=usual)


def test_the_whole_plane_is_computed_while_one_looks_on(visit):
    page = visit("plane?seed=4")
    page.get_by_role("button", name="Compute").click()
    page.wait_for_selector("button:has-text('Stop')")
    page.wait_for_selector("button:has-text('Stop')", state="detached")
    cell = page.locator("[data-testid=stPlotlyChart] .scatterlayer .points path[transform]").nth(30)
    cell.click(force=True)
    page.wait_for_url(re.compile("p_[nl]="))


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_chart_is_saved_in_the_browser(visit, tmp_path, kind):
    page = followed(ready(visit(f"?picture={kind}")))
    page.get_by_text("how much of them is luck").click()
    chart = page.locator(
        "[data-testid=stPlotlyChart]", has=page.locator(".legendtext", has_text="after loss")
    )
    chart.first.hover()
    with page.expect_download() as download:
        chart.first.locator(".modebar-btn").first.click()
    assert download.value.suggested_filename == f"arousal.{kind}"
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"<svg" if kind == "svg" else b"\x89PNG")


IN_SIGHT = """(part) => {
  const { top, bottom } = part.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}"""


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 800)])
def test_one_tap_records_and_the_voice_is_seen_heard_and_followed(chromium, server, width, height):
    view = {"width": width, "height": height}
    with chromium.new_context(permissions=["microphone"], viewport=view) as context:
        context.set_default_timeout(240_000)
        page = context.new_page()
        page.goto(server)
        followed(ready(page))
        page.evaluate(PLAYED)
        tap = page.get_by_role("button", name="Record", exact=True)
        assert tap.bounding_box()["y"] < 200  # nobody scrolled
        tap.click()
        page.wait_for_timeout(3_000)
        page.get_by_role("button", name="Stop recording").click()
        page.locator("p", has_text="the recording that you brought").wait_for()
        page.wait_for_url(re.compile("clip=own"))
        followed(ready(page))
        frames = int(re.search(r"(\d+) frames", page.locator(".summary").inner_text())[1])
        assert 5 <= frames < 100
        assert "agreement with the prediction without loss" in page.locator(".labels").inner_text()
        for part in (".sliders", ".playhead", ".play"):
            page.wait_for_function(IN_SIGHT, arg=page.locator(part).element_handle())
        page.locator(".play").click()
        ours = f"() => played.find(({{ length }}) => length === {3_200 * frames})"  # not the recorder's own
        page.wait_for_function(ours)
        sound = np.array(page.evaluate(ours), dtype=np.float32)
        received = sample_mask(draw_received(Gilbert(0.9, 0.5), 1, frames))
        assert not sound[~received].any()
        assert sound[received].any()


DENIED = "navigator.permissions.query = async () => ({ state: 'denied' })"
NONE = "navigator.mediaDevices.enumerateDevices = async () => [{ kind: 'videoinput' }]"
TOO_OLD = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
WHY_NOT = [
    (DENIED, "allow it beside"),
    (NONE, "device has no microphone"),
    (TOO_OLD, "browser has no microphone"),
]


@pytest.mark.parametrize(("script", "reason"), WHY_NOT, ids=["denied", "none", "too old"])
def test_why_there_is_no_microphone_is_told_before_one_asks_for_it(chromium, server, script, reason):
    with chromium.new_context() as context:
        context.set_default_timeout(240_000)
        context.add_init_script(script)
        page = context.new_page()
        page.goto(server)
        page.get_by_text(reason).wait_for()
        assert not page.get_by_role("button", name="Record", exact=True).is_visible()


def test_a_page_that_is_loaded_anew_says_that_the_own_audio_is_gone(visit, tmp_path):
    page = visit("?clip=own")
    hum = (0.2 * np.sin(np.arange(6 * 16_000) / 20)).astype(np.float32)
    sound = {"name": "hum.wav", "mimeType": "audio/wav", "buffer": wav_bytes(hum)}
    page.locator("input[type=file]").set_input_files(sound)
    page.get_by_text("until you leave or load the page anew").wait_for()  # it is said before
    ready(page)
    page.wait_for_url(re.compile("clip=own"))
    page.reload()
    page.get_by_text("A page that is loaded anew begins without your own audio").wait_for()
    assert page.locator(".player").count() == 0  # nobody else's voice in its place
    page.get_by_role("link", name="Where it breaks").click()
    page.get_by_text("Your own audio went with another visit").wait_for()


def as_a_phone_records(folder, name: str, seconds: int, *options: str) -> Path:
    """Speech that ships, in another format."""
    speech = np.resize(controls.shipped_track("test_1").audio, seconds * 16_000)
    (folder / "speech.wav").write_bytes(wav_bytes(speech))
    command = ["ffmpeg", "-loglevel", "error", "-i", str(folder / "speech.wav"), *options]
    subprocess.run([*command, str(folder / name)], check=True)
    return folder / name


def bring(visit, path: Path):
    page = visit("?clip=own")
    page.locator("input[type=file]").set_input_files(path)
    return page


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed: apt install ffmpeg")
@pytest.mark.parametrize("name", ["memo.m4a", "memo.webm"])
def test_what_a_phone_records_is_decoded_by_the_browser(visit, tmp_path, name):
    page = bring(visit, as_a_phone_records(tmp_path, name, 6))
    page.locator("p", has_text="the file that you brought").wait_for()
    followed(ready(page))
    frames = int(re.search(r"(\d+) frames", page.locator(".summary").inner_text())[1])
    assert 29 <= frames <= 31
    sound = np.array(page.evaluate("() => [...sercoreSounds.clip.audio]"))
    speech = controls.shipped_track("test_1").audio[: len(sound)]
    lag = int(np.argmax(np.correlate(sound[8_000:40_000], speech[8_000:38_000], "valid")))  # of the encoder
    assert np.corrcoef(sound[8_000 + lag : 38_000], speech[8_000 : 38_000 - lag])[0, 1] > 0.9


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed: apt install ffmpeg")
def test_of_what_is_too_long_a_part_is_chosen(visit, tmp_path):
    page = bring(visit, as_a_phone_records(tmp_path, "long.mp3", 330))
    page.locator("text=It lasts 5:30").wait_for()
    page.get_by_label("Where the part begins").fill("20")
    page.locator("output", has_text="0:20 to 5:20").wait_for()
    page.get_by_role("button", name="Take this part").click()
    page.locator("p", has_text="the file that you brought, 300.0 s").wait_for()


def test_a_dark_page_is_dark_down_to_the_player(visit):
    page = ready(visit(dark=True))
    read = "(selector) => getComputedStyle(document.querySelector(selector)).backgroundColor"
    background = page.evaluate(read, "[data-testid=stApp]")
    assert max(map(int, re.findall(r"\d+", background)[:3])) < 64
    page.wait_for_function("sercoreSounds.clip.audio.length > 0")
    text = page.locator(".player").evaluate("(player) => getComputedStyle(player).color")
    assert min(map(int, re.findall(r"\d+", text)[:3])) > 192


def test_a_file_that_is_no_sound_gives_one_sentence(visit):
    page = visit("?clip=own")
    page.wait_for_selector("[data-testid=stFileUploader]")
    assert "60MB" in page.locator("[data-testid=stFileUploader]").inner_text()  # the configuration is found
    page.locator("input[type=file]").set_input_files(
        {"name": "speech.wav", "mimeType": "audio/wav", "buffer": b"no sound at all"}
    )
    alert = page.wait_for_selector("[data-testid=stAlert]:has-text('not audio')")
    assert "Traceback" not in alert.inner_text()


CELLS = """(board) => {
  const { planes } = board.getRootNode().querySelector(".planes");
  const { frame, picture } = planes.pictures.find((each) => each.board === board);
  const [x, y] = frame.at(14, 8);
  return { x: x + frame.cell[0] / 2, y: y + frame.cell[1] / 2, value: [...picture.whole.value] };
}"""


def test_the_planes_show_what_the_results_say(visit):
    page = visit("breaks")
    page.locator(".picture").nth(7).wait_for()
    found = read_findings()
    for place, (dimension, setting) in enumerate(product(DIMENSIONS, found.settings("test"))):
        shown = page.locator(".picture").nth(place).evaluate(CELLS)["value"]
        cells = found.cells("test", setting, dimension, "ccc")["ccc"]
        np.testing.assert_allclose(np.array(shown, dtype=float), cells, atol=5.1e-5)


def test_a_cell_that_is_chosen_becomes_the_channel_and_plays_it_there_and_then(visit):
    page = visit("breaks")
    page.evaluate(PLAYED)
    board = page.locator(".picture").nth(1)
    page.wait_for_function("() => globalThis.sercoreSounds?.clip")
    place = board.evaluate(CELLS)
    board.click(position={"x": place["x"], "y": place["y"]})
    page.wait_for_url(re.compile(r"p_n=0\.7&p_l=0\.4"))
    assert "p_N = 0.70, p_L = 0.40: 33 % lost" in page.locator(".planes .said").first.inner_text()
    sound = np.array(page.evaluate("() => played[0]"), dtype=np.float32)
    received = sample_mask(draw_received(Gilbert(0.7, 0.4), 1, 100))
    assert not sound[~received].any()
    assert sound[received].any()
    page.get_by_role("button", name="Stop").first.click()
    page.get_by_role("link", name="Explore").click()
    page.wait_for_url(re.compile(r"://[^/]+/\?p_n=0\.7&p_l=0\.4"))


def test_keys_walk_over_the_plane_and_look_closer_at_little_loss(visit):
    page = visit("breaks?p_n=0.95&p_l=0")
    page.get_by_role("radio", name="Whole plane").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator(".planes .said", has_text="colours between are read off").first.wait_for()
    page.wait_for_timeout(500)
    page.wait_for_function(LAST_RUN_IS_OVER)
    page.locator(".picture").nth(2).focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    said = page.locator(".planes .said").first.inner_text()
    assert "4.0 % lost, 222 ms at a time" in said  # from the nearest of its steps, 5 % and 200 ms
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("p_l=0.1"))
    asked = dict(part.split("=") for part in page.url.partition("?")[2].split("&"))
    assert Gilbert(float(asked["p_n"]), float(asked["p_l"])).loss_rate == pytest.approx(0.04, abs=1e-4)
    ccc = read_findings().expected("test", "matched", "arousal", "ccc", (float(asked["p_n"]), 0.1))
    assert f"CCC {ccc:.2f}" in said


# Nobody is kept out, and a lesson goes through.

AXE = gzip.decompress((Path(__file__).parent / "axe" / "axe.min.js.gz").read_bytes()).decode()
FIND = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
  return grave.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html + node.failureSummary)]);
}"""
IS_THERE = """(theme) => {
  const app = document.querySelector("[data-testid=stApp]");
  return getComputedStyle(app).colorScheme === theme;
}"""


@pytest.mark.parametrize("name", [name for name, *_ in PAGES])
def test_a_page_has_no_serious_barrier(visit, name):
    page = visit(name)
    page.wait_for_timeout(1_000)
    page.wait_for_function(LAST_RUN_IS_OVER)
    page.evaluate(AXE)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_function(IS_THERE, arg=theme)
        page.wait_for_timeout(700)  # colours fade
        assert page.evaluate(FIND) == [], theme


def test_the_sliders_have_names_that_can_be_read_aloud(visit):
    page = visit("?loss_model=gilbert_elliott")
    page.get_by_role("slider", name="p · turns bad").wait_for()
    read = "sliders => sliders.map((each) => each.getAttribute('aria-label') ?? '')"
    names = still(page).get_by_role("slider").evaluate_all(read)  # at once: a slider may give way to its like
    assert names
    assert not [name for name in names if set(name) & set("$_{}")]


def test_a_teachers_twenty_minutes(visit):
    """Gathered on a projector, answered on a phone; then the answer, why, and a sheet of paper."""
    teacher = visit("lesson?present=1", width=1024, height=768)
    teacher.get_by_text("For teachers").click()
    teacher.get_by_role("button", name="Gather the class's predictions").click()
    teacher.wait_for_selector(".bars caption:has-text('Predictions of the class: 0')")
    link = teacher.locator("[data-testid=stCode] code", has_text="poll=").inner_text()

    student = visit(link.partition("/?")[2].join(("?", "")), width=390, height=844)
    student.wait_for_selector("[data-testid=stRadio]")
    assert not student.get_by_text("For teachers").is_visible()
    student.locator("[data-testid=stRadio] label", has_text="400 ms").last.click()
    student.wait_for_selector("text=Counted, without a name")

    teacher.wait_for_selector(".bars caption:has-text('Predictions of the class: 1')")
    assert teacher.locator(".bars tr", has_text="400 ms").locator("td").first.inner_text() == "1"
    take_a_step(teacher, STEPS[0])
    teacher.wait_for_function(ON_SCREEN, arg=".st-key-reason")
    teacher.get_by_role("button", name=f"Next: {STEPS[1].title}").first.click()
    teacher.wait_for_selector(f"h1:has-text('{STEPS[1].title}')")

    teacher.get_by_text("For teachers").click()
    teacher.get_by_role("button", name="Clear all predictions").click()
    teacher.get_by_role("button", name="Handout to print").click()
    teacher.wait_for_selector(".handout")
    sheet = teacher.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
