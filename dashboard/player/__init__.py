"""The live player: sliders, chain, waveform and sound in the visitor's browser, no server in between.

Python sends the sound once and one 32-bit number for each frame. Both sides hold these numbers against the
same two thresholds, so that the losses that are heard are the losses that the network meets.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard import state
from sercore.audio.wav import to_integers
from sercore.channel.coupled import LARGEST_SEED, uniform_bits
from sercore.channel.gilbert import Gilbert
from sercore.channel.presets import PRESETS
from sercore.experiment.replay import GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.charts.palette import Palette
    from dashboard.compute.clips import Clip

HERE = Path(__file__).resolve().parent
SCRIPTS = ("chain.js", "sound.js", "picture.js", "panel.js", "player.js")  # joined: a component is one script


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
    _sound(key="sound", data=clip.sha256.encode() + to_integers(clip.audio).tobytes(), height=1)


def show_player(
    clip: Clip,
    channel: Gilbert,
    colours: Palette,
    *,
    seed: int,
    heard: str,
    given: str,
    on_choice: Callable[[], None],
    hidden: Sequence[str] = (),
) -> None:
    """Mount the player.

    Args:
        clip: what is played.
        channel: where the sliders stand.
        colours: of the page.
        seed: of the loss.
        heard: "silence" or "removed", what version B does with lost frames.
        given: the same for what the network gets.
        on_choice: called when the visitor has let go of something; ``take_choice`` keeps it.
        hidden: names of ``state.HIDEABLE`` whose controls are not shown; "burst" hides the mean burst.
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
        "given": given,
        "hidden": list(hidden),
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


def take_choice() -> None:
    """Keep channel, seed, what is heard and what the network gets, as the visitor left them."""
    choice = read_choice(getattr(st.session_state.get("player"), "choice", None))
    if choice is not None:
        channel, st.session_state["seed"], st.session_state["heard"], st.session_state["given"] = choice
        state.set_channel(channel.p_n, channel.p_l)


def read_choice(choice: Any) -> tuple[Gilbert, int, str, str] | None:
    """Check what a browser sent, which may be anything; None for what makes no sense.

    Example:
        >>> read_choice({"p_n": 0.9, "p_l": 0.5, "seed": 3, "heard": "silence", "given": "removed"})
        (Gilbert(p_n=0.9, p_l=0.5), 3, 'silence', 'removed')
        >>> read_choice({"p_n": 7, "p_l": 0.5, "seed": 3, "heard": "silence", "given": "removed"}) is None
        True
    """
    try:
        channel = Gilbert(round(float(choice["p_n"]), 2), round(float(choice["p_l"]), 2))
        seed, heard, given = int(choice["seed"]), choice["heard"], choice["given"]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    known = heard in state.HEARD and given in GIVEN
    return (channel, seed, heard, given) if 0 <= seed <= LARGEST_SEED and known else None
