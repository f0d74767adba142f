"""The contract of a line: what a call is sent through before packets are lost, for instance a codec."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.units import FRAME_MS


@runtime_checkable
class Line(Protocol):
    """What sound goes through: ``line(audio)`` is what comes out if nothing is lost.

    It comes out where it went in, within a sample at 16 kHz, and as long: a line's own delay is taken out.

    Attributes:
        NAME: in the registry, in results and in addresses.
        TITLE: for people.
        MEANING: one sentence.
        CONCEALS: whether its decoder fills the holes of lost packets by itself. If not, a receiver does
            (``line.behind``).
        DELAY_MS: how much later the sound comes out in a real call, for what it must wait for.
    """

    NAME: str
    TITLE: str
    MEANING: str
    CONCEALS: bool
    DELAY_MS: float

    def __call__(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        """What comes out if nothing is lost. Shape: speech at 16 kHz (samples,) -> the same."""

    def lossy(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """What its own decoder makes of the packets that arrive; without a loss that is ``line(audio)``.

        Shapes: (packets * samples in a packet,), (packets,) -> (packets * samples in a packet,).

        Raises:
            ValueError: if its decoder does not conceal, or packets of this length cannot be sent.
        """
        del audio, received, packet_ms
        raise ValueError(f"the line {self.NAME} does not fill lost packets: put a receiver behind it")
