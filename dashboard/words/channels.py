"""Channels to try, and what a channel means in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sercore.channel.gilbert import Gilbert
from sercore.units import LABEL_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MS_PER_FRAME = 1000 // LABEL_RATE


@dataclass(frozen=True)
class Preset:
    """A channel with a name.

    Args:
        name: shown on its button.
        channel: its two probabilities.
        group: ``CORNERS`` or ``CALLS``.
        meaning: one sentence for its tooltip.
    """

    name: str
    channel: Gilbert
    group: str
    meaning: str


CORNERS, CALLS = "the paper's corners", "examples of calls"
_EXAMPLE = "An example, rounded from simulated calls, not measured in real ones."
PRESETS = (
    Preset("Stable", Gilbert(0.9, 0.1), CORNERS, "Losses are rare and short (paper, Table 1)."),
    Preset("Sudden breakdown", Gilbert(0.9, 0.9), CORNERS, "Losses are rare but last long (paper, Table 1)."),
    Preset("Low bandwidth", Gilbert(0.1, 0.1), CORNERS, "Losses are frequent but short (paper, Table 1)."),
    Preset(
        "Extremely unstable",
        Gilbert(0.1, 0.9),
        CORNERS,
        "Losses are frequent and last long (paper, Table 1).",
    ),
    Preset("Good call", Gilbert(0.99, 0.25), CALLS, f"About 1 % of the frames are lost. {_EXAMPLE}"),
    Preset("Average call", Gilbert(0.94, 0.40), CALLS, f"About 9 % of the frames are lost. {_EXAMPLE}"),
    Preset("Poor call", Gilbert(0.80, 0.50), CALLS, f"About 29 % of the frames are lost. {_EXAMPLE}"),
    Preset(
        "Bursty Wi-Fi",
        Gilbert(0.98, 0.75),
        CALLS,
        "About 7 % are lost, in bursts of 0.8 s on average. An example of long bursts, not measured.",
    ),
)


def percent(share: float) -> str:
    """A share as the player writes it too, with a space that does not break.

    Example:
        >>> percent(0.286).split()
        ['29', '%']
    """
    return f"{100 * share:.0f}\u00a0%"


def burst_words(channel: Gilbert) -> str:
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
    return f"{frames:.1f} frame{'' if frames == 1 else 's'}, {frames * MS_PER_FRAME:,.0f} ms"


def summary(channel: Gilbert, received: NDArray[np.bool_]) -> str:
    """One sentence that says in words what the picture shows.

    Args:
        channel: what the frames were drawn from.
        received: True = received. Shape: (frames,).
    """
    lost = int((~received).sum())
    return (
        f"{lost:,} of {len(received):,} frames ({percent(lost / len(received))}) are lost in this draw; in a "
        f"long call {percent(channel.loss_rate)} would be (Eq. 1). Mean burst: {burst_words(channel)}. "
        f"The paper calls such a channel {channel.environment} (Table 1)."
    )
