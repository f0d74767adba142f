"""Heatmaps of the (p_N, p_L) plane: where a network breaks, and which of two is better where."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette
from dashboard.charts.plane import BLACK, colour_cells, cross_out, hatch, on_plane, outlines


def ccc_heatmap(
    cells: pd.DataFrame,
    colours: Palette,
    *,
    title: str,
    highest: float,
    height: int = 440,
) -> go.Figure:
    """CCC over the plane for one model and one dimension, the cells without a score marked as such.

    Args:
        cells: one row for each channel with columns p_n, p_l, ccc, low, high (NaN where not defined), and
            perhaps pending, where a score is still to come.
        colours: of the page.
        title: for the figure's head.
        highest: CCC at the upper end of the colour scale; the lower end is 0.
        height: in pixels.
    """
    figure = go.Figure()
    pending = cells["pending"].to_numpy(bool) if "pending" in cells else np.zeros(len(cells), dtype=bool)
    cross_out(figure, cells.assign(ccc=cells["ccc"].mask(pending, 0.0)), "ccc", colours)
    hatch(figure, cells[pending], colours)
    look = {"zmin": 0, "zmax": highest, "colorscale": "Viridis", "showscale": True}
    colour_cells(figure, cells, "ccc", colorbar=_colour_bar("CCC", ".2~f"), **look)
    words = [
        "not computed yet" if later else _score_in_words(row.ccc, row.low, row.high)
        for row, later in zip(cells.itertuples(), pending, strict=True)
    ]
    return on_plane(figure, cells, words, title=title, height=height)


def difference_heatmap(
    cells: pd.DataFrame,
    colours: Palette,
    *,
    title: str,
    largest: float,
    height: int = 440,
) -> go.Figure:
    """Which of two networks is better where; cells whose interval excludes zero are outlined.

    Arguments as for ``ccc_heatmap``, with a column difference (NaN where unknown) in place of ccc;
    ``largest`` is the difference at both ends of the colour scale.
    """
    figure = go.Figure()
    cross_out(figure, cells, "difference", colours)
    look = {"zmin": -largest, "zmax": largest, "colorscale": "PuOr"}
    colour_cells(figure, cells, "difference", colorbar=_colour_bar("difference of CCC", "+.2f"), **look)
    x, y = outlines(cells)
    line = {"color": BLACK, "width": 2}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", name="interval excludes 0")
    words = [_difference_in_words(row.difference, row.low, row.high) for row in cells.itertuples()]
    return on_plane(figure, cells, words, title=title, height=height)


def _colour_bar(title: str, tick_format: str) -> dict[str, object]:
    below = {"orientation": "h", "thickness": 9, "len": 0.7, "x": 0.5, "y": -0.2, "yanchor": "top"}
    return {"title": {"text": title, "side": "top"}, "tickformat": tick_format, **below}


def _score_in_words(score: float, low: float, high: float) -> str:
    if np.isnan(score):
        return "CCC not defined:<br>too few frames arrive"
    return f"CCC {score:.2f}" + ("" if np.isnan(low) else f"<br>95 %: {low:.2f} to {high:.2f}")


def _difference_in_words(difference: float, low: float, high: float) -> str:
    if np.isnan(difference):
        return "not defined:<br>too few frames arrive"
    interval = "no interval yet" if np.isnan(low) else f"95 %: {low:+.2f} to {high:+.2f}"
    return f"{difference:+.2f}<br>{interval}"
