"""What labels at 5 Hz see of a channel: how many of its frames of 200 ms are lost, and how many in a row."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sercore.channel.loss_model import LossModel
from sercore.channel.markov import MarkovModel, rates_of
from sercore.channel.packets import frames_received, packets_in
from sercore.channel.runs import burst_lengths
from sercore.units import FRAME_MS

_FRAMES, _BLOCKS = 200_000, 200  # of a simulation


@dataclass(frozen=True)
class FrameLaw:
    """Of a long call: the share of frames that count as lost, and how many are lost in a row on average.

    The errors are standard errors of a simulation; 0 where the law is known.
    """

    loss_rate: float
    mean_burst_length: float  # in frames; infinite where a loss never ends
    loss_rate_error: float = 0.0
    mean_burst_error: float = 0.0


@lru_cache(maxsize=512)
def frame_law(channel: LossModel) -> FrameLaw:
    """The frames that a channel loses: its own packets, where these are frames.

    In closed form for a Markov chain whose packets divide a frame, else by simulation.

    Example:
        >>> from sercore.channel.bernoulli import Bernoulli
        >>> frame_law(Bernoulli(0.5, packet_ms=100)).loss_rate
        0.25
    """
    if channel.packet_ms == FRAME_MS:
        return FrameLaw(channel.loss_rate, channel.mean_burst_length)
    packets = FRAME_MS / channel.packet_ms
    if isinstance(channel, MarkovModel) and packets == int(packets):
        return _law_of_chain(channel, int(packets))
    return _simulated(channel)


def loss_in_words(channel: LossModel) -> str:
    """How much is lost, and of what.

    Example:
        >>> from sercore.channel.gilbert import Gilbert
        >>> loss_in_words(Gilbert(0.9, 0.6)), loss_in_words(Gilbert(0.9, 0.6, packet_ms=20))
        ('20% loss', '20% of 20 ms packets and 7% of 200 ms frames lost')
    """
    if channel.packet_ms == FRAME_MS:
        return f"{channel.loss_rate:.0%} loss"
    frames = f"{frame_law(channel).loss_rate:.0%} of {FRAME_MS} ms frames"
    return f"{channel.loss_rate:.0%} of {channel.packet_ms:g} ms packets and {frames} lost"


def _law_of_chain(channel: MarkovModel, packets: int) -> FrameLaw:
    """From the moves of one packet to those of a frame, by how many of its packets arrive."""
    start, receives, loses = channel.moves
    arrived = [np.eye(len(start))]  # moves after which 0, 1, 2, ... packets have arrived
    for _ in range(packets):
        nothing = np.zeros_like(receives)
        after_loss = [each @ loses for each in arrived] + [nothing]
        after_packet = [nothing] + [each @ receives for each in arrived]
        arrived = [one + other for one, other in zip(after_loss, after_packet, strict=True)]
    half = -(-packets // 2)
    return FrameLaw(*rates_of(start, np.sum(arrived[half:], axis=0), np.sum(arrived[:half], axis=0)))


def _simulated(channel: LossModel) -> FrameLaw:
    packets = channel.sample(packets_in(_FRAMES, channel.packet_ms), np.random.default_rng(0))
    received = frames_received(packets, channel.packet_ms)
    blocks, bursts = 1 - received.reshape(_BLOCKS, -1).mean(axis=1), burst_lengths(received)
    lost = float(blocks.mean())
    error = float(blocks.std() / math.sqrt(_BLOCKS))
    if not len(bursts):
        return FrameLaw(lost, math.inf if lost > 0 else 0.0, error)
    return FrameLaw(lost, float(bursts.mean()), error, float(bursts.std() / math.sqrt(len(bursts))))
