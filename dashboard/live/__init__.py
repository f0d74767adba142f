"""Live: the visitor's own voice, followed while it speaks. The browser's side; ``route`` is the server's.

The microphone goes as 16-bit samples over a WebSocket of this server (``sercore.live.feed``), behind the same
door as the pages. Predictions come back and are drawn at once: Streamlit runs nothing for that. Who sits at
the machine may have its own microphone heard instead (``sercore.live.own_microphone``); its sound comes back.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import player, state
from dashboard.charts.palette import palette_for
from dashboard.compute import networks
from dashboard.live.route import MACHINE, VOICE
from dashboard.words import PROSE
from sercore.channel import Gilbert
from sercore.channel.registry import PACKET_MS
from sercore.live.engine import CONTEXT_SECONDS
from sercore.live.messages import VERSION
from sercore.live.own_microphone import BLOCK
from sercore.receiver import RECEIVERS, receiver_named
from sercore.report.looks import setting_title
from sercore.units import SAMPLE_RATE

HERE = Path(__file__).resolve().parent
OF_THE_PLAYER = ("chain.js", "picture.js")
SCRIPTS = ("microphone.js", "connection.js", "history.js", "strips.js", "replay.js", "live.js")
UNITS = f"const BLOCK = {BLOCK};\nconst WINDOW = {CONTEXT_SECONDS:g};\n"


def read_scripts(*names: str) -> str:
    """Scripts of this folder as one, with the units that they count in."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def _constants() -> str:
    """What the scripts take from Python."""
    worklet = f"const SAMPLE_RATE = {SAMPLE_RATE};\n{UNITS}{read_scripts('resample.js', 'worklet.js')}"
    addresses = {"browser": VOICE, "machine": MACHINE}
    named = {"WORKLET": worklet, "SAY": PROSE["live"]["browser"], "ADDRESSES": addresses, "VERSION": VERSION}
    return UNITS + "".join(f"const {name} = {json.dumps(value)};\n" for name, value in named.items())


_live = st.components.v2.component(
    "sercore_live",
    html=(HERE / "live.html").read_text(encoding="utf-8"),
    css=(player.HERE / "player.css").read_text(encoding="utf-8") + read_scripts("live.css"),
    js=player.read_scripts(*OF_THE_PLAYER) + _constants() + read_scripts(*SCRIPTS),
)


def show_live(settings: Mapping[str, str], *, machine: bool) -> None:
    """Mount it, as the channel in hand and the other choices of ``state`` stand.

    Args:
        settings: the networks to choose from, by name, with one sentence for each.
        machine: whether the microphone of the machine itself is offered, too.
    """
    channel = state.channel()
    place = channel if isinstance(channel, Gilbert) else Gilbert.like(channel)
    receivers = [{"name": r.NAME, "title": r.TITLE, "meaning": r.MEANING} for r in RECEIVERS.values()]
    data = {
        "p_n": round(place.p_n, 2),
        "p_l": round(place.p_l, 2),
        PACKET_MS: channel.packet_ms if place is channel else Gilbert.USUAL_MS,
        "given": state.given(),
        "setting": st.session_state["setting"],
        "receivers": receivers,
        "networks": [
            {"name": name, "title": setting_title(name), "meaning": meaning}
            for name, meaning in settings.items()
        ],
        "hidden": sorted(state.hidden()),
        "machine": machine,
        "palettes": {name: palette_for(name).for_browser() for name in ("light", "dark")},
    }
    _live(key="live", data=data, on_choice_change=_take_choice)


def _take_choice() -> None:
    """Keep the channel, the receiver and the network, as the visitor left them."""
    choice = read_choice(getattr(st.session_state.get("live"), "choice", None))
    if choice is not None:
        channel, st.session_state["given"], st.session_state["setting"] = choice
        state.set_channel(replace(channel, packet_ms=state.channel().packet_ms))


def read_choice(choice: Any) -> tuple[Gilbert, str, str] | None:
    """Check what a browser sent, which may be anything; None for what makes no sense.

    Example:
        >>> read_choice({"p_n": 0.9, "p_l": 2, "given": "drop", "setting": "mismatched"}) is None
        True
    """
    try:
        channel = Gilbert(round(float(choice["p_n"]), 2), round(float(choice["p_l"]), 2))
        given, setting = receiver_named(choice["given"]).NAME, choice["setting"]
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return (channel, given, setting) if setting in networks.trained_settings() else None
