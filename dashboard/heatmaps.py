"""Pictures of the (p_N, p_L) plane: where a model breaks, and where the present channel lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from dashboard.channels import percent
from sercore.loss_models import Gilbert

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from dashboard.palette import Palette

EQUAL_LOSS = (0.25, 0.5, 0.75)


def ccc_heatmap(
    cells: pd.DataFrame, channel: Gilbert, colours: Palette, *, title: str, highest: float, height: int = 460
) -> go.Figure:
    """CCC over the plane for one model and one dimension, the cells without a score marked as such.

    Args:
        cells: one row for each channel with columns p_n, p_l, ccc (NaN where not defined), n_frames.
        channel: the present channel, marked with a ring.
        colours: of the page.
        title: what is shown, for the figure's head.
        highest: CCC at the upper end of the colour scale; the lower end is 0.
        height: in pixels.
    """
    figure = go.Figure()
    _undefined(figure, cells, colours)
    table = cells.pivot_table(index="p_l", columns="p_n", values="ccc", dropna=False)
    figure.add_heatmap(
        x=table.columns, y=table.index, z=table, zmin=0, zmax=highest, colorscale="Viridis", hoverinfo="skip",
        xgap=1, ygap=1,
        colorbar={
            "orientation": "h", "title": {"text": "CCC", "side": "top"}, "thickness": 9, "tickformat": ".1f",
            "len": 0.7, "x": 0.5, "y": -0.2, "yanchor": "top",
        },
    )  # fmt: skip
    _equal_loss_lines(figure)
    _hover_squares(figure, cells)
    _marker(figure, channel)
    axis = {"range": [-0.05, 1.05], "dtick": 0.25, "tickformat": ".2~f", "showgrid": False, "zeroline": False}
    figure.update_xaxes(title_text="p<sub>N</sub>: probability to stay received", constrain="domain", **axis)
    figure.update_yaxes(
        title_text="p<sub>L</sub>: probability to stay lost", scaleanchor="x", constrain="domain", **axis
    )
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
        height=height, margin={"l": 58, "r": 8, "t": 44, "b": 50}, showlegend=False,
    )  # fmt: skip
    return figure


def loss_line(loss_rate: float, p_n: NDArray[np.float64]) -> NDArray[np.float64]:
    """The p_l that loses this share of frames at each p_n, from Eq. 1 solved for p_l.

    Example:
        >>> line = loss_line(0.5, np.array([0.2, 0.9]))
        >>> line.round(6).tolist()
        [0.2, 0.9]
        >>> round(Gilbert(0.9, line[1]).loss_rate, 6)
        0.5
    """
    return 1 - (1 - p_n) * (1 - loss_rate) / loss_rate


def _undefined(figure: go.Figure, cells: pd.DataFrame, colours: Palette) -> None:
    """Cells where too few frames arrive for a score: their own colour and a cross, never a number."""
    holes = cells[cells["ccc"].isna()]
    if holes.empty:
        return
    table = cells.assign(hole=cells["ccc"].isna().astype(float).where(cells["ccc"].isna()))
    table = table.pivot_table(index="p_l", columns="p_n", values="hole", dropna=False)
    flat = [[0, colours.undefined], [1, colours.undefined]]
    figure.add_heatmap(
        x=table.columns,
        y=table.index,
        z=table,
        colorscale=flat,
        showscale=False,
        hoverinfo="skip",
        xgap=1,
        ygap=1,
    )
    figure.add_scatter(
        x=holes["p_n"], y=holes["p_l"], mode="text", text=["×"] * len(holes), hoverinfo="skip",
        textfont={"color": colours.ink, "size": 11},
    )  # fmt: skip


def _equal_loss_lines(figure: go.Figure) -> None:
    """Channels that lose the same share of frames lie on one straight line through (1, 1)."""
    for rate in EQUAL_LOSS:
        p_n = np.array([max(0.0, 1 - rate / (1 - rate)), 1.0])
        p_l = loss_line(rate, p_n)
        for colour, width, dash in (("#000000", 3.0, "solid"), ("#FFFFFF", 1.4, "dot")):
            line = {"color": colour, "width": width, "dash": dash}
            figure.add_scatter(x=p_n, y=p_l, mode="lines", line=line, opacity=0.7, hoverinfo="skip")
        figure.add_annotation(
            x=p_n[0], y=p_l[0], text=percent(rate), showarrow=False, xanchor="left", yanchor="bottom",
            font={"size": 11, "color": "#FFFFFF"}, bgcolor="rgba(0,0,0,0.65)", borderpad=1,
        )  # fmt: skip


def _hover_squares(figure: go.Figure, cells: pd.DataFrame) -> None:
    """Invisible squares over the cells: a click on a heatmap reports nothing, a click on a point does."""
    text = [
        f"p_N = {row.p_n:.2f}, p_L = {row.p_l:.2f}<br>"
        f"loss {percent(Gilbert(row.p_n, row.p_l).loss_rate)}<br>"
        + ("CCC not defined:<br>too few frames arrive" if np.isnan(row.ccc) else f"CCC {row.ccc:.2f}")
        for row in cells.itertuples()
    ]
    size = max(6, 300 / max(cells["p_n"].nunique(), 1))
    figure.add_scatter(
        x=cells["p_n"], y=cells["p_l"], mode="markers", hovertext=text, hoverinfo="text",
        marker={"symbol": "square", "size": size, "color": "rgba(0,0,0,0)"},
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
    )  # fmt: skip


def _marker(figure: go.Figure, channel: Gilbert) -> None:
    """A ring that shows on every colour: black around white."""
    for size, colour, width in ((17, "#000000", 5), (17, "#FFFFFF", 2.5)):
        marker = {
            "symbol": "circle-open",
            "size": size,
            "color": colour,
            "line": {"width": width, "color": colour},
        }
        figure.add_scatter(x=[channel.p_n], y=[channel.p_l], mode="markers", marker=marker, hoverinfo="skip")
