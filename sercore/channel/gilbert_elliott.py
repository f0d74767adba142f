"""A good and a bad state that each lose packets at a rate of their own (Gilbert 1960, Elliott 1963)."""

from dataclasses import dataclass

import numpy as np

from sercore.channel.loss_model import Parameter
from sercore.channel.markov import Chain, MarkovModel


@dataclass(frozen=True, repr=False)
class GilbertElliott(MarkovModel):
    """Two states, good and bad, in each of which packets are lost with a probability of its own.

    The letters are those of Elliott and of ``tc netem loss gemodel p r 1-h 1-k``, whose polarity needs care:
    h and k are probabilities that a packet *arrives*, while the last two numbers of netem's line, in per
    cent, are probabilities of *loss*. ``gemodel 1% 30% 80% 0.1%`` is ``GilbertElliott(p=0.01, r=0.3, h=0.2,
    k=0.999)``. With h = 0 and k = 1 it is the paper's chain, p = 1 - p_n and r = 1 - p_l.

    Good precedes the first packet, and the chain moves before each, as the paper's does. The kernel emits
    before it moves: its first packet is always one of the good state, and from then on the law is the same.

    Args:
        p: probability to go from good to bad.
        r: probability to go from bad to good.
        h: probability that a packet arrives in the bad state.
        k: probability that a packet arrives in the good state.
        packet_ms: length of a packet.

    Raises:
        ValueError: if a value is outside of its limits.

    Example:
        >>> round(GilbertElliott(p=0.01, r=0.3, h=0.2, k=1.0).loss_rate, 4)
        0.0258
    """

    NAME = "gilbert_elliott"
    PARAMETERS = (
        Parameter("p", 0.0, 1.0, 0.02, "$p$ · turns bad", "Probability to go from good to bad.", 3),
        Parameter("r", 0.0, 1.0, 0.25, "$r$ · turns good", "Probability to go from bad to good."),
        Parameter("h", 0.0, 1.0, 0.3, "$h$ · arrives in bad", "Probability that a packet arrives in bad."),
        Parameter(
            "k", 0.0, 1.0, 0.999, "$k$ · arrives in good", "Probability that a packet arrives in good.", 3
        ),
    )

    p: float
    r: float
    h: float = 0.0
    k: float = 1.0

    @property
    def chain(self) -> Chain:
        """Good, bad."""
        return np.array([[1 - self.p, self.p], [self.r, 1 - self.r]]), np.array([self.k, self.h])
