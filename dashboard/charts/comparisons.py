"""Pictures that set networks side by side: scores as dots, and scores against what a channel does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard.charts.palette import SETTING_LOOKS
from dashboard.compute.networks import setting_title
from dashboard.words.channels import percent as in_percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dashboard.charts.palette import Palette
    from dashboard.compute.draws import Scores


def score_dots(scores: Mapping[str, Scores], dimension: int, title: str, colours: Palette) -> go.Figure:
    """One row for each setting: without loss (ring), this draw (dot), many draws (bar with the median).

    Args:
        scores: by setting.
        dimension: 0 for arousal, 1 for valence.
        title: of the picture.
        colours: of the page.
    """
    figure = go.Figure()
    names = [setting_title(name) for name in scores]
    spreads = [(name, s.spread[dimension]) for name, s in zip(names, scores.values(), strict=True)]
    known = [(name, spread) for name, spread in spreads if spread is not None]
    if known:
        n_draws = max(s.n_draws for s in scores.values())
        figure.add_bar(
            y=[name for name, _ in known], x=[high - low for _, (low, _, high) in known],
            base=[low for _, (low, _, _) in known], orientation="h", width=0.34, name=f"{n_draws} draws",
            marker={"color": colours.ribbon, "line": {"width": 1, "color": colours.median}},
            hovertemplate="%{base:.2f} to %{x:.2f}<extra></extra>",
        )  # fmt: skip
    kinds: tuple[tuple[str, list[float | None], dict[str, object]], ...] = (
        (
            "their median",
            [spread[1] if spread else None for _, spread in spreads],
            {"symbol": "line-ns-open", "size": 16, "color": colours.median, "line": {"width": 2}},
        ),
        (
            "without loss",
            [s.clean[dimension] for s in scores.values()],
            {"symbol": "circle-open", "size": 12, "color": colours.clean, "line": {"width": 2.5}},
        ),
        (
            "this draw",
            [s.after[dimension] for s in scores.values()],
            {"symbol": "circle", "size": 9, "color": colours.received},
        ),
    )
    for name, values, marker in kinds:
        if all(value is None for value in values):
            continue
        figure.add_scatter(
            y=names, x=values, mode="markers", name=name, marker=marker,
            hovertemplate=f"%{{y}}, {name}: %{{x:.2f}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=f"CCC of {title}", zeroline=True, tickformat=".2~f")
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_layout(
        height=110 + 46 * len(names), margin={"l": 110, "r": 12, "t": 44, "b": 46}, barmode="overlay",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "title": None},
    )  # fmt: skip
    return figure


def borne_bars(borne: Mapping[str, float | None], colours: Palette) -> go.Figure:
    """One bar for each setting: the share of lost frames that it bears.

    Args:
        borne: by setting; None where not even the least loss is borne.
        colours: of the page.
    """
    figure = go.Figure()
    names = [setting_title(name) for name in borne]
    figure.add_bar(
        y=names, x=[share or 0.0 for share in borne.values()], orientation="h", width=0.6,
        marker={"color": [SETTING_LOOKS[name][0] for name in borne]}, hoverinfo="skip",
        text=["not even without loss" if share is None else in_percent(share) for share in borne.values()],
        textposition="outside", cliponaxis=False, textfont={"color": colours.ink},
    )  # fmt: skip
    figure.update_xaxes(title_text="share of frames lost", tickformat=".0%", range=[0, 1.08], dtick=0.25)
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_layout(
        height=96 + 40 * len(names), margin={"l": 110, "r": 12, "t": 8, "b": 46}, showlegend=False
    )
    return figure


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
        colour, symbol, dash = SETTING_LOOKS[setting]
        if "low" in table and table["low"].notna().any():
            figure.add_scatter(
                x=[*table[x], *table[x][::-1]], y=[*table["high"], *table["low"][::-1]], fill="toself",
                fillcolor=_faint(colour), line={"width": 0}, mode="lines", hoverinfo="skip",
                legendgroup=setting, showlegend=False,
            )  # fmt: skip
        figure.add_scatter(
            x=table[x], y=table["mean"], name=setting_title(setting), legendgroup=setting,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 2}, marker={"symbol": symbol, "size": 8},
            hovertemplate=f"%{{x}}: %{{y:.2f}}<extra>{setting_title(setting)}</extra>",
        )  # fmt: skip
    figure.update_xaxes(title_text=x_title, tickformat=".0%" if percent else None)
    figure.update_yaxes(title_text=y_title, tickformat=".1f")
    figure.update_layout(
        height=height, margin={"l": 62, "r": 12, "t": 44, "b": 46}, hovermode="closest",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "title": None},
    )  # fmt: skip
    return figure


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.15)"
