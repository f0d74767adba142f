"""What all pictures of the (p_N, p_L) plane share: axes, lines of equal loss, a ring, cells to click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.palette import Palette
from dashboard.words.channels import percent
from sercore.channel import Gilbert, LossModel
from sercore.report.curves import lay_out

if TYPE_CHECKING:
    import pandas as pd

EQUAL_LOSS = (0.25, 0.5, 0.75)
BLACK, WHITE = "#000000", "#FFFFFF"  # one around the other shows on every colour


def on_plane(
    figure: go.Figure,
    cells: pd.DataFrame,
    words: Sequence[str],
    *,
    title: str,
    height: int,
) -> go.Figure:
    """The figure, which holds the coloured cells, with all else that belongs to a picture of the plane.

    ``words`` are said of each cell where the pointer rests.
    """
    _equal_loss_lines(figure)
    _hover_squares(figure, cells, words)
    axis = {"range": [-0.05, 1.05], "dtick": 0.25, "tickformat": ".2~f", "constrain": "domain"}
    axis |= {"showgrid": False, "zeroline": False}
    figure.update_xaxes(title_text="p<sub>N</sub>: probability to stay received", **axis)
    axis |= {"scaleanchor": "x", "constraintoward": "top", "title_standoff": 4}
    figure.update_yaxes(title_text="p<sub>L</sub>: probability to stay lost", **axis)
    head = {"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"}
    return lay_out(figure, height, left=50, right=8, top=36, bottom=50, title=head, showlegend=False)


def ring(channel: LossModel) -> list[dict[str, Any]]:
    """The traces that mark a channel, or the paper's chain that is like it."""
    place, look = Gilbert.like(channel), {"type": "scatter", "mode": "markers", "hoverinfo": "skip"}
    rings = []
    for colour, width in ((BLACK, 5), (WHITE, 2.5)):
        line = {"width": width, "color": colour}
        marker = {"symbol": "circle-open", "size": 17, "color": colour, "line": line}
        rings.append(look | {"x": [place.p_n], "y": [place.p_l], "marker": marker})
    return rings


def colour_cells(figure: go.Figure, cells: pd.DataFrame, column: str, **look: Any) -> None:
    """Cells coloured by one column, those without a value left out."""
    table = cells.pivot_table(index="p_l", columns="p_n", values=column, dropna=False)
    look = {"hoverinfo": "skip", "xgap": 1, "ygap": 1, **look}
    figure.add_heatmap(x=table.columns, y=table.index, z=table, **look)


def cross_out(figure: go.Figure, cells: pd.DataFrame, column: str, colours: Palette) -> None:
    """Cells where too few frames arrive for a score: their own colour and a cross, never a number."""
    is_hole = cells[column].isna()
    if is_hole.any():
        flat = [[0, colours.undefined], [1, colours.undefined]]
        marked = cells.assign(hole=is_hole.astype(float).where(is_hole))
        colour_cells(figure, marked, "hole", colorscale=flat, showscale=False)
        look = {"mode": "text", "textfont": {"color": colours.ink, "size": 11}, "hoverinfo": "skip"}
        holes = cells[is_hole]
        figure.add_scatter(x=holes["p_n"], y=holes["p_l"], text=["×"] * len(holes), **look)


def hatch(figure: go.Figure, pending: pd.DataFrame, colours: Palette) -> None:
    """Cells whose score is still to come: a stroke each, which together hatch the plane."""
    if len(pending):
        line = {"width": 1, "color": colours.ink}
        stroke = {"symbol": "line-ne-open", "size": 11, "opacity": 0.5, "color": colours.ink, "line": line}
        look = {"mode": "markers", "marker": stroke, "hoverinfo": "skip"}
        figure.add_scatter(x=pending["p_n"], y=pending["p_l"], name="not computed yet", **look)


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


def outlines(cells: pd.DataFrame) -> tuple[list[float], list[float]]:
    """The borders of the regions where a difference is sure, as line pieces that NaN parts.

    Columns of the cells: p_n, p_l, low, high, on a regular grid.

    Example:
        >>> import pandas as pd
        >>> sure = {"p_n": [0.0, 1.0], "p_l": [0.0, 0.0], "low": [0.1, -0.1], "high": [0.2, 0.1]}
        >>> x, y = outlines(pd.DataFrame(sure))
        >>> sorted(set(x) - {x[2]}), len(x)
        ([-0.5, 0.5], 12)
    """
    axes = [np.unique(cells[name]).tolist() for name in ("p_n", "p_l")]
    half_n, half_l = ((axis[1] - axis[0]) / 2 if len(axis) > 1 else 0.5 for axis in axes)
    sign = np.zeros([len(axis) + 2 for axis in axes], dtype=int)  # with a rim that is not sure
    n, p = (np.searchsorted(axis, cells[name]) + 1 for axis, name in zip(axes, ("p_n", "p_l"), strict=True))
    sign[n, p] = (cells["low"] > 0).astype(int) - (cells["high"] < 0).astype(int)
    x: list[float] = []
    y: list[float] = []
    for n, p in np.argwhere(sign):
        for step_n, step_l in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            if sign[n + step_n, p + step_l] != sign[n, p]:
                centre_n, centre_l = axes[0][n - 1] + step_n * half_n, axes[1][p - 1] + step_l * half_l
                x += [centre_n - step_l * half_n, centre_n + step_l * half_n, np.nan]
                y += [centre_l - step_n * half_l, centre_l + step_n * half_l, np.nan]
    return x, y


def _equal_loss_lines(figure: go.Figure) -> None:
    """Channels that lose the same share of frames lie on one straight line through (1, 1)."""
    label = {"font": {"size": 11, "color": WHITE}, "bgcolor": "rgba(0,0,0,0.65)", "borderpad": 1}
    label |= {"showarrow": False, "xanchor": "left", "yanchor": "bottom"}
    for rate in EQUAL_LOSS:
        p_n = np.array([max(0.0, 1 - rate / (1 - rate)), 1.0])
        p_l = loss_line(rate, p_n)
        for colour, width, dash in ((BLACK, 3.0, "solid"), (WHITE, 1.4, "dot")):
            line = {"color": colour, "width": width, "dash": dash}
            figure.add_scatter(x=p_n, y=p_l, mode="lines", line=line, opacity=0.7, hoverinfo="skip")
        figure.add_annotation(x=p_n[0], y=p_l[0], text=percent(rate), **label)


def _hover_squares(figure: go.Figure, cells: pd.DataFrame, words: Sequence[str]) -> None:
    """Invisible squares over the cells: a click on a heatmap reports nothing, a click on a point does."""
    text = [
        f"p_N = {n:.2f}, p_L = {p:.2f}<br>loss {percent(Gilbert(n, p).loss_rate)}<br>{said}"
        for n, p, said in zip(cells["p_n"], cells["p_l"], words, strict=True)
    ]
    size = max(6, 300 / max(cells["p_n"].nunique(), 1))
    square = {"symbol": "square", "size": size, "color": "rgba(0,0,0,0)"}
    look = {"mode": "markers", "marker": square, "hovertext": text, "hoverinfo": "text"}
    look |= {chosen: {"marker": {"opacity": 0}} for chosen in ("selected", "unselected")}
    figure.add_scatter(x=cells["p_n"], y=cells["p_l"], **look)
