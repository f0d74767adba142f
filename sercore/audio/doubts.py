"""What one should know of a recording before a network hears it: clipped, or not like speech."""

import numpy as np
from numpy.typing import NDArray

from sercore.units import SAMPLE_RATE

FULL_SCALE = 0.98
CLIPPED = 0.001  # of the samples, three or more in a row at full scale: 1 ms of each second
_STEP = SAMPLE_RATE // 40  # 25 ms
_WINDOW = 40  # steps: 1 s
UNLIKE_SPEECH = (
    0.1  # speech pauses: far more than a tenth of its steps are much weaker than the second around
)


def is_clipped(audio: NDArray[np.floating]) -> bool:
    """Whether the recorder could not hold the loudest parts. Shape: (samples,) at 16 kHz.

    Example:
        >>> tone = np.sin(np.arange(16_000) / 9)
        >>> is_clipped(tone), is_clipped(np.clip(2 * tone, -1, 1))
        (False, True)
    """
    loud = np.abs(audio) >= FULL_SCALE
    flat = loud[1:-1] & (np.abs(np.diff(audio[:-1])) < 1e-3) & (np.abs(np.diff(audio[1:])) < 1e-3)
    return bool(len(flat) and flat.mean() > CLIPPED)


def is_unlike_speech(audio: NDArray[np.floating]) -> bool:
    """Whether sound goes on as speech never does, like a hum or noise. Shape: (samples,) at 16 kHz.

    By its share of low-energy steps (Saunders 1996): 25 ms with less than half the level of the second.

    Example:
        >>> is_unlike_speech(np.sin(np.arange(48_000) / 9))
        True
    """
    whole = len(audio) // (_STEP * _WINDOW)
    if whole == 0:
        return False
    steps = audio[: whole * _WINDOW * _STEP].reshape(whole, _WINDOW, _STEP)
    level = np.sqrt((steps.astype(float) ** 2).mean(axis=2))
    around = level.mean(axis=1, keepdims=True)
    heard = around[:, 0] > 1e-4  # seconds of silence tell nothing
    return bool(heard.any() and (level < 0.5 * around)[heard].mean() < UNLIKE_SPEECH)
