"""Losses from one 32-bit number a frame: gradual in the channel, and the same in Python and in a browser."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sercore.channel.loss_model import LossModel

LARGEST_SEED = 2**31 - 1


def uniform_bits(seed: int, n_frames: int) -> NDArray[np.uint32]:
    """One 32-bit number for each frame; whoever holds them against the same channel draws the same losses.

    Args:
        seed: of the loss, at least 0.
        n_frames: how many frames.

    Returns:
        Shape: (n_frames,). The first frames are the same for every length.
    """
    return np.random.default_rng(seed).integers(0, 2**32, n_frames, dtype=np.uint32)


def draw_received(channel: LossModel, seed: int, n_frames: int) -> NDArray[np.bool_]:
    """The frames that arrive: gradual in the channel at one seed. True = received. Shape: (n_frames,).

    Example:
        >>> from sercore.channel.gilbert import Gilbert
        >>> bool(draw_received(Gilbert(1.0, 0.5), seed=1, n_frames=50).all())
        True
    """
    return channel.run(uniform_bits(seed, n_frames) / 2**32)
