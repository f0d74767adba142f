"""Channels with a name: the corners of the paper's plane, calls, and a rising loss."""

from dataclasses import dataclass

from sercore.channel.bernoulli import Bernoulli
from sercore.channel.gilbert import Gilbert
from sercore.channel.gilbert_elliott import GilbertElliott
from sercore.channel.loss_model import LossModel
from sercore.channel.three_state import ThreeState

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


@dataclass(frozen=True)
class Call:
    """A call of 20 ms packets: what it is, whose figures it rests on, and what we added to them."""

    name: str
    channel: LossModel
    meaning: str
    source: str
    derived: str


_ONE_BY_ONE = "That packets are lost one by one is our simplification."
CALLS_OF_PACKETS = (
    Call(
        "Good call",
        Bernoulli(0.001, packet_ms=20),
        "About 0.1 % of the packets are lost, one by one.",
        "ITU-T Y.1541, class 0: an IP packet loss ratio of at most 1e-3.",
        _ONE_BY_ONE,
    ),
    Call(
        "Average call",
        Bernoulli(0.01, packet_ms=20),
        "About 1 % of the packets are lost, one by one.",
        "3GPP TS 23.203, QCI 1 (conversational voice): a packet error loss rate of at most 1e-2.",
        _ONE_BY_ONE,
    ),
    Call(
        "Poor call",
        GilbertElliott(p=0.01, r=0.33, h=0.0, k=1.0, packet_ms=20),
        "About 3 % of the packets are lost, in bursts of about 60 ms.",
        "ITU-T G.1010: conversational voice bears a packet loss ratio of less than 3 %.",
        "A call at that limit; bursts of three packets are our choice.",
    ),
    Call(
        "Bursty Wi-Fi",
        ThreeState(p12=0.002, p21=0.05, p23=0.15, p32=0.3, packet_ms=20),
        "About 4 % of the packets are lost, in bursts of about 100 ms that come in clusters.",
        "Da Conceicao and others 2006, Is IEEE 802.11 ready for VoIP? (bursts are the problem); Carvalho and "
        "others 2005, IEEE Trans. Consumer Electronics 51 (two states are too few for 802.11g).",
        "The three states follow them, the numbers are ours.",
    ),
    Call(
        "LTE handover",
        GilbertElliott(p=0.001, r=0.33, h=0.0, k=0.99, packet_ms=20),
        "About 1 % of the packets are lost one by one, and every 20 s about 60 ms at once.",
        "ITU-R M.2134: a handover between bands interrupts for up to 60 ms; 3GPP TS 23.203, QCI 1: the rest.",
        "A handover every 20 s is our choice: a car among small cells.",
    ),
    Call(
        "Low bandwidth",
        Bernoulli(0.08, packet_ms=20),
        "About 8 % of the packets are lost, one by one.",
        "BrowserStack's network profile 2g-gprs-lossy: 30 kbit/s, 2 % of packets lost.",
        "Opus at 16 kbit/s needs 32 with 40 bytes of IP, UDP and RTP a packet: 1 of 16 does not fit.",
    ),
)
