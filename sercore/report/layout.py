"""Margins and legend of every plotly chart, in the report and in the dashboard."""

from typing import Any

import plotly.graph_objects as go

LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "title": None}  # above, from the left


def lay_out(
    figure: go.Figure,
    height: int,
    *,
    left: int = 62,  # equal on all charts over time, so that their axes line up
    right: int = 12,
    top: int = 34,
    bottom: int = 46,
    **more: Any,
) -> go.Figure:
    """The figure with its height and margins in pixels, and the legend above it.

    Args:
        figure: is changed.
        height: of all of it.
        left: margin.
        right: margin.
        top: margin.
        bottom: margin.
        more: of plotly's layout.
    """
    margin = {"l": left, "r": right, "t": top, "b": bottom}
    return figure.update_layout(height=height, margin=margin, legend=LEGEND, **more)
