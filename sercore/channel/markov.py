"""Loss models that are Markov chains: their law in closed form, and samples of it.

A chain is in one of a few states; in each a packet arrives with a probability of the state's own. What can be
asked of it follows from two matrices: moves after which a packet is received, and moves after which one is
lost. Burst and gap lengths are phase-type distributed (Neuts 1981).
"""

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.channel.loss_model import LossModel, shape_of_draw
from sercore.channel.packets import checked_packet_ms
from sercore.channel.walk import outcomes, walk
from sercore.units import FRAME_MS

_AT_ONCE = 1 << 16  # numbers drawn in one call: 0.5 MB stays in the cache
ROUNDING = 1e-9  # by which probabilities that add up to 1 may exceed it

Chain = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True, repr=False)
class MarkovModel(LossModel):
    """A chain whose first state precedes the call, and which moves before each packet.

    Derive from it, write ``NAME``, ``PARAMETERS`` with a field for each, and ``chain``; the rest follows.
    """

    packet_ms: float = field(default=FRAME_MS, kw_only=True)

    def __post_init__(self) -> None:
        for each in self.PARAMETERS:
            object.__setattr__(self, each.name, each.checked(getattr(self, each.name)))
        object.__setattr__(self, "packet_ms", checked_packet_ms(self.packet_ms))

    def __repr__(self) -> str:
        names = [each.name for each in self.PARAMETERS] + ["packet_ms"] * (self.packet_ms != FRAME_MS)
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    @property
    def chain(self) -> Chain:
        """Transitions from row to column, and how likely a packet arrives in each state.

        Shapes: (states, states), (states,).
        """
        raise NotImplementedError

    @property
    def loss_rate(self) -> float:
        """Expected share of lost packets in a long call: what the stationary distribution loses."""
        return rates_of(*self.moves)[0]

    @property
    def mean_burst_length(self) -> float:
        """Mean number of packets lost in a row; infinite where a loss never ends, 0 where there is none."""
        return rates_of(*self.moves)[1]

    def burst_lengths(self, longest: int, /) -> NDArray[np.float64]:
        """Shares of bursts of 1, 2, ... packets; 0 where none ends. Shape: (longest,)."""
        _, receives, loses = self.moves
        return self._lengths(longest, receives, loses)

    def gap_lengths(self, longest: int, /) -> NDArray[np.float64]:
        """Shares of gaps of 1, 2, ... packets between two bursts; 0 where none ends. Shape: (longest,)."""
        _, receives, loses = self.moves
        return self._lengths(longest, loses, receives)

    def sample(
        self, n_packets: int, /, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        """Draw which packets arrive; each sequence starts anew.

        True = received. Shape: (n_packets,) or (n_sequences, n_packets).

        Raises:
            ValueError: if a count is not a whole number of at least 0.
            TypeError: if ``rng`` is a seed instead of a generator.
        """
        received = np.empty(shape_of_draw(n_packets, rng, n_sequences), dtype=bool)
        upto = outcomes(*self.chain)
        for sequence in np.atleast_2d(received):
            state = 0
            for first in range(0, len(sequence), _AT_ONCE):
                part = sequence[first : first + _AT_ONCE]
                state = walk(rng.random(len(part)), upto, state, part)
        return received

    def run(self, uniforms: ArrayLike) -> NDArray[np.bool_]:
        """The chain driven by given numbers in [0, 1): moving a parameter changes the losses gradually.

        A packet is received where its number is under the chance to receive one next. So with the same
        numbers a better chain of two states (p_n >= 1 - p_l) never loses what a worse one kept: a monotone
        coupling.

        True = received. Shape: (packets,) -> the same.
        """
        numbers = np.asarray(uniforms, dtype=np.float64)
        received = np.empty(len(numbers), dtype=bool)
        walk(numbers, outcomes(*self.chain), 0, received)
        return received

    @cached_property
    def moves(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """The stationary distribution (states,), and the moves (states, states) that receive and lose."""
        transitions, arrives = self.chain
        return stationary(transitions), transitions * arrives, transitions * (1 - arrives)

    def _lengths(
        self, longest: int, before: NDArray[np.float64], within: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Phase-type lengths of runs of moves ``within``, which begin and end with one of ``before``."""
        begins = self.moves[0] @ before @ within
        shares = np.zeros(longest)
        if begins.sum() > 0:
            begins = begins / begins.sum()
            for length in range(longest):
                shares[length] = (begins @ before).sum()
                begins = begins @ within
        return shares


def rates_of(
    start: NDArray[np.float64], receives: NDArray[np.float64], loses: NDArray[np.float64]
) -> tuple[float, float]:
    """Loss rate and mean burst of ``MarkovModel.moves``: what is lost, over how often a loss begins."""
    lost, begins = float((start @ loses).sum()), float((start @ receives @ loses).sum())
    if begins > 0:
        return lost, lost / begins
    return lost, math.inf if lost > 0 else 0.0


def stationary(transitions: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of a long time that a chain spends in each state, if it starts in the first.

    Shape: (states, states) -> (states,).

    Example:
        >>> stationary(np.array([[0.9, 0.1], [0.4, 0.6]])).round(3).tolist()
        [0.8, 0.2]
    """
    states = len(transitions)
    leads = np.linalg.matrix_power(np.eye(states) + (transitions > 0), states) > 0
    returns = ~(leads & ~leads.T).any(axis=1)  # the other states are left for good: no share, however rounded
    stays = leads[0] & returns
    inner = transitions[np.ix_(stays, stays)]
    balance = np.vstack([inner.T - np.eye(len(inner)), np.ones(len(inner))])
    found = np.linalg.lstsq(balance, np.append(np.zeros(len(inner)), 1.0))[0]
    shares = np.zeros(states)
    shares[stays] = np.clip(found, 0, None)
    shares /= shares.sum()
    return shares
