"""What a CCC needs to know of each track, and the CCC of any choice of tracks from that alone.

Six numbers a track (count, means, centred second moments) replace its frames: those of several tracks
combine exactly (Chan, Golub and LeVeque 1983, "Algorithms for computing the sample variance", Eq. 2.1), so a
bootstrap over tracks never touches a prediction again.
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.arrays import unmasked
from sercore.scoring.concordance import centred
from sercore.scoring.fewest_frames import MIN_DRAWN_FOR_INTERVAL

MOMENTS = ("n", "mean_gold", "mean_predicted", "m2_gold", "m2_predicted", "co_moment")
RESAMPLES = 1000
RESAMPLING_SEED = 2020
LEVEL = 0.95


def track_moments(gold: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64]:
    """The six ``MOMENTS`` of one track, for each dimension; all zero where no frame is left.

    Shape: (frames, dimensions) twice -> (dimensions, 6).

    Raises:
        ValueError: if the shapes differ or are not two-dimensional, or a value is masked.

    Example:
        >>> track_moments([[0.0], [1.0]], [[0.5], [0.5]]).tolist()
        [[2.0, 0.5, 0.5, 0.5, 0.0, 0.0]]
    """
    gold, predicted = unmasked(gold, "gold"), unmasked(predicted, "predicted")
    if gold.shape != predicted.shape or gold.ndim != 2:
        raise ValueError(
            f"gold and predicted must share a shape (frames, dimensions), got {gold.shape}, {predicted.shape}"
        )
    if not len(gold):
        return np.zeros((gold.shape[1], len(MOMENTS)))
    (x, gold_mean), (y, predicted_mean) = centred(gold.T), centred(predicted.T)
    n = np.full(len(x), float(len(gold)))
    second = ((x**2).sum(axis=-1), (y**2).sum(axis=-1), (x * y).sum(axis=-1))
    return np.stack([n, gold_mean, predicted_mean, *second], axis=-1)


def ccc_of_tracks(
    moments: NDArray[np.float64], times: ArrayLike | None = None, min_frames: int = 1
) -> NDArray[np.float64]:
    """CCC over the concatenation of tracks, each taken as often as ``times`` says (paper section 3.1).

    Equal to ``sercore.scoring.concordance.ccc`` of the concatenated frames, its constants included; NaN where
    fewer than ``min_frames`` are chosen. Without ``times`` each track is taken once.

    Shape: (..., tracks, 6), (choices, tracks) -> (..., choices), or (...) without ``times``.

    Example:
        >>> one, other = track_moments([[0.0], [1.0]], [[0.0], [1.0]]), track_moments([[0.0]], [[1.0]])
        >>> ccc_of_tracks(np.stack([one[0], other[0]]), [[1, 0], [1, 1]]).round(3).tolist()
        [1.0, 0.4]
    """
    tracks = moments.shape[-2]
    choices = np.ones((1, tracks)) if times is None else np.asarray(times, dtype=np.float64)
    n = moments[..., 0]
    gold, gold_centre = _from_centre(moments[..., 1], n)
    predicted, predicted_centre = _from_centre(moments[..., 2], n)
    squares = (n * gold**2, n * predicted**2, n * gold * predicted)
    second = (moments[..., 3 + i] + square for i, square in enumerate(squares))
    chosen = np.moveaxis(choices @ np.stack([n, n * gold, n * predicted, *second], axis=-1), -1, 0)
    frames = chosen[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        gold_mean, predicted_mean, gold_square, predicted_square, product = chosen[1:] / frames
        covariance = product - gold_mean * predicted_mean
        bias = (gold_centre - predicted_centre) + (gold_mean - predicted_mean)
        spread = (gold_square - gold_mean**2) + (predicted_square - predicted_mean**2) + bias**2
        score = np.where(spread <= 0, 1.0, 2 * covariance / spread)  # 0/0: constants that agree
    score = np.where(frames >= max(min_frames, 1), score, np.nan)
    return score[..., 0] if times is None else score


def gold_moves(moments: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the gold standard has more than one value in all tracks; else no CCC says anything.

    Shape: (..., tracks, 6) -> (...).

    Example:
        >>> gold_moves(track_moments([[0.5, 0.0], [0.5, 0.1]], [[0.0, 0.0], [1.0, 1.0]])[:, None]).tolist()
        [False, True]
    """
    there = moments[..., 0] > 0
    highest = np.where(there, moments[..., 1], -np.inf).max(axis=-1)
    lowest = np.where(there, moments[..., 1], np.inf).min(axis=-1)
    moves: NDArray[np.bool_] = (moments[..., 3] > 0).any(axis=-1) | (highest > lowest)
    return moves


@cache
def resamples(tracks: int) -> NDArray[np.int64]:
    """How often each track is drawn in each bootstrap resample; the same for whatever is compared.

    Tracks are drawn, not frames: frames of one track are correlated in time, speakers are not.

    Read-only. Shape: (``RESAMPLES``, tracks); each row adds up to ``tracks``.

    Raises:
        ValueError: if there is no track.

    Example:
        >>> resamples(15).shape, set(resamples(15).sum(axis=1).tolist())
        ((1000, 15), {15})
    """
    if tracks < 1:
        raise ValueError(f"a bootstrap needs at least one track, got {tracks}")
    rng = np.random.default_rng(RESAMPLING_SEED)
    times = rng.multinomial(tracks, np.full(tracks, 1 / tracks), size=RESAMPLES)
    times.flags.writeable = False
    return times


def interval(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The 95 % percentile interval of bootstrap values (Efron and Tibshirani 1993, section 13.3).

    Resamples without a value are left out; where more than half have none, so has the interval.

    Shape: (..., resamples) -> (...) for the lower and for the upper end.
    """
    tail = (1 - LEVEL) / 2
    low, high = (np.asarray(end) for end in np.quantile(values, [tail, 1 - tail], axis=-1))
    missing = np.isnan(values)
    some = missing.any(axis=-1) & (missing.mean(axis=-1) <= 0.5)
    if some.any():
        low[some], high[some] = np.nanquantile(values[some], [tail, 1 - tail], axis=-1)
    return low, high


def score_interval(
    moments: NDArray[np.float64], min_frames: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The bootstrap interval over tracks of one or several CCCs; NaN where there are fewer than two tracks.

    A resample with fewer than ``min_frames`` has no CCC. Shape: (..., tracks, 6) -> (...) for each end.
    """
    if moments.shape[-2] < MIN_DRAWN_FOR_INTERVAL:
        nothing = np.full(moments.shape[:-2], np.nan)
        return nothing, nothing.copy()
    return interval(ccc_of_tracks(moments, resamples(moments.shape[-2]), min_frames))


def _from_centre(
    means: NDArray[np.float64], n: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tracks' means from a point amid them, so that little cancels, and that point. Exact for constants."""
    largest = np.take_along_axis(means, n.argmax(axis=-1)[..., None], axis=-1)
    return np.where(n > 0, means - largest, 0.0), largest
