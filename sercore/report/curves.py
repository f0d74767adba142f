"""Lines over a loss rate or a burst length, one for each setting; margins and legend of every chart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from sercore.report.looks import LOOKS, setting_title

if TYPE_CHECKING:
    import pandas as pd

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
    """The figure, changed: its height and margins in pixels, the legend above it, more of plotly's layout."""
    margin = {"l": left, "r": right, "t": top, "b": bottom}
    return figure.update_layout(height=height, margin=margin, legend=LEGEND, **more)


def lines_by_setting(
    tables: Mapping[str, pd.DataFrame],
    x: str,
    x_title: str,
    y_title: str,
    *,
    percent: bool = False,
    height: int = 380,
) -> go.Figure:
    """One line for each setting, with a band where its table has one.

    The columns of ``tables`` are ``x``, a share if ``percent``, "mean", and, for a band, "low" and "high".
    """
    figure = go.Figure()
    for setting, table in tables.items():
        look, name = LOOKS[setting], setting_title(setting)
        if "low" in table and table["low"].notna().any():
            x_around, y_around = [*table[x], *table[x][::-1]], [*table["high"], *table["low"][::-1]]
            band = {"fill": "toself", "fillcolor": look.faint(), "line": {"width": 0}, "mode": "lines"}
            aside = {"hoverinfo": "skip", "showlegend": False, "legendgroup": setting}
            figure.add_scatter(x=x_around, y=y_around, **band, **aside)
        line = {"color": look.colour, "dash": look.dash, "width": 2}
        marked = {"mode": "lines+markers", "line": line, "marker": {"symbol": look.symbol, "size": 8}}
        hover = f"%{{x}}: %{{y:.2f}}<extra>{name}</extra>"
        figure.add_scatter(
            x=table[x], y=table["mean"], name=name, legendgroup=setting, hovertemplate=hover, **marked
        )
    figure.update_xaxes(title_text=x_title, tickformat=".0%" if percent else None)
    figure.update_yaxes(title_text=y_title, tickformat=".2~f")
    return lay_out(figure, height, top=44, hovermode="closest")
