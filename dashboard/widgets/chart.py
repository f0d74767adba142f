"""Charts as every page shows them: words for who cannot see them, files to keep, type for a hall."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard import state

TYPE_SIZE = 13  # px, at scale 1


def show_chart(
    figure: go.Figure, key: str, alt: str, *, on_select: Callable[[], None] | None = None, where: Any = st
) -> None:
    """Show a figure; its menu saves it as the picture file that the visitor chose.

    Args:
        figure: from ``charts``, ``comparisons`` or ``heatmaps``.
        key: names it on the page, and its file.
        alt: what it shows, in words and numbers.
        on_select: called on a click on a point.
        where: a container.
    """
    options: dict[str, Any] = {"on_select": on_select, "selection_mode": "points"} if on_select else {}
    where.plotly_chart(
        for_hall(figure, state.type_scale()), key=key, alt=alt, width="stretch",
        config=_config(key, st.session_state["picture"]), **options,
    )  # fmt: skip


def _config(name: str, picture: str) -> dict[str, Any]:
    """One button in the menu of a chart: it saves the chart, in the browser."""
    return {
        "modeBarButtons": [["toImage"]],
        "displaylogo": False,
        "toImageButtonOptions": {"format": picture, "filename": name.replace(" ", "_"), "scale": 3},
        "scrollZoom": False,
    }


def for_hall(figure: go.Figure, scale: float) -> go.Figure:
    """The figure with type, lines and marks so many times as large, for who sits far from a projector.

    Streamlit's theme sets fonts from the outside unless each axis has its own, so each gets one.

    Example:
        >>> for_hall(go.Figure(layout={"height": 100}), 1.5).layout.height
        150
    """
    font = {"size": round(TYPE_SIZE * scale)}
    figure.update_xaxes(tickfont=font, title_font=font)
    figure.update_yaxes(tickfont=font, title_font=font)
    figure.update_layout(legend_font=font)
    if scale == 1:
        return figure
    margin = figure.layout.margin.to_plotly_json()
    figure.update_layout(
        height=round((figure.layout.height or 400) * scale),
        margin={side: round(size * scale) for side, size in margin.items()},
    )
    for line in figure.select_traces(lambda trace: trace.type == "scatter" and trace.line.width):
        line.line.width *= scale
    return figure
