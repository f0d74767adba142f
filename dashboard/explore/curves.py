"""Charts of what a network made of a clip: courses with the luck of many draws, the way through the plane."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard.charts import traces
from dashboard.compute.clips import Clip
from dashboard.compute.draws import Draws
from dashboard.widgets.chart import colours, show_chart
from dashboard.words import PROSE
from sercore.units import DIMENSIONS

SAY = PROSE["explore"]
Lines = Mapping[str, NDArray[np.float32]]


def show_course(
    clip: Clip, received: NDArray[np.bool_], draws: Draws, index: int, *, key: str = "", height: int = 270
) -> None:
    """One dimension over time; with a ``key`` it is one of several, and the legend stands once, in words."""
    dimension = DIMENSIONS[index]
    lines = {name: values[:, index] for name, values in _lines(clip, draws).items()}
    ribbon = None if draws.ribbon is None else draws.ribbon[:, :, index]
    look: dict[str, Any] = {"height": height, "ribbon": ribbon, "n_draws": draws.n_draws}
    figure = traces.emotion(lines, received, colours(), dimension, clip.start, **look)
    if key:
        figure.update_layout(showlegend=False, margin_t=16)
    show_chart(figure, key or dimension, _course_in_words(dimension, lines))


def show_path(clip: Clip, draws: Draws) -> None:
    """The way through the plane of valence and arousal."""
    st.caption(SAY["path"])
    lines = _lines(clip, draws)
    show_chart(traces.path(lines, colours()), "path", _path_in_words(lines))


def _lines(clip: Clip, draws: Draws) -> dict[str, NDArray[np.float32]]:
    gold = {} if clip.gold is None else {"gold standard": clip.gold}
    return gold | {"clean": draws.clean, "after loss": draws.shown}


def _said(name: str) -> str:
    return name if name == "gold standard" else f"prediction {name}"


def _course_in_words(dimension: str, lines: Lines) -> str:
    said = []
    for name, values in lines.items():
        known, where = values[~np.isnan(values)], "nowhere"
        if len(known):
            where = f"{known.min():.2f} to {known.max():.2f}, mean {known.mean():.2f}"
        said.append(f"{_said(name)} {where}")
    return f"{dimension.capitalize()} over time: {'; '.join(said)}."


def _path_in_words(lines: Lines) -> str:
    said = []
    for name, values in lines.items():
        known = values[~np.isnan(values[:, 0])]
        if len(known):
            first, last = (f"valence {v:.2f}, arousal {a:.2f}" for a, v in known[[0, -1]])
            said.append(f"{_said(name)} from {first} to {last}")
    return f"The way through the plane: {'; '.join(said)}."
