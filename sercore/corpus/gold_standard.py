"""From what several raters drew to one gold standard, and from 25 to 5 labels a second."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.arrays import unmasked
from sercore.scoring.concordance import ccc
from sercore.units import LABEL_RATE

RATING_RATE = 25  # Hz, of the ratings and of the gold standard on disk
NO_AGREEMENT = 1e-9  # a sum of weights this small is 0 but for rounding
POOL = RATING_RATE // LABEL_RATE  # 5 ratings become one label


def rater_weights(ratings: ArrayLike) -> NDArray[np.float64]:
    """How well each rater agrees with the others: the mean CCC with each of them.

    A lone rater has the weight 1. A rater that never moved has the weight 0. The ratings are of one recording
    and one dimension. Shape: (raters, steps) -> (raters,), each in [-1, 1].

    Raises:
        ValueError: if the shape is wrong or a rating is not finite.
    """
    ratings = _checked(ratings)
    if len(ratings) == 1:
        return np.ones(1)
    agreement = np.asarray([ccc(np.broadcast_to(one, ratings.shape), ratings) for one in ratings])
    constant = (ratings == ratings[:, :1]).all(axis=1)
    agreement[constant] = agreement[:, constant] = 0.0  # two that never moved agree on nothing
    np.fill_diagonal(agreement, 0.0)
    weights: NDArray[np.float64] = agreement.sum(axis=1) / (len(ratings) - 1)
    return weights


def gold_standard(ratings: ArrayLike) -> NDArray[np.float64]:
    """The gold standard of one recording and one dimension (AVEC 2016, Valstar et al., section 2.2).

    ``gold(t) = mean_r [x_r(t) - mean_t x_r] + sum_r w_r mean_t x_r / sum_r w_r``, w_r being
    ``rater_weights``: the raters' mean movement, put at the level of those who agree. As in AVEC, a rater
    that never moved still counts in the first mean and flattens it; callers who do not want that leave
    the rater out. Weights may be negative, as there; where they add up to little or less than 0, the level
    means nothing. No delay is corrected. Shape: (raters, steps) -> (steps,), at the rate of the ratings.

    Raises:
        ValueError: if the shape is wrong, a rating is not finite, or the weights add up to 0 (nobody agrees
            with anybody), where the formula has no value.

    Example:
        >>> gold_standard([[0.0, 0.2, 0.4], [0.2, 0.4, 0.6]]).round(3).tolist()
        [0.1, 0.3, 0.5]
    """
    ratings = _checked(ratings)
    weights = rater_weights(ratings)
    if abs(weights.sum()) < NO_AGREEMENT:
        raise ValueError("the raters' agreement must not add up to 0: nobody agrees with anybody")
    means = ratings.mean(axis=1)
    level = (weights * means).sum() / weights.sum()
    gold: NDArray[np.float64] = (ratings - means[:, None]).mean(axis=0) + level
    return gold


def pool_labels(labels: ArrayLike) -> NDArray[np.float64]:
    """Labels at 5 Hz from labels at 25 Hz: the median of each five (the paper's median pooling).

    A row at t = 0 in front (one more than a multiple of five: 7,501 for 300 s) is dropped, because label i
    describes the 40 ms that end at its time. Shape: (steps,) -> (n,) or (steps, columns) -> (n, columns),
    where steps is 5 n or 5 n + 1: 1,500 frames of 200 ms for 300 s.

    Raises:
        ValueError: if the steps do not fill whole frames, or a label is masked or not finite.

    Example:
        >>> pool_labels([9.0, 1.0, 2.0, 3.0, 4.0, 5.0])
        array([3.])
    """
    labels = unmasked(labels, "labels")
    steps = len(labels) if labels.ndim else 0
    if steps < POOL or steps % POOL > 1:
        raise ValueError(f"labels must fill whole frames of {POOL} steps (and one at t = 0), got {steps}")
    if bad := np.count_nonzero(~np.isfinite(labels)):
        raise ValueError(f"labels must be finite, {bad} are not")
    frames = labels[steps % POOL :].reshape(-1, POOL, *labels.shape[1:])
    pooled: NDArray[np.float64] = np.median(frames, axis=1)
    return pooled


def _checked(ratings: ArrayLike) -> NDArray[np.float64]:
    ratings = unmasked(ratings, "ratings")
    if ratings.ndim != 2 or 0 in ratings.shape:
        raise ValueError(f"ratings must have the shape (raters, steps), got {ratings.shape}")
    if len(bad := np.argwhere(~np.isfinite(ratings))):
        first = "rater {}, step {}".format(*bad[0])
        raise ValueError(f"ratings must be finite, {len(bad)} are not (the first: {first})")
    return ratings
