"""Silence in place of what is lost: what a listener of a plain line expects to hear."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.receiver.receiver import Receiver
from sercore.receiver.samples import packets_of
from sercore.units import FRAME_MS


class Silence(Receiver):
    """Lost packets are zeros, and time stays as it is.

    Example:
        >>> Silence()(np.ones(6_400, dtype=np.float32), [True, False]).sum()
        np.float32(3200.0)
    """

    NAME = "silence"
    TITLE = "Silence"
    MEANING = "Holes filled with zeros, as a listener hears them."
    KEEPS_LENGTH = True
    CAUSAL = True
    DELAY_MS = 0.0

    def __call__(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """Shape: (packets * samples in a packet,) -> the same."""
        packets, states = packets_of(audio, received, packet_ms)
        return np.where(states[:, None], packets, np.float32(0)).reshape(-1)
