"""Raters answer late: labels are advanced before training, and predictions that learned from them delayed.

Sources: Mariooryad and Busso 2015, "Correcting time-continuous emotional labels by modeling the reaction lag
of evaluators"; Ringeval et al. 2018, AVEC.
"""

import numpy as np
from numpy.typing import NDArray

from sercore.units import LABEL_RATE

LONGEST_DELAY = 8.0  # seconds; raters lag by 2 to 6 s (Mariooryad and Busso 2015; AVEC tunes 0 to 8 s)


def delayed(values: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Shift a course to later by some frames, its first value repeated; its end falls off.

    Example:
        >>> delayed(np.array([[1.0], [2.0], [3.0]]), 1)[:, 0].tolist()
        [1.0, 1.0, 2.0]
    """
    shifted: NDArray[np.float32] = values[np.maximum(np.arange(len(values)) - frames, 0)]
    return shifted


def advanced(values: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Shift a course to earlier by some frames, its last value repeated; its start falls off.

    Example:
        >>> advanced(np.array([[1.0], [2.0], [3.0]]), 1)[:, 0].tolist()
        [2.0, 3.0, 3.0]
    """
    shifted: NDArray[np.float32] = values[np.minimum(np.arange(len(values)) + frames, len(values) - 1)]
    return shifted


def delay_frames(seconds: float) -> int:
    """By how many frames a network's predictions come early, because its labels were advanced in training.

    Raises:
        ValueError: if the delay does not lie in [0, 8] s.

    Example:
        >>> delay_frames(2.4), delay_frames(0.0)
        (12, 0)
    """
    if not 0 <= seconds <= LONGEST_DELAY:
        raise ValueError(f"the annotation delay must lie in [0, {LONGEST_DELAY:g}] s, got {seconds:g}")
    return round(seconds * LABEL_RATE)
