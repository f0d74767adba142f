"""From predictions of the frames that arrive to a prediction at every moment: what a user would see."""

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import samples_arrived
from sercore.units import FRAME_MS, SAMPLES_PER_FRAME

NEUTRAL = 0.0  # the middle of the scale, shown until the first frame arrives


def hold(
    predicted: NDArray[np.float32], received: NDArray[np.bool_], packet_ms: float = FRAME_MS
) -> NDArray[np.float32]:
    """Lay what was predicted of a shortened call back on its own time.

    Cutting lost packets out shortens time by pieces that need be no frames. So each frame of the call is
    given the prediction of that frame of the shortened call that holds its last received sample; a frame of
    which nothing arrives keeps the last prediction. A frame at the end of the shortened call that is not full
    has no prediction; the one before it stands. ``NEUTRAL`` until there is a prediction.

    Args:
        predicted: for the frames that what arrived fills, in order. Shape: (full frames, dimensions).
        received: True = received. Shape: (packets,).
        packet_ms: the length of a packet; if nothing is said, it is a frame.

    Returns:
        Shape: (frames, dimensions).

    Raises:
        ValueError: if there are not as many predictions as what arrived fills frames.

    Example:
        >>> hold(np.array([[0.2], [0.4]]), np.array([False, True, False, True]))[:, 0].tolist()
        [0.0, 0.2, 0.2, 0.4]
    """
    arrived = samples_arrived(received, packet_ms)
    full = int(arrived[-1]) // SAMPLES_PER_FRAME if len(arrived) else 0
    if len(predicted) != full:
        raise ValueError(
            f"every received frame has a prediction: {full} frames, {len(predicted)} predictions"
        )
    before = np.full((1, predicted.shape[1]), NEUTRAL, dtype=predicted.dtype)
    holds_last = np.minimum(-(-arrived // SAMPLES_PER_FRAME), full)
    held: NDArray[np.float32] = np.concatenate([before, predicted])[holds_last]
    return held
