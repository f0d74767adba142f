"""What a network can be told of a loss: how much of each frame is missing, and for how long nothing has come.

Any receiver knows it, for packets are numbered (RFC 3550, section 5.1). The paper's networks are not told.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.channel.packets import samples_arrived, samples_in_packet
from sercore.units import SAMPLES_PER_FRAME

TOLD = ("share of the frame that is lost", "log(1 + frames since sound last arrived)")


def told_of(received: NDArray[np.bool_], packet_ms: float) -> NDArray[np.float32]:
    """The two numbers ``TOLD`` at the end of each frame; both are 0 where nothing is lost.

    Shape: (packets,) -> (frames, 2).

    Example:
        >>> told_of(np.array([True, True, False, False, False, False]), packet_ms=100).round(2).tolist()
        [[0.0, 0.0], [1.0, 0.6899999976158142], [1.0, 1.100000023841858]]
    """
    lost = 1 - np.diff(samples_arrived(received, packet_ms), prepend=0) / SAMPLES_PER_FRAME
    size, last = samples_in_packet(packet_ms), np.arange(len(received))
    ends = np.arange(1, len(lost) + 1) * SAMPLES_PER_FRAME
    heard = size * (np.maximum.accumulate(np.where(received, last, -1)) + 1)  # where sound ends, so far
    silent = ends - np.minimum(heard[(ends - 1) // size], ends)
    return np.stack([lost, np.log1p(silent / SAMPLES_PER_FRAME)], axis=1).astype(np.float32)


def left_of(audio: NDArray[np.float32], received: NDArray[np.bool_], packet_ms: float) -> Any:
    """What arrives, in whole frames: lost packets are silent, frames of which nothing arrives are cut out.

    The frames that are left are those whose first number of ``told_of`` is under 1.

    Args:
        audio: one recording, or several that share one channel. Shape: (..., frames * 3200).
        received: True = received; the last packet may stick out. Shape: (packets,).
        packet_ms: the length of a packet.

    Returns:
        Shape: (..., frames left * 3200).
    """
    n_samples = audio.shape[-1]
    arrives = np.repeat(received, samples_in_packet(packet_ms))[:n_samples]
    frames = np.where(arrives, audio, np.float32(0)).reshape(*audio.shape[:-1], -1, SAMPLES_PER_FRAME)
    left = arrives.reshape(-1, SAMPLES_PER_FRAME).any(axis=1)
    return frames[..., left, :].reshape(*audio.shape[:-1], left.sum() * SAMPLES_PER_FRAME)
