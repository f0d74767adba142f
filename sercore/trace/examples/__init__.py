"""Calls that ship, made by us, so that everything can be tried at once. None was recorded from people.

``tests/trace/made_examples.py`` makes each of them again, byte for byte.
"""

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Example:
    """A call that ships.

    Args:
        file: its name.
        title: for a list.
        meaning: one sentence: what it is, and how it was made.
    """

    file: str
    title: str
    meaning: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return _FOLDER / self.file


EXAMPLES = (
    Example(
        "wifi.pcap",
        "Wi-Fi, a capture",
        "One minute of G.711 in 20 ms packets, headers only: Gilbert-Elliott with p = 0.005, r = 0.08, "
        "h = 0.5, k = 0.999; every 12 s the access point holds everything for 0.3 s; two packets swap, "
        "two copied.",
    ),
    Example(
        "browser.json",
        "A browser's statistics",
        "getStats of WebRTC after five minutes of Opus: a paper's chain with p_N = 0.988, p_L = 0.6, "
        "counted as NetEq counts.",
    ),
    Example(
        "handover.txt",
        "LTE handovers, a text trace",
        "Ten minutes of 20 ms packets, 1 = lost: about every 10 s a handover loses what is sent in 160 to "
        "240 ms, and 1 of 1,000 packets is lost besides.",
    ),
)
