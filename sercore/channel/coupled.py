"""Seeded draws of a channel: coupled by common random numbers, or each on its own.

A coupled draw holds one 32-bit number a frame against the channel, so that losses change gradually with its
parameters, and a browser draws the same ones. Independent draws are those of the tables.
"""

import zlib

import numpy as np
from numpy.typing import NDArray

from sercore.channel.loss_model import LossModel
from sercore.units import FRAME_MS

LARGEST_SEED = 2**31 - 1


def uniform_bits(seed: int, n_frames: int) -> NDArray[np.uint32]:
    """One number for each frame, the first the same for every length; ``seed`` >= 0. Shape: (n_frames,)."""
    return np.random.default_rng(seed).integers(0, 2**32, n_frames, dtype=np.uint32)


def draw_received(channel: LossModel, seed: int, n_frames: int) -> NDArray[np.bool_]:
    """The frames that arrive: gradual in the channel at one seed. True = received. Shape: (n_frames,).

    Example:
        >>> from sercore.channel.gilbert import Gilbert
        >>> bool(draw_received(Gilbert(1.0, 0.5), seed=1, n_frames=50).all())
        True
    """
    _must_lose_frames(channel)
    return channel.run(uniform_bits(seed, n_frames) / 2**32)


def independent_draw(channel: LossModel, seed: int, n_frames: int, sequence: str) -> NDArray[np.bool_]:
    """The frames that arrive of one sequence, whatever is drawn beside it and in whatever order.

    Chance comes from the seed, from the sequence's name and from how far each parameter lies above its least
    value, in steps of 1e-9; another channel is another draw. True = received. Shape: (n_frames,).

    Raises:
        ValueError: if the channel loses packets of another length than a frame's.
    """
    _must_lose_frames(channel)
    steps = [round((getattr(channel, each.name) - each.low) * 1e9) for each in channel.PARAMETERS]
    rng = np.random.default_rng([seed, zlib.crc32(sequence.encode()), *steps])
    return channel.sample(n_frames, rng)


def _must_lose_frames(channel: LossModel) -> None:
    if channel.packet_ms != FRAME_MS:
        raise ValueError(
            f"whole frames of {FRAME_MS} ms are lost here, got a channel of {channel.packet_ms:g} ms packets"
        )
