"""Losses from one 32-bit number a frame: gradual in the channel, and the same in Python and in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sercore.loss_models import received_from_uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sercore.loss_models import Gilbert

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


def draw_received(channel: Gilbert, seed: int, n_frames: int) -> NDArray[np.bool_]:
    """The frames that arrive: gradual in p_n and p_l at one seed. True = received. Shape: (n_frames,).

    Example:
        >>> from sercore.loss_models import Gilbert
        >>> bool(draw_received(Gilbert(1.0, 0.5), seed=1, n_frames=50).all())
        True
    """
    return received_from_uniforms(uniform_bits(seed, n_frames) / 2**32, channel.p_n, channel.p_l)
