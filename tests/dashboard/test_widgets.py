"""The player's answers and the loudspeaker."""

import builtins
import sys

import pytest

from dashboard import player
from dashboard.widgets import loudspeaker

CHOICE = {"p_n": 0.5, "p_l": 0.5, "seed": 1, "heard": "silence", "given": "removed"}
WRONG = (
    {"p_n": 2},
    {"p_n": "nan"},
    {"p_l": None},
    {"seed": -1},
    {"seed": float("inf")},
    {"heard": "<b>"},
    {"given": []},
)


@pytest.mark.parametrize("nonsense", [None, 3, "x", [], {}, {"p_n": 0.5}, *(CHOICE | bad for bad in WRONG)])
def test_nonsense_from_a_browser_is_ignored(nonsense):
    assert player.read_choice(nonsense) is None


def test_without_portaudio_the_loudspeaker_says_so(monkeypatch):
    real_import = builtins.__import__

    def no_portaudio(name, *args, **kwargs):
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_portaudio)
    assert "PortAudio library is not installed" in loudspeaker.why_silent()


def test_without_a_device_the_loudspeaker_says_so(monkeypatch):
    class SilentMachine:
        class PortAudioError(Exception):
            pass

        @classmethod
        def check_output_settings(cls, **_):
            raise cls.PortAudioError("no default output device")

    monkeypatch.setitem(sys.modules, "sounddevice", SilentMachine)
    assert "no loudspeaker" in loudspeaker.why_silent()
