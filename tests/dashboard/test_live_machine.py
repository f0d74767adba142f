"""The machine's own microphone on the page Live: for who sits there, and for nobody else."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from benchmarks.dashboard import server
from websockets.sync.client import connect

from dashboard.door import hosts
from sercore.live import sound_card
from tests.dashboard.browsing import CHROMIUM, FLAGS, IN_CHROMIUM, SCREENSHOTS
from tests.dashboard.opened import ROOT
from tests.dashboard.pretended_sounddevice import FOLDER
from tests.dashboard.test_door import ask

PRETENDED = """
import os, sys
sys.path.insert(0, {root!r}); os.environ[{name!r}] = {folder!r}
import tests.dashboard.pretended_sounddevice as pretended
sys.modules["sounddevice"] = pretended
from streamlit.web.cli import main
main()
"""
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
UPGRADE |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
HELLO = json.dumps({"type": "hello", "version": 1})


@pytest.fixture(scope="module")
def card(tmp_path_factory) -> Path:
    """What becomes of the pretended sound card."""
    return tmp_path_factory.mktemp("card")


@pytest.fixture(scope="module")
def address(card) -> Iterator[str]:
    """A server with a microphone, by whatever name it is called."""
    code = PRETENDED.format(root=str(ROOT), name=FOLDER, folder=str(card))
    with server("--server.allowedHosts=*", python=("-c", code)) as (where, _, _):
        yield where


def own_page(address: str) -> dict[str, str]:
    return {"Origin": f"http://{address}"}


CRAFTED = {
    "a program that is no page": {},
    "a page of another server here": {"Origin": "http://127.0.0.1:1"},
    "a page of this server by another name": {"Host": "lab.example", "Origin": "http://lab.example"},
    "a page that a proxy hands on": {"Origin": "OWN", "X-Forwarded-For": "127.0.0.1"},
    "a page from elsewhere": {"Origin": "http://evil.example"},
    "a page without a name": {"Origin": "null"},
}


@pytest.mark.parametrize("headers", CRAFTED.values(), ids=CRAFTED)
def test_nobody_else_opens_the_microphone(address, card, headers):
    said = {name: text.replace("OWN", f"http://{address}") for name, text in headers.items()}
    (card / "opened").unlink(missing_ok=True)
    assert ask(address, "/live/machine", **UPGRADE, **said).status == 403
    assert not (card / "opened").exists()


@pytest.mark.parametrize("peer", ["10.0.0.7", "::ffff:10.0.0.7", "fe80::1"])
def test_a_page_that_is_seen_elsewhere_is_none_of_the_machine(peer):
    here = [(b"host", b"127.0.0.1:8501"), (b"origin", b"http://127.0.0.1:8501")]
    assert not hosts.is_own_page_at_the_machine({"client": (peer, 7), "headers": here})
    assert hosts.is_own_page_at_the_machine({"client": ("127.0.0.1", 7), "headers": here})


def test_what_is_said_to_the_feed_of_browsers_opens_no_microphone(address, card):
    (card / "opened").unlink(missing_ok=True)
    for crafted in ({"format": "machine"}, {"machine": True}, {"source": "machine"}):
        with connect(f"ws://{address}/live/voice", additional_headers=own_page(address)) as voice:
            voice.send(json.dumps(json.loads(HELLO) | crafted))
            voice.recv(timeout=60)
    assert not (card / "opened").exists()


def test_a_page_at_the_machine_opens_it(address, card):
    with connect(f"ws://{address}/live/machine", additional_headers=own_page(address)) as here:
        here.send(HELLO)
        assert '"hello"' in here.recv(timeout=60)
        assert len(here.recv(timeout=60)) == 1_600
    assert (card / "opened").exists()


def test_whether_there_is_a_microphone(monkeypatch):
    class Deaf:
        class PortAudioError(Exception):
            pass

        @classmethod
        def query_devices(cls, **_):
            raise cls.PortAudioError("no input device")

    monkeypatch.setattr(sound_card, "portaudio", lambda: Deaf)
    assert not sound_card.has_microphone()
    monkeypatch.setattr(Deaf, "query_devices", lambda **_: {})
    assert sound_card.has_microphone()


@pytest.fixture
def visit(browsers, address):
    """``visit(host)`` opens the page in a browser that has no microphone of its own."""
    flags = [each for each in FLAGS if "fake-device" not in each]
    mapped = f"--host-resolver-rules=MAP lab.example 127.0.0.1, MAP localhost {address.split(':')[0]}"
    browser = browsers.chromium.launch(executable_path=CHROMIUM, args=[*flags, mapped])
    troubles = []

    def open_page(host: str = "localhost", **look):
        page = browser.new_page(**{"viewport": {"width": 1280, "height": 800}} | look)
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.goto(f"http://{host}:{address.rpartition(':')[2]}/live?p_l=0.7")
        page.wait_for_selector(".live[data-state]")
        return page

    yield open_page
    browser.close()
    assert not troubles


def of_the_machine(page):
    """Who sits at the machine chooses its microphone, and speaks."""
    page.locator(".source select").select_option("machine")
    page.get_by_role("button", name="Speak").click()
    page.wait_for_selector(".live[data-state=running][data-answers]")


def in_chromium(test):
    for mark in IN_CHROMIUM:
        test = mark(test)
    return test


@in_chromium
def test_a_stranger_sees_no_choice(visit):
    page = visit("lab.example")
    page.wait_for_timeout(500)
    assert page.locator(".source").is_hidden()


@in_chromium
def test_who_sits_there_speaks_into_it_until_it_is_unplugged(visit, card):
    page = visit()
    page.locator(".source").wait_for()
    of_the_machine(page)
    assert page.locator(".source select").is_disabled()
    page.wait_for_timeout(1_000)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".live[data-state=ready]")
    page.get_by_role("button", name="Play").click()  # as received; it has losses as any other
    page.get_by_role("radio", name="As said").click()
    page.get_by_role("button", name="Pause").wait_for()
    of_the_machine(page)
    page.wait_for_timeout(1_000)
    (card / "unplugged").touch()
    page.wait_for_selector(".live[data-state=failed]")
    assert "the microphone stopped: Unanticipated host error" in page.locator(".live .state").inner_text()
    assert page.get_by_role("button", name="Play").is_enabled()
    (card / "unplugged").unlink()
    of_the_machine(page)


@in_chromium
@pytest.mark.skipif(not SCREENSHOTS, reason="pictures are taken into the folder SCREENSHOTS")
def test_pictures_while_it_runs(visit):
    for width, theme in product((1280, 390), ("light", "dark")):
        page = visit(viewport={"width": width, "height": 800 if width > 500 else 844}, color_scheme=theme)
        of_the_machine(page)
        page.wait_for_timeout(14_000)
        page.screenshot(path=Path(SCREENSHOTS) / f"live-machine-{width}-{theme}.png", full_page=True)
        page.close()
