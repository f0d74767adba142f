"""The score: how well a prediction agrees with the gold standard (paper Eq. 3), also of what arrives."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.arrays import unmasked
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_CLIP


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
        ValueError: if the shapes differ, there is no frame, or a value is masked.

    Example:
        >>> ccc([0.1, 0.2, 0.3], [0.1, 0.2, 0.3])
        1.0
        >>> round(ccc([0.1, 0.2, 0.3], [0.2, 0.3, 0.4]), 3)
        0.571
    """
    gold, predicted = unmasked(gold, "gold"), unmasked(predicted, "predicted")
    if gold.shape != predicted.shape:
        raise ValueError(f"gold and predicted must have one shape, got {gold.shape} and {predicted.shape}")
    if gold.ndim == 0 or gold.shape[-1] == 0:
        raise ValueError(f"a CCC needs at least one frame, got shape {gold.shape}")
    (gold_centred, gold_mean), (predicted_centred, predicted_mean) = centred(gold), centred(predicted)
    bias = gold_mean - predicted_mean
    covariance = (gold_centred * predicted_centred).mean(axis=-1)
    spread = (gold_centred**2).mean(axis=-1) + (predicted_centred**2).mean(axis=-1) + bias**2
    agree = (gold == predicted).all(axis=-1)  # the formula's value here is 1, or 0/0 for a constant
    with np.errstate(invalid="ignore"):
        score = np.where(agree, 1.0, 2 * covariance / np.where(agree, 1.0, spread))
    return float(score) if score.ndim == 0 else score


def ccc_received(
    reference: NDArray[np.floating[Any]], predicted: NDArray[np.floating[Any]], received: NDArray[np.bool_]
) -> list[float | None]:
    """CCC of each dimension over the frames that arrived, as in the paper; None where it is not defined.

    It is not where too few arrived, or where the reference never moves: nothing can agree with that. The
    reference is the gold standard, or the prediction without loss; predicted is at every moment. Shapes:
    (frames, dimensions) twice, (frames,).

    Example:
        >>> line = np.linspace(0, 1, 20)[:, None]
        >>> ccc_received(line, line, np.ones(20, dtype=bool))
        [1.0]
        >>> ccc_received(line, line, np.arange(20) < 3)
        [None]
    """
    return ccc_timeline(reference[received], predicted[received], received[received])


def ccc_timeline(
    reference: NDArray[np.floating[Any]], predicted: NDArray[np.floating[Any]], received: NDArray[np.bool_]
) -> list[float | None]:
    """As ``ccc_received``, over all frames: what an application sees that must say something all the time."""
    if received.sum() < MIN_FRAMES_FOR_CLIP:
        return [None] * reference.shape[1]
    scores = np.atleast_1d(ccc(reference.T, predicted.T))
    return [
        None if still else float(score) for score, still in zip(scores, never_moves(reference), strict=True)
    ]


def never_moves(course: NDArray[np.floating[Any]]) -> NDArray[np.bool_]:
    """Whether each dimension has one value throughout: it says nothing, and no score against it is defined.

    Shape: (frames, dimensions), at least one frame -> (dimensions,).

    Example:
        >>> never_moves(np.array([[0.0, 0.5], [0.0, 0.6]])).tolist()
        [True, False]
    """
    still: NDArray[np.bool_] = (course == course[:1]).all(axis=0)
    return still


def centred(x: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Deviations from the mean (..., frames) and the mean (...); deviations of a constant are exactly 0."""
    first = x[..., :1]
    from_first = x - first
    mean_from_first = from_first.mean(axis=-1, keepdims=True)
    return from_first - mean_from_first, (first + mean_from_first)[..., 0]
