"""The last packet again and again: the plainest concealment, of GSM's first phones."""

import numpy as np
from numpy.typing import NDArray

from sercore.receiver.concealer import MS, Concealer, looped


class Repeat(Concealer):
    """The last 20 ms again and again, fading.

    Example:
        >>> heard = Repeat()(np.sin(np.arange(960) / 10, dtype=np.float32), [True, True, False], packet_ms=20)
        >>> bool(heard[640:].any())
        True
    """

    NAME = "repeat"
    TITLE = "Repeated"
    MEANING = "The last 20 ms that arrived are repeated, and fade."

    def go_on(self, past: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """Shapes: (history,) -> (n_samples,)."""
        return looped(past, 20 * MS, n_samples)
