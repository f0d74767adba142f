"""The contract of a receiver: what is done about a loss. The paper's, which drops, is one of several."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.units import FRAME_MS


@runtime_checkable
class Receiver(Protocol):
    """What a listener, or a network, gets of a call: ``receiver(audio, received, packet_ms=20)``.

    Without a loss it returns the audio to the bit, if it is ``EXACT``.

    Attributes:
        NAME: in the registry, in results and in addresses.
        TITLE: for people.
        MEANING: one sentence.
        KEEPS_LENGTH: whether lost packets are filled, rather than cut out.
        CAUSAL: whether no sample depends on later ones.
        DELAY_MS: how much later it answers, for what it must wait for.
        CROSSFADE_MS: how much after a hole it may alter of what arrives.
        EXACT: whether what arrives is what was sent; not so behind a codec (``line.behind``).
    """

    NAME: str
    TITLE: str
    MEANING: str
    KEEPS_LENGTH: bool
    CAUSAL: bool
    DELAY_MS: float
    CROSSFADE_MS: float = 0.0
    EXACT: bool = True

    def __call__(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """What is heard, in an array of its own: the audio stays as it is.

        Shapes: (packets * samples in a packet,), (packets,) -> (samples,).
        """
