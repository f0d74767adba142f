"""Bursts with short breathers in them (Milner and James 2004)."""

from dataclasses import dataclass

import numpy as np

from sercore.channel.loss_model import Parameter
from sercore.channel.markov import ROUNDING, Chain, MarkovModel


@dataclass(frozen=True, repr=False)
class ThreeState(MarkovModel):
    """Long stretches without loss, losses, and short stretches without loss between losses of one burst.

    Source: Milner and James 2004, "An analysis of packet loss models for distributed speech recognition",
    Interspeech. States 1 and 3 receive, state 2 loses; 1 and 3 are left only for 2. It is ``netem``'s chain
    without isolated losses, whose states are counted otherwise. State 1 precedes the first packet.

    Args:
        p12: probability that a loss begins after a packet of a long stretch.
        p21: probability to go from a loss to a long stretch.
        p23: probability to go from a loss to a short stretch; p21 + p23 is at most 1.
        p32: probability that a loss begins after a packet of a short stretch.
        packet_ms: length of a packet.

    Raises:
        ValueError: if a value is outside of its limits, or the two ways out of a loss exceed 1.

    Example:
        >>> round(ThreeState(p12=0.01, p21=0.2, p23=0.3, p32=0.3).loss_rate, 4)
        0.0455
    """

    NAME = "three_state"
    PARAMETERS = (
        Parameter("p12", 0.0, 1.0, 0.01, "$p_{12}$", "A loss begins after a packet of a long stretch.", 3),
        Parameter("p21", 0.0, 1.0, 0.2, "$p_{21}$", "A loss is followed by a long stretch without loss."),
        Parameter("p23", 0.0, 1.0, 0.3, "$p_{23}$", "From state 2 to 3; what they are, each model says."),
        Parameter("p32", 0.0, 1.0, 0.3, "$p_{32}$", "From state 3 to 2; what they are, each model says."),
    )

    p12: float
    p21: float
    p23: float
    p32: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.p21 + self.p23 > 1 + ROUNDING:
            raise ValueError(f"p21 + p23 must be at most 1, got {self.p21:g} + {self.p23:g}")

    @property
    def chain(self) -> Chain:
        """Long stretch, loss, short stretch."""
        stay = max(0, 1 - self.p21 - self.p23)
        moves = [[1 - self.p12, self.p12, 0], [self.p21, stay, self.p23], [0, self.p32, 1 - self.p32]]
        return np.array(moves), np.array([1.0, 0.0, 1.0])
