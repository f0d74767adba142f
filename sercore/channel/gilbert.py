"""Which frames arrive: the paper's two-state Markov chain (section 2.1, Figure 2)."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.channel.loss_model import LossModel, Parameter
from sercore.units import FRAME_MS

_RUNS_AT_ONCE = 1 << 16  # pairs of runs drawn in one call: 1 MB of lengths stays in the cache
_STAY_RECEIVED = (
    "Probability that a frame arrives if the one before it arrived. High: losses seldom begin. "
    f"One frame is {FRAME_MS} ms of sound."
)
_STAY_LOST = (
    "Probability that a frame is lost if the one before it was lost. High: a loss, once begun, lasts long."
)


@dataclass(frozen=True)
class Gilbert(LossModel):
    """The paper's chain M(p_L, p_N) over the states N (received) and L (lost).

    N precedes the first frame: the chain starts in N and moves before each frame is emitted, so that
    the paper's example 01101, which begins with a loss, can be drawn. In the classic notation of
    Gilbert (1960), p = 1 - p_n and r = 1 - p_l.

    Args:
        p_n: probability to stay in N, in [0, 1].
        p_l: probability to stay in L, in [0, 1].

    Raises:
        ValueError: if a probability lies outside [0, 1] or is not a number.

    Example:
        >>> channel = Gilbert(p_n=0.9, p_l=0.6)
        >>> round(channel.loss_rate, 3), round(channel.mean_burst_length, 3)
        (0.2, 2.5)
        >>> channel.sample(8, np.random.default_rng(7)).dtype
        dtype('bool')
    """

    NAME = "gilbert"
    PARAMETERS = (
        Parameter("p_n", 0.0, 1.0, 0.9, "$p_N$ · stay received", _STAY_RECEIVED),
        Parameter("p_l", 0.0, 1.0, 0.5, "$p_L$ · stay lost", _STAY_LOST),
    )
    packet_ms = FRAME_MS

    p_n: float
    p_l: float

    def __post_init__(self) -> None:
        for each in Gilbert.PARAMETERS:
            object.__setattr__(self, each.name, each.checked(getattr(self, each.name)))

    @property
    def loss_rate(self) -> float:
        """Expected share of lost frames in a long call (paper Eq. 1), the chain's stationary rate.

        At p_n = p_l = 1 the equation is 0/0; the chain starts in N and never leaves it, so the rate is 0.
        Short sequences lose less than this, because N precedes the first frame.
        """
        if self.p_n == 1:
            return 0.0
        return (1 - self.p_n) / (2 - self.p_l - self.p_n)

    @property
    def mean_burst_length(self) -> float:
        """Mean number of frames lost in a row once a loss begins, 1 / (1 - p_l); infinite at p_l = 1."""
        return math.inf if self.p_l == 1 else 1 / (1 - self.p_l)

    @property
    def environment(self) -> str:
        """The paper's name (Table 1) for this corner of the plane; 0.5 divides low from high."""
        if self.p_n > 0.5:
            return "sudden breakdown" if self.p_l > 0.5 else "stable"
        return "extremely unstable" if self.p_l > 0.5 else "low bandwidth"

    @classmethod
    def like(cls, channel: LossModel) -> "Gilbert":
        """The chain with the loss rate and the mean burst of any channel: its place in the paper's plane.

        Example:
            >>> Gilbert.like(Gilbert(0.9, 0.5))
            Gilbert(p_n=0.9, p_l=0.5)
        """
        if isinstance(channel, Gilbert):
            return channel
        rate, burst = channel.loss_rate, channel.mean_burst_length
        p_l = 1 - 1 / max(burst, 1.0)
        leaves = rate * (1 - p_l) / (1 - rate) if rate < 1 else 1.0
        return cls(1 - min(leaves, 1.0), p_l)

    def sample(
        self, n_frames: int, rng: np.random.Generator, n_sequences: int | None = None
    ) -> NDArray[np.bool_]:
        """Draw which frames are received, by run lengths rather than frame by frame.

        The time spent in a state is geometric, so the work grows with the number of runs.

        Args:
            n_frames: length of each sequence in frames, 0 or more.
            rng: the source of chance.
            n_sequences: draw this many independent sequences, each starting anew in N.

        Returns:
            True = received. Shape: (n_frames,), or (n_sequences, n_frames) if ``n_sequences`` is given.

        Raises:
            ValueError: if a count is not a whole number of at least 0.
            TypeError: if ``rng`` is a seed instead of a generator.
        """
        n_frames = _count("n_frames", n_frames)
        if not hasattr(rng, "geometric"):
            makes_one = "np.random.default_rng(seed) makes one"
            raise TypeError(f"rng must be a NumPy Generator, got {rng!r}: {makes_one}")
        shape = (n_frames,) if n_sequences is None else (_count("n_sequences", n_sequences), n_frames)
        received = np.empty(shape, dtype=bool)
        for sequence in np.atleast_2d(received):
            self._fill(sequence, rng)
        return received

    def run(self, uniforms: ArrayLike) -> NDArray[np.bool_]:
        """Run the chain on given uniform numbers, so that moving p_n or p_l changes the loss gradually.

        A frame is received where its uniform lies under the probability to be in N next: p_n after a
        received frame, 1 - p_l after a lost one. With the same uniforms and p_n >= 1 - p_l a better channel
        never loses a frame that a worse one kept (a monotone coupling).

        Args:
            uniforms: numbers in [0, 1), one for each frame. Shape: (frames,).

        Returns:
            True = received. Shape: (frames,).

        Example:
            >>> Gilbert(p_n=0.9, p_l=0.6).run([0.95, 0.3, 0.5, 0.95, 0.1]).astype(int)
            array([0, 1, 1, 0, 1])
        """
        uniforms = np.asarray(uniforms, dtype=np.float64)
        received = np.empty(len(uniforms), dtype=bool)
        in_n = True
        chances = zip(uniforms < self.p_n, uniforms < 1 - self.p_l, strict=True)
        for frame, (stays_up, comes_up) in enumerate(chances):
            in_n = bool(stays_up if in_n else comes_up)
            received[frame] = in_n
        return received

    def _fill(self, received: NDArray[np.bool_], rng: np.random.Generator) -> None:
        if self.p_n == 1:
            received[:] = True
            return
        n_frames = len(received)
        mean_cycle = 1 / (1 - self.p_n) + min(self.mean_burst_length, n_frames)
        filled = 0
        while filled < n_frames:
            missing = n_frames - filled
            pairs = min(int(missing / mean_cycle * 1.05) + 8, _RUNS_AT_ONCE)
            lengths = np.empty((pairs, 2), dtype=np.int64)
            lengths[:, 0] = _run_lengths(1 - self.p_n, pairs, missing + 1, rng)
            lengths[:, 1] = _run_lengths(1 - self.p_l, pairs, missing + 1, rng)
            lengths[0, 0] -= filled == 0  # the N that precedes the first frame belongs to the first run
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


def _count(name: str, value: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise ValueError(f"{name} must be a whole number of at least 0, got {value!r}")
    return int(value)
