"""Pictures along the time axis: the waveform with its losses, and the emotions with their gaps."""

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.charts.decimate import envelope, lost_runs, thinned
from dashboard.charts.palette import Palette
from sercore.report.curves import lay_out
from sercore.units import FRAME_MS, LABEL_RATE, SAMPLE_RATE

MARKED = {"mode": "lines+markers", "marker": {"size": 3.5}}  # a frame alone between two losses shows, too
POINTS_PER_EDGE = 250  # of a ribbon: a chart with all its lines stays under 4,000 points


def waveform(
    audio: NDArray[np.float32],
    received: NDArray[np.bool_],
    colours: Palette,
    start: float = 0,
    packet_ms: float = FRAME_MS,
) -> go.Figure:
    """The waveform as an envelope, lost packets shaded and hatched.

    Shapes: audio (frames * 3200,), received (packets,). ``start`` is when it begins in the track, in seconds.
    """
    seconds, low, high = envelope(audio)
    loudest = max(float(np.abs(audio).max(initial=0)), 1e-3) * 1.05
    figure = go.Figure()
    look = {"x": seconds + start, "line": {"width": 0.6, "color": colours.sound}, "hoverinfo": "skip"}
    figure.add_scatter(y=high, showlegend=False, **look)
    figure.add_scatter(y=low, fill="tonexty", fillcolor=colours.sound, name="sound", **look)
    _shade(figure, lost_runs(received, packet_ms), colours, start, loudest, showlegend=True)
    figure.update_yaxes(title_text="amplitude (−1 to 1)", range=[-loudest, loudest], nticks=5)
    return _on_time_axis(figure, len(audio) / SAMPLE_RATE, start, height=185)


def emotion(
    lines: dict[str, NDArray[np.float32]],
    received: NDArray[np.bool_],
    colours: Palette,
    dimension: str,
    start: float = 0,
    *,
    ribbon: NDArray[np.float32] | None = None,
    n_draws: int = 0,
    height: int = 270,
) -> go.Figure:
    """One emotion dimension over time, with gaps where frames were lost.

    Args:
        lines: any of "gold standard", "clean" and "after loss"; NaN leaves a gap. Shape: (frames,) each.
        received: True = received. Shape: (frames,).
        colours: of the page.
        dimension: "arousal" or "valence".
        start: time of the first frame in the track, in seconds.
        ribbon: 5th, 50th and 95th percentile of many draws. Shape: (3, frames).
        n_draws: how many draws these are.
        height: in pixels.
    """
    figure = go.Figure()
    _shade(figure, lost_runs(received), colours, start, 1, showlegend=False)
    if ribbon is not None:
        _ribbon(figure, ribbon, n_draws, colours, start)
    for name, values in lines.items():
        seconds, means = thinned(values)
        points = MARKED if name == "after loss" else {"mode": "lines"}
        look = {"line": _line(name, colours), "connectgaps": False, **points}
        hover = f"%{{x:.1f}} s: %{{y:.2f}}<extra>{name}</extra>"
        figure.add_scatter(x=seconds + start, y=means, name=name, hovertemplate=hover, **look)
    figure.update_yaxes(title_text=f"{dimension} (−1 to 1)", range=[-1, 1], dtick=0.5, tickformat=".1f")
    return _on_time_axis(figure, len(received) / LABEL_RATE, start, height=height)


def _line(name: str, colours: Palette) -> dict[str, Any]:
    """How a line looks on every chart: thick, dotted or plain, so that not colour alone tells them apart."""
    return {
        "gold standard": {"color": colours.gold, "width": 4},
        "clean": {"color": colours.clean, "width": 2, "dash": "dot"},
        "after loss": {"color": colours.received, "width": 2},
    }[name]


def _ribbon(
    figure: go.Figure, ribbon: NDArray[np.float32], n_draws: int, colours: Palette, start: float
) -> None:
    """Where nine of ten draws lie, as one closed shape for each stretch without a gap, and their median."""
    (seconds, low), (_, middle), (_, high) = (thinned(edge, POINTS_PER_EDGE) for edge in ribbon)
    seconds = seconds + start
    x, y = [], []
    for first, end in np.flatnonzero(np.diff(np.isnan(low), prepend=True, append=True)).reshape(-1, 2):
        part = slice(first, end)
        x += [*seconds[part], *seconds[part][::-1], np.nan]  # NaN parts one shape from the next
        y += [*high[part], *low[part][::-1], np.nan]
    look = {"mode": "lines", "hoverinfo": "skip"}
    shape = {"fill": "toself", "fillcolor": colours.ribbon, "line": {"width": 0}}
    figure.add_scatter(x=x, y=y, name=f"{n_draws} draws", **shape, **look)
    dashes = {"color": colours.median, "width": 1.5, "dash": "dash"}
    figure.add_scatter(x=seconds, y=middle, name="their median", line=dashes, connectgaps=False, **look)


def path(lines: dict[str, NDArray[np.float32]], colours: Palette) -> go.Figure:
    """The way through the plane of valence and arousal; a ring where each way begins.

    Lines as for ``emotion``, but of both dimensions. Shape: (frames, 2) each.
    """
    figure = go.Figure()
    for name, values in lines.items():
        (_, arousal), (_, valence) = (thinned(values[:, d], POINTS_PER_EDGE) for d in (0, 1))
        line, sizes = _line(name, colours), np.zeros(len(valence))
        sizes[int(np.argmax(~np.isnan(valence)))] = 11
        ring = {"size": sizes, "symbol": "circle-open", "color": line["color"], "line": {"width": 3}}
        look = {"mode": "lines+markers", "line": line, "marker": ring, "connectgaps": False}
        hover = f"valence %{{x:.2f}}, arousal %{{y:.2f}}<extra>{name}</extra>"
        figure.add_scatter(x=valence, y=arousal, name=name, hovertemplate=hover, **look)
    axis = {"range": [-1.05, 1.05], "dtick": 0.5, "tickformat": ".1f", "zeroline": True}
    figure.update_xaxes(title_text="valence: unpleasant to pleasant", constrain="domain", **axis)
    figure.update_yaxes(title_text="arousal: calm to excited", scaleanchor="x", constrain="domain", **axis)
    return lay_out(figure, 430)


def _shade(
    figure: go.Figure,
    runs: tuple[NDArray[np.float64], NDArray[np.float64]],
    colours: Palette,
    start: float,
    reach: float,
    **more: Any,
) -> None:
    """Lost runs as hatched bars from -reach to reach: one point for each keeps charts of long calls small."""
    starts, lengths = runs
    if not len(starts):
        return
    pattern = {"shape": "/", "fillmode": "replace", "size": 7, "solidity": 0.2, "fgopacity": 0.7}
    pattern |= {"fgcolor": colours.lost, "bgcolor": colours.lost_shade}
    bars = {"x": starts + lengths / 2 + start, "y": np.full(len(starts), 2 * reach), "width": lengths}
    look = {"marker": {"line": {"width": 0}, "pattern": pattern}, "hoverinfo": "skip", **more}
    figure.add_bar(base=-reach, name="lost", **bars, **look)


def _on_time_axis(figure: go.Figure, seconds: float, start: float, height: int) -> go.Figure:
    figure.update_yaxes(automargin=False)
    figure.update_xaxes(title_text="time in the track (s)", range=[start, start + seconds])
    return lay_out(figure, height, bargap=0, hovermode="closest")
