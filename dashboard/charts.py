"""Pictures along the time axis: the waveform with its losses, and the emotions with their gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from sercore.audio import LABEL_RATE, SAMPLE_RATE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dashboard.palette import Palette

    Floats = NDArray[np.floating[Any]]

ENVELOPE_BINS = (
    1_200  # two points each: a chart stays under 4,000 points and redraws in a quarter of a second
)
POINTS_PER_LINE = 800
MARGIN = {"l": 62, "r": 12, "t": 34, "b": 46}  # equal on all charts, so that their time axes line up


def envelope(audio: NDArray[np.float32], bins: int = ENVELOPE_BINS) -> tuple[Floats, Floats, Floats]:
    """Lowest and highest sample of each of at most ``bins`` stretches of equal length.

    Args:
        audio: samples at 16 kHz. Shape: (samples,), at least one.
        bins: the most stretches wanted.

    Returns:
        Middle of each stretch in seconds, lowest and highest sample. Shapes: (stretches,) each.

    Example:
        >>> seconds, low, high = envelope(np.array([0.0, 0.5, -0.25, 0.125], dtype=np.float32), bins=2)
        >>> low.tolist(), high.tolist()
        ([0.0, -0.25], [0.5, 0.125])
    """
    per_bin = -(-len(audio) // bins)
    starts = np.arange(0, len(audio), per_bin)
    ends = np.append(starts[1:], len(audio))
    return (
        (starts + ends) / 2 / SAMPLE_RATE,
        np.minimum.reduceat(audio, starts),
        np.maximum.reduceat(audio, starts),
    )


def lost_runs(received: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where losses begin and how long they last, in seconds. Shapes: (frames,) -> (runs,), (runs,).

    Example:
        >>> starts, lengths = lost_runs(np.array([False, True, False, False, True]))
        >>> starts.tolist(), lengths.tolist()
        ([0.0, 0.4], [0.2, 0.4])
    """
    edges = np.diff(np.concatenate(([True], received, [True])).astype(int))
    starts, ends = np.flatnonzero(edges == -1), np.flatnonzero(edges == 1)
    return starts / LABEL_RATE, (ends - starts) / LABEL_RATE


def thinned(values: NDArray[np.float32], points: int = POINTS_PER_LINE) -> tuple[Floats, Floats]:
    """Time in seconds and value of at most ``points`` groups of frames; a group is missing if all of it is.

    Args:
        values: one value for each frame, NaN where none exists. Shape: (frames,).
        points: the most groups wanted.

    Returns:
        Middle of each group in seconds, and its mean. Shapes: (groups,) each.

    Example:
        >>> seconds, means = thinned(np.array([1.0, 3.0, np.nan, np.nan]), points=2)
        >>> means.tolist()
        [2.0, nan]
    """
    per_group = max(1, -(-len(values) // points))
    groups = -(-len(values) // per_group)
    padded = np.full(groups * per_group, np.nan)
    padded[: len(values)] = values
    grouped = padded.reshape(groups, per_group)
    present = ~np.isnan(grouped)
    counts = present.sum(axis=1)
    sums = np.where(present, grouped, 0).sum(axis=1)
    means = np.divide(sums, counts, out=np.full(groups, np.nan), where=counts > 0)
    return (np.arange(groups) + 0.5) * per_group / LABEL_RATE, means


def waveform(
    audio: NDArray[np.float32], received: NDArray[np.bool_], colours: Palette, start: float = 0
) -> go.Figure:
    """The waveform as an envelope, lost frames shaded and hatched.

    Args:
        audio: samples at 16 kHz. Shape: (frames * 3,200,).
        received: True = received. Shape: (frames,).
        colours: of the page.
        start: time of the first sample in the track, in seconds.
    """
    seconds, low, high = envelope(audio)
    loudest = max(float(np.abs(audio).max(initial=0)), 1e-3) * 1.05
    line = {"width": 0.6, "color": colours.sound}
    figure = go.Figure()
    figure.add_scatter(x=seconds + start, y=high, line=line, hoverinfo="skip", showlegend=False)
    figure.add_scatter(
        x=seconds + start,
        y=low,
        line=line,
        fill="tonexty",
        fillcolor=colours.sound,
        hoverinfo="skip",
        name="sound",
    )
    _shade(figure, received, colours, start, limits=(-loudest, loudest))
    figure.update_yaxes(title_text="amplitude (−1 to 1)", range=[-loudest, loudest], nticks=4)
    return _on_time_axis(figure, len(received) / LABEL_RATE, start, height=185)


def emotion(
    lines: dict[str, NDArray[np.float32]],
    received: NDArray[np.bool_],
    colours: Palette,
    dimension: str,
    start: float = 0,
) -> go.Figure:
    """One emotion dimension over time, with gaps where frames were lost.

    Args:
        lines: any of "gold standard", "predicted, clean" and "predicted, after loss"; NaN leaves a gap.
            Shape: (frames,) each.
        received: True = received. Shape: (frames,).
        colours: of the page.
        dimension: "arousal" or "valence".
        start: time of the first frame in the track, in seconds.
    """
    looks: dict[str, dict[str, Any]] = {
        "gold standard": {"line": {"color": colours.gold, "width": 4}, "opacity": 0.75},
        "predicted, clean": {"line": {"color": colours.clean, "width": 2, "dash": "dot"}},
        "predicted, after loss": {
            "line": {"color": colours.received, "width": 2},
            "mode": "lines+markers",
            "marker": {"size": 3.5},
        },
    }
    figure = go.Figure()
    _shade(figure, received, colours, start, limits=(-1, 1))
    for name, values in lines.items():
        seconds, means = thinned(values)
        look = {"mode": "lines", **looks[name]}
        hover = f"%{{x:.1f}} s: %{{y:.2f}}<extra>{name}</extra>"
        figure.add_scatter(
            x=seconds + start, y=means, name=name, connectgaps=False, hovertemplate=hover, **look
        )
    figure.update_yaxes(title_text=f"{dimension} (−1 to 1)", range=[-1, 1], dtick=0.5, tickformat=".1f")
    return _on_time_axis(figure, len(received) / LABEL_RATE, start, height=270)


def _shade(
    figure: go.Figure,
    received: NDArray[np.bool_],
    colours: Palette,
    start: float,
    *,
    limits: tuple[float, float],
) -> None:
    """Lost runs as hatched bars: one point for each run keeps charts of long calls small."""
    starts, lengths = lost_runs(received)
    if len(starts):
        figure.add_bar(
            x=starts + lengths / 2 + start,
            y=np.full(len(starts), limits[1] - limits[0]),
            base=limits[0],
            width=lengths,
            name="lost",
            hoverinfo="skip",
            marker={
                "line": {"width": 0},
                "pattern": {
                    "shape": "/",
                    "fillmode": "replace",
                    "size": 7,
                    "solidity": 0.2,
                    "fgcolor": colours.lost,
                    "fgopacity": 0.7,
                    "bgcolor": colours.lost_shade,
                },
            },
        )


def _on_time_axis(figure: go.Figure, seconds: float, start: float, height: int) -> go.Figure:
    figure.update_xaxes(title_text="time in the track (s)", range=[start, start + seconds])
    figure.update_layout(
        height=height,
        margin=MARGIN,
        bargap=0,
        hovermode="closest",
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "title": None},
    )
    return figure
