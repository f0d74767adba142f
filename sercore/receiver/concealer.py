"""What concealing receivers share: they carry the sound on into a hole, fade, and join what arrives again."""

from abc import abstractmethod
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.receiver.receiver import Receiver
from sercore.receiver.samples import packets_of
from sercore.units import FRAME_MS, SAMPLE_RATE

MS = SAMPLE_RATE // 1000  # samples in a millisecond
HISTORY = 100 * MS  # what a receiver looks back at
HELD, SILENT = (
    20 * MS,
    120 * MS,
)  # a hole is filled at full level up to the first, with nothing from the second on
JOIN = 5 * MS  # over which the filling gives way to what arrives again


class Concealer(Receiver):
    """Carries on what was heard last. Causal and without delay; a subclass says how to go on.

    A filling that would begin with a larger jump than any of the 5 ms before is moved, so that nothing
    clicks. After ``HELD`` it fades, for no guess is good for long, and from ``SILENT`` on there is silence.
    The first 5 ms after a hole are crossfaded: they are all that is altered of what arrives.
    """

    KEEPS_LENGTH = True
    CAUSAL = True
    DELAY_MS = 0.0
    CROSSFADE_MS = JOIN / MS

    def __call__(
        self, audio: NDArray[np.float32], received: ArrayLike, *, packet_ms: float = FRAME_MS
    ) -> NDArray[np.float32]:
        """Shape: (packets * samples in a packet,) -> the same."""
        packets, states = packets_of(audio, received, packet_ms)
        heard = np.where(states[:, None], packets, np.float32(0)).reshape(-1)
        for start, end in holes(states, packets.shape[1]):
            if start > 0:
                _fill(heard, start, end, min(JOIN, len(heard) - end, packets.shape[1]), self)
        return heard

    @abstractmethod
    def go_on(self, past: NDArray[np.float32], n_samples: int) -> NDArray[np.float32]:
        """What may follow. Shapes: (at most HISTORY,) -> (n_samples,)."""


def holes(states: NDArray[np.bool_], samples: int) -> Iterator[tuple[int, int]]:
    """First sample of each run of lost packets, and the first after it.

    Example:
        >>> list(holes(np.array([True, False, False, True, False]), 10))
        [(10, 30), (40, 50)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[True], states, [True]]).astype(np.int8)))
    return iter([(int(a) * samples, int(b) * samples) for a, b in edges.reshape(-1, 2)])


def looped(past: NDArray[np.float32], period: int, n_samples: int) -> NDArray[np.float32]:
    """The last ``period`` samples again and again, each end blended over 2.5 ms into what preceded the start.

    Shapes: (history,) -> (n_samples,).
    """
    block = past[-period:].copy()
    blend = min(JOIN // 2, period // 4, len(past) - len(block))
    if blend > 0:
        rising = np.arange(1, blend + 1, dtype=np.float32) / (blend + 1)
        before = past[len(past) - period - blend : len(past) - period]
        block[-blend:] = (1 - rising) * block[-blend:] + rising * before
    return np.resize(block, n_samples)


def _fill(heard: NDArray[np.float32], start: int, end: int, join: int, concealer: Concealer) -> None:
    past = heard[max(0, start - HISTORY) : start]
    n = min(end - start + join, SILENT)
    filling = concealer.go_on(past, n).astype(np.float32)
    jump, usual = filling[0] - past[-1], np.abs(np.diff(past[-JOIN:])).max(initial=0)
    meets = min(JOIN, n)
    falling = np.linspace(1, 0, JOIN, dtype=np.float32)[:meets]
    filling[:meets] -= (jump - np.clip(jump, -usual, usual)) * falling
    filling *= np.clip((SILENT - np.arange(n, dtype=np.float32)) / (SILENT - HELD), 0, 1)
    carried = np.zeros(end - start + join, dtype=np.float32)
    carried[:n] = filling
    heard[start:end] = carried[: end - start]
    rising = np.arange(1, join + 1, dtype=np.float32) / (join + 1)
    heard[end : end + join] = rising * heard[end : end + join] + (1 - rising) * carried[end - start :]
