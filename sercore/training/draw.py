"""Which frames arrive in training: one draw of one channel of the setting."""

import numpy as np
from numpy.typing import NDArray

from sercore.scoring.fewest_frames import MIN_FRAMES_FOR_STEP
from sercore.training.settings import Setting

_MOST_REDRAWS = 10_000


def draw_for_setting(
    setting: Setting, n_frames: int, rng: np.random.Generator
) -> tuple[NDArray[np.bool_], int]:
    """The frames that arrive of each segment of one batch, and how often they had to be drawn again.

    A draw in which fewer than ``MIN_FRAMES_FOR_STEP`` arrive is thrown away with its channel: at p_L near
    1 no other draw of that channel would do better.

    Returns:
        True = received, shape (n_frames,); and the number of draws thrown away.

    Raises:
        ValueError: if no draw of the setting lets enough frames through.
    """
    for redraws in range(_MOST_REDRAWS):
        channel = setting.draw(rng)
        if channel is None:
            return np.ones(n_frames, dtype=bool), 0
        received = channel.sample(n_frames, rng)
        if received.sum() >= min(MIN_FRAMES_FOR_STEP, n_frames):
            return received, redraws
    raise ValueError(
        f"no draw of the setting {setting.name} keeps {MIN_FRAMES_FOR_STEP} of {n_frames} frames"
    )
