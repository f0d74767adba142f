"""What a network makes of the clip in hand, for the player to draw under the waveform.

It is sent after the player is there: sliders and sound need not wait for a network.
"""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import state
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws
from dashboard.player import HERE
from dashboard.words import PROSE
from sercore.channel.registry import channel_key
from sercore.units import DIMENSIONS

SAY = PROSE["explore"]
_message = st.components.v2.component("sercore_curves", js=(HERE / "message.js").read_text(encoding="utf-8"))


def awaited(clip: Clip, setting: str | None) -> dict[str, Any]:
    """What the player needs to know of curves before they come: whose they will be, what to say meanwhile."""
    names = [name.capitalize() for name in DIMENSIONS]
    return {"of": _of(clip, setting), "awaited": SAY["awaited"], "dimensions": names}


def send_curves(
    clip: Clip,
    setting: str | None,
    draws: Draws | None,
    said: Sequence[str],
    told: str,
    *,
    key: str = "curves",
) -> None:
    """Hand over the gold standard, and of a network the prediction without and after loss, and its band.

    Args:
        clip: which of it.
        setting: how the network was trained.
        draws: of which the first is shown; None where there is no network.
        said: beside the name of each dimension.
        told: all of it in one sentence.
        key: another one where a message comes before another of the same run.
    """
    predicted = (None, None) if draws is None else (draws.clean, draws.shown)
    edges = (None, None) if draws is None or draws.band is None else draws.band
    names = ("gold", "clean", "after", "low", "high")
    courses = dict(zip(names, (clip.gold, *predicted, *edges), strict=True))
    dimensions = []
    for index, (name, words) in enumerate(zip(DIMENSIONS, said, strict=True)):
        lines = {line: _sent(course, index) for line, course in courses.items()}
        dimensions.append({"name": name.capitalize(), "said": words} | lines)
    message = {"of": _of(clip, setting), "clip": clip.sha256, "told": told, "dimensions": dimensions}
    _message(key=key, data=message, height=1)


def _of(clip: Clip, setting: str | None) -> str:
    """All that the curves and the words beside them depend on."""
    of = (clip.sha256, clip.run_in_frames, channel_key(state.channel()), state.seed())
    return ",".join(map(str, (*of, state.given(), setting, state.score())))


def _sent(course: NDArray[np.float32] | None, dimension: int) -> str:
    if course is None:
        return ""
    return base64.b64encode(course[:, dimension].astype("<f4").tobytes()).decode()
