"""Narrow band: the old telephone's 8 kHz, of which a listener hears the lower half of the spectrum."""

import numpy as np
import soxr
from numpy.typing import NDArray

from sercore.line.line import Line
from sercore.units import SAMPLE_RATE

NARROW_RATE = 8_000  # Hz


class NarrowBand(Line):
    """8 kHz and back: all above 4 kHz is gone, and nothing else is.

    Example:
        >>> hiss = np.cos(np.pi * np.arange(3_200) * 6 / 8).astype(np.float32)  # 6 kHz
        >>> bool(np.abs(NarrowBand()(hiss)[400:-400]).max() < 0.001)
        True
    """

    NAME = "narrow"
    TITLE = "Narrow band"
    MEANING = "Sound at 8 kHz: what lies above 4 kHz is gone."
    CONCEALS = False
    DELAY_MS = 0.0

    def __call__(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape: (samples,) -> the same."""
        if not len(audio):
            return audio.copy()
        narrow = self._sent(soxr.resample(audio, SAMPLE_RATE, NARROW_RATE))
        back: NDArray[np.float32] = soxr.resample(narrow, NARROW_RATE, SAMPLE_RATE)[: len(audio)]
        return np.pad(back, (0, len(audio) - len(back)))

    def _sent(self, narrow: NDArray[np.float32]) -> NDArray[np.float32]:
        """What is done to it at 8 kHz. Shape: (samples,) -> the same."""
        return narrow
