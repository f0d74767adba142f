"""Which frames arrive: the paper's two-state Markov chain (section 2.1, Figure 2)."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sercore.channel.frames import FrameLaw, frame_law
from sercore.channel.loss_model import LossModel, Parameter, shape_of_draw
from sercore.channel.markov import ROUNDING, Chain, MarkovModel
from sercore.units import FRAME_MS

_RUNS_AT_ONCE = 1 << 16  # pairs of runs drawn in one call: 1 MB of lengths stays in the cache
_STAY_RECEIVED = (
    "Probability that a packet arrives if the one before it arrived. High: losses seldom begin. "
    f"The paper's packet is a frame, {FRAME_MS} ms of sound."
)
_STAY_LOST = (
    "Probability that a packet is lost if the one before it was lost. High: a loss, once begun, lasts long."
)


@dataclass(frozen=True, repr=False)
class Gilbert(MarkovModel):
    """The paper's chain M(p_L, p_N) over the states N (received) and L (lost).

    N precedes the first packet: the chain starts in N and moves before each packet is emitted, so that
    the paper's example 01101, which begins with a loss, can be drawn. In the classic notation of
    Gilbert (1960), p = 1 - p_n and r = 1 - p_l. The paper's packet is a frame of 200 ms.

    Args:
        p_n: probability to stay in N, in [0, 1].
        p_l: probability to stay in L, in [0, 1].
        packet_ms: length of a packet.

    Raises:
        ValueError: if a probability lies outside [0, 1] or is not a number, or there is no such packet.

    Example:
        >>> channel = Gilbert(p_n=0.9, p_l=0.6)
        >>> round(channel.loss_rate, 3), round(channel.mean_burst_length, 3)
        (0.2, 2.5)
        >>> channel.run([0.95, 0.3, 0.5, 0.95, 0.1]).astype(int)
        array([0, 1, 1, 0, 1])
        >>> channel.sample(8, np.random.default_rng(7)).dtype
        dtype('bool')
    """

    NAME = "gilbert"
    PARAMETERS = (
        Parameter("p_n", 0.0, 1.0, 0.9, "$p_N$ · stay received", _STAY_RECEIVED),
        Parameter("p_l", 0.0, 1.0, 0.5, "$p_L$ · stay lost", _STAY_LOST),
    )

    p_n: float
    p_l: float

    @property
    def chain(self) -> Chain:
        """N, L."""
        return np.array([[self.p_n, 1 - self.p_n], [1 - self.p_l, self.p_l]]), np.array([1.0, 0.0])

    @property
    def loss_rate(self) -> float:
        """Expected share of lost packets in a long call (paper Eq. 1), the chain's stationary rate.

        At p_n = p_l = 1 the equation is 0/0; the chain starts in N and never leaves it, so the rate is 0.
        Short sequences lose less than this, because N precedes the first packet.
        """
        if self.p_n == 1:
            return 0.0
        return (1 - self.p_n) / (2 - self.p_l - self.p_n)

    @property
    def mean_burst_length(self) -> float:
        """Mean number of packets lost in a row once a loss begins, 1 / (1 - p_l); infinite at p_l = 1."""
        return math.inf if self.p_l == 1 else 1 / (1 - self.p_l)

    @property
    def environment(self) -> str:
        """The paper's name (Table 1) for this corner of the plane of frames; 0.5 divides low from high."""
        place = Gilbert.like(self)
        if place.p_n > 0.5:
            return "sudden breakdown" if place.p_l > 0.5 else "stable"
        return "extremely unstable" if place.p_l > 0.5 else "low bandwidth"

    @classmethod
    def from_rates(cls, loss_rate: float, mean_burst: float, packet_ms: float = FRAME_MS) -> Self:
        """The chain that loses this share of packets, in bursts of so many packets on average.

        Raises:
            ValueError: if there is none: a burst is 1 packet or more, and the more is lost the longer are
                bursts.

        Example:
            >>> Gilbert.from_rates(0.2, 2.5)
            Gilbert(p_n=0.9, p_l=0.6)
        """
        if not 0 <= loss_rate <= 1:
            raise ValueError(f"loss_rate must lie in [0, 1], got {loss_rate}")
        if not mean_burst >= 1:
            raise ValueError(f"mean_burst must be at least 1 packet, got {mean_burst}")
        p_l, endless = 1 - 1 / mean_burst, math.isinf(mean_burst)
        odds = loss_rate / (1 - loss_rate) if loss_rate < 1 else math.inf
        leaves = float(loss_rate == 1) if endless else odds / mean_burst
        if leaves > 1 + ROUNDING or (endless and 0 < loss_rate < 1):
            least = f"at least {odds:.4g} packets{', and one that ends' * endless}"
            raise ValueError(f"a loss of {loss_rate:.4g} needs a mean burst of {least}, got {mean_burst:.4g}")
        return cls(_tidy(1 - min(leaves, 1.0)), _tidy(p_l), packet_ms=packet_ms)

    @classmethod
    def like(cls, channel: LossModel) -> "Gilbert":
        """The chain of frames that loses as often and as long as any channel: its place in the plane.

        Of a channel of other packets it is the frames that count (``sercore.channel.frames``).

        Example:
            >>> Gilbert.like(Gilbert(0.9, 0.5))
            Gilbert(p_n=0.9, p_l=0.5)
        """
        if isinstance(channel, Gilbert) and channel.packet_ms == FRAME_MS:
            return channel
        return cls.of_frames(frame_law(channel))

    @classmethod
    def of_frames(cls, frames: FrameLaw) -> "Gilbert":
        """The chain that loses as many frames, as many in a row.

        Example:
            >>> Gilbert.of_frames(FrameLaw(0.2, 2.5))
            Gilbert(p_n=0.9, p_l=0.6)
        """
        if frames.loss_rate == 0:
            return cls(1.0, 0.0)
        p_l = 1 - 1 / max(1.0, frames.mean_burst_length)
        leaves = 1.0 if frames.loss_rate == 1 else frames.loss_rate * (1 - p_l) / (1 - frames.loss_rate)
        return cls(round(1 - min(1.0, leaves), 15), round(p_l, 15))  # of what float arithmetic leaves

    def sample(
        self, n_packets: int, /, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        """Draw which packets are received, by run lengths rather than packet by packet.

        The time spent in a state is geometric, so the work grows with the number of runs.

        Args:
            n_packets: length of each sequence in packets, 0 or more.
            rng: the source of chance.
            n_sequences: draw this many independent sequences, each starting anew in N.

        Returns:
            True = received. Shape: (n_packets,), or (n_sequences, n_packets) if ``n_sequences`` is given.

        Raises:
            ValueError: if a count is not a whole number of at least 0.
            TypeError: if ``rng`` is a seed instead of a generator.
        """
        received = np.empty(shape_of_draw(n_packets, rng, n_sequences), dtype=bool)
        for sequence in np.atleast_2d(received):
            self._fill(sequence, rng)
        return received

    def _fill(self, received: NDArray[np.bool_], rng: np.random.Generator) -> None:
        if self.p_n == 1:
            received[:] = True
            return
        n_packets = len(received)
        mean_cycle = 1 / (1 - self.p_n) + min(self.mean_burst_length, n_packets)
        filled = 0
        while filled < n_packets:
            missing = n_packets - filled
            pairs = min(int(missing / mean_cycle * 1.05) + 8, _RUNS_AT_ONCE)
            lengths = np.empty((pairs, 2), dtype=np.int64)
            lengths[:, 0] = _run_lengths(1 - self.p_n, pairs, missing + 1, rng)
            lengths[:, 1] = _run_lengths(1 - self.p_l, pairs, missing + 1, rng)
            lengths[0, 0] -= filled == 0  # the N that precedes the first packet belongs to the first run
            filled += _write_runs(received[filled:], lengths.ravel())


def _run_lengths(p_leave: float, n: int, longest: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Lengths (n,) of stays in a state left with probability ``p_leave``, cut to ``longest``."""
    if p_leave == 0:
        return np.full(n, longest, dtype=np.int64)
    return np.minimum(rng.geometric(p_leave, n), longest)


def _write_runs(received: NDArray[np.bool_], lengths: NDArray[np.int64]) -> int:
    """Write alternating runs, received first, into ``received``; return how many frames were written."""
    ends = np.cumsum(lengths)
    if ends[-1] > len(received):
        last = int(np.searchsorted(ends, len(received)))
        lengths = lengths[: last + 1].copy()
        lengths[last] -= ends[last] - len(received)
    states = np.zeros(len(lengths), dtype=bool)
    states[::2] = True
    runs = np.repeat(states, lengths)
    received[: len(runs)] = runs
    return len(runs)


def _tidy(probability: float) -> float:
    """Without the last digits that only rounding made: 0.9, not 0.9000000000000001."""
    return round(probability, 12)
