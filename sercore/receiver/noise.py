"""Comfort noise: as loud as the background, so that a line does not sound dead."""

import numpy as np
from numpy.typing import NDArray

from sercore.receiver.concealer import MS, Concealer

_BLOCK = 5 * MS


class Noise(Concealer):
    """White noise as loud as the quietest 5 ms of the last 100; always the same noise.

    Example:
        >>> heard = Noise()(np.full(640, 0.5, dtype=np.float32), [True, False], packet_ms=20)
        >>> bool(0.4 < heard[400:640].std() < 0.6)
        True
    """

    NAME = "noise"
    TITLE = "Noise"
    MEANING = "Noise as loud as the background is put into the hole."

    def __init__(self) -> None:
        self._white = np.random.default_rng(0).standard_normal(1 << 15).astype(np.float32)

    def go_on(self, past: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """Shapes: (history,) -> (n_samples,)."""
        blocks = past[len(past) % _BLOCK :].reshape(-1, _BLOCK) if len(past) >= _BLOCK else past[None]
        level = np.sqrt(np.square(blocks).mean(axis=1).min())
        return np.resize(self._white, n_samples) * np.float32(level)
