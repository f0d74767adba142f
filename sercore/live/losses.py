"""The losses of a call that goes on, in a channel that may change while somebody speaks."""

import numpy as np
from numpy.typing import NDArray

from sercore.channel.loss_model import LossModel
from sercore.channel.markov import MarkovModel
from sercore.channel.walk import outcomes, walk

_AT_ONCE = 1 << 16  # packets


class Losses:
    """Draws which packets arrive, a few at a time: the law of one long draw, wherever it is cut.

    A channel that is no chain, such as a recording, is drawn 65,536 packets at a time (22 minutes, if they
    last 20 ms), each time anew.

    Args:
        channel: it starts as it does for a recording.
        rng: the source of chance, one number a packet.

    Example:
        >>> from sercore.channel.gilbert import Gilbert
        >>> losses = Losses(Gilbert(1.0, 0.5), np.random.default_rng(1))
        >>> losses.draw(3).tolist()
        [True, True, True]
    """

    def __init__(self, channel: LossModel, rng: np.random.Generator) -> None:
        self._rng, self._state = rng, 0
        self._drawn: NDArray[np.bool_]  # ahead, of a channel that is no chain
        self._take(channel)

    def turn_to(self, channel: LossModel) -> None:
        """Go on in another channel: a loss of the same model that has begun ends as the new channel says."""
        self._state = self._state if type(channel) is type(self.channel) else 0
        self._take(channel)

    def draw(self, n_packets: int) -> NDArray[np.bool_]:
        """Which of the next packets arrive. True = received. Shape: (n_packets,)."""
        if self._upto is None:
            while len(self._drawn) < n_packets:
                self._drawn = np.concatenate([self._drawn, self.channel.sample(_AT_ONCE, self._rng)])
            received, self._drawn = self._drawn[:n_packets], self._drawn[n_packets:]
            return received
        received = np.empty(n_packets, dtype=bool)
        self._state = walk(self._rng.random(n_packets), self._upto, self._state, received)
        return received

    def _take(self, channel: LossModel) -> None:
        self.channel: LossModel = channel
        self._upto = outcomes(*channel.chain) if isinstance(channel, MarkovModel) else None
        self._drawn = np.empty(0, dtype=bool)
