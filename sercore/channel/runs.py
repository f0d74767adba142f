"""Bursts and gaps: how long runs of lost and of received packets are."""

import numpy as np
from numpy.typing import NDArray


def burst_lengths(received: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Lengths in packets of the losses that both begin and end in a sequence. True = received.

    Shape: (packets,) -> (bursts,).

    Example:
        >>> burst_lengths(np.array([0, 1, 0, 0, 1, 0], dtype=bool)).tolist()
        [2]
    """
    starts, lengths = _inner_runs(received)
    return lengths[~received[starts]]


def gap_lengths(received: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Lengths in packets of what is received between two losses. Shape: (packets,) -> (gaps,).

    Example:
        >>> gap_lengths(np.array([0, 1, 0, 0, 1, 0], dtype=bool)).tolist()
        [1, 1]
    """
    starts, lengths = _inner_runs(received)
    return lengths[received[starts]]


def shares(lengths: NDArray[np.int64], longest: int) -> NDArray[np.float64]:
    """The share of runs that last 1, 2, ... ``longest``; 0 where there is none. Shape: (longest,).

    Example:
        >>> shares(np.array([1, 1, 3, 9]), longest=3).tolist()
        [0.5, 0.0, 0.25]
    """
    counts = np.bincount(lengths[lengths <= longest], minlength=longest + 1)[1:]
    return counts / max(len(lengths), 1)


def _inner_runs(received: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the runs begin that begin and end inside, and how long they are."""
    edges = np.flatnonzero(np.diff(received)) + 1
    return edges[:-1], np.diff(edges)
