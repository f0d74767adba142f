"""Pictures of what helps: receivers in calls and in channels of frames, the ladder, sound and emotion."""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.palette import Palette
from sercore.report.curves import lay_out
from sercore.report.looks import setting_title
from sercore.results.ways import receiver_title
from sercore.units import DIMENSIONS

# Okabe and Ito (2008) and four more, with symbols and dashes for who sees no colours.
_COLOURS = (
    *("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"),
    *("#8C6BB1", "#7F7F7F", "#A65628", "#999933", "#E377C2"),
)
_SYMBOLS = (
    *("circle", "square", "diamond", "triangle-up", "cross", "x"),
    *("star", "pentagon", "hexagon", "hourglass", "bowtie"),
)
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
_BRIGHT = 0.44  # of Viridis: below it white letters read better, above it black ones, 4.5:1 at least
_ABOVE = 116  # px, for a legend of five lines
_TWO_COLUMNS = {"entrywidthmode": "fraction", "entrywidth": 0.5, "x": -0.1, "y": 1.03}  # on a phone, too


def against_loss(tables: Mapping[str, pd.DataFrame], dimension: str, _: Palette) -> go.Figure:
    """CCC against the share of packets lost, a line for each receiver.

    The columns of ``tables`` are loss, ccc, low and high.
    """
    ticks = sorted({float(loss) for table in tables.values() for loss in table["loss"]})
    figure = _lines(tables, "loss", dimension)
    how = {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:.0%}" for tick in ticks]}
    return figure.update_xaxes(title_text="share of 20 ms packets lost", **how)


def ladder(tables: Mapping[str, pd.DataFrame], dimension: str, _: Palette) -> go.Figure:
    """What each step from the studio to a bad call leaves, a line for each route.

    The columns of ``tables`` are step, ccc, low and high.
    """
    order = steps_in_order(tables.values())
    return _lines(tables, "step", dimension).update_xaxes(
        type="category", categoryorder="array", categoryarray=order
    )


def over_training(advice: pd.DataFrame, _: Palette, *, height: int) -> go.Figure:
    """How much more concealment keeps than training with loss, at each loss; bars are 95 % intervals.

    ``advice`` is that of ``sercore.results.advice``.
    """
    losses = sorted(advice["packet_loss_rate"].unique())
    figure = go.Figure()
    for place, dimension in enumerate(DIMENSIONS):
        rows = advice[advice["dimension"] == dimension].sort_values("packet_loss_rate")
        value = rows["over_rival"]
        bars = {"array": rows["over_rival_high"] - value, "arrayminus": value - rows["over_rival_low"]}
        pairs = zip(rows["receiver"], rows["rival"], strict=True)
        told = [f"{receiver_title(ours)} against {setting_title(rival)}" for ours, rival in pairs]
        at = {"x": [losses.index(loss) + (place - 0.5) / 6 for loss in rows["packet_loss_rate"]], "y": value}
        marker = {"color": _COLOURS[place], "symbol": _SYMBOLS[place], "size": 9}
        hover = f"{dimension} %{{y:+.2f}}, %{{text}}<extra></extra>"
        figure.add_scatter(
            mode="markers", name=dimension, marker=marker, error_y=bars, text=told, hovertemplate=hover, **at
        )
    figure.add_hline(0, line={"width": 1, "dash": "dot"})
    ticks = {"tickvals": list(range(len(losses))), "ticktext": [f"{loss:.0%}" for loss in losses]}
    figure.update_xaxes(title_text="packets lost", **ticks)
    figure.update_yaxes(title_text="CCC, concealment minus training", tickformat="+.2f")
    return lay_out(figure, height, top=44)


def _lines(tables: Mapping[str, pd.DataFrame], x: str, dimension: str) -> go.Figure:
    """One line for each name; the interval stands beside each point under the mouse."""
    figure = go.Figure()
    for place, (name, table) in enumerate(tables.items()):
        look = place % len(_COLOURS)
        line = {"color": _COLOURS[look], "dash": _DASHES[place % len(_DASHES)], "width": 2}
        marked = {"mode": "lines+markers", "line": line, "marker": {"symbol": _SYMBOLS[look], "size": 8}}
        ends = "95 %: %{customdata[0]:.2f} to %{customdata[1]:.2f}"
        told = {
            "customdata": table[["low", "high"]].to_numpy(dtype=float),
            "hovertemplate": f"%{{x}}: %{{y:.2f}}, {ends}<extra>{name}</extra>",
        }
        figure.add_scatter(x=table[x], y=table["ccc"], name=_short(name), **told, **marked)
    figure.update_yaxes(title_text=f"CCC of {dimension}", tickformat=".2~f")
    return _with_legend(figure).update_layout(hovermode="closest")


def _short(name: str) -> str:
    """A name that fits into half a phone's width.

    Example:
        >>> _short("Opus, 24 kbit/s, FEC")
        'Opus, 24k, FEC'
    """
    return name.replace(" kbit/s", "k")


def _with_legend(figure: go.Figure) -> go.Figure:
    return lay_out(figure, 450, top=_ABOVE).update_layout(legend=_TWO_COLUMNS)


def steps_in_order(tables: Iterable[pd.DataFrame]) -> list[str]:
    """The steps of all routes, each once, in the order of those that have most."""
    steps = sorted((list(table["step"]) for table in tables), key=len, reverse=True)
    return list(dict.fromkeys(step for each in steps for step in each))


def grid(table: pd.DataFrame, titles: Sequence[str], colours: Palette) -> go.Figure:
    """CCC of receivers (rows) in channels (columns), each number in its square."""
    values = table.to_numpy(dtype=float)
    words = ["" if math.isnan(value) else f"{value:.2f}" for value in values.ravel()]
    look = {"colorscale": "Viridis", "showscale": False, "xgap": 2, "ygap": 2}
    columns, hover = list(table.columns), "%{y}, %{x}: %{z:.2f}<extra></extra>"
    figure = go.Figure()
    figure.add_heatmap(z=values, x=columns, y=list(titles), hovertemplate=hover, **look)
    low, high = np.nanmin(values, initial=1), np.nanmax(values, initial=-1)  # between which a CCC lies
    bright = values >= low + _BRIGHT * (high - low)
    ink = {"size": 11, "color": np.where(bright, "#000000", "#FFFFFF").ravel()}  # the size fits on a phone
    at = {"x": columns * len(titles), "y": np.repeat(titles, len(columns)), "text": words}
    figure.add_scatter(mode="text", textfont=ink, hoverinfo="skip", showlegend=False, **at)
    figure.update_xaxes(side="top", tickangle=-60, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(plot_bgcolor=colours.paper)
    return lay_out(figure, 120 + 34 * len(table), left=112, top=116, bottom=12)


def sound_against_emotion(means: pd.DataFrame, titles: Mapping[str, str], _: Palette) -> go.Figure:
    """One mark for each receiver: how it sounds, and how many predictions stay as they were.

    The columns of ``means`` are receiver, plcmos and unchanged; ``titles`` also says their order.
    """
    figure = go.Figure()
    for place, (name, title) in enumerate(titles.items()):
        look, mine = place % len(_COLOURS), means[means["receiver"] == name]
        mark = {"color": _COLOURS[look], "symbol": _SYMBOLS[look], "size": 12}
        hover = f"{title}: PLCMOS %{{x:.2f}}, %{{y:.0%}} unchanged<extra></extra>"
        at = {"x": mine["plcmos"], "y": mine["unchanged"]}
        figure.add_scatter(mode="markers", marker=mark, name=_short(title), hovertemplate=hover, **at)
    figure.update_xaxes(title_text="PLCMOS, 1 to 5: better sound to the right", tickformat=".1~f")
    figure.update_yaxes(title_text="predictions unchanged", tickformat=".0%")
    return _with_legend(figure)
