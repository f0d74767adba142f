"""Channels with a name: the corners of the paper's plane, examples of calls, and a rising loss."""

from dataclasses import dataclass

from sercore.channel.gilbert import Gilbert

CORNERS, CALLS = "the paper's corners", "examples of calls"
_TABLE_1 = "(paper, Table 1)."
_EXAMPLE = "An example, rounded from simulated calls, not measured in real ones."
_BURSTY = "About 7 % are lost, in bursts of 0.8 s on average. An example of long bursts, not measured."


@dataclass(frozen=True)
class Preset:
    """A channel with a name for its button, ``CORNERS`` or ``CALLS``, and one sentence for its tooltip."""

    name: str
    channel: Gilbert
    group: str
    meaning: str


PRESETS = (
    Preset("Stable", Gilbert(0.9, 0.1), CORNERS, f"Losses are rare and short {_TABLE_1}"),
    Preset("Sudden breakdown", Gilbert(0.9, 0.9), CORNERS, f"Losses are rare but last long {_TABLE_1}"),
    Preset("Low bandwidth", Gilbert(0.1, 0.1), CORNERS, f"Losses are frequent but short {_TABLE_1}"),
    Preset("Extremely unstable", Gilbert(0.1, 0.9), CORNERS, f"Losses are frequent and last long {_TABLE_1}"),
    Preset("Good call", Gilbert(0.99, 0.25), CALLS, f"About 1 % of the frames are lost. {_EXAMPLE}"),
    Preset("Average call", Gilbert(0.94, 0.40), CALLS, f"About 9 % of the frames are lost. {_EXAMPLE}"),
    Preset("Poor call", Gilbert(0.80, 0.50), CALLS, f"About 29 % of the frames are lost. {_EXAMPLE}"),
    Preset("Bursty Wi-Fi", Gilbert(0.98, 0.75), CALLS, _BURSTY),
)
_RISING = ((0.95, 0.5), (0.85, 0.6), (0.7, 0.7), (0.4, 0.8), (0.1, 0.9))
RISING_LOSS = tuple(Gilbert(*place) for place in _RISING)
"""Five channels that lose 9, 27, 50, 75 and 90 % of the frames; what a network can tell falls along them."""
