"""The live player: sliders, chain, waveform and sound in the visitor's browser, no server in between.

Python sends the sound once and one 32-bit number for each frame. Both sides hold these numbers against the
same two thresholds, so that the losses that are heard are the losses that the network meets.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from dashboard.channels import LARGEST_SEED, PRESETS, uniform_bits
from sercore.loss_models import Gilbert

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboard.clips import Clip
    from dashboard.palette import Palette

HERE = Path(__file__).resolve().parent
SCRIPTS = ("chain.js", "sound.js", "picture.js", "panel.js", "player.js")  # joined: a component is one script
HEARD = ("silence", "removed")


def _read(*names: str) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


_player = st.components.v2.component(
    "sercore_player", html=_read("player.html"), css=_read("player.css"), js=_read(*SCRIPTS)
)
_sound = st.components.v2.component("sercore_sound", js=_read("clip.js"))


def send_sound(clip: Clip) -> None:
    """Hand the clip to the browser; equal messages travel once, so this may be called at every run.

    Args:
        clip: its samples go as 16-bit integers, as in a WAV file of the same clip.
    """
    integers = np.clip(np.rint(clip.audio * 32_768), -32_768, 32_767).astype("<i2")
    _sound(key="sound", data=clip.sha256.encode() + integers.tobytes(), height=1)


def show_player(
    clip: Clip, channel: Gilbert, colours: Palette, *, seed: int, heard: str, on_choice: Callable[[], None]
) -> None:
    """Mount the player.

    Args:
        clip: what is played.
        channel: where the sliders stand.
        colours: of the page.
        seed: of the loss.
        heard: "silence" or "removed", what version B does with lost frames.
        on_choice: called when the visitor has let go of something; ``choice_made`` tells what.
    """
    bits = uniform_bits(seed, clip.n_frames).astype("<u4")
    data = {
        "clip": clip.sha256,
        "start": clip.start,
        "bits": base64.b64encode(bits.tobytes()).decode(),
        "p_n": channel.p_n,
        "p_l": channel.p_l,
        "seed": seed,
        "heard": heard,
        "presets": [
            {
                "name": p.name,
                "group": p.group,
                "meaning": p.meaning,
                "p_n": p.channel.p_n,
                "p_l": p.channel.p_l,
            }
            for p in PRESETS
        ],
        "colours": colours.for_browser(),
    }
    _player(key="player", data=data, on_choice_change=on_choice)


def choice_made() -> tuple[Gilbert, int, str] | None:
    """Channel, seed and what is heard, as the visitor left them; None for a message that makes no sense.

    A browser may send anything, so every value is checked.
    """
    return read_choice(getattr(st.session_state.get("player"), "choice", None))


def read_choice(choice: Any) -> tuple[Gilbert, int, str] | None:
    """Check what a browser sent.

    Example:
        >>> read_choice({"p_n": 0.9, "p_l": 0.5, "seed": 3, "heard": "silence"})
        (Gilbert(p_n=0.9, p_l=0.5), 3, 'silence')
        >>> read_choice({"p_n": 7, "p_l": 0.5, "seed": 3, "heard": "silence"}) is None
        True
    """
    try:
        channel = Gilbert(round(float(choice["p_n"]), 2), round(float(choice["p_l"]), 2))
        seed, heard = int(choice["seed"]), choice["heard"]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return (channel, seed, heard) if 0 <= seed <= LARGEST_SEED and heard in HEARD else None
