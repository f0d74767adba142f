"""A straight line over the hole, from the last sample before it to the first one after it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.receiver.receiver import Receiver
from sercore.receiver.samples import packets_of, sample_mask
from sercore.units import FRAME_MS


class Linear(Receiver):
    """Linear interpolation; it has to wait for what comes after the hole, however long that takes.

    Example:
        >>> Linear()(np.arange(48, dtype=np.float32), [True, False, True], packet_ms=1)[16:19]
        array([16., 17., 18.], dtype=float32)
    """

    NAME = "linear"
    TITLE = "Straight line"
    MEANING = "A straight line joins what came before the hole to what comes after it."
    KEEPS_LENGTH = True
    CAUSAL = False
    DELAY_MS = float("inf")

    def __call__(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """Shape: (packets * samples in a packet,) -> the same."""
        packets, states = packets_of(audio, received, packet_ms)
        arrives = sample_mask(states, packets.shape[1])
        if not arrives.any():
            return np.zeros_like(audio)
        places = np.arange(len(audio))
        joined = np.interp(places, places[arrives], audio[arrives], left=0.0, right=0.0)
        return np.where(arrives, audio, joined).astype(np.float32)
