"""Lines over a loss rate or a burst length, one for each setting: on the page, and in the dashboard."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from sercore.report.layout import lay_out
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
    figure.update_yaxes(title_text=y_title, tickformat=".1f")
    return lay_out(figure, height, top=44, hovermode="closest")
