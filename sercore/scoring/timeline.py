"""From predictions of the frames that arrive to a prediction at every moment: what a user would see."""

import numpy as np
from numpy.typing import NDArray

NEUTRAL = 0.0  # the middle of the scale, shown until the first frame arrives


def hold(predicted: NDArray[np.float32], received: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Keep the last prediction through lost frames; ``NEUTRAL`` before the first frame arrives.

    Args:
        predicted: for the received frames, in order. Shape: (kept, dimensions).
        received: True = received. Shape: (frames,).

    Returns:
        Shape: (frames, dimensions).

    Raises:
        ValueError: if there are not as many predictions as received frames.

    Example:
        >>> hold(np.array([[0.2], [0.4]]), np.array([False, True, False, True]))[:, 0].tolist()
        [0.0, 0.2, 0.2, 0.4]
    """
    if len(predicted) != np.count_nonzero(received):
        raise ValueError(
            f"every received frame has a prediction: {np.count_nonzero(received)} frames, "
            f"{len(predicted)} predictions"
        )
    before = np.full((1, predicted.shape[1]), NEUTRAL, dtype=predicted.dtype)
    held: NDArray[np.float32] = np.concatenate([before, predicted])[np.cumsum(received)]
    return held
