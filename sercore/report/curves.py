"""Lines over a loss rate or a burst length, one for each setting: on the page, and in the dashboard."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from sercore.report.looks import LOOKS, setting_title


def lines_by_setting(
    tables: Mapping[str, pd.DataFrame],
    x: str,
    x_title: str,
    y_title: str,
    *,
    percent: bool = False,
    height: int = 380,
) -> go.Figure:
    """One line for each setting, with a band where the table has one.

    Args:
        tables: by setting; columns ``x``, "mean", and, for a band, "low" and "high".
        x: name of the column along the axis.
        x_title: with its unit.
        y_title: what is scored.
        percent: whether x is a share.
        height: in pixels.
    """
    figure = go.Figure()
    for setting, table in tables.items():
        look, name = LOOKS[setting], setting_title(setting)
        if "low" in table and table["low"].notna().any():
            figure.add_scatter(
                x=[*table[x], *table[x][::-1]], y=[*table["high"], *table["low"][::-1]], fill="toself",
                fillcolor=look.faint(), line={"width": 0}, mode="lines", hoverinfo="skip",
                legendgroup=setting, showlegend=False,
            )  # fmt: skip
        figure.add_scatter(
            x=table[x], y=table["mean"], name=name, legendgroup=setting, mode="lines+markers",
            line={"color": look.colour, "dash": look.dash, "width": 2},
            marker={"symbol": look.symbol, "size": 8},
            hovertemplate=f"%{{x}}: %{{y:.2f}}<extra>{name}</extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=x_title, tickformat=".0%" if percent else None)
    figure.update_yaxes(title_text=y_title, tickformat=".1f")
    return figure.update_layout(
        height=height, margin={"l": 62, "r": 12, "t": 44, "b": 46}, hovermode="closest",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "title": None},
    )  # fmt: skip
