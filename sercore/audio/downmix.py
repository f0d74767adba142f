"""Many channels become one, which must not cancel what they hold."""

import numpy as np
from numpy.typing import NDArray

from sercore.audio.header import AudioError

CANCELLED = 1e-4  # of the channels' power; n independent channels keep 1 / n of it, at least 1 / 64
SPARSE = 13  # power is measured on every so many samples, which costs next to nothing
AUDIBLE = (4 / 32_768) ** 2  # power below which channels hold nothing that could be lost


class Downmix:
    """The average of the channels of one stream, block by block.

    Two channels of opposite sign, as a cable with crossed wires gives them, average to silence.

    Args:
        name: of the file, for the message.
    """

    def __init__(self, name: str) -> None:
        self.name, self.channels = name, 1
        self._each = self._mean = 0.0  # sums of squares, of each channel and of their mean
        self._samples = 0

    def __call__(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Shape: (samples, channels) -> (samples,)."""
        self.channels = block.shape[1]
        if self.channels == 1:
            return block[:, 0]
        mixed: NDArray[np.float32] = block.mean(axis=1)
        self._each += len(block) * float(block[::SPARSE].var(axis=0, dtype=np.float64).mean())
        self._mean += len(block) * float(mixed[::SPARSE].var(dtype=np.float64))
        self._samples += len(block)
        return mixed

    def check(self) -> None:
        """Raises ``AudioError`` if hardly anything is left of what the channels hold."""
        if self._each > AUDIBLE * self._samples and self._mean < CANCELLED * self._each:
            raise AudioError(
                f"{self.name} falls silent when its {self.channels} channels are averaged, for they cancel "
                "each other: give one of them"
            )
