"""Agreement on one clip: over the frames that arrived, and over the whole timeline."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.scoring.concordance import ccc
from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_CLIP


def ccc_received(
    reference: NDArray[np.floating[Any]], predicted: NDArray[np.floating[Any]], received: NDArray[np.bool_]
) -> list[float | None]:
    """CCC of each dimension over the frames that arrived, as in the paper; None where too few did.

    Args:
        reference: the gold standard, or the prediction without loss. Shape: (frames, dimensions).
        predicted: after loss, at every moment. Shape: (frames, dimensions).
        received: True = received. Shape: (frames,).

    Example:
        >>> line = np.linspace(0, 1, 20)[:, None]
        >>> ccc_received(line, line, np.ones(20, dtype=bool))
        [1.0]
        >>> ccc_received(line, line, np.arange(20) < 3)
        [None]
    """
    if received.sum() < MIN_FRAMES_FOR_CLIP:
        return [None] * reference.shape[1]
    return ccc_timeline(reference[received], predicted[received], received[received])


def ccc_timeline(
    reference: NDArray[np.floating[Any]], predicted: NDArray[np.floating[Any]], received: NDArray[np.bool_]
) -> list[float | None]:
    """CCC of each dimension over all frames: what an application sees that has to say something all the time.

    Arguments and None as for ``ccc_received``.
    """
    if received.sum() < MIN_FRAMES_FOR_CLIP:
        return [None] * reference.shape[1]
    return [float(score) for score in np.atleast_1d(ccc(reference.T, predicted.T))]
