"""The simplest loss: each packet by itself."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from sercore.channel.loss_model import Parameter
from sercore.channel.markov import Chain, MarkovModel
from sercore.units import FRAME_MS


@dataclass(frozen=True, repr=False)
class Bernoulli(MarkovModel):
    """Every packet is lost with the same probability, whatever happened to the one before.

    Args:
        loss: probability that a packet is lost, in [0, 1].
        packet_ms: length of a packet.

    Raises:
        ValueError: if a value is outside of its limits.

    Example:
        >>> Bernoulli(0.2).mean_burst_length
        1.25
    """

    NAME = "bernoulli"
    PARAMETERS = (Parameter("loss", 0.0, 1.0, 0.1, "Loss", "Probability that a packet is lost.", 3),)

    loss: float

    @property
    def chain(self) -> Chain:
        """One state."""
        return np.ones((1, 1)), np.array([1 - self.loss])

    @property
    def loss_rate(self) -> float:
        """The probability itself."""
        return self.loss

    @property
    def mean_burst_length(self) -> float:
        """1 / (1 - loss); infinite where everything is lost."""
        return math.inf if self.loss == 1 else 1 / (1 - self.loss)

    @classmethod
    def from_rates(cls, loss_rate: float, mean_burst: float, packet_ms: float = FRAME_MS) -> Self:
        """The channel of this loss rate; its mean burst, in packets, must be the one that comes with it.

        Raises:
            ValueError: if the burst is another.

        Example:
            >>> Bernoulli.from_rates(0.2, 1.25, packet_ms=20)
            Bernoulli(loss=0.2, packet_ms=20)
        """
        channel = cls(loss_rate, packet_ms=packet_ms)
        if not math.isclose(mean_burst, channel.mean_burst_length, rel_tol=1e-6):
            raise ValueError(
                f"packets that are lost one by one at a rate of {loss_rate:g} come in bursts of "
                f"{channel.mean_burst_length:g}, got {mean_burst:g}"
            )
        return channel
