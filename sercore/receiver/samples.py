"""From the packets that arrive to the samples that arrive."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sercore.arrays import unmasked
from sercore.units import FRAME_MS, SAMPLE_RATE, SAMPLES_PER_FRAME


def sample_mask(received: ArrayLike, samples_per_frame: int = SAMPLES_PER_FRAME) -> NDArray[np.bool_]:
    """Repeat the state of each frame for each of its samples (the paper's M_X from M_Y).

    Shape: (frames,) -> (frames * samples_per_frame,).

    Example:
        >>> "".join(str(int(bit)) for bit in sample_mask([True, False, True, True], samples_per_frame=3))
        '111000111111'
    """
    return np.repeat(states_of(received), samples_per_frame)


def states_of(received: ArrayLike) -> NDArray[np.bool_]:
    """The states as an array, True = received. Shape: (packets,).

    Raises:
        ValueError: if the shape is another one, or the values are masked or not Boolean.
    """
    states = unmasked(received, "received", None)
    if states.ndim != 1:
        raise ValueError(f"received must have the shape (frames,), got {states.shape}")
    if states.dtype != bool:
        if states.dtype.kind not in "iuf" or not np.isin(states, (0, 1)).all():
            raise ValueError(f"received must hold True and False, got {states.dtype} values")
        states = states.astype(bool)
    return states


def packets_of(
    audio: NDArray[np.float32], received: ArrayLike, packet_ms: float = FRAME_MS
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Audio cut into packets, and which of them arrive. Shapes: (packets, samples in each), (packets,).

    Raises:
        ValueError: if a packet is not a whole number of samples, or audio and states differ in length.

    Example:
        >>> packets, states = packets_of(np.zeros(640, dtype=np.float32), [True, False], packet_ms=20)
        >>> packets.shape
        (2, 320)
    """
    states = states_of(received)
    samples = packet_ms * SAMPLE_RATE / 1000
    if samples < 1 or samples != int(samples):
        raise ValueError(f"a packet must hold whole samples at {SAMPLE_RATE} Hz, got {packet_ms} ms")
    if audio.ndim != 1 or len(audio) != len(states) * int(samples):
        raise ValueError(
            f"{len(states)} packets of {packet_ms:g} ms ask for {len(states) * int(samples)} samples, "
            f"got the shape {audio.shape}"
        )
    return audio.reshape(len(states), int(samples)), states
