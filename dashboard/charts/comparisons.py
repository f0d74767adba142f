"""Pictures that set networks side by side: scores as dots, and scores against what a channel does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from dashboard.words.channels import percent as in_percent
from sercore.report.looks import LOOKS, setting_title

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        marker={"color": [LOOKS[name].colour for name in borne]}, hoverinfo="skip",
        text=["not even without loss" if share is None else in_percent(share) for share in borne.values()],
        textposition="outside", cliponaxis=False, textfont={"color": colours.ink},
    )  # fmt: skip
    figure.update_xaxes(title_text="share of frames lost", tickformat=".0%", range=[0, 1.08], dtick=0.25)
    figure.update_yaxes(autorange="reversed", type="category")
    figure.update_layout(
        height=96 + 40 * len(names), margin={"l": 110, "r": 12, "t": 8, "b": 46}, showlegend=False
    )
    return figure
