"""What is drawn along the time axis, made small enough for a browser: envelopes, runs, means."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.units import FRAME_MS, LABEL_RATE, SAMPLE_RATE

Floats = NDArray[np.floating[Any]]
ENVELOPE_BINS = 600  # two points each, about one for each pixel of the chart on a laptop
POINTS_PER_LINE = 800


def envelope(audio: NDArray[np.float32], bins: int = ENVELOPE_BINS) -> tuple[Floats, Floats, Floats]:
    """Middle in seconds, lowest and highest sample of each of at most ``bins`` stretches of equal length.

    Shape: (samples,) at 16 kHz, at least one -> (stretches,) three times.

    Example:
        >>> seconds, low, high = envelope(np.array([0.0, 0.5, -0.25, 0.125], dtype=np.float32), bins=2)
        >>> low.tolist(), high.tolist()
        ([0.0, -0.25], [0.5, 0.125])
    """
    starts = np.arange(0, len(audio), -(-len(audio) // bins))
    seconds = (starts + np.append(starts[1:], len(audio))) / 2 / SAMPLE_RATE
    return seconds, np.minimum.reduceat(audio, starts), np.maximum.reduceat(audio, starts)


def lost_runs(
    received: NDArray[np.bool_], packet_ms: float = FRAME_MS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where losses begin and how long they last, in seconds. Shapes: (packets,) -> (runs,), (runs,).

    Example:
        >>> starts, lengths = lost_runs(np.array([False, True, False, False, True]))
        >>> starts.tolist(), lengths.tolist()
        ([0.0, 0.4], [0.2, 0.4])
    """
    edges = np.flatnonzero(np.diff(received, prepend=True, append=True))
    return edges[::2] * packet_ms / 1000, (edges[1::2] - edges[::2]) * packet_ms / 1000


def thinned(values: NDArray[np.float32], points: int = POINTS_PER_LINE) -> tuple[Floats, Floats]:
    """Middle in seconds and mean of at most ``points`` groups of frames; NaN where a whole group is missing.

    Shape: (frames,), NaN where a frame has no value -> (groups,) twice.

    Example:
        >>> seconds, means = thinned(np.array([1.0, 3.0, np.nan, np.nan]), points=2)
        >>> means.tolist()
        [2.0, nan]
    """
    per_group = max(1, -(-len(values) // points))
    padded = np.pad(values.astype(float), (0, -len(values) % per_group), constant_values=np.nan)
    grouped = padded.reshape(-1, per_group)
    counts = (~np.isnan(grouped)).sum(axis=1)
    means = np.divide(np.nansum(grouped, axis=1), counts, out=np.full(len(grouped), np.nan), where=counts > 0)
    return (np.arange(len(grouped)) + 0.5) * per_group / LABEL_RATE, means
