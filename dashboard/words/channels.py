"""What a channel means in words."""

import math

import numpy as np
from numpy.typing import NDArray

from sercore.channel import Gilbert, LossModel
from sercore.channel.packets import frames_received
from sercore.units import FRAME_MS


def percent(share: float) -> str:
    """A share as the player writes it too, with a space that does not break.

    Example:
        >>> percent(0.286).split()
        ['29', '%']
    """
    return f"{100 * share:.0f}\u00a0%"


def burst_words(channel: LossModel) -> str:
    """The mean burst in frames, or in packets of another length, and in milliseconds.

    Example:
        >>> burst_words(Gilbert(0.9, 0.5)), burst_words(Gilbert(0.9, 0.5, packet_ms=20))
        ('2.0 frames, 400 ms', '2.0 packets, 40 ms')
        >>> burst_words(Gilbert(0.9, 1.0))
        'never ends'
        >>> burst_words(Gilbert(1.0, 0.5))  # which never begins to lose
        'none'
    """
    burst = channel.mean_burst_length
    if channel.loss_rate == 0:
        return "none"
    if math.isinf(burst):
        return "never ends"
    return f"{burst:.1f} {_unit(channel)}{'' if burst == 1 else 's'}, {burst * channel.packet_ms:,.0f} ms"


def summary(channel: LossModel, received: NDArray[np.bool_]) -> str:
    """Says in words what the picture of a draw shows; True = received. Shape: (packets,)."""
    lost = int((~received).sum())
    source, more = "", ""
    if type(channel) is Gilbert:
        source, more = " (Eq. 1)", f" The paper calls such a channel {channel.environment} (Table 1)."
    if channel.packet_ms != FRAME_MS:
        frames = frames_received(received, channel.packet_ms)
        count = f"{int((~frames).sum()):,} of {len(frames):,}"
        more = f" Predictions count in frames of {FRAME_MS} ms: {count} lack more than half of their sound."
    return (
        f"{lost:,} of {len(received):,} {_unit(channel)}s ({percent(lost / len(received))}) are lost in this "
        f"draw; in a long call {percent(channel.loss_rate)} would be{source}. Mean burst: "
        f"{burst_words(channel)}.{more}"
    )


def _unit(channel: LossModel) -> str:
    return "frame" if channel.packet_ms == FRAME_MS else "packet"
