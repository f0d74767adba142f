"""The losses of a call that goes on, in a channel that may change while somebody speaks."""

import numpy as np
from numpy.typing import NDArray

from sercore.channel.markov import MarkovModel
from sercore.channel.walk import outcomes, walk


class Losses:
    """Draws which packets arrive, a few at a time: the law of one long draw, wherever it is cut.

    Args:
        channel: the chain; it starts as it does for a recording.
        rng: the source of chance, one number a packet.

    Example:
        >>> from sercore.channel.gilbert import Gilbert
        >>> losses = Losses(Gilbert(1.0, 0.5), np.random.default_rng(1))
        >>> losses.draw(3).tolist()
        [True, True, True]
    """

    def __init__(self, channel: MarkovModel, rng: np.random.Generator) -> None:
        self.channel, self._rng, self._state = channel, rng, 0
        self._upto = outcomes(*channel.chain)

    def turn_to(self, channel: MarkovModel) -> None:
        """Go on in another channel: a loss of the same model that has begun ends as the new channel says."""
        self._state = self._state if type(channel) is type(self.channel) else 0
        self.channel, self._upto = channel, outcomes(*channel.chain)

    def draw(self, n_packets: int) -> NDArray[np.bool_]:
        """Which of the next packets arrive. True = received. Shape: (n_packets,)."""
        received = np.empty(n_packets, dtype=bool)
        self._state = walk(self._rng.random(n_packets), self._upto, self._state, received)
        return received
