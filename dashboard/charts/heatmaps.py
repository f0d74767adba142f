"""Pictures of the (p_N, p_L) plane: where a model breaks, and where the present channel lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
from plotly.colors import get_colorscale

from dashboard.words.channels import percent
from sercore.channel.gilbert import Gilbert

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from dashboard.charts.palette import Palette

EQUAL_LOSS = (0.25, 0.5, 0.75)
CCC_COLOURS = "Viridis"


def ccc_heatmap(
    cells: pd.DataFrame,
    channel: Gilbert,
    colours: Palette,
    *,
    title: str,
    highest: float,
    height: int = 440,
    with_scale: bool = True,
) -> go.Figure:
    """CCC over the plane for one model and one dimension, the cells without a score marked as such.

    Args:
        cells: one row for each channel with columns p_n, p_l, ccc, low, high (NaN where not defined), and
            perhaps pending, where a score is still to come.
        channel: the present channel, marked with a ring.
        colours: of the page.
        title: what is shown, for the figure's head.
        highest: CCC at the upper end of the colour scale; the lower end is 0.
        height: in pixels.
        with_scale: whether the colour scale stands below; ``colour_scale`` can serve several pictures.
    """
    figure = go.Figure()
    pending = cells["pending"].to_numpy(bool) if "pending" in cells else np.zeros(len(cells), dtype=bool)
    _undefined(figure, cells.assign(ccc=cells["ccc"].mask(pending, 0.0)), colours)
    _hatch(figure, cells[pending], colours)
    table = cells.pivot_table(index="p_l", columns="p_n", values="ccc", dropna=False)
    figure.add_heatmap(
        x=table.columns, y=table.index, z=table, zmin=0, zmax=highest, colorscale=CCC_COLOURS,
        hoverinfo="skip", xgap=1, ygap=1, showscale=with_scale, colorbar=_colour_bar("CCC", ".1f"),
    )  # fmt: skip
    _equal_loss_lines(figure)
    words = [
        "not computed yet" if later else _score_in_words(row.ccc, row.low, row.high)
        for row, later in zip(cells.itertuples(), pending, strict=True)
    ]
    _hover_squares(figure, cells, words)
    return _plane(figure, channel, title, height)


def colour_scale(highest: float) -> str:
    """One colour scale for several pictures, as HTML.

    Args:
        highest: CCC at its upper end.

    Example:
        >>> "0.8" in colour_scale(0.8)
        True
    """
    stops = ", ".join(colour for _, colour in get_colorscale(CCC_COLOURS))
    bar = f"width: 12rem; height: .6rem; border-radius: .2rem; background: linear-gradient(90deg, {stops})"
    return (
        '<div style="display: flex; align-items: center; gap: .5rem; font-size: .85rem">'
        f'<span>CCC 0</span><span style="{bar}"></span><span>{highest:.1f}</span></div>'
    )


def difference_heatmap(
    cells: pd.DataFrame, channel: Gilbert, colours: Palette, *, title: str, largest: float, height: int = 440
) -> go.Figure:
    """Which of two networks is better where; cells whose interval excludes zero are outlined.

    Args:
        cells: one row for each channel with columns p_n, p_l, difference, low, high (NaN where unknown).
        channel: the present channel, marked with a ring.
        colours: of the page.
        title: for the figure's head.
        largest: difference at the ends of the colour scale.
        height: in pixels.
    """
    figure = go.Figure()
    _undefined(figure, cells.rename(columns={"difference": "ccc"}), colours)
    table = cells.pivot_table(index="p_l", columns="p_n", values="difference", dropna=False)
    figure.add_heatmap(
        x=table.columns, y=table.index, z=table, zmin=-largest, zmax=largest, colorscale="PuOr",
        hoverinfo="skip",
        xgap=1, ygap=1, colorbar=_colour_bar("difference of CCC", "+.2f"),
    )  # fmt: skip
    x, y = outlines(cells)
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        line={"color": "#000000", "width": 2},
        hoverinfo="skip",
        name="interval excludes 0",
    )
    _equal_loss_lines(figure)
    words = [_difference_in_words(row.difference, row.low, row.high) for row in cells.itertuples()]
    _hover_squares(figure, cells, words)
    return _plane(figure, channel, title, height)


def outlines(cells: pd.DataFrame) -> tuple[list[float], list[float]]:
    """The borders of the regions where a difference is sure, as line pieces that NaN parts.

    Args:
        cells: columns p_n, p_l, low, high, on a regular grid.

    Example:
        >>> import pandas as pd
        >>> sure = {"p_n": [0.0, 1.0], "p_l": [0.0, 0.0], "low": [0.1, -0.1], "high": [0.2, 0.1]}
        >>> x, y = outlines(pd.DataFrame(sure))
        >>> sorted(set(x) - {x[2]}), len(x)
        ([-0.5, 0.5], 12)
    """
    sign = {
        (row.p_n, row.p_l): int(row.low > 0) - int(row.high < 0)
        for row in cells.itertuples()
        if row.low <= row.high
    }
    axes = [sorted(set(cells[name])) for name in ("p_n", "p_l")]
    half = [(axis[1] - axis[0]) / 2 if len(axis) > 1 else 0.5 for axis in axes]
    x: list[float] = []
    y: list[float] = []
    for (p_n, p_l), own in sign.items():
        for step_n, step_l in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            if own and sign.get(_neighbour(axes, (p_n, p_l), (step_n, step_l)), 0) != own:
                centre_n, centre_l = p_n + step_n * half[0], p_l + step_l * half[1]
                x += [centre_n - step_l * half[0], centre_n + step_l * half[0], np.nan]
                y += [centre_l - step_n * half[1], centre_l + step_n * half[1], np.nan]
    return x, y


def _neighbour(
    axes: list[list[float]], cell: tuple[float, float], step: tuple[int, int]
) -> tuple[float, float] | None:
    places = [axis.index(value) + move for axis, value, move in zip(axes, cell, step, strict=True)]
    inside = all(0 <= place < len(axis) for place, axis in zip(places, axes, strict=True))
    return (axes[0][places[0]], axes[1][places[1]]) if inside else None


def _plane(figure: go.Figure, channel: Gilbert, title: str, height: int) -> go.Figure:
    """What all pictures of the plane share."""
    _marker(figure, channel)
    axis = {"range": [-0.05, 1.05], "dtick": 0.25, "tickformat": ".2~f", "showgrid": False, "zeroline": False}
    figure.update_xaxes(title_text="p<sub>N</sub>: probability to stay received", constrain="domain", **axis)
    figure.update_yaxes(
        title_text="p<sub>L</sub>: probability to stay lost", scaleanchor="x", constrain="domain",
        constraintoward="top", title_standoff=4, **axis
    )  # fmt: skip
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0, "xanchor": "left"},
        height=height, margin={"l": 50, "r": 8, "t": 36, "b": 50}, showlegend=False,
    )  # fmt: skip
    return figure


def _colour_bar(title: str, tick_format: str) -> dict[str, object]:
    return {
        "orientation": "h", "title": {"text": title, "side": "top"}, "thickness": 9,
        "tickformat": tick_format, "len": 0.7, "x": 0.5, "y": -0.2, "yanchor": "top",
    }  # fmt: skip


def _score_in_words(score: float, low: float, high: float) -> str:
    if np.isnan(score):
        return "CCC not defined:<br>too few frames arrive"
    return f"CCC {score:.2f}" + ("" if np.isnan(low) else f"<br>95 %: {low:.2f} to {high:.2f}")


def _difference_in_words(difference: float, low: float, high: float) -> str:
    if np.isnan(difference):
        return "not defined:<br>too few frames arrive"
    return f"{difference:+.2f}" + (
        "<br>no interval yet" if np.isnan(low) else f"<br>95 %: {low:+.2f} to {high:+.2f}"
    )


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


def _hatch(figure: go.Figure, pending: pd.DataFrame, colours: Palette) -> None:
    """Cells whose score is still to come: a stroke each, which together hatch the plane."""
    if len(pending):
        figure.add_scatter(
            x=pending["p_n"], y=pending["p_l"], mode="markers", hoverinfo="skip", name="not computed yet",
            marker={
                "symbol": "line-ne-open", "size": 11, "opacity": 0.5, "color": colours.ink,
                "line": {"width": 1, "color": colours.ink},
            },
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


def _hover_squares(figure: go.Figure, cells: pd.DataFrame, words: list[str]) -> None:
    """Invisible squares over the cells: a click on a heatmap reports nothing, a click on a point does."""
    text = [
        f"p_N = {row.p_n:.2f}, p_L = {row.p_l:.2f}<br>"
        f"loss {percent(Gilbert(row.p_n, row.p_l).loss_rate)}<br>{said}"
        for row, said in zip(cells.itertuples(), words, strict=True)
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
