"""The score: how well a prediction agrees with the gold standard (paper Eq. 3)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def ccc(gold: ArrayLike, predicted: ArrayLike) -> NDArray[np.float64] | float:
    """Concordance correlation coefficient along the last axis (Lin 1989; paper Eq. 3).

    ``2 cov / (var_gold + var_predicted + (mean_gold - mean_predicted)**2)`` with population moments
    (divide by N), computed in float64. Constants are defined by the same formula: unequal constants, or
    a constant against a sequence that varies, give 0; two equal constants, where the formula is 0/0,
    give 1, so that ``ccc(x, x) == 1`` holds for every x. NaN in, NaN out.

    Args:
        gold: the gold standard. Shape: (..., frames), at least one frame.
        predicted: the prediction, of the same shape.

    Returns:
        The CCC in [-1, 1]. Shape: (...); a float for one-dimensional input.

    Raises:
        ValueError: if the shapes differ or there is no frame.

    Example:
        >>> ccc([0.1, 0.2, 0.3], [0.1, 0.2, 0.3])
        1.0
        >>> round(ccc([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]), 3)
        0.571
    """
    gold = np.asarray(gold, dtype=np.float64)
    predicted = np.asarray(predicted, dtype=np.float64)
    if gold.shape != predicted.shape:
        raise ValueError(f"gold and predicted must have one shape, got {gold.shape} and {predicted.shape}")
    if gold.ndim == 0 or gold.shape[-1] == 0:
        raise ValueError(f"a CCC needs at least one frame, got shape {gold.shape}")
    gold_centred, gold_mean = _centre(gold)
    predicted_centred, predicted_mean = _centre(predicted)
    bias = gold_mean - predicted_mean
    covariance = (gold_centred * predicted_centred).mean(axis=-1)
    spread = (gold_centred**2).mean(axis=-1) + (predicted_centred**2).mean(axis=-1) + bias**2
    agree = (gold == predicted).all(axis=-1)  # the formula's value here is 1, or 0/0 for a constant
    with np.errstate(invalid="ignore"):
        score = np.where(agree, 1.0, 2 * covariance / np.where(agree, 1.0, spread))
    return float(score) if score.ndim == 0 else score


def _centre(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Deviations from the mean (..., frames) and the mean (...); deviations of a constant are exactly 0."""
    first = x[..., :1]
    from_first = x - first
    mean_from_first = from_first.mean(axis=-1, keepdims=True)
    return from_first - mean_from_first, (first + mean_from_first)[..., 0]
