"""The four states of ``tc netem loss state``, as the Linux kernel walks them."""

from dataclasses import dataclass

import numpy as np

from sercore.channel.loss_model import Parameter
from sercore.channel.markov import ROUNDING, Chain, MarkovModel


@dataclass(frozen=True, repr=False)
class Netem(MarkovModel):
    """``tc netem loss state p13 p31 p32 p23 p14``: bursts with breathers in them, and isolated losses.

    The states: 1 received in a gap, 2 received in a burst, 3 lost in a burst, 4 lost alone. The kernel's
    ``loss_4state`` (net/sched/sch_netem.c) is followed, which is the chain of Salsano, Ludovici and Ordine
    ("Definition of a general and intuitive loss model", 2009): state 1 precedes the first packet, each packet
    is that of the state after its move, and 4 returns to 1 whatever the numbers are, so that a packet always
    arrives between an isolated loss and the next. Early kernels (3.x) lost the packet that leads from 3 to 1
    as well. The manual page says none of this. netem's numbers are per cent, these are probabilities.

    Args:
        p13: probability that a burst begins.
        p31: probability that a burst ends after a lost packet.
        p32: probability that a packet arrives inside of a burst, after a lost one; p31 + p32 is at most 1.
        p23: probability that a packet is lost after one that arrived inside of a burst.
        p14: probability of an isolated loss; p13 + p14 is at most 1.
        packet_ms: length of a packet.

    Raises:
        ValueError: if a value is outside of its limits, or two ways out of one state exceed 1.

    Example:
        >>> round(Netem(p13=0.01, p31=0.2, p32=0.3, p23=0.3, p14=0.01).loss_rate, 4)
        0.0541
    """

    NAME = "netem"
    PARAMETERS = (
        Parameter("p13", 0.0, 1.0, 0.01, "$p_{13}$", "A burst begins after a packet of a gap.", 3),
        Parameter("p31", 0.0, 1.0, 0.2, "$p_{31}$", "A burst ends after a lost packet."),
        Parameter("p32", 0.0, 1.0, 0.3, "$p_{32}$", "From state 3 to 2; what they are, each model says."),
        Parameter("p23", 0.0, 1.0, 0.3, "$p_{23}$", "From state 2 to 3; what they are, each model says."),
        Parameter("p14", 0.0, 1.0, 0.01, "$p_{14}$", "A packet of a gap is lost alone.", 3),
    )

    p13: float
    p31: float
    p32: float = 0.0
    p23: float = 1.0
    p14: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        for one, other in (("p31", "p32"), ("p13", "p14")):
            first, second = getattr(self, one), getattr(self, other)
            if first + second > 1 + ROUNDING:
                raise ValueError(f"{one} + {other} must be at most 1, got {first:g} + {second:g}")

    @property
    def chain(self) -> Chain:
        """States 1 to 4."""
        moves = [
            [max(0, 1 - self.p13 - self.p14), 0, self.p13, self.p14],
            [0, 1 - self.p23, self.p23, 0],
            [self.p31, self.p32, max(0, 1 - self.p31 - self.p32), 0],
            [1, 0, 0, 0],
        ]
        return np.array(moves), np.array([1.0, 1.0, 0.0, 0.0])
