"""The live player: sliders, chain, waveform and sound in the visitor's browser, no server in between.

Python sends the sound once and one 32-bit number for each packet. Both sides hold these numbers against the
same two thresholds, so that the losses that are heard are the losses that the network meets. Of another loss
model than the paper's chain Python sends the losses themselves, and the page has the sliders.
"""

import base64
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.compute.clips import Clip
from dashboard.widgets.chart import colours
from sercore.audio.wav import to_integers
from sercore.channel import Gilbert, LossModel, parameters_of
from sercore.channel.coupled import LARGEST_SEED, draw_received, uniform_bits
from sercore.channel.packets import packets_in
from sercore.channel.presets import PRESETS
from sercore.channel.registry import PACKET_MS, channel_key
from sercore.receiver import RECEIVERS, receiver_named
from sercore.receiver.any_rate import receive
from sercore.units import FRAME_MS, SAMPLE_RATE

HERE = Path(__file__).resolve().parent
# Joined: a component is one script.
SCRIPTS = ("chain.js", "sound.js", "picture.js", "curves.js", "panel.js", "player.js")
PIECE = 30 * SAMPLE_RATE  # of a sound that travels, in samples: a megabyte
# What the scripts count in; their own constants would be a second place for the same numbers.
UNITS = f"""
const SAMPLE_RATE = {SAMPLE_RATE};
const FRAME_MS = {FRAME_MS};
const FRAME_SECONDS = FRAME_MS / 1000;
const LARGEST_SEED = {LARGEST_SEED};
"""


def read_scripts(*names: str) -> str:
    """Scripts of the player as one, with the units that they count in."""
    return UNITS + _read(*names)


def _read(*names: str) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


_player = st.components.v2.component(
    "sercore_player", html=_read("player.html"), css=_read("player.css"), js=read_scripts(*SCRIPTS)
)
_sound = st.components.v2.component("sercore_sound", js=_read("clip.js"))


def send_sound(clip: Clip) -> None:
    """Hand the clip to the browser, as 16-bit integers; equal messages travel once, at however many runs."""
    _send("clip", clip.sha256, clip.audio)


def send_concealed(clip: Clip) -> None:
    """Hand over what the receiver in hand makes of the clip, if that sounds; the browser can cut out.

    Sound is large, so who listens to something else is spared it.
    """
    receiver, channel = receiver_named(state.given()), state.channel()
    if st.session_state["heard"] == "removed" and receiver.KEEPS_LENGTH:
        received = draw_received(channel, state.seed(), clip.n_frames)
        heard = receive(clip.audio, SAMPLE_RATE, received, channel.packet_ms, receiver)
        _send("concealed", _concealed(clip), heard)


def _concealed(clip: Clip) -> str:
    """Whose sound a receiver made it of, and after which losses."""
    return ",".join([clip.sha256, channel_key(state.channel()), str(state.seed()), state.given()])


def _send(kind: str, name: str, audio: NDArray[np.float32]) -> None:
    """Hand over a sound, a long one in pieces, so that the page can say how much of it is there."""
    with st.container(key=f"sound_{kind}"):
        for first in range(0, max(1, len(audio)), PIECE):
            head = f"{kind} {name} {first} {len(audio)}\n".encode()
            samples = to_integers(audio[first : first + PIECE]).tobytes()
            _sound(key=f"sound {kind} {first}", data=head + samples, height=1)


def runs_live(channel: LossModel) -> bool:
    """Whether the browser draws the losses of this channel by itself: it knows the paper's chain."""
    return type(channel) is Gilbert


def show_player(clip: Clip, hidden: Iterable[str] = (), curves: dict[str, Any] | None = None) -> None:
    """Mount the player, as the channel in hand and the other choices of ``state`` stand.

    Beside what a teacher's link hides, ``hidden`` names controls of ``state.HIDEABLE``, or "burst", the mean.
    ``curves`` are those that are to follow, from ``curves.awaited``; None where no network is asked.
    """
    channel, seed = state.channel(), state.seed()
    live = runs_live(channel)
    of_frames = type(channel)(**parameters_of(channel) | {PACKET_MS: FRAME_MS})  # losses counted in packets
    place = channel if isinstance(channel, Gilbert) else Gilbert.like(of_frames)
    bits = uniform_bits(seed, packets_in(clip.n_frames, channel.packet_ms)).astype("<u4")
    received = b"" if live else draw_received(channel, seed, clip.n_frames).tobytes()
    unseen = {*state.hidden(), *hidden} | (set() if live else {"channel", "chain"})
    if "chain" in unseen or channel.packet_ms != FRAME_MS:
        unseen.add("corner")  # of the paper's plane, which is one of frames
    if not live or channel.packet_ms != FRAME_MS:
        unseen.add("presets")
    presets = [{"name": p.name, "group": p.group, "meaning": p.meaning, **asdict(p.channel)} for p in PRESETS]
    receivers = [
        {"name": r.NAME, "title": r.TITLE, "meaning": r.MEANING, "cuts_out": not r.KEEPS_LENGTH}
        for r in RECEIVERS.values()
    ]
    data = {
        "clip": clip.sha256,
        "start": clip.start,
        "bits": base64.b64encode(bits.tobytes()).decode(),
        "received": base64.b64encode(received).decode(),
        "seconds": clip.n_frames * FRAME_MS / 1000,
        **asdict(place),
        PACKET_MS: channel.packet_ms,
        "seed": seed,
        "heard": st.session_state["heard"],
        "given": state.given(),
        "concealed": _concealed(clip),
        "curves": curves,
        "hidden": sorted(unseen),
        "presets": presets,
        "receivers": receivers,
        "colours": colours().for_browser(),
    }
    _player(key="player", data=data, on_choice_change=_take_choice)


def _take_choice() -> None:
    """Keep channel, seed, what is heard and what the network gets, as the visitor left them."""
    choice = read_choice(getattr(st.session_state.get("player"), "choice", None))
    if choice is not None:
        channel, st.session_state["seed"], st.session_state["heard"], st.session_state["given"] = choice
        if runs_live(state.channel()):
            state.set_channel(replace(channel, packet_ms=state.channel().packet_ms))


def read_choice(choice: Any) -> tuple[Gilbert, int, str, str] | None:
    """Check what a browser sent, which may be anything; None for what makes no sense.

    Example:
        >>> read_choice({"p_n": 0.9, "p_l": 0.5, "seed": 3, "heard": "silence", "given": "drop"})
        (Gilbert(p_n=0.9, p_l=0.5), 3, 'silence', 'drop')
        >>> read_choice({"p_n": 7, "p_l": 0.5, "seed": 3, "heard": "silence", "given": "drop"}) is None
        True
    """
    try:
        channel = Gilbert(round(float(choice["p_n"]), 2), round(float(choice["p_l"]), 2))
        seed, heard, given = int(choice["seed"]), choice["heard"], receiver_named(choice["given"]).NAME
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    known = 0 <= seed <= LARGEST_SEED and heard in state.HEARD
    return (channel, seed, heard, given) if known else None
