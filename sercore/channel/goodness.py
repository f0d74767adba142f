"""Does a channel explain a call? Its bursts and gaps against the channel's law, by Pearson's chi-square."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from sercore.channel.markov import MarkovModel
from sercore.channel.runs import burst_lengths, gap_lengths

_LEAST_EXPECTED = 5  # runs in a bin (Cochran 1952)
_MOST_BINS = 20
_DOUBTFUL = 0.05  # probabilities under which it is worth drawing
_DRAWS, _SEED = 20, 0
_CANDIDATES = 100  # lengths at which a bin may end, evenly spaced in their logarithm


def goodness_of_fit(
    received: NDArray[np.bool_], channel: MarkovModel, n_parameters: int, *, renewing: bool = False
) -> float | None:
    """The probability of bursts and gaps at least as far from the channel's law as these, if it is true.

    Lengths are pooled until each bin expects five runs; as many degrees of freedom are taken off as
    parameters were fitted. Where a hidden state binds each run to the one before, the distance is larger than
    chi-square's even if the channel is true; by how much is found by drawing from it (Rao and Scott 1981,
    first order). None where too few bins are left to tell.

    Args:
        received: True = received. Shape: (packets,).
        channel: the channel that was fitted to them.
        n_parameters: how many numbers of it were.
        renewing: whether each run is independent of the one before, as in the paper's chain.

    Example:
        >>> from sercore.channel.gilbert import Gilbert
        >>> received = Gilbert(0.95, 0.6).sample(50_000, np.random.default_rng(1))
        >>> goodness_of_fit(received, Gilbert(0.95, 0.6), 0) > 0.01
        True
        >>> goodness_of_fit(received, Gilbert(0.98, 0.0), 0) < 1e-9
        True
    """
    distance, freedom = _distance(received, channel)
    left = freedom - n_parameters
    if left <= 0:
        return None
    probability = float(chdtrc(left, distance))
    if renewing or probability > _DOUBTFUL:
        return probability
    rng = np.random.default_rng(_SEED)
    drawn = [_distance(channel.sample(len(received), rng), channel) for _ in range(_DRAWS)]
    inflation = max(1.0, sum(each for each, _ in drawn) / sum(free for _, free in drawn))
    return float(chdtrc(left, distance / inflation))


def _distance(received: NDArray[np.bool_], channel: MarkovModel) -> tuple[float, int]:
    """Chi-square of the bursts and the gaps, and its degrees of freedom."""
    _, receives, loses = channel.moves
    distance, freedom = 0.0, 0
    for lengths, before, within in (
        (burst_lengths(received), receives, loses),
        (gap_lengths(received), loses, receives),
    ):
        found, expected = _pooled(lengths, _begin(channel, before, within), within)
        distance += float(((found - expected) ** 2 / expected).sum())
        freedom += len(expected) - 1
    return distance, freedom


def _begin(
    channel: MarkovModel, before: NDArray[np.float64], within: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The states in which runs begin. Shape: (states,)."""
    begins = channel.moves[0] @ before @ within
    total = begins.sum()
    return begins / total if total > 0 else begins


def _pooled(
    lengths: NDArray[np.int64], begins: NDArray[np.float64], within: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many runs fall into each bin, and how many should. Shapes: (bins,), (bins,)."""
    if not len(lengths):
        return np.zeros(1), np.ones(1)
    ends = np.unique(np.geomspace(1, 2 * lengths.max(), _CANDIDATES).round().astype(np.int64))
    expected = len(lengths) * -np.diff(np.concatenate([[1.0], _longer_than(ends, begins, within), [0.0]]))
    found = np.histogram(lengths, np.concatenate([[0], ends, [np.iinfo(np.int64).max]]) + 0.5)[0]
    least = max(_LEAST_EXPECTED, len(lengths) / _MOST_BINS)
    bins, reached = [], 0.0
    for place, share in enumerate(expected):
        reached += share
        left = expected[place + 1 :].sum()
        if reached >= least and (left >= least or place == len(expected) - 1):
            bins.append(place + 1)
            reached = 0.0
    starts = [0, *[end for end in bins if end < len(expected)]]
    return np.add.reduceat(found, starts).astype(float), np.add.reduceat(expected, starts)


def _longer_than(
    ends: NDArray[np.int64], begins: NDArray[np.float64], within: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Shares of runs longer than each of some lengths, which rise. Shape: (lengths,)."""
    shares, at = [], 1
    states = begins
    for end in ends:
        states = states @ np.linalg.matrix_power(within, int(end) + 1 - at)
        at = int(end) + 1
        shares.append(float(states.sum()))
    return np.array(shares)
