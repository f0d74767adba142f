"""What lies between a mouth and a network: room, microphone, noise, a telephone, the recording level.

A line is a value.  Drawing one is apart from sending sound through it (``sercore.transmission``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

COMPANDING = ("mu-law", "A-law")  # the two laws of ITU-T G.711


@dataclass(frozen=True)
class Line:
    """One way from a mouth to a network.

    Args:
        tilt: dB per octave around 1 kHz, of a microphone.
        peaks: of a microphone or a small room: (Hz, width in octaves, dB, negative for a notch) each.
        room: seconds in which the reverberation falls by 60 dB; 0 is no room.
        direct: dB by which the direct sound exceeds all reverberation.
        snr: dB of speech over noise; None is no noise.
        noise_slope: dB per octave of the noise.
        telephone: "mu-law" or "A-law" for a call: 300 to 3,400 Hz at 8 kHz through G.711; "" for none.
        level: dB by which what comes out is louder than what went in.

    Raises:
        ValueError: if there is no such companding law, or the room's seconds are negative.
    """

    tilt: float = 0.0
    peaks: tuple[tuple[float, float, float], ...] = ()
    room: float = 0.0
    direct: float = 6.0
    snr: float | None = None
    noise_slope: float = -3.0
    telephone: str = ""
    level: float = 0.0

    def __post_init__(self) -> None:
        if self.telephone not in ("", *COMPANDING):
            raise ValueError(f"telephone must be mu-law, A-law or empty, got {self.telephone!r}")
        if self.room < 0:
            raise ValueError(f"room must be at least 0 seconds, got {self.room}")


NAMED: Mapping[str, Line] = MappingProxyType(
    {
        "telephone": Line(telephone="A-law"),
        "tilt+2": Line(tilt=2.0),
        "tilt-2": Line(tilt=-2.0),
        "noise 20 dB": Line(snr=20.0),
        "room": Line(room=0.5, direct=3.0),
    }
)
"""The lines that networks are compared through."""


def draw_line(rng: np.random.Generator) -> Line:
    """A line as training meets them: any colour, 35 % telephones, half with noise, a third in a room.

    Example:
        >>> import numpy as np
        >>> drawn = [draw_line(np.random.default_rng(seed)) for seed in range(1000)]
        >>> sum(bool(line.telephone) for line in drawn)
        373
    """
    peaks = tuple(
        (float(80.0 * 2.0 ** rng.uniform(0, 6.3)), float(rng.uniform(0.3, 1.2)), float(rng.uniform(-8, 8)))
        for _ in range(3)
    )
    law = COMPANDING[rng.integers(2)]
    return Line(
        tilt=float(rng.uniform(-4, 4)),
        peaks=peaks,
        telephone=law if rng.random() < 0.35 else "",
        snr=float(rng.uniform(10, 35)) if rng.random() < 0.5 else None,
        noise_slope=float(rng.uniform(-6, 0)),
        room=float(rng.uniform(0.15, 0.6)) if rng.random() < 0.3 else 0.0,
        direct=float(rng.uniform(0, 15)),
        level=float(rng.uniform(-6, 6)),
    )
