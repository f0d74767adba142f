"""The page Live in a real browser that speaks: what is drawn follows, and places are few."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import soxr
from benchmarks.dashboard import server

from dashboard.live import UNITS, read_choice, read_scripts
from dashboard.live.route import LIMIT
from sercore.audio import write_wav
from sercore.corpus.corpus import open_corpus
from sercore.units import SAMPLE_RATE
from tests.dashboard.browsing import CHROMIUM, FLAGS, IN_CHROMIUM, SCREENSHOTS, SETTLED

pytestmark = IN_CHROMIUM
DENIED_AT_FIRST = """
  const permission = Object.assign(new EventTarget(), { state: "denied" });
  navigator.permissions.query = async () => permission;
  globalThis.allow = () => { permission.state = "granted"; permission.dispatchEvent(new Event("change")); };
"""
ONE_PLACE = f"import os; os.environ['{LIMIT}'] = '1'; from streamlit.web.cli import main; main()"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server that follows one voice at a time, by whatever name it is called."""
    with server("--server.allowedHosts=*", python=("-c", ONE_PLACE)) as (where, _, _):
        yield where.replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def speaking(tmp_path_factory, browsers) -> Iterator[object]:
    """A browser whose microphone hears a shipped recording, again and again."""
    voice = tmp_path_factory.mktemp("voice") / "voice.wav"
    write_wav(voice, next(iter(open_corpus("demo"))).audio[: 10 * SAMPLE_RATE])
    flags = [f"--use-file-for-fake-audio-capture={voice}", "--host-resolver-rules=MAP lab.example 127.0.0.1"]
    browser = browsers.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
    yield browser
    browser.close()


@pytest.fixture
def visit(speaking, address):
    """``visit(query)`` opens the page as a new visitor, and fails the test on any script error."""
    contexts, troubles = [], []

    def open_page(query: str = "", host: str = "", script: str = "", **look):
        contexts.append(speaking.new_context(**{"viewport": {"width": 1280, "height": 800}} | look))
        contexts[-1].set_default_timeout(120_000)
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.add_init_script(script)
        page.goto(f"http://{address.replace('localhost', host or 'localhost')}/live?{query}")
        page.wait_for_selector(".live[data-state]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles


def speak(page):
    page.get_by_role("button", name="Speak").click()
    page.wait_for_selector(".live[data-state=running]")


def lost(page) -> int:
    return int(re.match(r"\d+", page.locator(".live .lost").inner_text())[0])


def until(page, holds):
    """Wait for what the page shows; its parts lie in a shadow tree, where its own scripts do not look."""
    for _ in range(600):
        if holds(page):
            return
        page.wait_for_timeout(100)
    pytest.fail(page.locator(".live").inner_text())


def answers(page) -> int:
    return int(page.locator(".live").get_attribute("data-answers") or 0)


def test_traces_appear_and_losses_follow_the_slider(visit):
    page = visit("p_n=1&p_l=0")
    speak(page)
    until(page, lambda page: answers(page) > 8)
    assert lost(page) == 0
    for name, value in (("p-n", 0), ("p-l", 1)):
        page.locator(f".live input.{name}").fill(str(value))
    until(page, lambda page: lost(page) > 20)
    page.wait_for_url(re.compile(r"p_n=0\.0&p_l=1\.0"))
    assert page.locator(".live").get_attribute("data-state") == "running"  # the address changed, it went on
    drawn = page.locator(".live canvas").get_attribute("aria-label")
    assert re.fullmatch(r"The last 20 seconds: \d+\u00a0% lost, arousal .*, valence .* after loss", drawn)
    assert 0 <= float(page.locator(".live").get_attribute("data-late")) < 5


PLAYED = """() => {
  globalThis.played = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    played.push([Array.from(this.buffer.getChannelData(0)), when[1]]);
    start.apply(this, when);
  };
}"""


def test_the_last_seconds_play_as_they_were_said_and_as_they_were_received(visit):
    page = visit("p_n=0.5&p_l=0.5&given=silence")
    page.evaluate(PLAYED)
    speak(page)
    until(page, lambda page: answers(page) > 12)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".live[data-state=ready]")
    page.get_by_role("button", name="Play").click()
    page.get_by_role("radio", name="As said").click()
    (received, _), (said, at) = page.evaluate("() => played")
    received, said = np.array(received), np.array(said)
    assert len(received) == len(said) > 2 * SAMPLE_RATE
    assert 0 < at < 2  # it went on at the same instant
    kept = received.reshape(-1, 3_200).any(axis=1)
    assert 0.1 < kept.mean() < 0.9
    np.testing.assert_array_equal(received, said * np.repeat(kept, 3_200))


def test_who_comes_second_waits_in_sight_until_the_first_stops(visit):
    first, second, third = (visit() for _ in range(3))
    speak(first)
    for page, words in ((second, "you are next"), (third, "2 are before you")):
        page.get_by_role("button", name="Speak").click()
        page.wait_for_selector(f".live .state:has-text('{words}')")
    first.get_by_role("button", name="Stop").click()
    second.wait_for_selector(".live[data-state=running]")
    third.wait_for_selector(".live .state:has-text('you are next')")
    second.get_by_role("link", name="About").click()  # who leaves the page makes room too
    third.wait_for_selector(".live[data-state=running]")
    until(third, answers)


def test_a_page_that_browsers_give_no_microphone_says_so_before(visit):
    page = visit(host="lab.example")
    page.wait_for_selector(".live[data-state=refused]")
    assert "this page comes from lab.example" in page.locator(".live .state").inner_text()
    assert page.get_by_role("button", name="Speak").is_disabled()


def test_a_denied_microphone_is_told_before_anybody_speaks_and_taken_once_it_is_allowed(visit):
    page = visit(script=DENIED_AT_FIRST)
    page.wait_for_selector(".live[data-state=refused] .state:has-text('allow it beside the address')")
    assert page.get_by_role("button", name="Speak").is_disabled()
    page.evaluate("() => allow()")
    page.wait_for_selector(".live[data-state=ready]")
    speak(page)


@pytest.mark.skipif(not SCREENSHOTS, reason="pictures are taken into the folder SCREENSHOTS")
def test_pictures_while_it_runs(visit):
    for width, theme in product((1920, 1280, 390), ("light", "dark")):
        page = visit("p_l=0.7", viewport={"width": width, "height": 1_000}, color_scheme=theme)
        speak(page)
        page.wait_for_timeout(22_000)
        page.screenshot(path=Path(SCREENSHOTS) / f"live-{width}-{theme}.png", full_page=True)
        page.get_by_role("button", name="Stop").click()
        page.wait_for_selector(".live[data-state=ready]")


@pytest.mark.parametrize("width", [1920, 1280, 390])
def test_it_fits_every_screen(visit, width):
    page = visit(viewport={"width": width, "height": 800})
    page.wait_for_function(SETTLED)
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth + 1")


RESAMPLED = """([samples, rate, size]) => {
  const resampler = new Resampler(rate), out = [];
  for (let first = 0; first < samples.length; first += size) {
    out.push(...resampler.push(Float32Array.from(samples.slice(first, first + size))));
  }
  return out;
}"""


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000, 8_000])
def test_a_microphone_of_any_rate_is_heard_at_16_khz(speaking, rate):
    page = speaking.new_page()
    page.add_script_tag(content=f"const SAMPLE_RATE = {SAMPLE_RATE};\n{UNITS}{read_scripts('resample.js')}")
    seconds = np.arange(rate // 2) / rate
    sound = sum(np.sin(2 * np.pi * tone * seconds) / 4 for tone in (200, 1_500, 3_300))
    found = [page.evaluate(RESAMPLED, [sound.tolist(), rate, size]) for size in (128, 1_000)]
    page.close()
    n = min(map(len, found))
    np.testing.assert_array_equal(found[0][:n], found[1][:n])
    assert SAMPLE_RATE / 2 - n < 200
    whole = soxr.resample(sound, rate, SAMPLE_RATE, quality="VHQ")
    inside = slice(400, n - 400)
    np.testing.assert_allclose(np.array(found[0])[inside], whole[inside], atol=2e-3)


def test_what_a_microphone_hears_beyond_8_khz_is_no_part_of_it(speaking):
    page = speaking.new_page()
    page.add_script_tag(content=f"const SAMPLE_RATE = {SAMPLE_RATE};\n{UNITS}{read_scripts('resample.js')}")
    sound = np.sin(2 * np.pi * 9_000 * np.arange(24_000) / 48_000)
    heard = np.array(page.evaluate(RESAMPLED, [sound.tolist(), 48_000, 128]))
    page.close()
    assert np.abs(heard[400:]).max() < 2e-3


@pytest.mark.parametrize("choice", [None, 7, {}, {"p_n": "a", "p_l": 0, "given": "drop", "setting": "x"}])
def test_a_choice_that_makes_no_sense_is_none(choice):
    assert read_choice(choice) is None
