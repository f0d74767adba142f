"""Networks side by side: their scores as dots."""

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.charts.ccc_axis import ccc_range
from dashboard.charts.palette import Palette
from dashboard.compute.draws import Scores
from sercore.report.curves import lay_out
from sercore.report.looks import setting_title


def score_dots(scores: Mapping[str, Scores], dimension: int, title: str, colours: Palette) -> go.Figure:
    """One row for each setting: without loss (ring), this draw (dot), many draws (bar with the median).

    ``dimension`` is 0 for arousal, 1 for valence; the title is what it is called.
    """
    figure, names, every = go.Figure(), [setting_title(name) for name in scores], list(scores.values())
    spreads = [each.spread[dimension] for each in every]
    if known := {name: spread for name, spread in zip(names, spreads, strict=True) if spread is not None}:
        lows, widths = zip(*((low, high - low) for low, _, high in known.values()), strict=True)
        bar = {"color": colours.ribbon, "line": {"width": 1, "color": colours.median}}
        look = {"orientation": "h", "width": 0.34, "hovertemplate": "%{base:.2f} to %{x:.2f}<extra></extra>"}
        n_draws = max(each.n_draws for each in every)
        figure.add_bar(y=list(known), x=widths, base=lows, name=f"{n_draws} draws", marker=bar, **look)
    line = {"symbol": "line-ns-open", "size": 16, "color": colours.median, "line": {"width": 2}}
    ring = {"symbol": "circle-open", "size": 12, "color": colours.clean, "line": {"width": 2.5}}
    dot = {"symbol": "circle", "size": 9, "color": colours.received}
    for name, values, marker in (
        ("their median", [spread and spread[1] for spread in spreads], line),
        ("without loss", [each.clean[dimension] for each in every], ring),
        ("this draw", [each.after[dimension] for each in every], dot),
    ):
        if any(value is not None for value in values):
            look = {"mode": "markers", "hovertemplate": f"%{{y}}, {name}: %{{x:.2f}}<extra></extra>"}
            figure.add_scatter(y=names, x=values, name=name, marker=marker, **look)
    shown = [value for each in every for value in (*each.clean, *each.after, *_ends(each))]
    look = {"zeroline": True, "tickformat": ".2~f", "range": ccc_range(shown)}
    figure.update_xaxes(title_text=f"CCC of {title}", **look)
    figure.update_yaxes(autorange="reversed", type="category")
    return lay_out(figure, 110 + 46 * len(names), left=110, top=44, barmode="overlay")


def _ends(scores: Scores) -> list[float]:
    return [end for spread in scores.spread if spread is not None for end in spread]
