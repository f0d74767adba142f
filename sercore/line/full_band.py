"""The line of the paper: whatever arrives is what was sent."""

import numpy as np
from numpy.typing import NDArray

from sercore.line.line import Line


class FullBand(Line):
    """16 kHz, unaltered.

    Example:
        >>> FullBand()(np.ones(2, dtype=np.float32))
        array([1., 1.], dtype=float32)
    """

    NAME = "full"
    TITLE = "Full band"
    MEANING = "Sound at 16 kHz, as in the paper: nothing is done to it."
    CONCEALS = False
    DELAY_MS = 0.0

    def __call__(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape: (samples,) -> the same."""
        return audio.copy()
