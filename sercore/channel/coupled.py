"""Seeded draws of a channel: coupled by common random numbers, or each on its own.

A coupled draw holds one 32-bit number a packet against the channel, so that losses change gradually with its
parameters, and a browser draws the same ones. Independent draws are those of the tables.
"""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sercore.channel.loss_model import LossModel, Parameter
from sercore.channel.packets import packets_in
from sercore.units import FRAME_MS

LARGEST_SEED = 2**31 - 1


def uniform_bits(seed: int, n_packets: int) -> NDArray[np.uint32]:
    """One number for each packet, the first the same for every length; ``seed`` >= 0. Shape: (n_packets,)."""
    return np.random.default_rng(seed).integers(0, 2**32, n_packets, dtype=np.uint32)


def draw_received(channel: LossModel, seed: int, n_frames: int) -> NDArray[np.bool_]:
    """Which of the packets of so many frames arrive: gradual in the channel at one seed.

    True = received. Shape: (packets,), which are the frames themselves in the paper.

    Example:
        >>> from sercore.channel.gilbert import Gilbert
        >>> bool(draw_received(Gilbert(1.0, 0.5), seed=1, n_frames=50).all())
        True
    """
    return channel.run(uniform_bits(seed, packets_in(n_frames, channel.packet_ms)) / 2**32)


def independent_draw(channel: LossModel, seed: int, n_frames: int, sequence: str) -> NDArray[np.bool_]:
    """Which of the packets of one sequence of frames arrive, whatever is drawn beside it, in whatever order.

    Chance comes from the seed, from the sequence's name and from the channel: from how far each number lies
    above its least value, in steps of 1e-9, and from the length of packets where it is not a frame's. Another
    channel is another draw. True = received. Shape: (packets,).
    """
    steps = [_step(each, getattr(channel, each.name)) for each in channel.PARAMETERS]
    steps += [] if channel.packet_ms == FRAME_MS else [round(channel.packet_ms * 1e4)]
    rng = np.random.default_rng([seed, zlib.crc32(sequence.encode()), *steps])
    return channel.sample(packets_in(n_frames, channel.packet_ms), rng)


def _step(parameter: Parameter, value: Any) -> int:
    return zlib.crc32(value.encode()) if parameter.kind == "text" else round((value - parameter.low) * 1e9)
