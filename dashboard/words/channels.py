"""What a channel means in words."""

import math

import numpy as np
from numpy.typing import NDArray

from sercore.channel import Gilbert, LossModel
from sercore.units import FRAME_MS


def percent(share: float) -> str:
    """A share as the player writes it too, with a space that does not break.

    Example:
        >>> percent(0.286).split()
        ['29', '%']
    """
    return f"{100 * share:.0f}\u00a0%"


def burst_words(channel: LossModel) -> str:
    """The mean burst in frames and milliseconds.

    Example:
        >>> burst_words(Gilbert(0.9, 0.5))
        '2.0 frames, 400 ms'
        >>> burst_words(Gilbert(0.9, 1.0))
        'never ends'
    """
    frames = channel.mean_burst_length
    if math.isinf(frames):
        return "never ends"
    return f"{frames:.1f} frame{'' if frames == 1 else 's'}, {frames * FRAME_MS:,.0f} ms"


def summary(channel: LossModel, received: NDArray[np.bool_]) -> str:
    """Says in words what the picture of a draw shows; True = received. Shape: (frames,)."""
    lost = int((~received).sum())
    source, name = "", ""
    if type(channel) is Gilbert:
        source, name = " (Eq. 1)", f" The paper calls such a channel {channel.environment} (Table 1)."
    return (
        f"{lost:,} of {len(received):,} frames ({percent(lost / len(received))}) are lost in this draw; in a "
        f"long call {percent(channel.loss_rate)} would be{source}. Mean burst: {burst_words(channel)}.{name}"
    )
