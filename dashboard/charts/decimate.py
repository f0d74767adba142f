"""What is drawn along the time axis, made small enough for a browser: envelopes, runs, means."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.units import LABEL_RATE, SAMPLE_RATE

Floats = NDArray[np.floating[Any]]
ENVELOPE_BINS = 600  # two points each, about one for each pixel of the chart on a laptop
POINTS_PER_LINE = 800


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
    edges = np.flatnonzero(np.diff(received, prepend=True, append=True))
    return edges[::2] / LABEL_RATE, (edges[1::2] - edges[::2]) / LABEL_RATE


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
