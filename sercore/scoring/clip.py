"""Agreement on one clip: over the frames that arrived, and over the whole timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sercore.scoring.concordance import ccc
from sercore.scoring.timeline import hold

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_FRAMES = 10  # two seconds: fewer frames give a CCC that says nothing


def ccc_received(
    reference: NDArray[np.floating[Any]], predicted: NDArray[np.floating[Any]], received: NDArray[np.bool_]
) -> list[float | None]:
    """CCC of each dimension over the frames that arrived, as in the paper; None where too few did.

    Args:
        reference: the gold standard, or the prediction without loss. Shape: (frames, dimensions).
        predicted: after loss. Shape: (frames, dimensions).
        received: True = received. Shape: (frames,).

    Example:
        >>> line = np.linspace(0, 1, 20)[:, None]
        >>> ccc_received(line, line, np.ones(20, dtype=bool))
        [1.0]
        >>> ccc_received(line, line, np.arange(20) < 3)
        [None]
    """
    if received.sum() < FEWEST_FRAMES:
        return [None] * reference.shape[1]
    return [float(score) for score in np.atleast_1d(ccc(reference[received].T, predicted[received].T))]


def ccc_timeline(
    reference: NDArray[np.floating[Any]], predicted: NDArray[np.floating[Any]], received: NDArray[np.bool_]
) -> list[float | None]:
    """CCC of each dimension over all frames: what an application sees that has to say something all the time.

    Where nothing is predicted, the last prediction holds (``scoring.timeline.hold``). None under the same
    rule as ``ccc_received``.

    Args:
        reference: the gold standard, or the prediction without loss. Shape: (frames, dimensions).
        predicted: after loss, NaN where nothing is predicted. Shape: (frames, dimensions).
        received: True = received. Shape: (frames,).
    """
    if received.sum() < FEWEST_FRAMES:
        return [None] * reference.shape[1]
    known = ~np.isnan(predicted[:, 0])
    shown = hold(predicted[known], known)
    return [float(score) for score in np.atleast_1d(ccc(reference.T, shown.T))]
