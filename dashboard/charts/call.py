"""Pictures of a call's losses: over time, by length of burst, and what each training makes of it."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.ccc_axis import ccc_range
from dashboard.charts.palette import Palette
from sercore.report.curves import lay_out
from sercore.report.looks import LOOKS, setting_title
from sercore.results.expected import Expected


def losses_over_time(seconds: NDArray[np.float64], share: NDArray[np.float64], colours: Palette) -> go.Figure:
    """One bar for each step of the call, as high as the share of packets lost in it. Shapes: (steps,)."""
    step = float(seconds[1] - seconds[0]) if len(seconds) > 1 else 1.0
    figure = go.Figure()
    hover = "%{x:.1f} s: %{y:.0%} lost<extra></extra>"
    look = {"marker": {"color": colours.lost, "line": {"width": 0}}, "hovertemplate": hover}
    figure.add_bar(x=seconds + step / 2, y=share, width=step, name="lost", **look)
    figure.update_yaxes(title_text="share lost", tickformat=".0%", range=[0, max(0.05, 1.05 * share.max())])
    figure.update_xaxes(title_text="time in the call (s)", range=[0, float(seconds[-1]) + step])
    return lay_out(figure, 200, top=8, bargap=0, showlegend=False)


def bursts_against_law(
    found: NDArray[np.float64], laws: dict[str, NDArray[np.float64]], packet_ms: float, colours: Palette
) -> go.Figure:
    """Bars: how many packets bursts lasted; lines: how many they would by each law. Shapes: (lengths,)."""
    lengths = np.arange(1, len(found) + 1)
    texts = [f"{n * packet_ms:g} ms" for n in lengths[:-1]] + [f"{lengths[-1] * packet_ms:g} ms or more"]
    figure = go.Figure()
    hover = "%{customdata}: %{y:.1%}<extra>%{fullData.name}</extra>"
    look = {"marker": {"color": colours.sound}, "customdata": texts, "hovertemplate": hover}
    figure.add_bar(x=lengths, y=found, name="this call", **look)
    styles = ((colours.received, "solid"), (colours.clean, "dot"), (colours.median, "dash"))
    for (name, shares), (colour, dash) in zip(laws.items(), styles, strict=False):
        line = {"color": colour, "dash": dash, "width": 2}
        marked = {"mode": "lines+markers", "line": line, "customdata": texts, "hovertemplate": hover}
        figure.add_scatter(x=lengths, y=shares, name=name, **marked)
    figure.update_xaxes(
        title_text=f"packets of {packet_ms:g} ms lost in a row", dtick=2 if len(found) > 10 else 1
    )
    figure.update_yaxes(title_text="share of bursts", tickformat=".0%", rangemode="tozero")
    return lay_out(figure, 300, top=44)


def expected_dots(expected: Sequence[Expected], dimension: str, colours: Palette) -> go.Figure:
    """What each training may be expected to score: a dot in its interval, and the line of what is needed."""
    mine = [each for each in expected if each.dimension == dimension and not np.isnan(each.ccc)]
    figure = go.Figure()
    for each in mine:
        look, name = LOOKS[each.setting], setting_title(each.setting)
        ends = {
            "type": "data",
            "symmetric": False,
            "array": [each.high - each.ccc],
            "arrayminus": [each.ccc - each.low],
        }
        hover = f"{name}: %{{x:.2f}} [{each.low:.2f}, {each.high:.2f}]<extra></extra>"
        marker = {"color": look.colour, "symbol": look.symbol, "size": 11}
        figure.add_scatter(
            x=[each.ccc], y=[name], error_x=ends, marker=marker, mode="markers", hovertemplate=hover
        )
    if mine:
        needed = {"line": {"color": colours.ink, "dash": "dash", "width": 1.5}}
        figure.add_vline(mine[0].needed, annotation_text="needed", annotation_position="top", **needed)
    shown = (end for each in expected for end in (each.low, each.high, each.ccc))
    figure.update_xaxes(title_text=f"CCC of {dimension}", tickformat=".2~f", range=ccc_range(shown))
    figure.update_yaxes(autorange="reversed", type="category")
    return lay_out(figure, 120 + 40 * len(mine), left=110, top=28, showlegend=False)
